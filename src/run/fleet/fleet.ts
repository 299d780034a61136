import { systemClock } from '../../http/clock.ts';
import type { Tenant } from '../../manifest/tenants.ts';
import type { TenantOutcome, TenantRow } from '../../model/fleet.ts';
import type { Clock } from '../../providers/provider.ts';
import type { Claim, Claims } from '../../store/claims.ts';
import { StoreError } from '../../store/postgres/store.ts';
import { exitCodes } from '../usage-error.ts';
import { outcomeOfError } from './outcome.ts';

/** What this replica does in a fleet run. */
export interface FleetWork {
  readonly tenants: readonly Tenant[];
  readonly claims: Claims;
  readonly signal: AbortSignal;
  /** Whether another tenant may be begun beside so many that are under way; the first always may. */
  readonly hasRoom: (underWay: number) => boolean;
  /** Rejects with what ends the work on one tenant. */
  readonly work: (tenant: Tenant, claim: Claim) => Promise<TenantOutcome>;
  readonly clock?: Clock;
  /** Told each tenant that this replica is through with. */
  readonly onDone?: (tenant: Tenant, outcome: TenantOutcome) => void;
}

/** How the work of this replica ended. */
export interface FleetEnd {
  /** All tenants, as far as is known. */
  readonly rows: readonly TenantRow[];
  /** The store went away: the rows are what this replica knows. */
  readonly failure: StoreError | null;
  readonly interrupted: boolean;
  /** The run was over when this replica came, so that it did nothing. */
  readonly late: boolean;
}

/**
 * Takes tenants until none is left for anybody, several side by side; waits for those that others are at. What one tenant's work
 * ends with is its own. After a stop nothing more is begun, and what is not done is given back, for other replicas to take at once.
 */
export async function workThrough(fleet: FleetWork): Promise<FleetEnd> {
  const replica = new Replica(fleet);
  await replica.run();
  return replica.end();
}

class Replica {
  readonly #fleet: FleetWork;
  readonly #clock: Clock;
  readonly #byName: ReadonlyMap<string, Tenant>;
  readonly #underWay = new Set<Promise<void>>();
  /** What this replica found, also where nobody keeps it. */
  readonly #own = new Map<string, TenantRow>();
  #failure: StoreError | null = null;
  #late = true;

  constructor(fleet: FleetWork) {
    this.#fleet = fleet;
    this.#clock = fleet.clock ?? systemClock;
    this.#byName = new Map(fleet.tenants.map((tenant) => [tenant.name, tenant]));
  }

  async run(): Promise<void> {
    while (await this.#takes()) {
      // Each pass begins a tenant, or waits for something to change.
    }
    await Promise.all(this.#underWay);
  }

  async end(): Promise<FleetEnd> {
    const rows = await this.#attempt(() => this.#fleet.claims.outcomes());
    const known = rows ?? this.#fleet.tenants.map(({ name }) => openRow(name));
    // Of what was given back the others know nothing.
    const all = known.map((row) => (row.state === 'open' ? (this.#own.get(row.tenant) ?? row) : row));
    const interrupted = this.#fleet.signal.aborted;
    const late = this.#late && this.#failure === null && !interrupted;
    return { rows: all, failure: this.#failure, interrupted, late };
  }

  /** Begins a tenant, or waits; false: nothing is left to begin. */
  async #takes(): Promise<boolean> {
    const { signal, claims, hasRoom } = this.#fleet;
    if (signal.aborted || this.#failure !== null) return false;
    if (this.#underWay.size > 0 && !hasRoom(this.#underWay.size)) {
      await Promise.race(this.#underWay);
      return true;
    }
    const next = await this.#attempt(() => claims.next());
    if (next === null || next.is === 'over') return false;
    this.#late = false;
    if (next.is === 'claim') {
      const work = this.#through(next.claim).finally(() => this.#underWay.delete(work));
      this.#underWay.add(work);
      return true;
    }
    const pause = this.#clock.sleep(next.waitMs, signal).catch(() => undefined);
    await Promise.race([pause, ...this.#underWay]);
    return true;
  }

  async #through(claim: Claim): Promise<void> {
    const { claims, signal, onDone } = this.#fleet;
    const tenant = this.#byName.get(claim.tenant);
    const outcome = await this.#outcomeOf(tenant, claim);
    if (outcome === null || (signal.aborted && outcome.exitCode === exitCodes.interrupted)) {
      // Others go on with it; what was written stands in its journal.
      if (outcome !== null) this.#own.set(claim.tenant, rowOf(claim, outcome));
      await this.#attempt(() => claims.giveBack(claim));
      return;
    }
    this.#own.set(claim.tenant, rowOf(claim, outcome));
    await this.#attempt(() => claims.done(claim, outcome));
    if (tenant !== undefined) onDone?.(tenant, outcome);
  }

  /** Null: it was stopped before anything was written. */
  async #outcomeOf(tenant: Tenant | undefined, claim: Claim): Promise<TenantOutcome | null> {
    const { work, signal } = this.#fleet;
    try {
      if (tenant === undefined) throw new RangeError(`there is no tenant ${claim.tenant}`);
      return await work(tenant, claim);
    } catch (error) {
      return signal.aborted ? null : outcomeOfError(error);
    }
  }

  /** Asks the claims for something; null once they cannot be asked any more: then nothing further is begun. */
  async #attempt<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#failure ??= error;
      return null;
    }
  }
}

function openRow(tenant: string): TenantRow {
  return { tenant, state: 'open', attempt: 0, outcome: null };
}

function rowOf({ tenant, attempt }: Claim, outcome: TenantOutcome): TenantRow {
  return { tenant, state: 'done', attempt, outcome };
}
