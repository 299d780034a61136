import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { leaksIn } from '../support/canaries.ts';
import { type Ran, folderWith, main, rollcall, root, spawnRollcall } from '../support/cli.ts';
import { freshDatabase, noPostgres, postgresBin, sharedServer } from '../support/postgres.ts';
import { storeProxy } from '../support/store-proxy.ts';
import { appEnv, feishuManifest, serve } from '../support/served.ts';

if (postgresBin() === null) console.warn(noPostgres);

const password = 'CNRYstore/"+%word';
const folder = folderWith({
  'weekly.yaml': feishuManifest('weekly', 'weekly_0', { attendees: [{ user: 'ou_a' }] }),
});
let platform: Emulator;

beforeAll(async () => {
  platform = await serve({ feishu: { weekly_0: [{ user: 'ou_a' }, { user: 'ou_b' }] } });
});
afterAll(() => platform.close());

function run(
  args: readonly string[],
  store: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return rollcall(args, {
    cwd: folder,
    env: { ...appEnv(platform.url), ROLLCALL_STORE: store, ...more },
  });
}

describe('a store that cannot be used', () => {
  it.each([
    ['plan'],
    ['apply', '--auto-approve', '--verbose'],
    ['doctor'],
    ['find', 'calendars', '--provider', 'feishu'],
  ])('ends %s before the platform is called, with host and database and no password', async (...args) => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await once(nobody, 'listening');
    // A TCP server has an address of this shape while it listens.
    const { port } = nobody.address() as AddressInfo;
    nobody.close();
    await once(nobody, 'close');
    const called = platform.requests.length;
    const url = `postgres://app:${encodeURIComponent(password)}@127.0.0.1:${port}/teams`;
    const ran = await run(args, url);
    expect(ran).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: the store (127.0.0.1:${port}, database teams) cannot be reached: nothing listens there (ECONNREFUSED) [store-unreachable]
  ROLLCALL_STORE names it; unset the variable to run without a shared store.
`,
    });
    expect(platform.requests.length).toBe(called);
    expect(await run(args, `postgres://app@127.0.0.1:${port}/teams`, { PGPASSWORD: password })).toEqual(ran);
  });

  it('ends a process with a sentence, and no stack', async () => {
    const env = { ...appEnv(platform.url), ROLLCALL_STORE: 'postgres://a@/teams?host=/nowhere' };
    expect(await spawnRollcall(['plan'], { cwd: folder, env })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^error: the store \(\/nowhere, .*\[store-unreachable\]\n {2}ROLLCALL_STORE .*\n$/,
      ),
    });
  });

  it('is given up on where it says nothing', async () => {
    const silent = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    const { code, stdout, stderr } = await run(
      ['plan'],
      `postgres://a@127.0.0.1:${port}/teams?connect_timeout=1`,
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('cannot be reached: it does not answer in time [store-unreachable]');
    silent.close();
  });

  it.each([
    `postgres://app:${password}@127.0.0.1/teams`,
    `postgres://app:${encodeURIComponent(password)}@127.0.0.1/teams?sslmode=perhaps`,
    `postgres://app:${encodeURIComponent(password)}@127.0.0.1`,
    password,
  ])('is told to be named wrongly with nothing of what it is named by: %s', async (url) => {
    const ran = await run(['plan', '--verbose'], url);
    expect(ran).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: ROLLCALL_STORE .*\[store-setting\]\n/),
    });
    expect(leaksIn(ran.stderr, { password, part: 'CNRYstore' })).toEqual([]);
  });
});

it('loads the client of a store, and the statements for it, where one is named, and nowhere else', async () => {
  const loads = async (store: string): Promise<{ packages: string[]; statements: string[] }> => {
    const tracer = join(root, 'test/support/loads.mjs');
    const env = { ...process.env, ...appEnv(platform.url), ROLLCALL_STORE: store };
    const run = promisify(execFile)(process.execPath, ['--import', tracer, main, 'plan', folder], { env });
    // It fails where the store is not there, and has loaded what it takes by then.
    const { stderr } = await run.catch((error: unknown) => error as { readonly stderr: string });
    const own = [...stderr.matchAll(/^loads (\/\S*\/dist\/parts\/\S+)$/gm)].map(([, file = '']) => file);
    expect(own.length).toBeGreaterThan(5);
    return {
      packages: [...stderr.matchAll(/^loads .*\/node_modules\/(pg[\w-]*)\//gm)].map(([, name = '']) => name),
      statements: own.flatMap(
        (file) => /rollcall\.(?:permits_1|version)/.exec(readFileSync(file, 'utf8')) ?? [],
      ),
    };
  };
  expect(await loads('')).toEqual({ packages: [], statements: [] });
  const named = await loads('postgres://a@127.0.0.1:9/teams');
  expect(named.packages).toContain('pg-protocol');
  expect(named.statements).toContain('rollcall.permits_1');
});

describe.skipIf(postgresBin() === null)('a store', () => {
  it('is on its way while manifests are read, and not used where they are wrong', async () => {
    const wrong = folderWith({ 'weekly.yaml': 'apiVersion: rollcall.dev/v1\nkind: Evnt\n' });
    const database = await freshDatabase();
    const way = await storeProxy(database);
    const env = { ...appEnv(platform.url), ROLLCALL_STORE: way.url };
    const ran = await rollcall(['plan'], { cwd: wrong, env });
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('Evnt') });
    expect(way.connections()).toBe(1);
    const { sql } = await sharedServer();
    const name = /\/(\w+)\?/.exec(database)?.[1];
    expect(await sql(`select from pg_namespace where nspname = 'rollcall'`, name)).toEqual([]);
    way.cut();
    expect(await rollcall(['plan'], { cwd: wrong, env })).toEqual(ran);
    await way.close();
  });

  it('is made by the first run, and changes nothing of what is planned and applied', async () => {
    const store = await freshDatabase();
    const without = await run(['plan'], '');
    expect(without.code).toBe(0);
    expect(await run(['plan'], store)).toEqual(without);
    expect(await run(['apply', '--auto-approve'], store)).toMatchObject({ code: 0 });
    expect(await run(['plan'], store)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 in sync'),
    });
  });
});

describe('rollcall store', () => {
  it.each([
    [['init'], '', 'ROLLCALL_STORE is not set'],
    [['init', '--older-than', '3d'], '', '--older-than works only with store prune'],
    [['prune'], '', 'store prune needs --older-than'],
    [['prune', '--older-than', '400'], '', 'Give a number of days, like 400d.'],
    [['status', '--print'], '', '--print works only with store init'],
    [['watch'], '', 'Allowed choices are init, status, prune'],
    [['status'], 'postgres://a@/teams?host=/nowhere', '[store-unreachable]'],
  ])('says what is missing: %j', async (args, store, said) => {
    expect(await run(['store', ...args], store)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(said),
    });
  });

  it('prints SQL for the user that is named, without a store and without its password', async () => {
    const url = `postgres://teams%20app:${encodeURIComponent(password)}@db.invalid/teams`;
    const { code, stdout, stderr } = await run(['store', 'init', '--print'], url);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('grant usage on schema rollcall to "teams app";');
    expect(leaksIn(stdout, { password })).toEqual([]);
    expect((await run(['store', 'init', '--print'], '')).stdout).toContain('to "rollcall";');
  });
});

describe.skipIf(postgresBin() === null)('rollcall store, with one', () => {
  const page = readFileSync(join(root, 'docs/store.md'), 'utf8');

  it('makes tables by the SQL that it prints, for a role as the page makes one, which then plans', async () => {
    const server = await sharedServer();
    const [, sql = ''] = /```sql\n([^]*?)```/.exec(page) ?? [];
    const name = `app_${process.pid}`;
    for (const statement of sql.replaceAll(/\brollcall\b/g, name).split(/(?<=;)\n/)) {
      if (statement !== '') await server.sql(statement);
    }
    const store = server.url(name, name);
    await server.sql(`revoke all on database ${name} from ${name}`);
    await server.sql(`alter database ${name} owner to owner`);
    expect(await run(['plan'], store)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /no tables yet, and this user may not make them: .*\[store-missing\]\n.*rollcall store init --print/,
      ),
    });
    const printed = await run(['store', 'init', '--print'], store);
    await server.sql(printed.stdout, name);
    expect(await run(['plan'], store)).toMatchObject({ code: 0, stderr: '' });
    expect((await run(['store', 'status'], store)).stdout).toMatch(/: version \d+\.\n/);
    expect(await run(['store', 'init'], store)).toMatchObject({ code: 0 });
  });

  it('shows what is in it, and forgets old runs that have ended, and no others', async () => {
    const server = await sharedServer();
    const store = await server.database();
    const database = /\/(\w+)\?/.exec(store)?.[1] ?? '';
    expect(await run(['store', 'status'], store)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(': no tables yet;'),
    });
    const where = `${/host=([^&]*)/.exec(decodeURIComponent(store))?.[1]}, database ${database}`;
    expect(await run(['store', 'init'], store)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`The store (${where}) is ready: version `),
    });
    const row = (id: string, started: string, expires: string, ended: string): string =>
      `insert into rollcall.run(id, kind, origin, started_at, expires_at, ended_at) values ('${id}', 'apply', '{"job":"https://ci.example/7","actor":"li"}', ${started}, ${expires}, ${ended})`;
    await server.sql(
      row('old', `'2020-01-02T03:04Z'`, `'2020-01-02T03:05Z'`, `'2020-01-02T03:05Z'`),
      database,
    );
    await server.sql(row('dead', `'2020-02-02T03:04Z'`, `'2020-02-02T03:05Z'`, 'null'), database);
    await server.sql(row('new', 'now()', 'now()', 'now()'), database);
    // A replica of a fleet has no journal of its own.
    await server.sql(
      row('gone', `'2020-03-02T03:04Z'`, `'2020-03-02T03:05Z'`, 'null').replace(`'apply'`, `'fleet plan'`),
      database,
    );
    await server.sql(row('busy', `'2026-01-02T03:04Z'`, `now() + interval '1 hour'`, 'null'), database);
    for (const [key, id] of [
      ['host/calendar/event', 'busy'],
      ['other', 'dead'],
    ]) {
      await server.sql(
        `insert into rollcall.lease(key, epoch, run, since) values ('${key}', 3, '${id}', '2026-01-02T03:05Z')`,
        database,
      );
    }
    await server.sql(`select rollcall.used_1('api.dingtalk.com/ding', 42)`, database);
    for (const [id, key, mode, started] of [
      [1, '4710', 'plan', '2020-01-02T03:04Z'],
      [2, '4711', 'apply', '2026-01-02T03:04Z'],
      [3, '4712', 'plan', '2020-01-02T03:04Z'],
    ]) {
      const columns = 'fleet_run(id, key, mode, settings, max_removals, started_at) overriding system value';
      await server.sql(
        `insert into rollcall.${columns} values (${id}, '${key}', '${mode}', '{}', 9, '${started}')`,
        database,
      );
    }
    await server.sql(
      `insert into rollcall.claim(fleet_run, tenant, place, attempts, run, done_at) values
        (1, 'a', 1, 1, 'dead', null), (1, 'b', 2, 1, 'new', now()), (2, 'a', 1, 1, 'busy', null), (3, 'a', 1, 3, 'dead', null)`,
      database,
    );
    expect((await run(['store', 'status'], store, { ROLLCALL_TIME_ZONE: 'Asia/Shanghai' })).stdout).toMatch(
      new RegExp(`^Store ${where}: version \\d+.
Runs kept: 5, the oldest of Thu 2020-01-02 11:04 Asia/Shanghai.
Runs under way: 3.
  dead  apply, since Sun 2020-02-02 11:04 Asia/Shanghai, https://ci.example/7, li: not responding
  gone  fleet plan, since Mon 2020-03-02 11:04 Asia/Shanghai, https://ci.example/7, li: not responding
  busy  apply, since Fri 2026-01-02 11:04 Asia/Shanghai, https://ci.example/7, li
Events held: 1.
  host/calendar/event  by busy, since Fri 2026-01-02 11:05 Asia/Shanghai
Fleet runs under way: 2.
  4710  plan, since Thu 2020-01-02 11:04 Asia/Shanghai, 1 of 2 tenants done: no replica is working on it
  4711  apply, since Fri 2026-01-02 11:04 Asia/Shanghai, 0 of 1 tenant done, 1 taken
Calls of this month: api.dingtalk.com/ding 42.
$`),
    );
    const pruned = await run(['store', 'prune', '--older-than', '400d', '--format', 'json'], store);
    expect(JSON.parse(pruned.stdout)).toEqual({ formatVersion: '1', pruned: { runs: 2, fleetRuns: 2 } });
    const { stdout } = await run(['store', 'status', '--format', 'json'], store);
    expect(JSON.parse(stdout)).toMatchObject({
      formatVersion: '1',
      store: where,
      runs: 3,
      since: '2020-02-02T03:04:00.000Z',
      open: [
        { id: 'dead', expired: true },
        { id: 'busy', expired: false, origin: { actor: 'li' } },
      ],
      fleets: [{ key: '4711', mode: 'apply', tenants: 1, done: 0, taken: 1 }],
    });
  });

  it('looks at a store of a later version, and changes nothing there', async () => {
    const server = await sharedServer();
    const store = await server.database();
    await run(['store', 'init'], store);
    await server.sql('insert into rollcall.version(n) values (999)', /\/(\w+)\?/.exec(store)?.[1] ?? '');
    expect((await run(['store', 'status'], store)).stdout).toMatch(
      /: version 999, but this rollcall only knows \d+: upgrade rollcall\./,
    );
    for (const args of [['store', 'init'], ['store', 'prune', '--older-than', '1d'], ['plan']]) {
      expect(await run(args, store)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('[store-newer]'),
      });
    }
  });
});
