import type { Permission } from '../model/grants.ts';
import type { Platform } from '../model/platform.ts';

/** Each page names its permissions with their codes; the console finds them by either. */
const may = (code: string, title: string): Permission => ({ code, title });

const calendar = may('calendar:calendar', '更新日历及日程信息');
const calendarReadonly = may('calendar:calendar:readonly', '获取日历、日程及忙闲信息');
const contact = may('contact:contact.base:readonly', '获取通讯录基本信息');
const contactAsApp = [
  may('contact:contact:readonly_as_app', '以应用身份读取通讯录'),
  may('contact:contact:access_as_app', '以应用身份访问通讯录'),
];
const employment = may('contact:user.employee:readonly', '获取用户受雇信息');
const chats = may('im:chat', '获取与更新群组信息');
const chatsReadonly = may('im:chat:readonly', '获取群组信息');
const readEvents = may('calendar:calendar.event:read', '读取日程信息');
const readCalendars = may('calendar:calendar:read', '读取日历信息');
const userIds = may('contact:user.employee_id:readonly', '获取用户 user ID');
const findIds = may('contact:user.id:readonly', '通过手机号或邮箱获取用户 ID');
const departments = may('contact:department.organize:readonly', '获取通讯录部门组织架构信息');
const groups = may('contact:group:readonly', '获取用户组信息');
const roles = may('contact:functional_role:readonly', '查询角色信息、角色下的成员信息');

/** Feishu. Pages: calendar v4 of open.feishu.cn. */
export const feishu: Platform = {
  title: 'Feishu',
  env: {
    host: 'https://open.feishu.cn',
    baseUrl: 'FEISHU_BASE_URL',
    credentials: { app: 'FEISHU_APP_ID', secret: 'FEISHU_APP_SECRET' },
    token: 'FEISHU_ACCESS_TOKEN',
    appToken: 't-',
  },
  event: {
    attendees: ['user', 'chat', 'room', 'email'],
    people: 'user',
    calendarId: 'required',
    organizer: 'none',
    userIds: [
      { type: 'open_id', prefix: 'ou_', perApp: true },
      { type: 'union_id', prefix: 'on_' },
      { type: 'user_id', prefix: null },
    ],
    prefixes: { chat: 'oc_', room: 'omm_' },
    rowPrefixes: { user: 'user_', chat: 'chat_', room: 'resource_', email: 'third_party_' },
    keys: ['meetingChat', 'admin', 'roomContact'],
    exceptions: { cannotFollow: null, ids: 'uid-start' },
    most: 3000,
  },
  apis: {
    list: 'attendees.list',
    look: 'event.get',
    remove: 'attendees.remove',
    add: 'attendees.add',
    'delete-event': 'event.delete',
    'unbind-chat': 'meeting-chat.unbind',
  },
  reads: { pageSize: 100, factsInList: false, showsRemoved: true, lagMs: 2000 },
  writes: { style: 'delta', remove: 500, add: 1000, addOf: { room: 100 }, flag: 'readd' },
  notice: { add: 'switch', remove: 'switch' },
  windows: [
    { calls: 50, perMs: 1000 },
    { calls: 1000, perMs: 60_000 },
  ],
  monthlyCalls: null,
  permissions: {
    of: {
      'read-events': [[readEvents, calendarReadonly, calendar]],
      'change-attendees': [[may('calendar:calendar.event:update', '更新日程'), calendar]],
      'delete-events': [[may('calendar:calendar.event:delete', '删除日程'), calendar]],
      'read-calendars': [[readCalendars, calendarReadonly, calendar]],
      'name-user-ids': [[userIds]],
      'find-people': [[findIds], [contact, ...contactAsApp], [employment, ...contactAsApp]],
      'know-leavers': [
        [contact, ...contactAsApp],
        [employment, ...contactAsApp],
      ],
      'read-departments': [
        [contact, ...contactAsApp],
        [departments, ...contactAsApp],
      ],
      'read-groups': [[groups]],
      'read-roles': [[roles, may('contact:functional_role', '查看、创建、修改、删除角色及角色成员')]],
      'read-chats': [[chatsReadonly, chats]],
    },
    refusals: ['99991672', '99991676', '99991679'],
    grant:
      'add it in the developer console under Permissions & Scopes (权限管理), and publish a version of the app',
    range: 'the contact range of the app (通讯录权限范围)',
  },
  finds: {
    calendars: { permissions: [readCalendars.code] },
    events: { permissions: [readEvents.code], needs: 'calendar' },
    people: {
      permissions: [
        findIds.code,
        contact.code,
        'contact:user.base:readonly',
        'contact:user.email:readonly',
        employment.code,
        `${userIds.code} (for user_id)`,
        'directory:employee:list (by job number)',
      ],
    },
    chats: { permissions: [chatsReadonly.code] },
    departments: { permissions: [contact.code, departments.code] },
  },
  sources: {
    department: {
      permissions: [contact.code, departments.code],
      ids: '^(?!o[cnu]_|omm_)',
      idWords: 'od-…, a custom department id, or "0" for the whole organisation',
    },
    group: {
      permissions: [groups.code],
      ids: '^(?!o[cnu]_|omm_|od-)',
      idWords: 'the id of a user group',
    },
    role: {
      permissions: [roles.code],
      ids: '^(?!o[cnu]_|omm_|od-)',
      idWords: 'the id of a role',
    },
    chat: { permissions: [chatsReadonly.code], ids: '^oc_', idWords: 'oc_…' },
  },
  peopleBy: ['email', 'mobile', 'employeeNo'],
  standing: {
    permissions: [contact.code, employment.code],
    batch: 50,
    singly: false,
    free: false,
  },
};
