import { type Reading, readingOf } from '../diff/reading.ts';
import type { Problem } from '../model/diagnostic.ts';
import { type Change, changeKey } from '../model/plan.ts';
import type { EventWork } from './batch.ts';
import { platformOf, refOf } from './run.ts';

/** Whether an event could be read, and what was found. */
export type Read =
  { readonly ok: true; readonly reading: Reading } | { readonly ok: false; readonly problem: Problem };

/**
 * Reads what the plan's changes are about: the list, or for a deletion or an unbinding alone the event or the binding.
 *
 * @throws the run's stop reason when it is stopped meanwhile.
 */
export async function readEvent(work: Pick<EventWork, 'plan' | 'run'>): Promise<Read> {
  const { plan, run } = work;
  const reader = run.options.writerOf(plan.provider);
  const { signal } = run.options;
  const ref = refOf(plan);
  const deletion = plan.changes.some(({ action }) => action === 'delete-event');
  if (deletion) {
    const facts = await reader.look(ref, signal);
    if (facts.state === 'unknown') return { ok: false, problem: facts.problem };
    return { ok: true, reading: withAlready(work, facts.state === 'present' ? [] : ['delete-event']) };
  }
  const unbinding = plan.changes.find(({ action }) => action === 'unbind-chat');
  const unbound = unbinding === undefined ? [] : await unboundKeys(work, unbinding);
  if (plan.changes.every(({ action }) => action === 'unbind-chat')) {
    return { ok: true, reading: withAlready(work, unbound) };
  }
  const observed = await reader.list(ref, signal);
  if (!observed.complete) return { ok: false, problem: observed.problem };
  const reading = readingOf(plan, observed.attendees);
  return { ok: true, reading: { ...reading, already: new Set([...reading.already, ...unbound]) } };
}

/** The unbinding's key where the platform says that its chat is not bound; nothing where it cannot tell. */
async function unboundKeys(work: Pick<EventWork, 'plan' | 'run'>, change: Change): Promise<string[]> {
  const { plan, run } = work;
  if (change.action !== 'unbind-chat' || !change.certain) return [];
  const reader = run.options.writerOf(plan.provider);
  const bindings = await reader.meetingChats(plan.calendarId, [plan.eventId], run.options.signal);
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
  const { clock, settleMs, signal } = work.run.options;
  if (work.lastWriteAt === null) return;
  const left = work.lastWriteAt + settleMs(platformOf(work.plan).id) - clock.now();
  if (left > 0) await clock.sleep(left, signal);
}

/**
 * Reads the event after a batch whose answer was lost, or that named somebody who was gone. What is seen to be so is
 * settled as `outcome`; the rest is pending again. An addition is taken for not done only when two readings a settle
 * time apart lack it, because it cannot be told from one that is still on its way.
 */
export async function settleByReading(
  work: EventWork,
  changes: readonly Change[],
  outcome: 'done' | 'already',
): Promise<Problem | null> {
  await settled(work);
  let read = await readEvent(work);
  const open = (): Change[] => (read.ok ? changes.filter((change) => !isAlready(read, change)) : []);
  if (open().some(({ action }) => action === 'add')) {
    const { clock, settleMs, signal } = work.run.options;
    await clock.sleep(settleMs(work.plan.provider), signal);
    read = await readEvent(work);
  }
  if (!read.ok) return read.problem;
  work.reading = read.reading;
  work.attempt += 1;
  const pending = open();
  work.ledger.settle(
    changes.filter((change) => !pending.includes(change)),
    outcome,
  );
  work.ledger.settle(pending, 'pending');
  return null;
}

function isAlready(read: Read, change: Change): boolean {
  return read.ok && read.reading.already.has(changeKey(change));
}
