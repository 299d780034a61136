import { type Change, type EventPlan, changeKey } from '../model/plan.ts';
import type { StandingOf } from '../model/organisation.ts';

/** Wanted attendees who have left the organisation, as a plan has them and as they are judged again before a write. */

/** Whom the plan says has left. Nobody else is said to stand in any way. */
export function plannedStanding({ changes, skipped = [] }: EventPlan): StandingOf {
  const left = new Set<string>();
  for (const { attendee } of skipped) if (attendee.type === 'user') left.add(attendee.id);
  for (const change of changes)
    if (change.action === 'remove' && change.reason === 'left') left.add(change.attendee.id);
  return (userId) => (left.has(userId) ? 'left' : 'unverifiable');
}

/** The users whose standing decides whether a change may be made: those removed because they left, and those added. */
export function restsOnStanding(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => (isJudged(change) ? [change.attendee.id] : []));
}

function isJudged(change: Change): change is Extract<Change, { action: 'remove' | 'add' }> {
  if (change.action !== 'remove' && change.action !== 'add') return false;
  const { attendee, reason } = change;
  return attendee.type === 'user' && (reason === 'left' || reason === 'in-manifest');
}

/**
 * The changes that are not made by how people stand now: removals of those who are not said to have left any more, which
 * an unanswered question says of nobody, and additions of those who have left since.
 */
export function overruled(
  changes: readonly Change[],
  standingOf: StandingOf,
): { readonly stays: ReadonlySet<string>; readonly gone: ReadonlySet<string> } {
  const judged = changes.filter(isJudged);
  const keys = (of: (change: (typeof judged)[number]) => boolean): ReadonlySet<string> =>
    new Set(judged.filter(of).map(changeKey));
  return {
    stays: keys(({ action, attendee }) => action === 'remove' && standingOf(attendee.id) !== 'left'),
    gone: keys(({ action, attendee }) => action === 'add' && standingOf(attendee.id) === 'left'),
  };
}
