import { mostAttempts } from '../claims.ts';
import { migrations } from './migrations/index.ts';
import { versionsOf } from './migrate.ts';
import type { Store } from './store.ts';

/** A run that has not ended. */
export interface OpenRun {
  readonly id: string;
  readonly kind: string;
  readonly origin: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  /** It gave no sign of life for longer than its lease: it has died, or is cut off. */
  readonly expired: boolean;
}

/** An event that a run may write to now. */
export interface HeldEvent {
  /** Host, calendar, organizer and event. */
  readonly key: string;
  readonly run: string;
  readonly since: Date;
}

/** A fleet run with tenants that somebody is at, or can be. */
export interface OpenFleet {
  /** What its replicas call it. */
  readonly key: string;
  readonly mode: string;
  readonly startedAt: Date;
  readonly tenants: number;
  /** How many of them have an outcome, and how many a replica is at; 0 of these: it goes on once another replica comes. */
  readonly done: number;
  readonly taken: number;
}

/** Calls of an account that count in the month, as its platform counts it. */
export interface MonthsCalls {
  /** Host and app. */
  readonly account: string;
  readonly calls: number;
}

/** What is in a store. */
export interface StoreStatus {
  /** The newest migration that was made; 0: there are no tables yet. */
  readonly version: number;
  /** The newest that this rollcall knows. */
  readonly known: number;
  readonly open: readonly OpenRun[];
  readonly held: readonly HeldEvent[];
  readonly fleets: readonly OpenFleet[];
  readonly thisMonth: readonly MonthsCalls[];
  /** Runs that are kept, and when the oldest began. */
  readonly runs: number;
  readonly since: Date | null;
}

/** Looks at a store and changes nothing, not even to make its tables. @throws StoreError */
export async function statusOf(store: Store): Promise<StoreStatus> {
  const version = Math.max(0, ...(await versionsOf(store)));
  const known = Math.max(...migrations.keys());
  // Of an earlier version not all of this is there.
  if (version < known) {
    return { version, known, open: [], held: [], fleets: [], thisMonth: [], runs: 0, since: null };
  }
  const open = await store.query<OpenRun>(
    `select id, kind, origin, started_at as "startedAt", expires_at < clock_timestamp() as expired
from rollcall.run where ended_at is null order by started_at`,
  );
  const [kept] = await store.query<Pick<StoreStatus, 'runs' | 'since'>>(
    'select count(*)::int as runs, min(started_at) as since from rollcall.run',
  );
  const held = await store.query<HeldEvent>(
    `select key, run, since from rollcall.lease
where run in (select id from rollcall.run where ended_at is null and expires_at > clock_timestamp()) order by since, key`,
  );
  const fleets = await store.query<OpenFleet>(
    `select f.key, f.mode, f.started_at as "startedAt", count(*)::int as tenants, count(c.done_at)::int as done,
count(r.id)::int as taken
from rollcall.fleet_run f join rollcall.claim c on c.fleet_run = f.id
left join rollcall.run r on r.id = c.run and c.done_at is null and r.ended_at is null and r.expires_at > clock_timestamp()
where f.id in (select fleet_run from rollcall.claim where done_at is null)
group by f.id having bool_or(c.done_at is null
  and (r.id is not null or c.attempts < ${mostAttempts} and (c.attempts > 0 or not f.stopped)))
order by f.started_at`,
  );
  const thisMonth = await store.query<MonthsCalls>(
    // When the month began is known to that function alone.
    `select account, calls::int from (
  select distinct account from rollcall.used where day > clock_timestamp()::date - 33) lately,
rollcall.used_1(account, 0) as calls where calls > 0 order by account`,
  );
  return { version, known, open, held, fleets, thisMonth, runs: kept?.runs ?? 0, since: kept?.since ?? null };
}

/** What was forgotten. */
export interface Pruned {
  readonly runs: number;
  readonly fleetRuns: number;
}

/**
 * Forgets runs that began more than so many days ago, with their journals, and fleet runs with their tables. A run that has not
 * ended, or has a batch without its end, is kept, however old: what it may have done is still to be read. A replica of a fleet
 * that died has done nothing by itself. @throws StoreError
 */
export async function prune(store: Store, days: number): Promise<Pruned> {
  const isOld = 'started_at < clock_timestamp() - make_interval(days => $1)';
  const fleetRuns = await store.query(
    `delete from rollcall.fleet_run f where ${isOld} and not exists (
  select from rollcall.claim c join rollcall.run r on r.id = c.run
  where c.fleet_run = f.id and c.done_at is null and r.ended_at is null and r.expires_at > clock_timestamp())
returning 1`,
    [days],
  );
  const runs = await store.query(
    `delete from rollcall.run r where ${isOld}
and (ended_at is not null or kind like 'fleet %' and expires_at < clock_timestamp() - interval '1 day')
and not exists (select from rollcall.line s where s.run = r.id and s.line->>'kind' = 'batch-started' and not exists (
  select from rollcall.line d where d.run = r.id and d.line->>'kind' = 'batch-done' and d.line->'batch' = s.line->'batch'))
returning 1`,
    [days],
  );
  return { runs: runs.length, fleetRuns: fleetRuns.length };
}
