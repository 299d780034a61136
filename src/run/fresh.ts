import type { Reading } from '../diff/reading.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';

/** What a plan was made from in this process. */
export interface Fresh {
  readonly readings: ReadonlyMap<string, Reading>;
  /** What the manifests want, where the plan was made of them. */
  readonly wants: readonly DesiredEvent[] | null;
  /** When the first event was read, in epoch milliseconds. */
  readonly readAt: number;
  /** The same by the monotonic clock. */
  readonly plannedAt: number;
  /** Until when the readings stand for what is live, by the monotonic clock. */
  readonly until: number;
}

type Kept = WeakMap<Plan, Fresh>;

/**
 * State of the module, because both ends are functions of the API: a run of this process makes whatever was read before
 * it ended too old, whichever plan that was read for.
 */
let kept: Kept = new WeakMap();

/** Begins to read for a plan. What it answers keeps the readings, which are forgotten where a run wrote meanwhile. */
export function beginReading(): (plan: Plan, fresh: Fresh) => void {
  const then = kept;
  return (plan, fresh) => {
    then.set(plan, fresh);
  };
}

/** What that very plan was made from, unless a run of this process may have written since. */
export function freshOf(plan: Plan): Fresh | null {
  return kept.get(plan) ?? null;
}

/** To be called where a run begins, and where it ends. */
export function forgetReadings(): void {
  kept = new WeakMap();
}
