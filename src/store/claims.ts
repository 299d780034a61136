import type { FleetMode, TenantOutcome, TenantRow } from '../model/fleet.ts';

/** How often a tenant is begun at most: after that many replicas have died over it, it has failed. */
export const mostAttempts = 3;

/** What a replica of a fleet run begins with. All replicas of one (key, mode) have to say the same. */
export interface FleetFacts {
  /** What the run is called: the pipeline's id. */
  readonly key: string;
  readonly mode: FleetMode;
  /** The names of its tenants, in the order in which they are taken. */
  readonly tenants: readonly string[];
  /** What else every replica was told, by name: like `{ "--max-removals": "5000", commit: "0123abc" }`. */
  readonly settings: Readonly<Record<string, string>>;
  /** The most removals of all tenants together. */
  readonly maxRemovals: number;
}

/** The work on one tenant, taken by this replica. */
export interface Claim {
  readonly tenant: string;
  /** 1 to {@link mostAttempts}: one more than replicas that have died over it. */
  readonly attempt: number;
}

/**
 * `wait`: nothing is left to take, but others are at work and may die: ask again in so many milliseconds. `over`: no tenant is
 * left for anybody: each has an outcome, has failed, or is not attempted any more.
 */
export type Next =
  | { readonly is: 'claim'; readonly claim: Claim }
  | { readonly is: 'wait'; readonly waitMs: number }
  | { readonly is: 'over' };

/** Whether planned removals fit into the run's limit; `reserved`: the removals so far, without these. */
export type Reserved =
  { readonly fits: true } | { readonly fits: false; readonly reserved: number; readonly maxRemovals: number };

/**
 * The work of one replica in a fleet run: which tenants it may take, and what has become of all of them. Several claims may
 * be held at a time. All but `mayStart` may reject with `StoreError`.
 */
export interface Claims {
  /**
   * Takes a tenant: one that nobody has begun, else one whose replica died (its run is not renewed any more). One that
   * {@link mostAttempts} replicas died over is not taken: it is `failed`. Once {@link reserve} has refused anything, nothing that
   * is not begun is taken any more, by no replica; what a dead replica had begun still is, for it may have been half done.
   */
  next(): Promise<Next>;
  /**
   * To be asked before anything of a tenant is written: counts its planned removals with those of all tenants, in one step for
   * all replicas. What does not fit counts nothing, and stops the run; a second attempt counts beside the first, which may have
   * made them. None (0) always fit.
   */
  reserve(claim: Claim, removals: number): Promise<Reserved>;
  /**
   * Whether the claim is certainly still this replica's, by the clocks that `StoredRun.mayStart` is about: where not, no further
   * batch is begun, because another replica may have taken the tenant.
   */
  mayStart(claim: Claim): boolean;
  /** Keeps the outcome. False: the claim is another's by now, or was given back, and so the outcome is not taken. */
  done(claim: Claim, outcome: TenantOutcome): Promise<boolean>;
  /** Gives a tenant back that has no outcome, for others to take at once; the attempt counts as none. Reservations stay. */
  giveBack(claim: Claim): Promise<void>;
  /** All tenants, in the order of {@link FleetFacts.tenants}. */
  outcomes(): Promise<readonly TenantRow[]>;
  /**
   * The drift that the newest earlier run of this mode, whatever its key, found for each tenant; a tenant is absent that no
   * earlier run has an outcome of.
   */
  previous(): Promise<ReadonlyMap<string, string | null>>;
  /** Ends the work of this replica; what it still holds is given back. Never rejects. */
  end(exitCode: number | null): Promise<void>;
}

/**
 * What beginning a run answers: in the shared store `beginClaims(store, facts, { origin, clock, ttlMs? })` of `postgres/claims.ts`.
 * The first replica makes the claims of all tenants, once for all; a later one joins, also when the run is over.
 *
 * `differs`: the run was begun with other tenants, or other settings, of which `held` are those that it was begun with. Nothing
 * was changed.
 */
export type Begun =
  | { readonly is: 'begun'; readonly claims: Claims }
  | { readonly is: 'differs'; readonly held: Pick<FleetFacts, 'tenants' | 'settings'> };

/** The claims of a run that one process does alone, without a store. */
export function claimsOfOne({ tenants, maxRemovals }: FleetFacts): Claims {
  const waiting = [...tenants];
  const held = new Set<Claim>();
  const outcomes = new Map<string, TenantOutcome>();
  let reserved = 0;
  let stopped = false;
  return {
    next: async () => {
      const tenant = stopped ? undefined : waiting.shift();
      if (tenant === undefined) return held.size > 0 ? { is: 'wait', waitMs: 100 } : { is: 'over' };
      const claim = { tenant, attempt: 1 };
      held.add(claim);
      return { is: 'claim', claim };
    },
    reserve: async (_, removals) => {
      if (removals === 0) return { fits: true };
      if (reserved + removals > maxRemovals) {
        stopped = true;
        return { fits: false, reserved, maxRemovals };
      }
      reserved += removals;
      return { fits: true };
    },
    mayStart: (claim) => held.has(claim),
    done: async (claim, outcome) => {
      if (!held.delete(claim)) return false;
      outcomes.set(claim.tenant, outcome);
      return true;
    },
    giveBack: async (claim) => {
      if (held.delete(claim)) waiting.unshift(claim.tenant);
    },
    outcomes: async () =>
      tenants.map((tenant): TenantRow => {
        const outcome = outcomes.get(tenant) ?? null;
        if (outcome !== null) return { tenant, state: 'done', attempt: 1, outcome };
        const state = stopped && waiting.includes(tenant) ? 'not-attempted' : 'open';
        return { tenant, state, attempt: state === 'open' && !waiting.includes(tenant) ? 1 : 0, outcome };
      }),
    previous: async () => new Map(),
    end: async () => {
      for (const claim of held) waiting.unshift(claim.tenant);
      held.clear();
    },
  };
}
