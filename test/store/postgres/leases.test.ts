import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../src/http/clock.ts';
import { systemClock } from '../../../src/http/clock.ts';
import type { ApplyEvent } from '../../../src/model/result.ts';
import { openStore } from '../../../src/run/store.ts';
import { JournalError } from '../../../src/store/journal.ts';
import { type StoreJournal, readStored, storeJournal } from '../../../src/store/postgres/journal.ts';
import { type Tenure, epochsOf, leaseKey, momentOf, take } from '../../../src/store/postgres/leases.ts';
import { type StoredRun, beginRun } from '../../../src/store/postgres/runs.ts';
import type { Store } from '../../../src/store/postgres/store.ts';
import { freshDatabase, noPostgres, postgresBin } from '../../support/postgres.ts';
import { storeProxy } from '../../support/store-proxy.ts';

if (postgresBin() === null) console.warn(noPostgres);

const event = { name: 'weekly', provider: 'feishu', calendarId: 'cal', eventId: 'weekly_0' } as const;
const key = leaseKey('host', event);
const row = { type: 'user', id: 'ou_a', optional: false } as const;
const runStarted: ApplyEvent = {
  kind: 'run-started',
  runId: 'r',
  tool: { name: 'rollcall', version: '0.0.0' },
  accounts: {},
  planDigest: `sha256:${'0'.repeat(64)}`,
  asOf: '2026-01-01',
  events: ['weekly'],
};
const started = (batch: number, name = 'Ann'): ApplyEvent => ({
  kind: 'batch-started',
  event,
  action: 'remove',
  batch,
  notify: false,
  attendees: [{ ...row, name }],
});
const done = (batch: number): ApplyEvent => ({ kind: 'batch-done', name: 'weekly', batch, outcome: 'done' });

describe.skipIf(postgresBin() === null)('leases in the store', () => {
  let store: Store;
  let database: string;
  let count = 0;
  const runs: StoredRun[] = [];

  beforeAll(async () => {
    database = await freshDatabase();
    const opened = await openStore({ ROLLCALL_STORE: database });
    if (opened === null) throw new RangeError('no store is named');
    store = opened;
  });
  beforeEach(async () => {
    await Promise.all(runs.splice(0).map((run) => run.end(0)));
    await store.query('truncate rollcall.run cascade');
  });
  afterAll(async () => {
    await Promise.all(runs.map((run) => run.end(0)));
    await store.close();
  });

  async function begin(more: { readonly clock?: Clock; readonly plan?: string } = {}): Promise<StoredRun> {
    const { clock = systemClock, plan = 'plan' } = more;
    count += 1;
    const facts = {
      id: `run-${count}`,
      kind: 'apply',
      accounts: {},
      origin: { job: `https://ci.example/${count}` },
      plan,
      callMs: 60_000,
    } as const;
    const run = await beginRun(store, facts, { clock, ttlMs: 60_000 });
    runs.push(run);
    return run;
  }

  async function tenure(run: StoredRun): Promise<Tenure> {
    const found = await take(run, key);
    if ('holder' in found) throw new RangeError(`held by ${found.holder.run}`);
    return found;
  }

  function journal(run: StoredRun, { epoch }: Tenure): StoreJournal {
    return storeJournal(
      run,
      () => ({ key, epoch }),
      () => 0,
    );
  }

  /** As if a run had said nothing for longer than it may. */
  async function expire({ id }: StoredRun): Promise<void> {
    await store.query(`update rollcall.run set expires_at = clock_timestamp() where id = $1`, [id]);
  }

  it('are of one run at a time, and tell the others whose, since when, and where it is seen', async () => {
    const [one, other] = [await begin(), await begin()];
    const held = await tenure(one);
    expect(held).toMatchObject({ epoch: 1, written: 0, writtenBy: null, doubtMs: Number.NEGATIVE_INFINITY });
    const found = await take(other, key);
    expect(found).toMatchObject({ holder: { run: one.id, job: `https://ci.example/${count - 1}` } });
    expect('holder' in found && found.leftMs).toBeGreaterThan(50_000);
    await held.release();
    expect(await tenure(other)).toMatchObject({ epoch: 2, written: 0 });
  });

  it.each(['expired', 'ended'] as const)('of a run that has %s are there to be taken', async (how) => {
    const [one, other] = [await begin(), await begin()];
    await tenure(one);
    await (how === 'ended' ? one.end(4) : expire(one));
    expect(await tenure(other)).toMatchObject({ epoch: 2 });
  });

  it('are the same whatever a manifest calls the event, and another on another host', () => {
    expect(leaseKey('host', { ...event, provider: 'lark' })).toBe(key);
    expect(leaseKey('other', event)).not.toBe(key);
    expect(leaseKey('host', { ...event, calendarId: 'a/b' })).not.toBe(
      leaseKey('host', { ...event, calendarId: 'a', organizer: 'b' }),
    );
  });

  it('are the same however a calendar is called, and where its organizer does not make another of it', () => {
    const google = (calendarId: string, organizer: string): string =>
      leaseKey('host', { provider: 'google', calendarId, organizer, eventId: 'e' });
    expect(google('primary', 'Lead@corp.com')).toBe(google('lead@corp.com', 'lead@corp.com'));
    expect(google('team@corp.com', 'ann@corp.com')).toBe(google('team@corp.com', 'bob@corp.com'));
    expect(google('primary', 'ann@corp.com')).not.toBe(google('primary', 'bob@corp.com'));
  });

  it.each(['expired', 'taken over', 'ended', 'never taken'] as const)(
    'let no batch begin once they are %s',
    async (how) => {
      const [one, other] = [await begin(), await begin()];
      const held = await tenure(one);
      const lines = journal(one, how === 'never taken' ? { ...held, epoch: 7 } : held);
      await lines.appendAll([runStarted]);
      if (how === 'ended') await one.end(4);
      else if (how !== 'never taken') await expire(one);
      if (how === 'taken over') await tenure(other);
      await expect(lines.appendAll([started(1), done(1)])).rejects.toThrow(JournalError);
      expect((await readStored(store, one.id))?.lines.map(({ kind }) => kind)).toEqual(['run-started']);
      expect(await store.query('select from rollcall.lease where written > 0')).toEqual([]);
    },
  );

  it('are lost for good once a heartbeat comes too late', async () => {
    const run = await beginRun(
      store,
      { id: 'late', kind: 'apply', accounts: {}, origin: {}, plan: '', callMs: 1 },
      { clock: systemClock, ttlMs: 60 },
    );
    runs.push(run);
    await store.query(`update rollcall.run set expires_at = clock_timestamp() where id = 'late'`);
    const [before] = await store.query<{ at: Date }>(
      `select expires_at as at from rollcall.run where id = 'late'`,
    );
    await systemClock.sleep(100);
    const [after] = await store.query<{ at: Date }>(
      `select expires_at as at from rollcall.run where id = 'late'`,
    );
    expect(after).toEqual(before);
    expect(run.mayStart()).toBe(false);
  });

  it('are lost for good where the server answers nothing for as long, and are there for the next run', async () => {
    const way = await storeProxy(database);
    const slow = await openStore({ ROLLCALL_STORE: way.url });
    if (slow === null) throw new RangeError('no store is named');
    const facts = { id: 'slow', kind: 'apply', accounts: {}, origin: {}, plan: '', callMs: 1 } as const;
    const run = await beginRun(slow, facts, { clock: systemClock, ttlMs: 200 });
    const held = await tenure(run);
    expect(run.mayStart()).toBe(true);
    way.stall();
    await systemClock.sleep(600);
    expect(run.mayStart()).toBe(false);
    const next = await begin();
    expect(await tenure(next)).toMatchObject({ epoch: 2 });
    way.resume();
    // What it had asked is answered now, and too late.
    await expect(journal(run, held).appendAll([runStarted, started(1)])).rejects.toThrow(JournalError);
    expect(run.mayStart()).toBe(false);
    await run.end(4);
    await slow.close();
    await way.close();
  });

  it('stand until shortly before their time is over, by whichever clock that is first', async () => {
    let [now, date] = [0, 0];
    const clock: Clock = { ...systemClock, now: () => now, date: () => date };
    const run = await begin({ clock });
    const at = (one: number, other: number): boolean => {
      [now, date] = [one, other];
      return run.mayStart();
    };
    expect([at(59_949, 59_949), at(59_950, 0), at(0, 59_950)]).toEqual([true, false, false]);
  });

  it('tell who wrote the event last, and by which plan', async () => {
    const [one, other] = [await begin({ plan: 'theirs' }), await begin()];
    const held = await tenure(one);
    await journal(one, held).appendAll([runStarted, started(1), done(1)]);
    await held.release();
    expect(await tenure(other)).toMatchObject({ epoch: 2, written: 1, writtenBy: one.id, plan: 'theirs' });
  });

  it('tell how long what a dead run may have begun can take', async () => {
    const [one, other, third] = [await begin(), await begin(), await begin()];
    const held = await tenure(one);
    const lines = journal(one, held);
    await lines.appendAll([runStarted, started(1), done(1), started(2)]);
    await expire(one);
    // Its call may go on for a minute from then.
    const next = await tenure(other);
    expect(Math.abs(next.doubtMs - 60_000)).toBeLessThan(5000);
    // Who comes next knows of it, too.
    await next.release();
    expect((await tenure(third)).doubtMs).toBeGreaterThan(50_000);
  });

  it.each(['ended', 'expired'] as const)(
    'have nothing to wait for where a run that has %s told the end of each batch',
    async (how) => {
      const [one, other] = [await begin(), await begin()];
      await journal(one, await tenure(one)).appendAll([runStarted, started(1), done(1)]);
      await (how === 'ended' ? one.end(4) : expire(one));
      expect((await tenure(other)).doubtMs).toBeLessThanOrEqual(0);
    },
  );

  it('know that a run which ended early may have a call under way, and that it begins none any more', async () => {
    const [one, other] = [await begin(), await begin()];
    await journal(one, await tenure(one)).appendAll([runStarted, started(1)]);
    const ending = one.end(4);
    expect(one.mayStart()).toBe(false);
    await ending;
    expect(Math.abs((await tenure(other)).doubtMs - 60_000)).toBeLessThan(5000);
  });

  it('are not taken from a run that began while somebody waited for the one before', async () => {
    const [dead, late] = [await begin(), await begin()];
    await tenure(dead);
    await dead.end(4);
    let taking: ReturnType<typeof take> | undefined;
    let alive: StoredRun | undefined;
    await store.transaction(async (query) => {
      await query('select from rollcall.lease where key = $1 for update', [key]);
      taking = take(late, key);
      await systemClock.sleep(100);
      alive = await begin();
      await query('update rollcall.lease set run = $2, epoch = epoch + 1 where key = $1', [key, alive.id]);
    });
    expect(await taking).toMatchObject({ holder: { run: alive?.id } });
  });

  it('give plans the epoch of the last write, and one that is none where that came while it was read', async () => {
    const one = await begin();
    const before = await momentOf(store);
    const never = { epoch: 0, isCertain: true };
    expect([...(await epochsOf(store, [key, 'other'], before)).values()]).toEqual([never, never]);
    const held = await tenure(one);
    await journal(one, held).appendAll([runStarted, started(1)]);
    const after = await momentOf(store);
    await held.release();
    expect((await epochsOf(store, [key], after)).get(key)?.epoch).toBe(1);
    expect((await epochsOf(store, [key], before)).get(key)).toEqual({ epoch: 0, isCertain: false });
  });

  it('give plans no epoch of a write that was still under way when they began to read', async () => {
    const one = await begin();
    const held = await tenure(one);
    const lines = journal(one, held);
    await lines.appendAll([runStarted, started(1)]);
    const since = await momentOf(store);
    await lines.appendAll([done(1)]);
    await held.release();
    expect((await epochsOf(store, [key], since)).get(key)).toEqual({ epoch: 0, isCertain: false });
  });

  it('give plans no epoch that a run is still writing under', async () => {
    const [one, other] = [await begin(), await begin()];
    const held = await tenure(one);
    const lines = journal(one, held);
    await lines.appendAll([runStarted, started(1), done(1)]);
    const planned = (await epochsOf(store, [key], await momentOf(store))).get(key)?.epoch;
    await lines.appendAll([started(2), done(2)]);
    await held.release();
    expect((await tenure(other)).written).not.toBe(planned);
    expect((await epochsOf(store, [key], await momentOf(store))).get(key)?.epoch).toBe(1);
  });

  it('give plans an epoch that may yet be doubted while the run that wrote has not said that it is over', async () => {
    const one = await begin();
    const held = await tenure(one);
    await journal(one, held).appendAll([runStarted, started(1), done(1)]);
    await held.release();
    const since = await momentOf(store);
    const asked = async (): Promise<unknown> => (await epochsOf(store, [key], since)).get(key);
    expect(await asked()).toEqual({ epoch: 1, isCertain: false });
    await one.end(0);
    expect(await asked()).toEqual({ epoch: 1, isCertain: true });
  });

  it('have the lines of a run as its file has them, whatever people are called', async () => {
    const one = await begin();
    const names = ['张三 \u{1f600}', 'a\nb', 'half \ud800 a pair', 'zero \0'];
    const lines = journal(one, await tenure(one));
    const batches = names.flatMap((name, at) => [started(at + 1, name), done(at + 1)]);
    await lines.appendAll([{ ...runStarted, runId: one.id }, ...batches]);
    const stored = await readStored(store, one.id);
    expect(stored?.lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(
      stored?.lines.flatMap((line) => (line.kind === 'batch-started' ? [line.attendees[0]?.name] : [])),
    ).toEqual(['张三 \u{1f600}', 'a\nb', 'half \ufffd a pair', 'zero \ufffd']);
    expect(await readStored(store, 'nobody')).toBeNull();
  });
});
