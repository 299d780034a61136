import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import { appEnv, calendar, manifest, type Rows, serve, type Served, tenantOf } from '../support/served.ts';

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function served(what: Served): Promise<Emulator> {
  const server = await serve(what);
  servers.push(server);
  return server;
}

const hostile = 'Eve\n    - user: ou_evil # \u2028\u001b[31m';

const everybody: Rows = [
  { user: 'ou_org', name: 'Olga', organizer: true, rsvp: 'accept' },
  { user: 'ou_b', name: hostile, optional: true },
  { user: 'ou_a', unionId: 'on_a', userId: '0123', name: '张三' },
  { user: 'ou_yes', userId: 'yes' },
  { user: 'ou_gone', name: 'Gone', rsvp: 'removed' },
  { user: 'ou_ext', name: 'Pat', external: true },
  { chat: 'oc_team', name: 'Team', optional: true },
  { room: 'omm_1', name: 'Room 1' },
  { email: 'Guest@Example.com' },
];

interface Imported extends Ran {
  /** The plan of what was printed. */
  readonly plan: Ran;
}

/** Imports an event into a folder of its own, and plans that. */
async function imported(
  server: Emulator,
  options: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Imported> {
  const cwd = folderWith(files);
  const run = { cwd, env: appEnv(server.url) };
  const ran = await rollcall(['import', ...options], run);
  mkdirSync(join(cwd, 'events'));
  writeFileSync(join(cwd, 'events/imported.yaml'), ran.stdout);
  return { ...ran, plan: await rollcall(['plan', '--detailed-exitcode', '--format', 'json'], run) };
}

const weekly = ['--calendar', calendar, '--event', 'weekly_0'];

/** The entries under `attendees:`. */
function entriesOf({ stdout }: Ran): string[] {
  const at = stdout.indexOf('  attendees:');
  return stdout
    .slice(at)
    .split('\n')
    .slice(1)
    .filter((line) => line !== '')
    .map((line) => line.trim());
}

describe('rollcall import', () => {
  it.each([
    ['feishu', 'open_id', ['- user: ou_a # 张三', 'ou_b', 'ou_ext # Pat (from another tenant)', 'ou_yes'], 0],
    ['feishu', 'union_id', ['on_a # 张三', 'on_b', 'on_ext # Pat (from another tenant)', 'on_yes'], 0],
    ['lark', 'user_id', ['- user: "0123" # 张三', 'user: b, optional: true', '- user: "yes"'], 1],
  ])(
    'prints a manifest of a %s event by %s that plans in sync at once',
    async (provider, kind, users, kept) => {
      const server = await served({ feishu: { weekly_0: everybody } });
      const { code, stderr, plan, ...ran } = await imported(server, [
        '--provider',
        provider,
        '--user-id-type',
        kind,
        ...weekly,
      ]);
      expect(code).toBe(0);
      const entries = entriesOf({ code, stderr, ...ran });
      expect(entries.slice(0, 3)).toEqual([
        '- { chat: oc_team, optional: true } # Team',
        '- email: guest@example.com',
        '- room: omm_1 # Room 1',
      ]);
      expect(entries.slice(3)).toEqual(users.map((text) => expect.stringContaining(text)));
      expect(ran.stdout).toMatch(/^# The organizer is left out.*Olga/m);
      expect(stderr).toMatch(/^note: The organizer is left out.*Olga/m);
      expect(ran.stdout).toContain('name: title-of-weekly_0\n');
      expect(plan.stderr).toBe('');
      expect(plan.code).toBe(0);
      const { events, diagnostics } = JSON.parse(plan.stdout);
      expect(diagnostics).toEqual([]);
      expect(events).toMatchObject([{ status: 'in-sync', changes: [], drift: [] }]);
      expect(events[0].kept.filter(({ reason }: { reason: string }) => reason === 'external')).toHaveLength(
        kept,
      );
      // Two reads and no write, beside the token; then the plan's one, and who of them has left.
      expect(server.requests.map(({ api }) => api).toSorted()).toEqual(
        ['token', 'event.get', 'attendees.list', 'token', 'attendees.list', 'employees.mget', 'users.batch']
          .map((call) => `feishu.${call}`)
          .toSorted(),
      );
    },
  );

  it('names nobody under --redact, and prints what no command takes for a manifest', async () => {
    const server = await served({ feishu: { weekly_0: everybody } });
    const ran = await imported(server, ['--provider', 'feishu', ...weekly, '--redact']);
    expect(ran.code).toBe(0);
    expect(entriesOf(ran)).toContain('- user: user-4');
    expect(ran.stdout + ran.stderr).not.toMatch(
      /ou_|oc_|omm_|Olga|Eve\b|张三|\bPat\b|Team|Room 1|guest|title-of/i,
    );
    expect(ran.plan.code).toBe(1);
    expect(ran.plan.stdout).toContain('unknown key \\"redacted');
  });

  it('does so for DingTalk, whose organizer has to be named', async () => {
    const server = await served({
      dingtalk: {
        standup: [
          { user: 'unionOrg', name: 'Olga', organizer: true },
          { user: 'unionB', name: '伯恩', optional: true },
          { user: 'unionA' },
          { generate: 600, user: 'unionGen{}' },
        ],
      },
    });
    const event = ['--provider', 'dingtalk', '--event', 'standup'];
    const ran = await imported(server, [...event, '--organizer', 'unionOrg', '--name', 'stand-up']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('  name: stand-up\n');
    expect(ran.stdout).toContain('  organizer: unionOrg\n');
    expect(entriesOf(ran)).toHaveLength(602);
    expect(entriesOf(ran).slice(0, 2)).toEqual([
      '- user: unionA',
      '- { user: unionB, optional: true } # 伯恩',
    ]);
    expect(ran.plan.code).toBe(0);
    expect(JSON.parse(ran.plan.stdout).events[0]).toMatchObject({ status: 'in-sync', drift: [] });
  });

  it('writes handles where a Directory among the paths has the id', async () => {
    const server = await served({ feishu: { weekly_0: everybody } });
    const ran = await imported(server, ['--provider', 'feishu', ...weekly, '.'], {
      'people.yaml': [
        manifest('Directory', 'people', {
          people: { 'zhang.san': { name: 'Zhang San', feishu: 'ou_a' }, other: { feishu: 'on_b' } },
        }),
        manifest('Roster', 'team', { members: [{ person: 'zhang.san' }] }),
      ].join('---\n'),
    });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toContain('    - person: zhang.san # 张三\n');
    expect(ran.stdout).toContain('    - { user: ou_b, optional: true }');
    expect(ran.stderr).toMatch(/^note: Not in the Directories.*3 users/m);
    expect(ran.plan.code).toBe(0);
  });

  it('prints nothing and exits with 1 where the list is not all there', async () => {
    const rows = [{ generate: 150, user: 'ou_{}' }];
    const server = await startEmulator({
      tenant: tenantOf({ feishu: { weekly_0: rows } }),
      intercept: ({ api, count }) =>
        api === 'feishu.attendees.list' && count === 2
          ? { kind: 'answer', status: 200, body: { code: 190002, msg: 'invalid parameters' } }
          : undefined,
    });
    servers.push(server);
    const options = { env: appEnv(server.url), cwd: folderWith({}) };
    const ran = await rollcall(['import', '--provider', 'feishu', ...weekly], options);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toMatch(/^error: the attendees could not be read: .*190002/);
    expect(ran.code).toBe(1);
  });

  it.each([
    ['cancelled', { status: 200, body: { code: 193003, msg: 'event is deleted' } }, 1, /cancelled/],
    ['not to be seen itself', { status: 200, body: { code: 191002, msg: 'no access' } }, 0, /191002/],
  ] as const)('of an event that is %s', async (_, answer, code, said) => {
    const server = await startEmulator({
      tenant: tenantOf({ feishu: { weekly_0: [{ user: 'ou_a' }] } }),
      intercept: ({ api }) => (api === 'feishu.event.get' ? { kind: 'answer', ...answer } : undefined),
    });
    servers.push(server);
    const options = { env: appEnv(server.url), cwd: folderWith({}) };
    const ran = await rollcall(['import', '--provider', 'feishu', ...weekly], options);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(said);
    // The title is not known then.
    expect(ran.stdout.includes('name: weekly_0')).toBe(code === 0);
  });

  it('prints nothing where an id could not be listed: left out it would be removed', async () => {
    const server = await served({ feishu: { weekly_0: [{ user: 'ou_a' }, { room: 'omm 1' }] } });
    const options = { env: appEnv(server.url), cwd: folderWith({}) };
    const ran = await rollcall(['import', '--provider', 'feishu', ...weekly], options);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('room "omm 1" is not an id');
    expect(ran.code).toBe(1);
  });
});
