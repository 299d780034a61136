import { type Reading, readingOf } from '../diff/reading.ts';
import { leftSince } from '../diff/since.ts';
import { straysOf } from '../diff/strays.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import { type Problem, internalProblem } from '../model/diagnostic.ts';
import { type Change, changeKey } from '../model/plan.ts';
import type { EventWork } from './batch.ts';
import { refOf } from './run.ts';

/** Whether an event could be read, and what was found. */
export type Read =
  | {
      readonly ok: true;
      readonly reading: Reading;
      /** Where the list was asked for. */ readonly listed?: readonly ObservedAttendee[];
    }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Reads what the plan's changes are about: the list, or for a deletion or an unbinding alone the event or the binding.
 *
 * @throws the run's stop reason when it is stopped meanwhile.
 */
export async function readEvent(work: EventWork): Promise<Read> {
  const read = await orProblem(signalOf(work), () => readOnce(work));
  if (!read.ok) noteEnd(work, read.problem);
  return read;
}

/** What failed in a way that nothing was prepared for is a problem of this one event. @throws the stop reason */
export async function orProblem(signal: AbortSignal, read: () => Promise<Read>): Promise<Read> {
  try {
    return await read();
  } catch (error) {
    if (signal.aborted) throw error;
    return { ok: false, problem: internalProblem(error) };
  }
}

/** Without credentials or quota no other call would go through: no event starts one. */
export function noteEnd({ run }: EventWork, { code }: Problem): void {
  if (code === 'quota' || code === 'credentials') run.ended = true;
}

async function readOnce(work: EventWork): Promise<Read> {
  const { plan, run } = work;
  const reader = run.options.writerOf(plan.provider);
  const signal = signalOf(work);
  const ref = refOf(plan);
  const unbinding = plan.changes.find(({ action }) => action === 'unbind-chat');
  const unbound = unbinding === undefined ? [] : await unboundKeys(work, unbinding);
  const deletion = plan.changes.some(({ action }) => action === 'delete-event');
  if (deletion) {
    const facts = await reader.read(ref, 'facts', signal);
    if (facts.state === 'unknown') return { ok: false, problem: facts.problem };
    // With the event its chat's binding is gone.
    const already = facts.state === 'present' ? unbound : ['delete-event', 'unbind-chat'];
    return { ok: true, reading: withAlready(work, already) };
  }
  if (plan.changes.every(({ action }) => action === 'unbind-chat')) {
    return { ok: true, reading: withAlready(work, unbound) };
  }
  const observed = await reader.read(ref, 'attendees', signal);
  if (!observed.complete) return { ok: false, problem: observed.problem };
  noteStrays(work, observed.attendees);
  const reading = readingOf(plan, observed.attendees, run.options.follows?.get(plan.name));
  return {
    ok: true,
    reading: { ...reading, already: new Set([...reading.already, ...unbound]) },
    listed: observed.attendees,
  };
}

/** Holds a listing against the manifest, where one is applied or has to be followed. */
export function noteStrays(work: EventWork, listed: readonly ObservedAttendee[]): void {
  const { wants, follows } = work.run.options;
  const desired = wants?.get(work.plan.name);
  if (desired !== undefined) {
    work.strays = straysOf(work.plan, desired, listed);
    return;
  }
  const followed = follows?.get(work.plan.name);
  if (followed !== undefined) work.since.left = leftSince(work.plan, followed, listed);
}

/** The unbinding's key where the platform says that its chat is not bound; nothing where it cannot tell. */
export async function unboundKeys(work: EventWork, change: Change): Promise<string[]> {
  const { plan, run } = work;
  if (change.action !== 'unbind-chat' || !change.certain) return [];
  const reader = run.options.writerOf(plan.provider);
  const bindings = await reader.meetingChats(plan.calendarId, [plan.eventId], signalOf(work));
  const binding = bindings.get(plan.eventId);
  const bound =
    binding === undefined ||
    binding.state === 'unknown' ||
    (binding.state === 'bound' && binding.chatId === change.chatId);
  return bound ? [] : [changeKey(change)];
}

function withAlready(work: Pick<EventWork, 'plan'>, keys: readonly string[]): Reading {
  return {
    ...readingOf(work.plan, []),
    rows: new Map(),
    already: new Set(keys),
    managed: 0,
    live: work.plan.notified,
  };
}

/** Waits until reads show the last write: the platform's settle time after that call ended. */
export async function settled(work: EventWork): Promise<void> {
  const { clock, settleMs } = work.run.options;
  if (work.lastWriteAt === null) return;
  const left = work.lastWriteAt + settleMs(work.plan.provider) - clock.now();
  if (left > 0) await clock.sleep(left, signalOf(work));
}

const longestWaitMs = 5000;
const shortestWaitMs = 1000;

/**
 * Asks again, with waits that grow to 5 s, until the answer is yes, the time is over, or credentials or quota ended the
 * run.
 */
export async function askUntil(
  work: EventWork,
  deadline: number,
  ask: () => Promise<boolean>,
): Promise<void> {
  const { clock } = work.run.options;
  for (let wait = shortestWaitMs; ; wait = Math.min(longestWaitMs, wait * 2)) {
    if (await ask()) return;
    const left = deadline - clock.now();
    if (left <= 0 || work.run.ended) return;
    await clock.sleep(Math.min(wait, left), signalOf(work));
  }
}

/**
 * Reads the event after a batch whose answer was lost, or that named somebody who was gone. What is seen to be so is
 * settled as `outcome`; the rest is pending again. An addition is taken for not done only when two readings a settle
 * time apart lack it, because it cannot be told from one that is still on its way. `restMs`: how long to wait before that.
 */
export async function settleByReading(
  work: EventWork,
  changes: readonly Change[],
  outcome: 'done' | 'already',
  restMs = 0,
): Promise<Problem | null> {
  if (restMs > 0) await work.run.options.clock.sleep(restMs, signalOf(work));
  await settled(work);
  let read = await readEvent(work);
  let open = stillOpen(read, changes);
  if (open.some(({ action }) => action === 'add')) {
    const { clock, settleMs } = work.run.options;
    await clock.sleep(settleMs(work.plan.provider), signalOf(work));
    read = await readEvent(work);
    open = stillOpen(read, open);
  }
  if (!read.ok) return read.problem;
  work.attempt += 1;
  work.ledger.settle(changes, outcome);
  work.ledger.settle(open, 'pending');
  adopt(work, read.reading);
  return null;
}

/**
 * Goes on from a new reading: what is pending and so already is dropped, and nobody is removed who organizes the event
 * by now or whom its manifest keeps.
 */
export function adopt(work: EventWork, reading: Reading): void {
  const { ledger } = work;
  const pending = ledger.pending();
  work.reading = reading;
  ledger.settle(
    pending.filter((change) => reading.already.has(changeKey(change))),
    'already',
  );
  ledger.settle(
    pending.filter((change) => reading.organizers.has(changeKey(change))),
    'failed',
    { code: 'organizer', message: 'organizes the event by now and is never removed', hint: 'Plan again.' },
  );
  ledger.settle(
    pending.filter((change) => reading.kept.has(changeKey(change))),
    'failed',
    { code: 'kept', message: 'is kept by the manifest and not removed', hint: 'Plan again.' },
  );
}

function stillOpen(read: Read, changes: readonly Change[]): readonly Change[] {
  return read.ok ? changes.filter((change) => !read.reading.already.has(changeKey(change))) : changes;
}

/** A stop cuts readings off, but not those that somebody's coming back hangs on. */
function signalOf(work: EventWork): AbortSignal {
  return work.mustFinish ? new AbortController().signal : work.run.options.signal;
}
