import type { TenantOutcome, TenantRow } from '../../model/fleet.ts';
import type { Origin } from '../../model/result.ts';
import { type Begun, type Claim, type Claims, type FleetFacts, type Next, mostAttempts } from '../claims.ts';
import type { Reserved } from '../claims.ts';
import { storable } from './journal.ts';
import { type RunTiming, type StoredRun, beginRun, briefly } from './runs.ts';
import type { Store } from './store.ts';

/** When to ask again, in milliseconds: where a tenant is free that another is just taking, and where all are at work. */
const askAgainMs = { free: 20, taken: 500 };

export interface ReplicaSettings extends RunTiming {
  readonly origin: Origin;
  /** A name for the replica's row among the runs; it takes another one where its time was over. */
  readonly newId: () => string;
}

/** A replica whose row says nothing for too long is dead, and stays so: others have, or may have, what it had taken. */
const isAlive = 'r.ended_at is null and r.expires_at > clock_timestamp()';

/** That a claim is its run's, in a statement about `c`. */
const isOwn = `c.fleet_run = $1 and c.tenant = $2 and c.run = $3 and c.done_at is null
  and exists(select from rollcall.run r where r.id = c.run and ${isAlive})`;

/**
 * Makes the claims of a fleet run, or finds them made by another replica, and begins to work on them. @throws StoreError
 */
export async function beginClaims(
  store: Store,
  facts: FleetFacts,
  settings: ReplicaSettings,
): Promise<Begun> {
  const { key, mode, tenants, maxRemovals } = facts;
  await store.query(
    `with made as (
       insert into rollcall.fleet_run(key, mode, settings, max_removals) values ($1, $2, $3, $4)
       on conflict(key, mode) do nothing returning id)
     insert into rollcall.claim(fleet_run, tenant, place)
     select made.id, t.tenant, t.place from made, unnest($5::text[]) with ordinality as t(tenant, place)`,
    [key, mode, JSON.stringify(facts.settings), maxRemovals, tenants],
  );
  const [found] = await store.query<FleetFacts & { readonly id: number }>(
    `select id, settings,
       array(select tenant from rollcall.claim where fleet_run = f.id order by place) as tenants
     from rollcall.fleet_run f where key = $1 and mode = $2`,
    [key, mode],
  );
  if (found === undefined) throw new RangeError('a fleet run is there once it was made');
  if (!isSame(found, facts))
    return { is: 'differs', held: { tenants: found.tenants, settings: found.settings } };
  const join = (): Promise<StoredRun> => {
    const kind = mode === 'plan' ? 'fleet plan' : 'fleet apply';
    const own = {
      id: settings.newId(),
      kind,
      accounts: {},
      origin: settings.origin,
      plan: '',
      callMs: 0,
    } as const;
    return beginRun(store, own, settings);
  };
  return { is: 'begun', claims: new StoreClaims(store, found.id, join, await join()) };
}

/** In whatever order they are told. */
function isSame(one: Pick<FleetFacts, 'tenants' | 'settings'>, other: typeof one): boolean {
  const text = ({ tenants, settings }: typeof one): string =>
    JSON.stringify([[...tenants].sort(), Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1))]);
  return text(one) === text(other);
}

/** The claims of a replica. Each is of the row that the replica had when it took it. */
class StoreClaims implements Claims {
  readonly #store: Store;
  readonly #id: number;
  readonly #join: () => Promise<StoredRun>;
  readonly #held = new Map<Claim, StoredRun>();
  #runs: readonly StoredRun[];
  #run: StoredRun;
  #joining: Promise<StoredRun> | null = null;

  constructor(store: Store, id: number, join: () => Promise<StoredRun>, run: StoredRun) {
    this.#store = store;
    this.#id = id;
    this.#join = join;
    this.#run = run;
    this.#runs = [run];
  }

  async next(): Promise<Next> {
    const run = await this.#alive();
    const [claim] = await this.#store.query<Claim>(
      // Others may have taken and given back what this statement saw first: `r` is the run that it saw, and is left out where
      // that is not the tenant's any more.
      `with free as (
         select c.tenant from rollcall.claim c
         join rollcall.fleet_run f on f.id = c.fleet_run left join rollcall.run r on r.id = c.run
         where c.fleet_run = $1 and c.done_at is null and c.attempts < ${mostAttempts} and (c.attempts > 0 or not f.stopped)
           and (c.run is null or r.ended_at is not null or r.expires_at <= clock_timestamp())
         order by c.place limit 1 for update of c skip locked)
       update rollcall.claim c set run = $2, attempts = attempts + 1 from free
       where c.fleet_run = $1 and c.tenant = free.tenant and exists(select from rollcall.run r where r.id = $2 and ${isAlive})
       returning c.tenant, c.attempts as attempt`,
      [this.#id, run.id],
    );
    if (claim === undefined) return this.#waiting();
    this.#held.set(claim, run);
    return { is: 'claim', claim };
  }

  async reserve(claim: Claim, removals: number): Promise<Reserved> {
    if (removals === 0) return { fits: true };
    const own = this.#own(claim);
    const counted = await this.#store.query(
      `update rollcall.fleet_run f set reserved = reserved + $4
       where id = $1 and reserved <= max_removals - $4 and exists(select from rollcall.claim c where ${isOwn}) returning 1`,
      [...own, removals],
    );
    if (counted.length > 0) return { fits: true };
    // What has been counted is never taken back: it does not fit any more.
    const [stopped] = await this.#store.query<{ readonly reserved: number; readonly maxRemovals: number }>(
      `update rollcall.fleet_run f set stopped = true
       where id = $1 and exists(select from rollcall.claim c where ${isOwn}) returning reserved, max_removals as "maxRemovals"`,
      own,
    );
    if (stopped !== undefined) return { fits: false, ...stopped };
    // The claim is lost: nothing may start, so nothing needs to fit.
    this.#held.delete(claim);
    return { fits: true };
  }

  mayStart(claim: Claim): boolean {
    return this.#held.get(claim)?.mayStart() === true;
  }

  async done(claim: Claim, outcome: TenantOutcome): Promise<boolean> {
    const own = this.#own(claim);
    const kept = await this.#store.query(
      `update rollcall.claim c set outcome = $4, done_at = clock_timestamp() where ${isOwn} returning 1`,
      [...own, JSON.stringify(outcome, storable)],
    );
    this.#held.delete(claim);
    return kept.length > 0;
  }

  async giveBack(claim: Claim): Promise<void> {
    const own = this.#own(claim);
    this.#held.delete(claim);
    await this.#store.query(
      `update rollcall.claim c set run = null, attempts = attempts - 1 where ${isOwn}`,
      own,
    );
  }

  async outcomes(): Promise<readonly TenantRow[]> {
    return this.#store.query<TenantRow>(
      `select c.tenant, c.attempts as attempt, c.outcome,
         case when c.done_at is not null then 'done'
           when c.attempts >= ${mostAttempts} and not exists(select from rollcall.run r where r.id = c.run and ${isAlive})
             then 'failed'
           when c.attempts = 0 and f.stopped then 'not-attempted' else 'open' end as state
       from rollcall.claim c join rollcall.fleet_run f on f.id = c.fleet_run where c.fleet_run = $1 order by c.place`,
      [this.#id],
    );
  }

  async previous(): Promise<ReadonlyMap<string, string | null>> {
    const rows = await this.#store.query<{ readonly tenant: string; readonly drift: string | null }>(
      `select c.tenant, p.drift from rollcall.claim c join rollcall.fleet_run f on f.id = c.fleet_run
       cross join lateral (
         select o.outcome->>'drift' as drift from rollcall.claim o join rollcall.fleet_run e on e.id = o.fleet_run
         where o.tenant = c.tenant and o.done_at is not null and o.fleet_run < f.id and e.mode = f.mode
         order by o.fleet_run desc limit 1) p
       where c.fleet_run = $1`,
      [this.#id],
    );
    return new Map(rows.map(({ tenant, drift }) => [tenant, drift]));
  }

  async end(exitCode: number | null): Promise<void> {
    this.#held.clear();
    const ids = this.#runs.map(({ id }) => id);
    await briefly(
      this.#store.query(
        `update rollcall.claim c set run = null, attempts = attempts - 1
         where c.fleet_run = $1 and c.run = any($2) and c.done_at is null
           and exists(select from rollcall.run r where r.id = c.run and ${isAlive})`,
        [this.#id, ids],
      ),
    );
    await Promise.all(this.#runs.map((run) => run.end(exitCode)));
  }

  /** Whether it is worth asking again: for tenants that somebody is at, or can be. */
  async #waiting(): Promise<Next> {
    const [row] = await this.#store.query<{ readonly open: number; readonly free: number }>(
      `select count(*)::int as open, count(*) filter (where r.id is null)::int as free
       from rollcall.claim c join rollcall.fleet_run f on f.id = c.fleet_run
       left join rollcall.run r on r.id = c.run and ${isAlive}
       where c.fleet_run = $1 and c.done_at is null
         and (r.id is not null or c.attempts < ${mostAttempts} and (c.attempts > 0 or not f.stopped))`,
      [this.#id],
    );
    if (row === undefined || row.open === 0) return { is: 'over' };
    return { is: 'wait', waitMs: row.free > 0 ? askAgainMs.free : askAgainMs.taken };
  }

  /** The replica's row, or a new one where its time is over. */
  async #alive(): Promise<StoredRun> {
    if (this.#run.mayStart()) return this.#run;
    this.#joining ??= this.#join()
      .then((run) => {
        this.#run = run;
        this.#runs = [...this.#runs, run];
        return run;
      })
      .finally(() => {
        this.#joining = null;
      });
    return this.#joining;
  }

  #own(claim: Claim): readonly [number, string, string] {
    return [this.#id, claim.tenant, this.#held.get(claim)?.id ?? ''];
  }
}
