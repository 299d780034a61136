import { type Identity, identityOf, type ObservedAttendee, type Reply } from '../model/attendee.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { Change, EventPlan, PlanAttendee } from '../model/plan.ts';
import { nameAndId, plain, shortList, type Said, say } from '../model/say.ts';
import { difference } from './difference.ts';
import { memberTest } from './digest.ts';
import { organizersOf } from './exempt.ts';
import { plannedStanding } from './leavers.ts';
import { liveOf } from './live.ts';

/** What changed between a plan and a later listing, and has no part in what the plan does. In sentences. */

/** Replies of those who are to be removed that are others now than the plan shows. */
export function changedReplies(plan: EventPlan, listed: readonly ObservedAttendee[]): readonly Said[] {
  const live = liveOf(listed).attendees;
  const changed = plan.changes.flatMap((change) => {
    if (change.action !== 'remove' || change.attendee.reply === undefined) return [];
    const now = live.get(identityOf(change.attendee))?.reply;
    return now === undefined || now === change.attendee.reply ? [] : [replyWords(change.attendee, now)];
  });
  if (changed.length === 0) return [];
  const count = changed.length === 1 ? '1 reply' : `${changed.length} replies`;
  return [say`${plain(count)} changed since the plan: ${shortList(changed)}`];
}

/** Whom the manifests want, who was there when the plan was made and is not any more: the plan does not add them. */
export function leftSince(
  plan: EventPlan,
  desired: DesiredEvent,
  listed: readonly ObservedAttendee[],
): readonly Said[] {
  const members = plan.observed?.members;
  if (members === undefined || desired.attendees === null) return [];
  const isMember = memberTest(members);
  const live = liveOf(listed);
  const organizers = organizersOf(desired, live, null);
  const named = new Set(
    [...plan.changes, ...(plan.skipped ?? [])].flatMap((one) =>
      'attendee' in one ? [identityOf(one.attendee)] : [],
    ),
  );
  const left = desired.attendees.filter((attendee) => {
    const identity = identityOf(attendee);
    const isThere = live.attendees.has(identity) || organizers.has(identity) || named.has(identity);
    return !isThere && isMember(identity);
  });
  if (left.length === 0) return [];
  const count = left.length === 1 ? '1 wanted attendee has' : `${left.length} wanted attendees have`;
  return [say`${plain(count)} left since the plan: ${shortList(left.map(nameAndId))}. Plan again.`];
}

function replyWords(attendee: PlanAttendee, now: Reply): Said {
  return say`${nameAndId(attendee)} ${plain(attendee.reply ?? 'none')} -> ${plain(now)}`;
}

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
  const { changes } = difference(
    desired,
    desired.attendees,
    live,
    organizersOf(desired, live, null),
    plannedStanding(plan),
  );
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
