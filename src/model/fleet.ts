import type { Source } from './diagnostic.ts';

/** What a fleet run does with each tenant. */
export type FleetMode = 'plan' | 'apply';

/** What went wrong with a tenant, and with which of its events. */
export interface TenantProblem {
  /** The event's `metadata.name`; absent where it is about the tenant. */
  readonly event?: string;
  /** Where in a manifest, if it is a mistake there. */
  readonly source?: Source;
  /** Of a problem, a guard, a mistake in a manifest, or the platform's own of a change that failed. */
  readonly code: string;
  readonly message: string;
  /** The way out. */
  readonly hint?: string;
}

/** How the work on one tenant ended. Plain data: it is kept as JSON. */
export interface TenantOutcome {
  /** That of `rollcall plan --detailed-exitcode` or `rollcall apply` for this tenant alone. */
  readonly exitCode: number;
  /** How many events there are. */
  readonly events: number;
  /** Events by status (plan) or outcome (apply), like `{ "in-sync": 3, "changed": 1 }`; none is left out. */
  readonly by: Readonly<Record<string, number>>;
  /** People to be added and removed (plan), or who were (apply). */
  readonly added: number;
  readonly removed: number;
  /** The first of them, at most 10. */
  readonly problems: readonly TenantProblem[];
  /** How many problems there are beyond those. */
  readonly more: number;
  /** Of what differs: two runs with the same digest found the same. Null where that could not be found out. */
  readonly drift: string | null;
  /** The run whose journal has what was written; null where nothing was. */
  readonly run: string | null;
  /** Calls that were made for it. */
  readonly calls: number;
}

/**
 * `done`: it has an outcome. `failed`: three replicas died over it. `not-attempted`: the run stopped before it, because of
 * its removals. `open`: nobody is at it yet, or somebody is at it now.
 */
export type TenantState = 'done' | 'failed' | 'not-attempted' | 'open';

/** One tenant of a fleet run. */
export interface TenantRow {
  readonly tenant: string;
  readonly state: TenantState;
  /** The attempt of that state: 1 to 3; 0 where there was none. */
  readonly attempt: number;
  /** Where `state` is `done`. */
  readonly outcome: TenantOutcome | null;
}

/** What became of all tenants together. */
export interface FleetSummary {
  readonly tenants: number;
  /** Tenants by state: done, failed, not attempted, open. */
  readonly done: number;
  readonly failed: number;
  readonly notAttempted: number;
  readonly open: number;
  /** Of all of their events. */
  readonly events: number;
  readonly added: number;
  readonly removed: number;
}

/** The shape of `fleet --format json`. */
export interface FleetReport {
  readonly formatVersion: '1';
  readonly mode: FleetMode;
  /** The key of the run; null where it has none. */
  readonly run: string | null;
  readonly exitCode: number;
  readonly maxRemovals: number;
  /** The removals of all tenants are more than that: a plan is refused, an apply began no further tenant. */
  readonly stopped: boolean;
  readonly summary: FleetSummary;
  /** What is wrong with the run itself, as a store that went away. Absent: nothing. */
  readonly problems?: readonly TenantProblem[];
  /** By name. With `--changed` only those that are told of; the summary is of all. */
  readonly tenants: readonly TenantRow[];
  readonly redacted?: true;
}
