import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import { beginInTerminal } from '../support/own-terminal.ts';
import { scriptedServer } from '../support/scripted-server.ts';

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const tenant = `
apps:
  - { id: all, secret: s }
  - { id: reads, secret: s, scopes: ['calendar:calendar:readonly', 'contact:contact.base:readonly', Calendar.Event.Read, qyapi_get_member] }
  - { id: nothing, secret: s, scopes: [none] }
tokens: [u-user]
people:
  - { openId: ou_a, name: Ann, dingtalk: unionA, departments: [od-1] }
  - { openId: ou_b, name: Ben, departments: [od-2], visible: false }
departments: [{ id: od-1, dingtalk: 11, name: One }, { id: od-2, dingtalk: 12, name: Two, visible: false }]
feishu:
  calendars:
    - id: own@group.calendar.feishu.cn
      type: primary
      role: owner
      events: [{ id: mine_0, summary: Mine, start: 2099-01-04T02:00:00Z, end: 2099-01-04T03:00:00Z, attendees: [{ user: ou_a }] }]
    - id: team@group.calendar.feishu.cn
      type: shared
      role: writer
      events: [{ id: weekly_0, summary: Weekly, start: 2099-01-04T02:00:00Z, end: 2099-01-04T03:00:00Z, attendees: [{ user: ou_a }] }]
    - id: read@group.calendar.feishu.cn
      type: shared
      role: reader
      events: [{ id: company_0, summary: Company, start: 2099-01-04T02:00:00Z, end: 2099-01-04T03:00:00Z, attendees: [{ user: ou_a }] }]
dingtalk:
  users:
    - unionId: unionOrg
      events:
        - { id: d1, summary: D1, start: 2099-01-04T02:00:00Z, end: 2099-01-04T03:00:00Z, attendees: [{ user: unionOrg, organizer: true }, { user: unionA }] }
        - { id: d2, summary: D2, start: 2099-01-04T02:00:00Z, end: 2099-01-04T03:00:00Z, attendees: [{ user: unionOrg, organizer: true }, { user: unionA }] }
`;

const event = (name: string, spec: string): string =>
  `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: ${name} }\nspec: { attendees: [], guards: { allowEmpty: true }, ${spec} }\n`;
const feishu = (name: string, calendar: string, id: string, more = ''): string =>
  event(name, `provider: feishu, calendarId: ${calendar}, eventId: ${id}${more}`);
const dingtalk = (name: string, id: string): string =>
  event(name, `provider: dingtalk, organizer: unionOrg, eventId: ${id}`);

function env(url: string, app: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    FEISHU_BASE_URL: url,
    FEISHU_APP_ID: app,
    FEISHU_APP_SECRET: 's',
    LARK_BASE_URL: url,
    LARK_APP_ID: app,
    LARK_APP_SECRET: 's',
    DINGTALK_BASE_URL: url,
    DINGTALK_APP_KEY: app,
    DINGTALK_APP_SECRET: 's',
    ...more,
  };
}

interface Found {
  readonly provider: string | null;
  readonly subject: string;
  readonly name: string;
  readonly status: string;
  readonly needed: boolean;
  readonly message: string;
  readonly hint: string | null;
  readonly permission: { readonly use: string; readonly anyOf: { code: string; title: string }[] } | null;
}

async function serve(): Promise<Emulator> {
  const server = await startEmulator({ tenant });
  servers.push(server);
  return server;
}

async function examined(
  files: Readonly<Record<string, string>>,
  app: string,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly ran: Ran; readonly server: Emulator; readonly of: (subject: string) => Found[] }> {
  const server = await serve();
  const ran = await rollcall(['doctor', '--format', 'json', ...args], {
    cwd: folderWith(files),
    env: env(server.url, app, more),
  });
  const { findings } = JSON.parse(ran.stdout) as { findings: Found[] };
  return { ran, server, of: (subject) => findings.filter((one) => one.subject === subject) };
}

const both = {
  'a.yaml': feishu('weekly', 'team@group.calendar.feishu.cn', 'weekly_0'),
  'b.yaml': dingtalk('d1', 'd1'),
};

describe('rollcall doctor', () => {
  it('finds nothing wrong where nothing is, and writes nothing', async () => {
    const { ran, server, of } = await examined(both, 'all');
    expect(ran.code).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ formatVersion: '1', ok: true });
    for (const subject of ['manifests', 'host', 'credentials', 'clock', 'calendar', 'event']) {
      const found = of(subject);
      expect(found.length, subject).toBeGreaterThan(0);
      expect(found.filter(({ status }) => status !== 'ok')).toEqual([]);
    }
    const writes = server.requests.filter(({ path }) =>
      /attendees\/?(batch|$)|batch_delete|batchRemove/.test(path),
    );
    expect(writes.filter(({ method }) => method !== 'GET')).toEqual([]);
    // One call of the calendar, for its one event: each counts in the month.
    expect(ran.stderr).toBe('DingTalk: 1 call counts toward the 5,000 a month that an organisation has.\n');
  });

  it('names each permission that is missing as the console does, and says that it was not the only one asked for', async () => {
    const { ran, of } = await examined(both, 'reads');
    expect(ran.code).toBe(1);
    const [read, write] = of('permission').filter(({ provider }) => provider === 'feishu');
    expect(read).toMatchObject({ name: 'read-events', status: 'ok' });
    expect(write).toMatchObject({
      name: 'change-attendees',
      status: 'missing',
      needed: true,
      message:
        'to add and remove attendees: 更新日程 (calendar:calendar.event:update) or 更新日历及日程信息 (calendar:calendar)',
      hint: expect.stringContaining('权限管理'),
      permission: {
        use: 'change-attendees',
        anyOf: [{ code: 'calendar:calendar.event:update', title: '更新日程' }, {}],
      },
    });
  });

  it('does not claim what only a write would show', async () => {
    const { ran, of } = await examined({ 'b.yaml': dingtalk('d1', 'd1') }, 'reads');
    expect(ran.code).toBe(0);
    expect(of('permission').map(({ name, status }) => [name, status])).toEqual([
      ['read-events', 'ok'],
      ['change-attendees', 'unknown'],
    ]);
    const refused = await examined({ 'b.yaml': dingtalk('d1', 'd1') }, 'nothing');
    expect(refused.ran.code).toBe(1);
    expect(refused.of('permission')[0]).toMatchObject({
      status: 'missing',
      message: 'to read events: 日历应用中日程读权限 (Calendar.Event.Read)',
    });
  });

  it('looks at what is there where the first manifests still have their placeholders', async () => {
    const cwd = folderWith({});
    await rollcall(['init', '--provider', 'feishu'], { cwd });
    const server = await serve();
    const { code, stdout } = await rollcall(['doctor'], { cwd, env: env(server.url, 'all') });
    expect(stdout).toContain(
      '  unknown  manifests still have placeholders for ids: first-meeting. Write the ids that rollcall find shows,',
    );
    expect(stdout).toContain('\nNothing that is needed is missing. 1 cannot be checked.\n');
    expect([code, stdout.includes('replace-me')]).toEqual([0, false]);
  });

  it('asks for what the manifests need and for no more', async () => {
    const files = {
      'a.yaml': feishu('gone', 'team@group.calendar.feishu.cn', 'weekly_0', ', state: absent').replace(
        'attendees: [], ',
        '',
      ),
      'b.yaml': feishu('ids', 'own@group.calendar.feishu.cn', 'mine_0', ', userIdType: user_id'),
    };
    const { of } = await examined(files, 'reads');
    expect(of('permission').map(({ name, status }) => [name, status])).toEqual([
      ['read-events', 'ok'],
      ['change-attendees', 'missing'],
      ['delete-events', 'missing'],
      ['name-user-ids', 'missing'],
      ['read-calendars', 'ok'],
    ]);
  });

  it('asks for what Rosters and leavers need', async () => {
    const roster = `apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: r }\nspec: { max: 50, members: [{ department: od-1 }] }\n`;
    const spec =
      'provider: feishu, calendarId: team@group.calendar.feishu.cn, eventId: weekly_0, leavers: remove, attendees: [{ roster: r }]';
    const files = { 'r.yaml': roster, 'e.yaml': event('e', spec).replace('attendees: [], ', '') };
    const { of } = await examined(files, 'reads');
    expect(of('permission').map(({ name, status }) => [name, status])).toEqual([
      ['read-events', 'ok'],
      ['change-attendees', 'missing'],
      ['know-leavers', 'ok'],
      ['know-leavers', 'missing'],
      ['read-departments', 'ok'],
      ['read-departments', 'missing'],
      ['read-calendars', 'ok'],
    ]);
    expect(of('range')).toMatchObject([{ needed: true }]);
  });

  it('tells calendars that cannot be written and events that cannot be changed', async () => {
    const files = {
      'a.yaml': feishu('company', 'read@group.calendar.feishu.cn', 'company_0'),
      'b.yaml': feishu('lost', 'team@group.calendar.feishu.cn', 'nothing_0'),
      'c.yaml': feishu('nowhere', 'no@group.calendar.feishu.cn', 'weekly_0'),
      'd.yaml': feishu('own', 'primary', 'mine_0'),
    };
    const { ran, of } = await examined(files, 'all');
    expect(ran.code).toBe(1);
    expect(of('calendar').map(({ name, status, message }) => [name.split('@')[0], status, message])).toEqual([
      ['no', 'missing', 'does not exist, or is not shared with this account'],
      ['primary', 'ok', 'owner'],
      ['read', 'wrong', 'reader: its events cannot be changed'],
      ['team', 'ok', 'writer'],
    ]);
    expect(of('event').map(({ name, status }) => [name, status])).toEqual([
      ['company', 'ok'],
      ['lost', 'missing'],
      ['nowhere', 'wrong'],
      ['own', 'ok'],
    ]);
  });

  it('tells whom the app may see', async () => {
    const { of } = await examined(both, 'all');
    expect(of('range').map(({ message, status }) => [message, status])).toEqual([
      ['the app may see 1 department', 'ok'],
      ['the app may see 1 department', 'ok'],
    ]);
  });

  it('goes on with what it can do without manifests', async () => {
    const { ran, of } = await examined({}, 'all', ['--provider', 'lark']);
    expect(ran.code).toBe(0);
    expect(of('permission').map(({ name, needed }) => [name, needed])).toEqual([
      ['read-events', true],
      ['change-attendees', true],
      ['read-calendars', false],
    ]);
    expect(of('calendar')).toMatchObject([{ name: 'all', message: 'this account can write to 2 of its 3' }]);
  });

  it('says what it cannot tell of a person’s token', async () => {
    const { ran, of } = await examined({ 'a.yaml': both['a.yaml'] }, '', [], {
      FEISHU_APP_ID: '',
      FEISHU_APP_SECRET: '',
      FEISHU_ACCESS_TOKEN: 'u-user',
    });
    expect(ran.code).toBe(0);
    expect(of('permission').map(({ name, status }) => [name, status])).toEqual([
      ['read-events', 'ok'],
      ['change-attendees', 'unknown'],
      ['read-calendars', 'ok'],
    ]);
    expect(of('range')).toMatchObject([{ status: 'unknown', needed: false }]);
  });

  it('tells credentials that are missing or refused, and what an app needs all the same', async () => {
    const missing = await rollcall(['doctor', '--provider', 'dingtalk'], { cwd: folderWith({}) });
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain('missing  credentials: DingTalk needs credentials: DINGTALK_APP_KEY');
    expect(missing.stdout).toContain(
      'unknown  permission to read events: 日历应用中日程读权限 (Calendar.Event.Read)',
    );
    const { ran, of } = await examined(both, 'all', [], { FEISHU_APP_SECRET: 'not-this' });
    expect(ran.code).toBe(1);
    expect(of('credentials').map(({ provider, status }) => [provider, status])).toEqual([
      ['feishu', 'wrong'],
      ['dingtalk', 'ok'],
    ]);
    expect(ran.stdout).not.toContain('not-this');
  });

  it('names the platforms where there is nothing to go by', async () => {
    const { code, stderr } = await rollcall(['doctor'], { cwd: folderWith({}) });
    expect(code).toBe(1);
    expect(stderr).toContain('Name the platform with --provider');
  });

  it('looks at what is whole where manifests have errors', async () => {
    const { ran, of } = await examined(
      { ...both, 'c.yaml': `${feishu('x', 'c', 'e_0')}  bogus: 1\n` },
      'all',
    );
    expect(ran.code).toBe(1);
    expect(of('manifests')).toMatchObject([{ status: 'wrong', hint: 'See: rollcall validate' }]);
    expect(of('event').map(({ name }) => name)).toEqual(['weekly', 'd1']);
  });

  it('asks for few events where each call counts in the month', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 25 }, (_, at) => [`${at}.yaml`, dingtalk(`e${at}`, `d${at}`)]),
    );
    const { ran, of } = await examined(files, 'all');
    expect(ran.stderr).toContain('DingTalk: 20 calls count toward');
    expect(of('event').at(-1)).toMatchObject({ name: 'others', status: 'unknown' });
  });

  it('names nobody where that was asked for', async () => {
    const { ran } = await examined(
      { 'a.yaml': feishu('own', 'ann@corp.com', 'x_0'), 'b.yaml': dingtalk('d1', 'd1') },
      'all',
      ['--redact', '--verbose'],
    );
    expect(ran.stdout + ran.stderr).not.toMatch(/ann@corp|unionOrg/);
  });
});

it('tells a clock that is wrong', async () => {
  await using server = await scriptedServer(({ path }) => ({
    headers: { date: new Date(Date.now() - 3 * 3_600_000 - 60_000).toUTCString() },
    body: path.includes('tenant_access_token')
      ? { code: 0, tenant_access_token: 't-x', expire: 7200 }
      : { code: 0, data: { scopes: [], calendar_list: [], has_more: false, department_ids: [] } },
  }));
  const ran = await rollcall(['doctor', '--provider', 'feishu'], {
    cwd: folderWith({}),
    env: env(server.url, 'x'),
  });
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/wrong {4}the clock is 3h ahead of that of 127\.0\.0\.1:\d+\. Set the clock/);
});

it('is coloured on a terminal, a line for each finding', async () => {
  const server = await serve();
  const { ran } = beginInTerminal(['doctor'], {
    columns: 200,
    cwd: folderWith(both),
    env: env(server.url, 'reads'),
  });
  const { code, output, screen } = await ran;
  expect(code).toBe(1);
  expect(output).toContain('\u001b[31mmissing\u001b[39m');
  expect(screen.join('\n')).toMatch(/ {2}ok {7}event weekly can be read/);
  expect(screen.join('\n')).toContain('1 problem to fix. 1 cannot be checked.');
});
