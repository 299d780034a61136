import { isTrue } from '../diff/reading.ts';
import { type Live, type LiveAttendee, liveOf } from '../diff/live.ts';
import { identityOf } from '../model/attendee.ts';
import type { Problem } from '../model/diagnostic.ts';
import { type Change, changeKey } from '../model/plan.ts';
import type { ChangeError } from '../model/result.ts';
import type { EventWork } from './batch.ts';
import { readEvent, settled } from './reread.ts';
import { refOf } from './run.ts';

/** How an event looked when it was last read after its writes. */
export interface Verification {
  /** Changes that were sent and are not seen, each with why. */
  readonly unseen: readonly (readonly [Change, ChangeError])[];
  /** Rooms that were added and whose booking was declined. */
  readonly declined: readonly Change[];
  readonly notes: readonly string[];
  /** Why the last reading failed, if it did. */
  readonly problem: Problem | null;
  /** Stopped before it was seen. */
  readonly stopped: boolean;
}

const longestWaitMs = 5000;
const shortestWaitMs = 1000;

/**
 * Reads the event until it shows the changes that were sent: first when reads have caught up with the last write, then
 * with waits that grow to 5 s, until `verifyTimeoutMs` after it began.
 */
export async function verify(work: EventWork): Promise<Verification> {
  const { clock, signal, verifyTimeoutMs } = work.run.options;
  const deadline = clock.now() + verifyTimeoutMs;
  const changes = work.ledger.with('done', 'unknown');
  let last: Verification = { ...nothing, unseen: changes.map((change) => [change, notSeen(change)]) };
  try {
    await settled(work);
    for (let wait = shortestWaitMs; ; wait = Math.min(longestWaitMs, wait * 2)) {
      last = await look(work, changes);
      if (last.problem === null && last.unseen.length === 0) return last;
      const left = deadline - clock.now();
      if (left <= 0) return last;
      await clock.sleep(Math.min(wait, left), signal);
    }
  } catch (error) {
    if (signal.aborted) return { ...last, stopped: true };
    throw error;
  }
}

const nothing: Verification = { unseen: [], declined: [], notes: [], problem: null, stopped: false };

async function look(work: EventWork, changes: readonly Change[]): Promise<Verification> {
  const { plan, run } = work;
  const unseenOf = (isSeen: (change: Change) => boolean): Verification['unseen'] =>
    changes.filter((change) => !isSeen(change)).map((change) => [change, notSeen(change)]);
  const listed = changes.some(({ action }) => action === 'remove' || action === 'add');
  if (!listed || changes.some(({ action }) => action === 'delete-event')) {
    const read = await readEvent(work);
    if (!read.ok) return { ...nothing, unseen: unseenOf(() => false), problem: read.problem };
    // Where nobody can be asked, the platform's own answer to the unbinding stands.
    return {
      ...nothing,
      unseen: unseenOf((change) => !change.certain || read.reading.already.has(changeKey(change))),
    };
  }
  const observed = await run.options.writerOf(plan.provider).list(refOf(plan), run.options.signal);
  if (!observed.complete) return { ...nothing, unseen: unseenOf(() => false), problem: observed.problem };
  const live = liveOf(observed.attendees);
  const declined = changes.filter((change) => roomReply(change, live) === 'declined');
  const booking = changes.filter((change) => roomReply(change, live) === 'none');
  return {
    ...nothing,
    unseen: unseenOf((change) => declined.includes(change) || isSeen(change, live)),
    declined,
    notes: booking.flatMap((change) =>
      'attendee' in change ? [`booking-pending: ${change.attendee.id}`] : [],
    ),
  };
}

/** Stricter than what counts as true before a write: somebody who was added has the flag that was asked for. */
function isSeen(change: Change, live: Live): boolean {
  // An answer to the unbinding is all there is beside a list.
  if (change.action === 'unbind-chat') return true;
  if (!isTrue(change, live)) return false;
  if (change.action !== 'add' || change.attendee.type === 'room' || change.attendee.type === 'chat')
    return true;
  return live.attendees.get(identityOf(change.attendee))?.optional === change.attendee.optional;
}

function roomReply(change: Change, live: Live): LiveAttendee['rows'][number]['reply'] | null {
  if (change.action !== 'add' || change.attendee.type !== 'room') return null;
  return live.attendees.get(identityOf(change.attendee))?.rows[0]?.reply ?? null;
}

function notSeen(change: Change): ChangeError {
  switch (change.action) {
    case 'remove':
      return {
        code: 'not-seen',
        message: 'the removal was accepted, but the attendee is still listed',
        hint: 'Plan again in a minute; if it stays, the platform holds on to this attendee (a chat, a room form).',
      };
    case 'add':
      return {
        code: 'not-seen',
        message: 'the addition was accepted, but the attendee is not listed as asked for',
        hint:
          change.attendee.type === 'email'
            ? 'The address may belong to a user of the tenant: list that person as a user.'
            : 'Plan again in a minute; if it stays, check that the id can be invited to this event.',
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
