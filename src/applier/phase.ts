import type { Problem } from '../model/diagnostic.ts';
import { additionBatches, callCaps, chunk, removalBatches } from '../model/batch.ts';
import type { Change } from '../model/plan.ts';
import { type EventWork, changeErrorOf, isLost, rowsOf, sendBatch } from './batch.ts';
import type { PlatformError } from '../providers/provider.ts';
import { askUntil, settleByReading } from './reread.ts';
import { isStopped, platformOf } from './run.ts';

/** Calls beyond the usual ones that the refusals of one event may cost. */
export const extraCallLimit = 30;
/** How often an event is read and sent again after answers that were lost. */
const lostLimit = 6;

/** How long to leave the platform alone after so many lost answers in a row: one may be chance, more are a fault. */
function restAfter(lost: number): number {
  return lost === 1 || lost >= lostLimit ? 0 : 250 * 2 ** (lost - 2);
}

/** Why an event's work ends before its changes are through. */
export type Halt =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unread'; readonly problem: Problem };

/** A batch to be sent, whole or what a refusal left of one. */
interface Part {
  readonly changes: readonly Change[];
  /** The refusal that this part is a piece of; its call is an extra one. */
  readonly refusal?: PlatformError;
  /** The other half, sent next. */
  readonly sibling?: Part;
  /** Known to hold an entry that is refused, because the rest of the refused batch went through. */
  refused?: boolean;
}

/** Makes changes of one action so, batch after batch. Null: all of them are settled, failed ones included. */
export async function runPhase(work: EventWork, changes: readonly Change[]): Promise<Halt | null> {
  const queue = batchesOf(work, changes);
  let lost = 0;
  for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
    const pending = work.ledger.pending(part.changes);
    if (pending.length === 0) continue;
    if (isStopped(work.run) && !work.mustFinish) return { kind: 'stopped' };
    if (part.refusal !== undefined && work.extraCalls >= extraCallLimit) {
      work.ledger.settle(pending, 'failed', changeErrorOf(part.refusal));
      continue;
    }
    if (part.refusal !== undefined && part.refused === true && pending.length > 1) {
      queue.unshift(...halves(pending, part.refusal));
      continue;
    }
    if (part.refusal !== undefined) work.extraCalls += 1;
    const sent = await sendBatch(work, pending);
    if (sent.ok) {
      if (part.sibling !== undefined) part.sibling.refused = true;
      continue;
    }
    const { error } = sent;
    if (isLost(error)) {
      lost += 1;
      const halt = await readAgain(work, pending, 'done', restAfter(lost));
      if (halt !== null) return halt;
      const left = work.ledger.pending(pending);
      // An error of HTTP alone, from something in between: what it has refused it will refuse again.
      const final = lost >= lostLimit || error.kind === 'malformed';
      if (left.length > 0 && final) return giveUp(work, left, error);
      queue.unshift(...batchesOf(work, left));
    } else if (error.kind === 'done' || (lost > 0 && error.kind === 'absent' && isOfEvent(pending))) {
      // Said of a deletion or an unbinding: it is so. After a lost answer it was this run that made it so, and an
      // event that was there when it was read and is not found any more is as good an answer.
      work.ledger.settle(pending, lost > 0 ? 'done' : 'already');
    } else if (error.kind === 'gone' && first(pending)?.action === 'remove') {
      const halt = await readAgain(work, pending, 'already');
      if (halt !== null) return halt;
      const left = work.ledger.pending(pending);
      // A platform that misses somebody whom it lists would say so for ever: then the entry is looked for.
      const same = left.length === pending.length;
      queue.unshift(...(same ? refusedParts(work, left, error) : batchesOf(work, left, error)));
    } else if (error.kind === 'entry' || error.kind === 'gone') {
      queue.unshift(...refusedParts(work, pending, error));
    } else {
      if (error.kind === 'auth' || error.kind === 'quota') work.run.ended = true;
      return { kind: 'refused' };
    }
  }
  return null;
}

/** Replaces flags: each chunk is removed and added again at once, so that nobody is gone for long. */
export async function runReplacements(work: EventWork, changes: readonly Change[]): Promise<Halt | null> {
  const caps = callCaps(platformOf(work.plan));
  const removals = changes.filter(({ action }) => action === 'remove');
  for (const part of chunk(removals, Math.min(caps.remove, caps.add))) {
    const halt = await runPhase(work, part);
    // From here on even a run that is being stopped adds back whoever was just removed.
    work.mustFinish = true;
    await settleDoubts(work, part);
    const removed = new Set(
      work.ledger
        .with('done', 'already')
        .filter((change) => part.includes(change))
        .map(attendeeKey),
    );
    const back = changes.filter((change) => change.action === 'add' && removed.has(attendeeKey(change)));
    const backHalt = await runPhase(work, back);
    work.mustFinish = false;
    if (halt !== null || backHalt !== null) return halt ?? backHalt;
  }
  return null;
}

/**
 * Reads until it is known who of these removals is gone: somebody who is wanted may be, and is added back only where
 * that is certain, because platforms do not say what comes of adding somebody who is there.
 */
async function settleDoubts(work: EventWork, removals: readonly Change[]): Promise<void> {
  const { clock, verifyTimeoutMs } = work.run.options;
  await askUntil(work, clock.now() + verifyTimeoutMs, async () => {
    const doubtful = work.ledger.with('unknown').filter((change) => removals.includes(change));
    return doubtful.length === 0 || (await readAgain(work, doubtful, 'done')) === null;
  });
}

/** A deletion or an unbinding, which an event that is gone has behind it. */
function isOfEvent(changes: readonly Change[]): boolean {
  return changes.every(({ action }) => action === 'delete-event' || action === 'unbind-chat');
}

function attendeeKey(change: Change): string {
  return 'attendee' in change ? `${change.attendee.type}:${change.attendee.id}` : '';
}

function first<T>(items: readonly T[]): T | undefined {
  return items[0];
}

/** Splits what is pending of these changes into batches of the platform's sizes. */
function batchesOf(work: EventWork, changes: readonly Change[], refusal?: PlatformError): Part[] {
  const pending = work.ledger.pending(changes);
  const caps = callCaps(platformOf(work.plan));
  const rows = (change: Change): number => Math.max(1, rowsOf(work, change).length);
  const isRoom = (change: Change): boolean => 'attendee' in change && change.attendee.type === 'room';
  const action = first(pending)?.action;
  const batches =
    action === 'remove'
      ? removalBatches(pending, rows, caps)
      : action === 'add'
        ? additionBatches(pending, isRoom, caps)
        : pending.map((change) => [change]);
  return batches.map((batch) => ({ changes: batch, ...(refusal === undefined ? {} : { refusal }) }));
}

/** What is left to try of a batch that was refused for an entry: nothing of a single one, else its halves. */
function refusedParts(work: EventWork, changes: readonly Change[], error: PlatformError): Part[] {
  if (changes.length > 1) {
    work.ledger.settle(changes, 'pending');
    return halves(changes, error);
  }
  work.ledger.settle(changes, 'failed', changeErrorOf(error));
  return [];
}

function halves(changes: readonly Change[], refusal: PlatformError): Part[] {
  const middle = Math.ceil(changes.length / 2);
  const right: Part = { changes: changes.slice(middle), refusal };
  return [{ changes: changes.slice(0, middle), refusal, sibling: right }, right];
}

function giveUp(work: EventWork, changes: readonly Change[], error: PlatformError): Halt {
  work.ledger.settle(work.ledger.pending(changes), 'failed', changeErrorOf(error));
  return { kind: 'refused' };
}

async function readAgain(
  work: EventWork,
  changes: readonly Change[],
  outcome: 'done' | 'already',
  restMs = 0,
): Promise<Halt | null> {
  try {
    const problem = await settleByReading(work, changes, outcome, restMs);
    return problem === null ? null : { kind: 'unread', problem };
  } catch (error) {
    if (work.run.options.signal.aborted) return { kind: 'stopped' };
    throw error;
  }
}
