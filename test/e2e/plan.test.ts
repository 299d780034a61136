import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';

interface Schema {
  readonly properties: object;
  readonly $defs: { readonly event: { readonly properties: object } };
}

const calendar = 'feishu.cn_t@group.calendar.feishu.cn';

const tenant = `
apps: [{ id: cli_demo, secret: demo-secret }]
feishu:
  calendars:
    - id: ${calendar}
      type: shared
      role: owner
      events:
        - id: weekly_0
          summary: Platform weekly
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees:
            - { user: ou_org, name: Olga, organizer: true, rsvp: accept }
            - { user: ou_aaa, name: Zhang San }
            - { user: ou_bbb, name: Li Si }
            - { user: ou_left, name: Wang Wu }
            - { user: ou_gone, name: Gone, rsvp: removed }
            - { user: ou_ext, name: Pat, external: true }
            - { chat: oc_team, name: Team }
            - { email: Guest@Example.com }
        - id: big_0
          start: 2099-01-04T10:00:00+08:00
          end: 2099-01-04T11:00:00+08:00
          attendees: [{ generate: 250, user: "ou_gen_{}" }]
        - id: past_0
          start: 2020-01-04T10:00:00+08:00
          end: 2020-01-04T11:00:00+08:00
          attendees: [{ user: ou_aaa }, { user: ou_bbb }]
`;

function manifest(name: string, eventId: string, rest: string): string {
  return `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: feishu
  calendarId: ${calendar}
  eventId: ${eventId}
${rest}`;
}

const weekly = manifest(
  'weekly',
  'weekly_0',
  `  sync: remove-only
  attendees:
    - user: ou_aaa
    - user: ou_bbb
    - user: ou_new
    - email: guest@example.com
  ignore:
    - type: chat
`,
);

let server: Emulator;
beforeAll(async () => {
  server = await startEmulator({ tenant });
});
afterAll(() => server.close());

/** The keys of an object in the schema of plans, in the order in which they stand there. */
function keysOf(schema: { readonly properties: object }, of: object): string[] {
  return Object.keys(schema.properties).filter((key) => Object.hasOwn(of, key));
}

describe('rollcall plan', () => {
  it('prints JSON with its keys in the order of the schema', async () => {
    const folder = folderWith({ 'weekly.yaml': weekly });
    const ran = await rollcall(['plan', '.', '--format', 'json'], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    const file = new URL('../../schemas/plan.schema.json', import.meta.url);
    // Any JSON; what is compared are the keys.
    const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
    const plan = JSON.parse(ran.stdout) as { readonly events: readonly object[] };
    expect(Object.keys(plan)).toEqual(keysOf(schema, plan));
    for (const event of plan.events) expect(Object.keys(event)).toEqual(keysOf(schema.$defs.event, event));
    expect(plan.events).toHaveLength(1);
  });

  it('shows who would be removed and why, and who is kept', async () => {
    const folder = folderWith({ 'weekly.yaml': weekly });
    const ran = await rollcall(['plan', '.'], { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.stderr).toBe('');
    expect(ran.stdout).toContain('Platform weekly');
    expect(ran.stdout).toMatch(/- Wang Wu \(ou_left\)/);
    expect(ran.stdout).not.toMatch(/- Gone/);
    expect(ran.stdout).toMatch(/1 of \d+ to remove/);
    expect(ran.code).toBe(0);
  });

  it('prints the plan as JSON in the public shape', async () => {
    const folder = folderWith({ 'weekly.yaml': weekly });
    const before = server.requests.length;
    const ran = await rollcall(['plan', '--format', 'json', 'weekly.yaml'], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    const plan = JSON.parse(ran.stdout);
    expect(plan).toMatchObject({
      formatVersion: '1',
      accounts: { feishu: { host: new URL(server.url).host, appId: 'cli_demo' } },
      complete: true,
      applyable: true,
      summary: { events: 1, inSync: 0, changed: 1, remove: 1, add: 0 },
      // The list, the look, who has left, and whether the organizer is about to.
      requests: { used: 4, needed: 3 },
      events: [
        {
          name: 'weekly',
          status: 'changed',
          event: { summary: 'Platform weekly', start: '2099-01-04T02:00:00Z' },
          observed: { count: 7, managed: 4 },
          changes: [
            { action: 'remove', reason: 'not-in-manifest', attendee: { type: 'user', id: 'ou_left' } },
          ],
          kept: [
            { attendee: { type: 'chat', id: 'oc_team' }, reason: 'ignored' },
            { attendee: { type: 'user', id: 'ou_ext' }, reason: 'external' },
            { attendee: { type: 'user', id: 'ou_org' }, reason: 'organizer' },
          ],
          missing: [{ attendee: { type: 'user', id: 'ou_new' }, reason: 'remove-only' }],
        },
      ],
    });
    const calls = server.requests
      .slice(before)
      .map(({ method, path }) => `${method} ${path.split('/').pop()}`);
    // Who has left is asked while the list is read.
    expect(calls.toSorted()).toEqual(
      ['POST internal', 'GET attendees', 'GET batch', 'GET weekly_0', 'POST mget'].toSorted(),
    );
  });

  it('exits with 2 for pending changes where asked to, and with 0 once they are done', async () => {
    const folder = folderWith({ 'weekly.yaml': weekly });
    const detailed = await rollcall(['plan', '--detailed-exitcode'], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    expect(detailed.code).toBe(2);
  });

  it('refuses to leave nobody, prints the plan and exits with 3', async () => {
    const folder = folderWith({ 'big.yaml': manifest('big', 'big_0', '  attendees: []\n') });
    const ran = await rollcall(['plan', '--format', 'json'], { cwd: folder, env: feishuEnv(server.url) });
    const plan = JSON.parse(ran.stdout);
    expect(ran.code).toBe(3);
    expect(plan.applyable).toBe(false);
    expect(plan.events[0].status).toBe('refused');
    expect(plan.events[0].violations.map(({ code }: { code: string }) => code)).toEqual([
      'empty',
      'max-removals',
    ]);
    const lifted = await rollcall(['plan', '--format', 'json', '--allow-removals', 'big=250'], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    expect(lifted.code).toBe(0);
    expect(JSON.parse(lifted.stdout).events[0].limits.allowed).toBe(250);
    const tooFew = await rollcall(['plan', '--allow-removals', 'big=249'], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    expect(tooFew.code).toBe(3);
  });

  it('refuses an event that is over', async () => {
    const past = manifest('past', 'past_0', '  attendees: [user: ou_aaa]\n');
    const folder = folderWith({ 'past.yaml': past.replace('[user: ou_aaa]', '[{ user: ou_aaa }]') });
    const ran = await rollcall(['plan', '--format', 'json'], { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.stdout).events[0].violations).toMatchObject([{ code: 'past-event' }]);
  });

  it('reads long events to the end in pages of 100', async () => {
    const folder = folderWith({
      'big.yaml': manifest('big', 'big_0', '  sync: add-only\n  attendees: []\n'),
    });
    const before = server.requests.length;
    const ran = await rollcall(['plan', '--format', 'json'], { cwd: folder, env: feishuEnv(server.url) });
    expect(JSON.parse(ran.stdout).events[0].observed.count).toBe(250);
    const pages = server.requests.slice(before).filter(({ path }) => path.endsWith('/attendees'));
    expect(pages.map(({ query }) => query['page_size'])).toEqual(['100', '100', '100']);
  });

  it('makes an event that cannot be read unknown, and goes on with the others', async () => {
    const folder = folderWith({
      'lost.yaml': manifest('lost', 'nowhere_0', '  attendees: [{ user: ou_aaa }]\n'),
      'weekly.yaml': weekly,
    });
    const ran = await rollcall(['plan', '--format', 'json'], { cwd: folder, env: feishuEnv(server.url) });
    const plan = JSON.parse(ran.stdout);
    expect(ran.code).toBe(1);
    expect(plan.complete).toBe(false);
    expect(plan.events).toMatchObject([
      { name: 'lost', status: 'unknown', changes: [], problem: { code: 'event-not-found' } },
      { name: 'weekly', status: 'changed' },
    ]);
    expect(plan.events[0].problem.logId).toEqual(expect.any(String));
  });

  it('names the variables where credentials are missing, and calls nothing', async () => {
    const folder = folderWith({ 'weekly.yaml': weekly });
    const before = server.requests.length;
    const ran = await rollcall(['plan'], { cwd: folder, env: { FEISHU_BASE_URL: server.url } });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('FEISHU_APP_ID');
    expect(ran.stdout).toBe('');
    expect(server.requests.length).toBe(before);
  });

  it('says that credentials are wrong, with one call for the token and no secret', async () => {
    const folder = folderWith({ 'weekly.yaml': weekly });
    const before = server.requests.length;
    const env = { ...feishuEnv(server.url), FEISHU_APP_SECRET: 'canary-secret' };
    const ran = await rollcall(['plan', '--verbose'], { cwd: folder, env });
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toMatch(/FEISHU_APP_ID|FEISHU_APP_SECRET/);
    expect(ran.stdout + ran.stderr).not.toContain('canary-secret');
    expect(server.requests.length - before).toBe(1);
  });

  it.each([
    ['http://example.com', 'FEISHU_BASE_URL'],
    ['https://user:pass@example.com', 'FEISHU_BASE_URL'],
  ])('refuses the base URL %s', async (url, variable) => {
    const folder = folderWith({ 'weekly.yaml': weekly });
    const ran = await rollcall(['plan'], {
      cwd: folder,
      env: { ...feishuEnv(server.url), FEISHU_BASE_URL: url },
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(variable);
    expect(ran.stderr).not.toContain('pass@');
  });
});

describe('choosing events', () => {
  const files = {
    'a.yaml': manifest(
      'alpha',
      'weekly_0',
      '  sync: remove-only\n  attendees: [{ user: ou_aaa }, { user: ou_bbb }]\n',
    ).replace('{ name: alpha }', '{ name: alpha, labels: { team: one } }'),
    'b.yaml': manifest('beta', 'big_0', '  sync: add-only\n  attendees: []\n'),
  };

  it.each([
    [['--target', 'al*'], ['alpha']],
    [['--exclude', 'alpha'], ['beta']],
    [['--selector', 'team=one'], ['alpha']],
    [
      ['--target', 'alpha', '--target', 'beta'],
      ['alpha', 'beta'],
    ],
  ])('%j chooses %j', async (options, names) => {
    const folder = folderWith(files);
    const ran = await rollcall(['plan', '--format', 'json', ...options], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    const plan = JSON.parse(ran.stdout);
    expect(plan.events.map(({ name }: { name: string }) => name)).toEqual(names);
  });

  it.each([
    [['--target', 'gamma']],
    [['--allow-removals', 'gamma=3']],
    [['--format', 'yaml']],
    [['--selector', 'team']],
  ])('%j is an error with a way out', async (options) => {
    const folder = folderWith(files);
    const ran = await rollcall(['plan', ...options], { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/error/);
    expect(ran.stdout).toBe('');
  });

  it('says that there is no Event', async () => {
    const ran = await rollcall(['plan', '.'], {
      cwd: folderWith({ 'x.txt': '' }),
      env: feishuEnv(server.url),
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('no Event');
  });
});
