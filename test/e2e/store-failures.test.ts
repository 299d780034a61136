import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/http/clock.ts';
import type { Result } from '../../src/model/result.ts';
import { filesIn, leaksIn } from '../support/canaries.ts';
import { type Ran, rollcall, startRollcall } from '../support/cli.ts';
import { until } from '../support/once-in-run.ts';
import { noPostgres, postgresBin, type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type Scene, manifestOf, newScene, tenantOf, writeOf } from '../support/scene.ts';
import { type StoreProxy, storeProxy } from '../support/store-proxy.ts';

if (postgresBin() === null) console.warn(noPostgres);

const password = 'CNRYstore/"+%word';

/** A run whose way to the store fails, and comes back. */
interface Failing {
  readonly at: Scene;
  readonly way: StoreProxy;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
}

describe.skipIf(postgresBin() === null)('a store that fails', () => {
  let server: PostgresServer;
  const closing: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    server = await startPostgres({ tcp: true, passwords: true });
    await server.sql(`create role app login password '${password}'`);
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  afterAll(() => server.end());

  /** `when`: what to do with the way to the store at a call of the platform. */
  async function failing(when: (call: string, way: StoreProxy) => void): Promise<Failing> {
    const owned = await server.database();
    const database = /\/(\w+)$/.exec(owned)?.[1] ?? '';
    await server.sql(`alter database ${database} owner to app`);
    const way = await storeProxy(server.url(database, 'app'));
    const at = await newScene(
      {
        tenant: tenantOf({
          a_0: 'attendees: [{ user: ou_a }, { user: ou_b }]',
          b_0: 'attendees: [{ user: ou_a }, { user: ou_b }]',
        }),
        intercept: (call) => {
          for (const what of writeOf(call)) when(what, way);
          if (call.api.endsWith('.list')) when(`list ${call.params['eventId']}`, way);
          return undefined;
        },
      },
      {
        a: manifestOf('a', '{ user: ou_a }, { user: ou_n }'),
        b: manifestOf('b', '{ user: ou_a }, { user: ou_n }'),
      },
    );
    closing.push(async () => {
      await Promise.all([at.close(), way.close()]);
    });
    const env = { ...at.env, ROLLCALL_STORE: way.url, PGPASSWORD: password, ROLLCALL_SETTLE: '0s' };
    return {
      at,
      way,
      run: (...args) =>
        rollcall([...args, ...(args[0] === 'history' ? [] : ['--verbose'])], { cwd: at.folder, env }),
    };
  }

  const healthy = ['apply', '--auto-approve', '--format', 'json', '--concurrency', '1'] as const;
  /** Gives up soon, since the store stays away; a run that finds it there has all the time it takes. */
  const apply = [...healthy, '--timeout', '1s'] as const;

  /** Nothing of the password is in what was printed, or in a file that was left. */
  function expectNoLeak(at: Scene, ...runs: readonly Ran[]): void {
    const texts = [...runs.flatMap(({ stdout, stderr }) => [stdout, stderr]), ...filesIn(at.folder).values()];
    expect(texts.flatMap((text) => leaksIn(text, { password }))).toEqual([]);
  }

  it('before a batch: no batch is sent, and the next run does all of it', async () => {
    let isOver = false;
    const { at, way, run } = await failing((call, store) => {
      // The events are read for the plan; the first of them is about to be written.
      if (call === 'list b_0' && !isOver) store.cut();
    });
    const failed = await run(...apply);
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/the store \(127\.0\.0\.1:\d+, database \w+\) cannot be reached/);
    expect(failed.stderr).not.toMatch(/^\s+at /m);
    expect(at.writes()).toEqual([]);
    isOver = true;
    way.restore();
    const again = await run(...healthy);
    expect([again.code, at.live('a_0'), at.live('b_0')]).toEqual([0, ['ou_a', 'ou_n'], ['ou_a', 'ou_n']]);
    expectNoLeak(at, failed, again);
  });

  it('after a batch was sent: nothing more is, the result says so, and the next run reads first', async () => {
    let isOver = false;
    const { at, way, run } = await failing((call, store) => {
      if (call === 'add a_0 1' && !isOver) store.cut();
    });
    const failed = await run(...apply);
    expect(failed.code).toBe(4);
    const [first, second] = (JSON.parse(failed.stdout) as Result).events;
    expect(first?.changes.map(({ outcome }) => outcome)).not.toContain('done');
    expect(second?.outcome ?? 'not-attempted').toBe('not-attempted');
    expect(at.writes()).toEqual(['add a_0 1']);
    isOver = true;
    way.restore();
    const again = await run(...healthy);
    expect(again.code).toBe(0);
    expect(at.writes().filter((write) => write === 'add a_0 1')).toHaveLength(1);
    expect([at.live('a_0'), at.live('b_0')]).toEqual([
      ['ou_a', 'ou_n'],
      ['ou_a', 'ou_n'],
    ]);
    expectNoLeak(at, failed, again);
  });

  it('for a moment, between two runs and within one, is not noticed', async () => {
    const { at, way, run } = await failing((call, store) => {
      if (call !== 'list a_0') return;
      store.cut();
      store.restore();
    });
    const ran = await run(...healthy);
    expect([ran.code, at.live('a_0')]).toEqual([0, ['ou_a', 'ou_n']]);
    expect(way.connections()).toBeGreaterThan(1);
    expectNoLeak(at, ran);
  });

  it('answers late, before a batch and after it: the run waits, and makes each change once', async () => {
    const { at, run } = await failing((call, store) => {
      if (call !== 'list b_0' && call !== 'add a_0 1') return;
      store.stall();
      setTimeout(store.resume, 300);
    });
    const ran = await run(...healthy);
    expect([ran.code, at.live('a_0'), at.live('b_0')]).toEqual([0, ['ou_a', 'ou_n'], ['ou_a', 'ou_n']]);
    expect(at.writes()).toEqual(['add a_0 1', 'remove a_0 1', 'add b_0 1', 'remove b_0 1']);
    expectNoLeak(at, ran);
  });

  it('does not answer any more: nothing more is sent, and a stop ends the run and says so in its result', async () => {
    const { at, way } = await failing((call, store) => {
      if (call === 'add a_0 1') store.stall();
    });
    const env = { ...at.env, ROLLCALL_STORE: way.url, PGPASSWORD: password, ROLLCALL_SETTLE: '0s' };
    const apply = startRollcall([...healthy, '--verbose'], { cwd: at.folder, env });
    await until(() => at.writes().length > 0, 'a write');
    await systemClock.sleep(200);
    expect(at.writes()).toEqual(['add a_0 1']);
    apply.kill('SIGINT');
    const stopped = await apply.ran;
    expect(stopped.code).toBe(4);
    const [first, second] = (JSON.parse(stopped.stdout) as Result).events;
    expect(first?.changes.map(({ outcome }) => outcome)).not.toContain('done');
    expect(second?.outcome ?? 'not-attempted').toBe('not-attempted');
    expect(stopped.stderr).not.toMatch(/^\s+at /m);
    expect(at.writes()).toEqual(['add a_0 1']);
    expectNoLeak(at, stopped);
  });

  it('has the whole of a run, which is shown and undone by its id without the file', async () => {
    const { at, run } = await failing(() => undefined);
    const ran = await run(...healthy);
    const { runId } = JSON.parse(ran.stdout) as Result;
    rmSync(join(at.folder, '.rollcall'), { recursive: true });
    const history = await run('history', '--run', runId);
    expect(history).toMatchObject({ code: 0, stdout: expect.stringContaining('  - removed ou_b') });
    const undone = await run('revert', runId, '--auto-approve');
    expect(undone.code).toBe(0);
    expect([at.live('a_0').sort(), at.live('b_0').sort()]).toEqual([
      ['ou_a', 'ou_b'],
      ['ou_a', 'ou_b'],
    ]);
    expect((await run('history', '--attendee', 'ou_b')).stdout).toMatch(
      /revert[^]*\+ added ou_b[^]*apply[^]*- removed ou_b/,
    );
    const unknown = await run('revert', '20200101T000000000Z-00000000');
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('has no run 20200101T000000000Z-00000000'),
    });
    expectNoLeak(at, ran, history, undone);
  });
});
