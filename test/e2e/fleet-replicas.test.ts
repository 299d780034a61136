import { join } from 'node:path';
import { Pool } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault, InterceptedCall } from '../../src/emulator/intercept.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import type { FleetReport } from '../../src/model/fleet.ts';
import { storeAddress } from '../../src/store/postgres/address.ts';
import { randomOf } from '../property/random.ts';
import { type Begun, type Started, beginRollcall, folderWith, startRollcall } from '../support/cli.ts';
import { freshDatabase, noPostgres, postgresBin } from '../support/postgres.ts';
import { manifestOf, tenantOf, writeOf } from '../support/scene.ts';

if (postgresBin() === null) console.warn(noPostgres);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Fleet {
  readonly server: Emulator;
  /** Starts a replica, under a name that its rows in the store have. */
  readonly replica: (name: string, ...args: readonly string[]) => Started;
  /** Begins one in this process. */
  readonly begin: (name: string, ...args: readonly string[]) => Begun;
  /** As if a replica had said nothing for as long as it may, and as a call of it may take. */
  readonly expire: (name: string) => Promise<void>;
  readonly sql: (text: string) => Promise<readonly Record<string, unknown>[]>;
}

/** So many tenants, of whose event `ou_b` is to be removed and `ou_n` to be added. */
async function fleet(
  tenants: number,
  intercept: (call: InterceptedCall) => Fault | undefined,
): Promise<Fleet> {
  const names = Array.from({ length: tenants }, (_, place) => `t${place}`);
  const rows = 'attendees: [{ user: ou_a }, { user: ou_b }]';
  const tenant = tenantOf(Object.fromEntries(names.map((name) => [`${name}_0`, rows])));
  const server = await startEmulator({ tenant, intercept });
  const documents = names.map(
    (name) =>
      `apiVersion: rollcall.dev/v1\nkind: Tenant\nmetadata: { name: ${name} }\nspec: { provider: feishu, manifests: ./${name} }\n`,
  );
  const files = names.flatMap((name) => [
    [`${name}/event.yaml`, manifestOf(name, '{ user: ou_a }, { user: ou_n }')],
    [`secrets/${name}/FEISHU_APP_ID`, 'cli_demo'],
    [`secrets/${name}/FEISHU_APP_SECRET`, 'demo-secret\n'],
    [`secrets/${name}/FEISHU_BASE_URL`, server.url],
  ]);
  const folder = folderWith(Object.fromEntries([['fleet.yaml', documents.join('---\n')], ...files]));
  const url = await freshDatabase();
  const address = storeAddress({ ROLLCALL_STORE: url });
  const pool = new Pool({ host: address?.host, user: address?.user, database: address?.database, max: 1 });
  closing.push(async () => {
    await Promise.all([server.close(), pool.end()]);
  });
  const given = (name: string, args: readonly string[]): Parameters<typeof startRollcall> => {
    const env = {
      ROLLCALL_STORE: url,
      ROLLCALL_TENANTS: 'secrets',
      ROLLCALL_SETTLE: '0s',
      ROLLCALL_QUOTA: 'none',
      BUILD_URL: `https://ci.example/${name}`,
    };
    return [[...line, '--journal-dir', join('runs', name), ...args], { cwd: folder, env }];
  };
  const sql: Fleet['sql'] = async (text) => (await pool.query<Record<string, unknown>>(text)).rows;
  return {
    server,
    sql,
    replica: (name, ...args) => startRollcall(...given(name, args)),
    begin: (name, ...args) => beginRollcall(...given(name, args)),
    expire: async (name) => {
      await sql(
        `update rollcall.run set expires_at = clock_timestamp() - interval '20 s' where origin->>'job' = 'https://ci.example/${name}'`,
      );
    },
  };
}

const line = 'fleet apply fleet.yaml --run nightly --yes --format json --quiet --timeout 20s'.split(' ');

async function reportOf({ ran }: Pick<Started, 'ran'>): Promise<FleetReport> {
  const { stdout, stderr } = await ran;
  // One that comes when all is done says so.
  expect(stderr).toMatch(/^(warning: the run nightly had already ended, .*\n)?$/);
  // What the command prints with `--format json`.
  return JSON.parse(stdout) as FleetReport;
}

/** Each event once, whatever it is about. */
function wholeOf(tenants: number): readonly string[] {
  const names = Array.from({ length: tenants }, (_, place) => `t${place}_0`);
  return names.flatMap((name) => [`add ${name} 1`, `remove ${name} 1`]).sort();
}

function gate(): { readonly promise: Promise<void>; readonly open: () => void } {
  let open = (): void => {};
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

describe.skipIf(postgresBin() === null)('replicas of a fleet run', () => {
  it('that are killed at any moment leave each tenant done once', async () => {
    const random = randomOf(7);
    const tenants = 12;
    const killAt = [4 + random.int(6), 12 + random.int(6)];
    let calls = 0;
    let told: () => void = () => {};
    const { server, replica, expire, sql } = await fleet(tenants, (call) => {
      calls += writeOf(call).length;
      told();
      return undefined;
    });
    const args = ['--concurrency', '2'];
    const names = ['a', 'b'];
    const running = new Map(names.map((name) => [name, replica(name, ...args)]));
    for (const [kill, count] of killAt.entries()) {
      await new Promise<void>((resolve) => {
        told = () => {
          if (calls >= count) resolve();
        };
        told();
      });
      const name = [...running.keys()][random.int(names.length)] ?? '';
      running.get(name)?.kill('SIGKILL');
      await running.get(name)?.ran;
      running.delete(name);
      await expire(name);
      running.set(`again-${kill}`, replica(`again-${kill}`, ...args));
    }
    const reports = await Promise.all([...running.values()].map(reportOf));
    for (const report of reports) {
      expect(report).toMatchObject({ exitCode: 0, summary: { tenants, done: tenants, events: tenants } });
      expect(report.tenants.map(({ tenant, state }) => `${tenant} ${state}`).sort()).toEqual(
        Array.from({ length: tenants }, (_, place) => `t${place} done`).sort(),
      );
      for (const { attempt } of report.tenants) expect(attempt).toBeLessThanOrEqual(3);
    }
    expect(server.requests.flatMap(writeOf).sort()).toEqual(wholeOf(tenants));
    expect(await sql('select count(*)::int as n from rollcall.claim where done_at is not null')).toEqual([
      { n: tenants },
    ]);
  });

  it('give their tenants back at Ctrl-C, for others to take at once', async () => {
    const [reached, held] = [gate(), gate()];
    const { server, begin, sql } = await fleet(2, (call) => {
      if (writeOf(call)[0] !== 'add t0_0 1') return undefined;
      reached.open();
      return { kind: 'run', run: () => held.promise };
    });
    const stopped = begin('a');
    await reached.promise;
    await stopped.stop();
    held.open();
    expect((await stopped.ran).code).toBe(130);
    const [{ runs } = {}] = await sql(
      'select count(*)::int as runs from rollcall.claim where done_at is null and run is not null',
    );
    expect(runs).toBe(0);
    const report = await reportOf(begin('b'));
    expect(report).toMatchObject({ exitCode: 0, summary: { done: 2 } });
    expect(report.tenants.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(server.requests.flatMap(writeOf).sort()).toEqual(wholeOf(2));
  });

  it('that stand still while others take over begin nothing more, and what they found is not taken', async () => {
    const [reached, held] = [gate(), gate()];
    const { server, replica, begin, expire } = await fleet(1, (call) => {
      if (writeOf(call)[0] !== 'add t0_0 1') return undefined;
      reached.open();
      return { kind: 'run', run: () => held.promise };
    });
    const still = replica('a');
    await reached.promise;
    still.kill('SIGSTOP');
    held.open();
    await expire('a');
    const other = await reportOf(begin('b'));
    expect(other.tenants).toMatchObject([{ state: 'done', attempt: 2, outcome: { exitCode: 0 } }]);
    still.kill('SIGCONT');
    expect(await reportOf(still)).toEqual(other);
    expect(server.requests.flatMap(writeOf).sort()).toEqual(wholeOf(1));
  });

  it('share one limit on removals, and stop at it', async () => {
    const { server, begin } = await fleet(6, () => undefined);
    const args = ['--max-removals', '2', '--concurrency', '1'];
    const reports = await Promise.all(['a', 'b'].map((name) => reportOf(begin(name, ...args))));
    expect(server.requests.flatMap(writeOf).filter((write) => write.startsWith('remove'))).toHaveLength(2);
    for (const report of reports) {
      expect(report).toMatchObject({
        exitCode: 3,
        stopped: true,
        summary: { removed: 2, open: 0, failed: 0 },
      });
      expect(report.summary.notAttempted).toBeGreaterThan(0);
    }
  });
});
