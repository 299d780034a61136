import { guardChanges, ownAdditions, writeOrder } from '../diff/guards.ts';
import type { Problem } from '../model/diagnostic.ts';
import { type Change, type EventPlan, type Violation, isReplacement, replacedBy } from '../model/plan.ts';
import type { Lease } from './leases.ts';
import type { Ledger } from './ledger.ts';
import type { Writer } from '../providers/provider.ts';
import type { Run, Sleep } from './run.ts';
import type { Sight } from './sight.ts';

/** The work on one event. Each part changes what it holds itself, and nothing else. */
export interface Work {
  readonly plan: EventPlan;
  readonly run: Run;
  readonly lease: Lease;
  /** The platform, its calls those of this event. */
  readonly writer: Writer;
  readonly sleep: Sleep;
  /** How each change stands. */
  readonly ledger: Ledger;
  /** What is known of the event. */
  readonly sight: Sight;
}

/** Why sending ends before an event's changes are through. */
export type Stop =
  /** The run was stopped, or credentials or quota ended it. */
  | { readonly kind: 'stopped' }
  /** The lease is lost: another run may hold the event. */
  | { readonly kind: 'held' }
  /** The platform refuses the event. */
  | { readonly kind: 'refused' }
  /** It could not be read what became of a call. */
  | { readonly kind: 'unread'; readonly problem: Problem }
  /** The guards stand against what is left to do. */
  | { readonly kind: 'guarded'; readonly violations: readonly Violation[] }
  /** Somebody else changes the event faster than it can be written. */
  | { readonly kind: 'moving'; readonly problem: Problem };

/**
 * The guards on the very changes that are about to be made. Anyone who came by this plan counts as an addition, because
 * the plan's own count of managed attendees is without them. `late`: additions that are not there, or not seen to be.
 */
export function guard({ plan, sight, ledger }: Work, late: readonly Change[] = []): Violation[] {
  const pending = ledger.pending();
  if (pending.length === 0) return [];
  const replaced = replacedBy(plan.changes);
  const came = ledger
    .with('done', 'already')
    .filter((change) => change.action === 'add' && !isReplacement(change, replaced));
  return guardChanges(plan, [...came, ...pending], new Set(late), sight.reading);
}

/**
 * A plan can hold less than its manifest wants now, and so pass guards that the whole would not: what a plan made
 * anew from this listing would be refused for stands against a part of it, too.
 */
function guardDue({ plan, sight, run }: Work): Violation[] {
  const { due, live } = sight.reading;
  const desired = run.options.follows?.get(plan.name);
  if (due === null || desired === undefined) return [];
  if (desired.attendees === null || desired.state === 'absent') return [];
  const order = writeOrder(plan.provider, live, due.changes);
  const late = new Set(order === 'removes-first' ? ownAdditions(due.changes) : []);
  return guardChanges(plan, due.changes, late, { managed: due.managed, live });
}

/** The guards on a reading that has just been adopted, before anything is sent on it. */
export function guardAnew(work: Work): Violation[] {
  const { plan, ledger } = work;
  const late = plan.order === 'removes-first' ? ledger.pending(ownAdditions(plan.changes)) : [];
  const own = guard(work, late);
  return own.length > 0 ? own : guardDue(work);
}
