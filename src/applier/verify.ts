import { isTrue } from '../diff/reading.ts';
import { type Live, type LiveAttendee, liveOf } from '../diff/live.ts';
import { type Identity, identityOf } from '../model/attendee.ts';
import type { Problem } from '../model/diagnostic.ts';
import { type Change, changeKey, isReplacement, replacedBy } from '../model/plan.ts';
import type { ChangeError } from '../model/result.ts';
import { type Said, say, who } from '../model/say.ts';
import type { Work } from './work.ts';

/** How an event looked when it was last read after its writes. */
export interface Verification {
  /** Changes that are in place; a room whose booking was declined is among them. */
  readonly seen: readonly Change[];
  /** Changes that were sent and are not seen, or were in place before and no longer are; each with the reason. */
  readonly unseen: readonly (readonly [Change, ChangeError])[];
  /** Rooms that were added and whose booking was declined. */
  readonly declined: readonly Change[];
  /** Removals that were refused, of somebody who is gone anyway. */
  readonly gone: readonly Change[];
  readonly notes: readonly Said[];
  /** Why the last reading failed, if it did: then nothing was seen and nothing missed. */
  readonly problem: Problem | null;
  /** Stopped before it was seen. */
  readonly stopped: boolean;
}

/**
 * Reads the event until it shows the changes that were sent: first when reads have caught up with the last write, then
 * with waits that grow to 5 s, until `verifyTimeoutMs` after it began. Where all were refused it is read once.
 */
export async function verify(work: Work): Promise<Verification> {
  const { ledger, sight, run } = work;
  const { signal } = run.options;
  const accepted = ledger.with('done');
  // What is in doubt and cannot be asked about stays in doubt.
  const doubtful = ledger.with('unknown').filter(({ certain }) => certain);
  try {
    if (accepted.length + doubtful.length === 0) {
      // Refusals alone have no effect that would have to be waited for, and nothing is missed where reading fails.
      const seen = await seenNow(work, accepted, doubtful);
      return seen.problem === null ? seen : nothing;
    }
    return await sight.askUntil(
      signal,
      async () => {
        await sight.waitForLag(signal);
        return seenNow(work, accepted, doubtful);
      },
      ({ problem, unseen }) => problem === null && unseen.length === 0,
    );
  } catch (error) {
    if (signal.aborted) return { ...nothing, stopped: true };
    throw error;
  }
}

const nothing: Verification = {
  seen: [],
  unseen: [],
  declined: [],
  gone: [],
  notes: [],
  problem: null,
  stopped: false,
};

/** One reading of what was accepted and of what is in doubt. */
async function seenNow(
  work: Work,
  accepted: readonly Change[],
  doubtful: readonly Change[],
): Promise<Verification> {
  const changes = [...accepted, ...doubtful];
  const listed = [...changes, ...refusedRemovals(work)].some(
    ({ action }) => action === 'remove' || action === 'add',
  );
  const deletes = changes.some(({ action }) => action === 'delete-event');
  if (listed && !deletes) return seenInList(work, accepted, doubtful);
  const read = await work.sight.read(work.run.options.signal);
  if (!read.ok) return { ...nothing, problem: read.problem };
  // Where nobody can be asked, the platform's own answer to the unbinding stands.
  return split(changes, (change) => !change.certain || read.reading.already.has(changeKey(change)));
}

/**
 * Removals that the platform refused. Some refuse a batch for an attendee who is not there any more: a list tells
 * those from the ones that were really refused.
 */
export function refusedRemovals({ ledger }: Work): Change[] {
  return ledger.with('failed').filter(({ action }) => action === 'remove');
}

async function seenInList(
  work: Work,
  accepted: readonly Change[],
  doubtful: readonly Change[],
): Promise<Verification> {
  const { plan, run, sight } = work;
  const changes = [...accepted, ...doubtful];
  const { signal } = run.options;
  // An answer to a write that has the list as it is then is as good as a reading.
  const observed = await sight.list(signal, true);
  if (!observed.complete) return { ...nothing, problem: observed.problem };
  const live = liveOf(observed.attendees);
  const replaced = replacedBy(plan.changes);
  const unbinding = doubtful.find(({ action }) => action === 'unbind-chat');
  const unbound = unbinding === undefined ? [] : await sight.unboundKeys(unbinding, signal);
  const isUnbound = (change: Change): boolean => change !== unbinding || unbound.length > 0;
  const declined = changes.filter((change) => roomReply(change, live) === 'declined');
  const booking = changes.filter((change) => roomReply(change, live) === 'none');
  const { seen, unseen } = split(changes, (change) =>
    // An accepted unbinding stands: a list does not show it.
    change.action === 'unbind-chat' ? isUnbound(change) : isSeen(change, live, replaced),
  );
  // What needed no call must still be in place, or somebody undid it meanwhile.
  const undone = work.ledger
    .with('already')
    .filter((change) => 'attendee' in change && !isTrue(change, live, replaced));
  return {
    ...nothing,
    seen,
    unseen: [...unseen, ...undone.map((change) => [change, undoneError] as const)],
    declined,
    gone: refusedRemovals(work).filter((change) => isTrue(change, live, replaced)),
    notes: [
      ...booking.flatMap((change) =>
        'attendee' in change ? [say`booking-pending: ${who(change.attendee.type, change.attendee.id)}`] : [],
      ),
      ...unreplied(work, live),
    ],
  };
}

/** Those who were to be removed, are there, and have no longer the reply that the plan shows. */
function unreplied({ plan, ledger }: Work, { attendees }: Live): Said[] {
  // Where an answer told of it, it was dealt with.
  if (ledger.costs.length > 0) return [];
  const replaced = replacedBy(plan.changes);
  return plan.changes.flatMap((change) => {
    if (change.action !== 'remove' || isReplacement(change, replaced)) return [];
    if ((change.attendee.reply ?? 'none') === 'none') return [];
    const now = attendees.get(identityOf(change.attendee));
    const { type, id } = change.attendee;
    return now?.reply === 'none'
      ? [say`${who(type, id)} is still on the event, but without the earlier reply.`]
      : [];
  });
}

const undoneError: ChangeError = {
  code: 'undone',
  message: 'it was already in the desired state but no longer is: someone else changed the event meanwhile',
  hint: 'Plan again.',
};

function split(changes: readonly Change[], isSeen: (change: Change) => boolean): Verification {
  const unseen = changes.filter((change) => !isSeen(change));
  return {
    ...nothing,
    seen: changes.filter(isSeen),
    unseen: unseen.map((change) => [change, notSeen(change)]),
  };
}

/** Stricter than what counts as true before a write: somebody who was added has the flag that was asked for. */
function isSeen(change: Change, live: Live, replaced: ReadonlySet<Identity>): boolean {
  if (!isTrue(change, live, replaced)) return false;
  if (change.action !== 'add' || change.attendee.type === 'room' || change.attendee.type === 'chat')
    return true;
  return live.attendees.get(identityOf(change.attendee))?.optional === change.attendee.optional;
}

function roomReply(change: Change, live: Live): LiveAttendee['rows'][number]['reply'] | null {
  if (change.action !== 'add' || change.attendee.type !== 'room') return null;
  return live.attendees.get(identityOf(change.attendee))?.rows[0]?.reply ?? null;
}

/** Why a change that the platform accepted is in doubt. */
export function notSeen(change: Change): ChangeError {
  switch (change.action) {
    case 'remove':
      return {
        code: 'not-seen',
        message: 'the removal was accepted, but the attendee is still listed',
        hint: 'Plan again in a minute. If the attendee is still listed, the platform is keeping it (a chat, a room form).',
      };
    case 'add':
      return {
        code: 'not-seen',
        message: 'the addition was accepted, but the attendee is not listed as requested',
        hint:
          change.attendee.type === 'email'
            ? 'The address may belong to a user of the tenant, or be an alias: list that person as a user, or under the listed address.'
            : 'Plan again in a minute. If that does not help, check that the id can be invited to this event.',
      };
    case 'unbind-chat':
      return {
        code: 'not-seen',
        message: 'the unbinding was accepted, but the chat is still bound',
        hint: 'Plan again in a minute.',
      };
    case 'delete-event':
      return {
        code: 'not-seen',
        message: 'the deletion was accepted, but the event is still there',
        hint: 'Plan again in a minute.',
      };
  }
}
