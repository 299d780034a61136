import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import {
  feishuEnv,
  folderWith,
  type Ran,
  type Started,
  beginRollcall,
  rollcall,
  startRollcall,
} from '../support/cli.ts';
import { dingtalkEnv, event, serve } from './platforms.ts';
import { mostIn } from '../support/permit-clients.ts';
import { noPostgres, postgresBin, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { manifestOf, tenantOf } from '../support/scene.ts';

if (postgresBin() === null) console.warn(noPostgres);

const events = 26;

describe.skipIf(postgresBin() === null)('runs that share an app and a store', () => {
  let database: PostgresServer;
  let server: Emulator | null = null;
  /** When listings came in, by the clock of the platform. */
  const listedAt: number[] = [];

  beforeAll(async () => {
    database = await startPostgres();
  });
  afterAll(() => database.end());
  afterEach(async () => {
    await server?.close();
    listedAt.length = 0;
  });

  const names = Array.from({ length: events }, (_, index) => `e${index}`);

  /** A plan of many events of an app, as it is given to a process or begun in this one. */
  async function planOf(
    more: Readonly<Record<string, string>> = {},
    flags: readonly string[] = [],
  ): Promise<Parameters<typeof startRollcall>> {
    const tenant = tenantOf(
      Object.fromEntries(names.map((name) => [`${name}_0`, 'attendees: [{ user: ou_1 }]'])),
    );
    server = await startEmulator({
      tenant,
      quota: 'documented',
      latencyMs: 20,
      intercept: ({ api }) => {
        if (api === 'feishu.attendees.list') listedAt.push(performance.now());
        return undefined;
      },
    });
    const folder = folderWith({
      'events.yaml': names.map((name) => manifestOf(name, '{ user: ou_1 }')).join('---\n'),
    });
    const env = { ...feishuEnv(server.url), ROLLCALL_STORE: await database.database(), ...more };
    return [['plan', folder, ...flags], { cwd: folder, env }];
  }

  function rejected(): number {
    return server?.requests.filter(({ status }) => status !== null && status >= 400).length ?? 0;
  }

  async function endsOf(started: readonly Pick<Started, 'ran'>[]): Promise<readonly Ran[]> {
    return Promise.all(started.map(({ ran }) => ran));
  }

  it('have no call rejected, and together no more of them in a second than one process', async () => {
    const plan = await planOf();
    // What they know of each other they have from the store, also in one process.
    const ends = await endsOf(Array.from({ length: 3 }, () => beginRollcall(...plan)));
    expect(ends.map(({ code, stderr }) => [code, stderr])).toEqual(ends.map(() => [0, '']));
    expect(listedAt).toHaveLength(3 * events);
    expect(mostIn(listedAt, 1000)).toBeLessThanOrEqual(51);
    expect(rejected()).toBe(0);
  });

  it('have none rejected where one is killed and the database crashes in mid-plan', async () => {
    const plan = await planOf({}, ['--verbose']);
    const [first, ...others] = Array.from({ length: 3 }, () => startRollcall(...plan));
    await Promise.all(others.map(({ says }) => says('/attendees')));
    await until(() => listedAt.length > 10);
    first?.kill('SIGKILL');
    await until(() => listedAt.length > 30);
    await database.stop('immediate');
    await database.start();
    const ends = await endsOf(others);
    expect(ends.map(({ code, stderr }) => [code, /^error.*/m.exec(stderr)?.[0]])).toEqual(
      ends.map(() => [0, undefined]),
    );
    expect(mostIn(listedAt, 1000)).toBeLessThanOrEqual(51);
    expect(rejected()).toBe(0);
  });

  it('know how many calls of the month are left', async () => {
    const tenant = `dingtalk: { users: [{ unionId: org, events: [{ id: e1, attendees: [{ user: a }] }] }] }\n`;
    const platform = await serve(tenant);
    const env = { ...dingtalkEnv(platform.url), ROLLCALL_STORE: await database.database() };
    const folder = folderWith({
      'e1.yaml': event('e1', 'dingtalk', 'organizer: org\neventId: e1\nattendees: [{ user: a }]'),
    });
    const planned = async (store: string = env.ROLLCALL_STORE, quota = ''): Promise<string> =>
      (
        await rollcall(['plan', folder], {
          cwd: folder,
          env: { ...env, ROLLCALL_STORE: store, ROLLCALL_QUOTA: quota },
        })
      ).stdout;
    const left = (count: number): string =>
      `of the 5,000 calls a month that an organisation has. This month ${count} were made: ${(5000 - count).toLocaleString('en')} are left`;
    expect(await planned()).toContain(left(1));
    expect(await planned()).toContain(left(2));
    // Without windows there is nothing to share but the count.
    expect(await planned(env.ROLLCALL_STORE, 'none')).toContain(left(3));
    expect(await planned('')).not.toContain('This month');
  });

  it('leave unknown what they could not read before the store was away for too long, and never go on alone', async () => {
    const slow = { ROLLCALL_QUOTA: 'feishu=4/s' };
    const { ran } = beginRollcall(...(await planOf(slow, ['--timeout', '2s', '--format', 'json'])));
    await until(() => listedAt.length > 2);
    await database.stop('immediate');
    const { code, stdout } = await ran;
    await database.start();
    expect(code).toBe(1);
    const events: readonly { readonly status: string; readonly problem?: { readonly code: string } }[] =
      JSON.parse(stdout).events;
    const unknown = events.filter(({ status }) => status === 'unknown');
    expect(unknown.length).toBeGreaterThan(0);
    expect(unknown.map(({ problem }) => problem?.code)).toEqual(unknown.map(() => 'store'));
    expect(listedAt.length).toBeLessThan(events.length);
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}
