import type { Emulator } from '../../src/emulator/server.ts';
import { ask, type Ask, type Reply } from './client.ts';

/** An organisation on Feishu and DingTalk: three departments, people in them, chats, and apps with few permissions. */
export const organisation = (more = '', people = ''): string => `
apps:
  - { id: all, secret: s }
  - { id: bare, secret: s, scopes: ["contact:user.id:readonly", "contact:contact.base:readonly", "directory:employee:list", "directory:employee:read", qyapi_get_member, qyapi_get_department_member, qyapi_get_member_by_mobile] }
  - { id: nothing, secret: s, scopes: [] }
  - { id: mute, secret: s, bot: false }
tokens: [u-test]
${more}
people:
  - { name: 李四 Li Si, openId: ou_lisi, unionId: on_li, userId: 3e3c, dingtalk: unionLi, dingtalkUserId: li, email: LiSi@corp.com, mobile: "+8613800000001", employeeNo: "00712", departments: [od-platform] }
  - { name: Anna, openId: ou_anna, dingtalk: unionAnna, email: anna@corp.com, mobile: "+491700000", employeeNo: "00713", departments: [od-platform, od-infra] }
  - { name: Left, openId: ou_left, dingtalk: unionLeft, email: left@corp.com, employeeNo: "00714", left: 2026-05-31, departments: [od-platform] }
  - { name: Leaving, openId: ou_leaving, dingtalk: unionLeaving, email: leaving@corp.com, left: 2026-07-31, departments: [od-infra] }
  - { name: Top, openId: ou_top, dingtalk: unionTop, email: top@corp.com }
${people}
departments:
  - { id: od-platform, dingtalk: 12, name: 平台组 Platform }
  - { id: od-infra, dingtalk: 13, name: Infra, parent: od-platform }
  - { id: od-empty, dingtalk: 14, name: Empty }
chats:
  - { id: oc_platform, name: Platform chat, members: [ou_lisi, ou_anna, ou_left, ou_stranger] }
  - { id: oc_closed, name: Closed, members: [ou_lisi], bot: false }
feishu: { people: [{ user: ou_partner, name: Partner, email: partner@corp.com, external: true }] }
`;

/** People and departments outside what an app may see. */
export const hidden = {
  people: `
  - { name: Hidden, openId: ou_hidden, dingtalk: unionHidden, email: hidden@corp.com, mobile: "13800000009", employeeNo: "00799", visible: false }
  - { name: Board, openId: ou_board, dingtalk: unionBoard, email: board@corp.com, departments: [od-board] }
  - { name: Guest, openId: ou_guest, dingtalk: unionGuest, email: guest@corp.com, departments: [od-board], visible: true }`,
  departments: `
  - { id: od-board, dingtalk: 20, name: Board, visible: false }
  - { id: od-under, dingtalk: 21, name: Under, parent: od-board }
  - { id: od-open, dingtalk: 22, name: Open, parent: od-board, visible: true }`,
};

/** The organisation with them. */
export const partlyHidden = (more = ''): string =>
  organisation(more, hidden.people).replace('chats:', `${hidden.departments.slice(1)}\nchats:`);

/** A day between the one who has left and the one who will. */
export const june = (): number => Date.parse('2026-06-15T00:00:00Z');

/** A Feishu call by an app. */
export async function asApp(
  emulator: Emulator,
  method: string,
  path: string,
  given: Ask = {},
  app = 'all',
): Promise<Reply> {
  const token = '/open-apis/auth/v3/tenant_access_token/internal';
  const bought = await ask(emulator, 'POST', token, { body: { app_id: app, app_secret: 's' } });
  const headers = { authorization: `Bearer ${String(bought.body['tenant_access_token'])}` };
  return ask(emulator, method, path, { ...given, headers });
}

/** A call of DingTalk's older API by an app: the token stands in the query. */
export async function oapi(emulator: Emulator, path: string, body: object, app = 'all'): Promise<Reply> {
  return ask(emulator, 'POST', `${path}?access_token=${await dingtalkToken(emulator, app)}`, { body });
}

/** A token that an app buys of DingTalk. */
export async function dingtalkToken(emulator: Emulator, app = 'all'): Promise<string> {
  const body = { appKey: app, appSecret: 's' };
  return String((await ask(emulator, 'POST', '/v1.0/oauth2/accessToken', { body })).body['accessToken']);
}
