import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/http/clock.ts';
import type { TenantOutcome } from '../../../src/model/fleet.ts';
import { openStore } from '../../../src/run/store.ts';
import type { Claim, Claims, FleetFacts } from '../../../src/store/claims.ts';
import { beginClaims } from '../../../src/store/postgres/claims.ts';
import type { Store } from '../../../src/store/postgres/store.ts';
import { type Random, randomOf } from '../../property/random.ts';
import { freshDatabase, noPostgres, postgresBin } from '../../support/postgres.ts';

if (postgresBin() === null) console.warn(noPostgres);

const outcome: TenantOutcome = {
  exitCode: 0,
  events: 1,
  by: { 'in-sync': 1 },
  added: 0,
  removed: 0,
  problems: [],
  more: 0,
  drift: 'sha256:0',
  run: null,
  calls: 0,
};

describe.skipIf(postgresBin() === null)('the claims of a fleet run', () => {
  const url = freshDatabase;
  const stores: Store[] = [];
  const begun: Claims[] = [];
  let store: Store;
  let count = 0;

  async function opened(address: string): Promise<Store> {
    const found = await openStore({ ROLLCALL_STORE: address });
    if (found === null) throw new RangeError('no store is named');
    stores.push(found);
    return found;
  }

  beforeAll(async () => {
    const address = await url();
    store = await opened(address);
    // Whoever is one process in what follows has connections of its own.
    await Promise.all([opened(address), opened(address)]);
  });
  afterEach(async () => {
    await Promise.all(begun.splice(0).map((own) => own.end(0)));
    await store.query('truncate rollcall.run, rollcall.fleet_run cascade');
  });
  afterAll(() => Promise.all(stores.map((own) => own.close())));

  interface Replica extends Claims {
    readonly ids: readonly string[];
  }

  async function replica(
    facts: Partial<FleetFacts> = {},
    { clock = systemClock, by = store }: { readonly clock?: Clock; readonly by?: Store } = {},
  ): Promise<Replica> {
    const ids: string[] = [];
    const newId = (): string => {
      count += 1;
      ids.push(`replica-${count}`);
      return `replica-${count}`;
    };
    const all = {
      key: 'k',
      mode: 'apply',
      tenants: ['a', 'b'],
      settings: {},
      maxRemovals: 10,
      ...facts,
    } as const;
    const found = await beginClaims(by, all, { clock, ttlMs: 60_000, newId, origin: { job: 'ci' } });
    if (found.is === 'differs') throw new RangeError('differs');
    begun.push(found.claims);
    // Its methods are the prototype's.
    return Object.assign(found.claims, { ids });
  }

  async function take(from: Claims): Promise<Claim> {
    const next = await from.next();
    if (next.is !== 'claim') throw new RangeError(`no claim: ${next.is}`);
    return next.claim;
  }

  /** As if a replica had said nothing for longer than it may. */
  async function expire({ ids }: Replica): Promise<void> {
    await store.query('update rollcall.run set expires_at = clock_timestamp() where id = any($1)', [ids]);
  }

  it('are made once, and taken by whoever comes, each by one', async () => {
    const [one, other] = await Promise.all([replica(), replica()]);
    expect((await Promise.all([take(one), take(other)])).map(({ tenant }) => tenant).sort()).toEqual([
      'a',
      'b',
    ]);
    expect(await one.next()).toMatchObject({ is: 'wait' });
    expect(await store.query('select key, mode from rollcall.fleet_run')).toEqual([
      { key: 'k', mode: 'apply' },
    ]);
    expect(await store.query('select kind, origin from rollcall.run')).toEqual([
      { kind: 'fleet apply', origin: { job: 'ci' } },
      { kind: 'fleet apply', origin: { job: 'ci' } },
    ]);
  });

  it('are over once each tenant has its outcome, also for a replica that comes late', async () => {
    const one = await replica();
    for (const exitCode of [4, 0])
      expect(await one.done(await take(one), { ...outcome, exitCode })).toBe(true);
    expect(await one.next()).toEqual({ is: 'over' });
    const late = await replica();
    expect(await late.next()).toEqual({ is: 'over' });
    expect(await late.outcomes()).toEqual([
      { tenant: 'a', state: 'done', attempt: 1, outcome: { ...outcome, exitCode: 4 } },
      { tenant: 'b', state: 'done', attempt: 1, outcome },
    ]);
  });

  it('keep what a platform said, whatever characters it is made of', async () => {
    const one = await replica({ tenants: ['a'] });
    const problem = { code: 'list-refused', message: 'zero \0, half \ud83d' };
    expect(await one.done(await take(one), { ...outcome, problems: [problem] })).toBe(true);
    const [row] = await one.outcomes();
    expect(row?.outcome?.problems).toEqual([{ ...problem, message: 'zero \ufffd, half \ufffd' }]);
  });

  it('are not those of another run, or of another set of tenants or settings', async () => {
    await replica({ settings: { a: '1', b: '2' } });
    await replica({ settings: { b: '2', a: '1' }, tenants: ['b', 'a'] });
    await replica({ mode: 'plan', tenants: ['a'] });
    const facts = {
      key: 'k',
      mode: 'apply',
      tenants: ['a'],
      settings: { a: '1', b: '2' },
      maxRemovals: 10,
    } as const;
    const settings = { clock: systemClock, newId: () => 'other', origin: {} };
    const held = { tenants: ['a', 'b'], settings: { a: '1', b: '2' } };
    expect(await beginClaims(store, facts, settings)).toEqual({ is: 'differs', held });
    expect(await beginClaims(store, { ...facts, ...held, settings: {} }, settings)).toEqual({
      is: 'differs',
      held,
    });
    expect(await store.query('select tenant from rollcall.claim')).toHaveLength(3);
  });

  it.each(['expired', 'ended'] as const)(
    'of a replica that has %s are taken by another, and no outcome of it',
    async (how) => {
      const [one, other] = [await replica({ tenants: ['a'] }), await replica({ tenants: ['a'] })];
      const lost = await take(one);
      expect(one.mayStart(lost)).toBe(true);
      if (how === 'expired') await expire(one);
      else await store.query('update rollcall.run set ended_at = now() where id = any($1)', [one.ids]);
      const taken = await take(other);
      expect(taken).toEqual({ tenant: 'a', attempt: 2 });
      expect(await one.done(lost, { ...outcome, exitCode: 4 })).toBe(false);
      expect(one.mayStart(lost)).toBe(false);
      expect(await other.done(taken, outcome)).toBe(true);
      expect(await one.outcomes()).toMatchObject([{ state: 'done', attempt: 2, outcome: { exitCode: 0 } }]);
    },
  );

  it('let nothing begin shortly before their time is over, and a replica that was stopped takes others anew', async () => {
    let now = 0;
    const clock = { ...systemClock, now: () => now };
    const own = await replica({}, { clock });
    const lost = await take(own);
    now = 59_949;
    expect(own.mayStart(lost)).toBe(true);
    now = 59_950;
    expect(own.mayStart(lost)).toBe(false);
    await expire(own);
    const again = await take(own);
    expect([again, own.mayStart(again), own.mayStart(lost)]).toEqual([
      { tenant: 'a', attempt: 2 },
      true,
      false,
    ]);
    expect(await own.done(lost, outcome)).toBe(false);
    expect(own.ids).toHaveLength(2);
  });

  it('fail once three replicas have died over a tenant, for good', async () => {
    const dying = await Promise.all(Array.from({ length: 3 }, () => replica({ tenants: ['a'] })));
    let last: Claim | undefined;
    for (const [place, own] of dying.entries()) {
      last = await take(own);
      expect(last.attempt).toBe(place + 1);
      await expire(own);
    }
    const late = await replica({ tenants: ['a'] });
    expect(await late.next()).toEqual({ is: 'over' });
    const failed = [{ tenant: 'a', state: 'failed', attempt: 3, outcome: null }];
    expect(await late.outcomes()).toEqual(failed);
    if (last === undefined) throw new RangeError('nothing was taken');
    expect(await dying[2]?.done(last, outcome)).toBe(false);
    await dying[2]?.giveBack(last);
    expect(await late.outcomes()).toEqual(failed);
  });

  it('that are given back are free at once, and count as no attempt', async () => {
    const [one, other] = [await replica({ tenants: ['a'] }), await replica({ tenants: ['a'] })];
    for (let times = 0; times < 4; times += 1) {
      const claim = await take(one);
      await one.giveBack(claim);
      expect([one.mayStart(claim), await one.done(claim, outcome)]).toEqual([false, false]);
    }
    await take(one);
    await one.end(130);
    expect(await take(other)).toEqual({ tenant: 'a', attempt: 1 });
    expect(await store.query('select exit_code from rollcall.run where id = any($1)', [one.ids])).toEqual([
      { exit_code: 130 },
    ]);
  });

  it('reserve removals up to a limit for all, and what does not fit stops the run, but not what was begun', async () => {
    const tenants = ['a', 'b', 'c', 'd'];
    const [one, other] = [await replica({ tenants }), await replica({ tenants })];
    const [a, b, c] = [await take(one), await take(other), await take(one)];
    expect(await one.reserve(a, 6)).toEqual({ fits: true });
    expect(await other.reserve(b, 5)).toEqual({ fits: false, reserved: 6, maxRemovals: 10 });
    expect(await one.reserve(c, 4)).toEqual({ fits: true });
    expect(await one.reserve(c, 0)).toEqual({ fits: true });
    expect(await one.next()).toMatchObject({ is: 'wait' });
    expect(await other.done(b, { ...outcome, exitCode: 3 })).toBe(true);
    await expire(one);
    expect((await take(other)).tenant).toBe('a');
    expect((await take(other)).tenant).toBe('c');
    expect((await one.outcomes()).map(({ state }) => state)).toEqual([
      'open',
      'done',
      'open',
      'not-attempted',
    ]);
  });

  it('reserve nothing for a tenant that is lost, of which nothing may begin then', async () => {
    const [one, other] = [await replica({ tenants: ['a'] }), await replica({ tenants: ['a'] })];
    const claim = await take(one);
    await expire(one);
    await take(other);
    expect([await one.reserve(claim, 11), one.mayStart(claim)]).toEqual([{ fits: true }, false]);
    expect(await store.query('select reserved, stopped from rollcall.fleet_run')).toEqual([
      { reserved: 0, stopped: false },
    ]);
  });

  it('know what the newest run before found, tenant by tenant', async () => {
    const found = async (
      key: string,
      mode: 'plan' | 'apply',
      drifts: Readonly<Record<string, string | null>>,
    ) => {
      const own = await replica({ key, mode, tenants: Object.keys(drifts) });
      const before = await own.previous();
      for (const drift of Object.values(drifts)) await own.done(await take(own), { ...outcome, drift });
      return Object.fromEntries(before);
    };
    expect(await found('1', 'plan', { a: 'x', b: 'y' })).toEqual({});
    expect(await found('2', 'apply', { a: 'other' })).toEqual({});
    expect(await found('3', 'plan', { b: null, c: 'z' })).toEqual({ b: 'y' });
    expect(await found('4', 'plan', { a: 'x', b: 'y', c: 'z', d: '' })).toEqual({ a: 'x', b: null, c: 'z' });
    // One that is open has found nothing yet.
    await replica({ key: '5', mode: 'plan', tenants: ['a'] });
    expect(await found('6', 'plan', { a: 'x' })).toEqual({ a: 'x' });
  });

  it.each([1, 2, 3, 4])(
    'give each tenant one outcome, whatever replicas do and whenever they die: %i',
    async (seed) => {
      const random = randomOf(seed);
      const tenants = Array.from({ length: 24 }, (_, place) => `t${place}`);
      const facts = { tenants, maxRemovals: random.chance(0.5) ? 60 : 10_000 };
      const seen = {
        holders: new Map<string, number>(),
        kept: new Map<string, number>(),
        reserved: 0,
        deaths: 0,
      };
      await Promise.all(
        Array.from({ length: 6 }, async (_, place) => {
          const own = randomOf(seed * 100 + place);
          const by = stores[place % stores.length] ?? store;
          while (!(await works(await replica(facts, { by }), own, seen)));
        }),
      );
      const last = await replica(facts);
      expect(await last.next()).toEqual({ is: 'over' });
      const rows = await last.outcomes();
      expect(rows.map(({ tenant }) => tenant)).toEqual(tenants);
      for (const { tenant, state, attempt } of rows) {
        expect(attempt).toBeLessThanOrEqual(3);
        expect([state, seen.kept.get(tenant) ?? 0]).toEqual([state, state === 'done' ? 1 : 0]);
        expect(state).not.toBe('open');
      }
      const [run] = await store.query<{ reserved: number; stopped: boolean }>(
        'select reserved, stopped from rollcall.fleet_run',
      );
      expect(run?.reserved).toBe(seen.reserved);
      expect(seen.reserved).toBeLessThanOrEqual(facts.maxRemovals);
      if (rows.some(({ state }) => state === 'not-attempted')) expect(run?.stopped).toBe(true);
      expect(seen.deaths).toBeGreaterThan(0);
    },
  );

  interface Seen {
    readonly holders: Map<string, number>;
    readonly kept: Map<string, number>;
    reserved: number;
    deaths: number;
  }

  /** A replica's work, until nothing is left for it (true) or it dies. */
  async function works(own: Replica, random: Random, seen: Seen): Promise<boolean> {
    for (;;) {
      const next = await own.next();
      if (next.is === 'over') return true;
      if (next.is === 'wait') {
        await systemClock.sleep(5);
        continue;
      }
      const { claim } = next;
      const { tenant } = claim;
      const holders = (seen.holders.get(tenant) ?? 0) + 1;
      seen.holders.set(tenant, holders);
      expect([tenant, holders, seen.kept.get(tenant)]).toEqual([tenant, 1, undefined]);
      const leave = (): void => void seen.holders.set(tenant, (seen.holders.get(tenant) ?? 0) - 1);
      const removals = random.int(6);
      const reserved = await own.reserve(claim, removals);
      if (reserved.fits) seen.reserved += removals;
      const turn = random.int(10);
      if (turn < 2) {
        seen.deaths += 1;
        leave();
        await expire(own);
        // One that was stopped goes on, and finds everything lost.
        if (turn === 0) expect(await own.done(claim, outcome)).toBe(false);
        return false;
      }
      leave();
      if (turn < 3) {
        await own.giveBack(claim);
        continue;
      }
      expect(await own.done(claim, outcome)).toBe(true);
      seen.kept.set(tenant, (seen.kept.get(tenant) ?? 0) + 1);
    }
  }
});
