import { type Identity, type ObservedAttendee, identityOf } from '../model/attendee.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { Change, EventPlan } from '../model/plan.ts';
import { difference } from './difference.ts';
import { memberTest } from './digest.ts';
import { organizersOf } from './exempt.ts';
import { liveOf } from './live.ts';

/**
 * What a listing has otherwise than the manifest wants it, as the changes that a new plan would make; nothing where the
 * manifest does not fix the whole set. Once a plan's own changes are seen, this is what others did since it was made.
 */
export function straysOf(
  plan: EventPlan,
  desired: DesiredEvent,
  listed: readonly ObservedAttendee[],
): readonly Change[] {
  if (desired.sync !== 'exact' || desired.attendees === null || desired.state === 'absent') return [];
  const live = liveOf(listed);
  const { changes } = difference(desired, desired.attendees, live, organizersOf(desired, live, null));
  if (changes.length === 0) return [];
  // The organizer may be known from a look alone: those whom the plan kept stay kept, and whom it did not miss when it
  // was made, nor knew, is not missed now.
  const kept = new Set(plan.kept.map(({ attendee }) => identityOf(attendee)));
  const isKnown = knownTest(plan);
  return changes.filter(
    (change) =>
      'attendee' in change &&
      !kept.has(identityOf(change.attendee)) &&
      (change.action === 'remove' || isKnown(identityOf(change.attendee))),
  );
}

function knownTest(plan: EventPlan): (identity: Identity) => boolean {
  const named = new Set(
    plan.changes.flatMap((change) => ('attendee' in change ? [identityOf(change.attendee)] : [])),
  );
  const members = plan.observed?.members;
  const isMember = members === undefined ? () => false : memberTest(members);
  return (identity) => named.has(identity) || isMember(identity);
}
