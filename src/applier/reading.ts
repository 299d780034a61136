import { type Reading, readingOf } from '../diff/reading.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import type { Problem } from '../model/diagnostic.ts';
import { type Change, type EventPlan, changeKey } from '../model/plan.ts';
import { withAliases } from '../providers/aliases.ts';
import type { ApplyContext } from './run.ts';

/** Whether an event could be read, and what was found. */
export type Read =
  { readonly ok: true; readonly reading: Reading } | { readonly ok: false; readonly problem: Problem };

/**
 * Holds a plan against a listing and its manifest, with whom the addresses in it stand for: a plan that was made just now
 * has that, for one from a file they are asked again where its manifest would add anybody whom the plan does not.
 *
 * @throws the signal's reason when it aborts.
 */
export async function readingAsMeant(
  plan: EventPlan,
  rows: readonly ObservedAttendee[],
  { follows, organisationOf }: Pick<ApplyContext, 'follows' | 'organisationOf'>,
  signal: AbortSignal,
): Promise<Reading> {
  const followed = follows?.get(plan.name);
  const reading = readingOf(plan, rows, followed);
  if (followed === undefined || followed.aliases !== undefined || reading.due === null) return reading;
  const planned = new Set(plan.changes.map(changeKey));
  const hasMore = reading.due.changes.some((one) => one.action === 'add' && !planned.has(changeKey(one)));
  if (!hasMore && followed.remembered === undefined) return reading;
  const meant = await withAliases(followed, rows, organisationOf?.(plan.provider), signal);
  return meant === followed ? reading : readingOf(plan, rows, meant);
}

/** What a plan is about that no list tells: of a deletion or an unbinding, by the keys of what is already done. */
export function unlisted(plan: EventPlan, already: readonly string[]): Reading {
  return {
    ...readingOf(plan, []),
    rows: new Map(),
    already: new Set(already),
    managed: 0,
    live: plan.notified,
  };
}

/** Those changes that are not in place by what was read; all of them where nothing was. */
export function stillOpen(read: Read, changes: readonly Change[]): readonly Change[] {
  return read.ok ? changes.filter((change) => !read.reading.already.has(changeKey(change))) : changes;
}
