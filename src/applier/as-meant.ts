import { type Reading, readingOf } from '../diff/reading.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import { type EventPlan, changeKey } from '../model/plan.ts';
import { withAliases } from '../providers/aliases.ts';
import type { ApplyContext } from './run.ts';

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
