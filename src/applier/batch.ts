import { requestKey } from '../diff/digest.ts';
import type { Reading } from '../diff/reading.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import { internalProblem } from '../model/diagnostic.ts';
import { type Change, type EventPlan, changeKey } from '../model/plan.ts';
import type { BatchAttendee, BatchEvent, ChangeError } from '../model/result.ts';
import type { AddedAttendee, Edit } from '../model/edit.ts';
import { PlatformError, type WriteOptions } from '../providers/provider.ts';
import type { Ledger } from './ledger.ts';
import { type Run, refOf } from './run.ts';

/** How one call ended. */
export type Sent = { readonly ok: true } | { readonly ok: false; readonly error: PlatformError };

/** The work on one event: its plan, how its changes stand, and what is known of its rows by now. */
export interface EventWork {
  readonly plan: EventPlan;
  readonly run: Run;
  readonly ledger: Ledger;
  reading: Reading;
  /** What became of the event since the plan was made and is none of the plan's business, in sentences. */
  since: { replies: readonly string[]; left: readonly string[] };
  /** What the last listing had otherwise than the manifest wants it, where a manifest is what is applied. */
  strays: readonly Change[];
  /** When the last write ended, by the clock; null before the first. */
  lastWriteAt: number | null;
  /** Calls beyond the usual ones that refusals have cost. */
  extraCalls: number;
  /** Counts the readings: requests after a new one are new requests. */
  attempt: number;
  /** Set while somebody who was removed for a new flag is added back: that is never left half done. */
  mustFinish: boolean;
}

/**
 * Sends one batch: tells of it, waits until that was taken note of, makes the call, tells the end. All changes of a
 * batch have the same action.
 */
export async function sendBatch(work: EventWork, changes: readonly Change[]): Promise<Sent> {
  const { run, plan, ledger } = work;
  const [first] = changes;
  if (first === undefined) return { ok: true };
  const batch = run.nextBatch();
  await run.emit({
    kind: 'batch-started',
    event: batchEventOf(plan),
    action: first.action,
    batch,
    notify: plan.notify,
    attendees: changes.flatMap((change) => batchRows(work, change)),
    ...(first.action === 'unbind-chat' ? { chatId: first.chatId } : {}),
  });
  const sent = await call(work, first, changes);
  work.lastWriteAt = run.options.clock.now();
  const error = sent.ok ? undefined : changeErrorOf(sent.error);
  const outcome = sent.ok ? 'done' : isLost(sent.error) ? 'unknown' : 'failed';
  ledger.tell(changes, outcome);
  ledger.settle(changes, outcome, error);
  await run.emit({
    kind: 'batch-done',
    name: plan.name,
    batch,
    outcome,
    ...(error === undefined ? {} : { error }),
  });
  return sent;
}

/** A write whose answer cannot be understood may have taken effect, just as one without an answer. */
export function isLost(error: PlatformError): boolean {
  return error.kind === 'lost' || error.kind === 'malformed';
}

export function changeErrorOf(error: PlatformError): ChangeError {
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(error.logId === undefined ? {} : { logId: error.logId }),
  };
}

async function call(work: EventWork, first: Change, changes: readonly Change[]): Promise<Sent> {
  const { plan, run } = work;
  const writer = run.options.writerOf(plan.provider);
  const ref = refOf(plan);
  const options: WriteOptions = { notify: plan.notify, key: keyOf(work, first, changes) };
  // A batch in flight is always finished: a stop never cuts off a write.
  const { signal } = new AbortController();
  try {
    await writer.edit(ref, editOf(work, first, changes), undefined, options, signal);
    return { ok: true };
  } catch (error) {
    if (error instanceof PlatformError) return { ok: false, error };
    // Whatever went wrong, the call may have been made and taken effect: what came of it is read.
    const { code, message, hint } = internalProblem(error);
    return { ok: false, error: new PlatformError('malformed', code, message, { hint, cause: error }) };
  }
}

/** Changes of one action as one request. */
function editOf(work: EventWork, first: Change, changes: readonly Change[]): Edit {
  if (first.action === 'unbind-chat') return { kind: 'unbind-chat', chatId: first.chatId };
  if (first.action === 'delete-event') return { kind: 'delete-event' };
  return {
    kind: 'attendees',
    remove: changes.flatMap((change) => rowsOf(work, change)),
    add: changes.flatMap((change) => (change.action === 'add' ? [addedBy(change)] : [])),
    set: [],
  };
}

/**
 * The identity of one request: the same while that request is repeated, a new one once the event was read again, so
 * that a platform that remembers requests neither does one twice nor takes a new one for an old one.
 */
function keyOf(work: EventWork, first: Change, changes: readonly Change[]): string {
  const { plan, run, attempt } = work;
  const { runId } = run.options;
  return requestKey([
    runId,
    plan.name,
    plan.calendarId,
    plan.eventId,
    first.action,
    attempt,
    ...changes.map(changeKey),
  ]);
}

/** The rows that a removal names: all those of its identity. */
export function rowsOf(
  work: EventWork,
  change: Change,
): readonly { type: BatchAttendee['type']; id: string; attendeeId?: string }[] {
  if (change.action !== 'remove') return [];
  const rows = work.reading.rows.get(changeKey(change)) ?? [];
  return rows.map(({ type, id, attendeeId }) => ({
    type,
    id,
    ...(attendeeId === undefined ? {} : { attendeeId }),
  }));
}

/** What a journal has to know of a row to bring it back, or to know that it cannot. */
function broughtBack(row: ObservedAttendee | undefined): Pick<BatchAttendee, 'operateId' | 'external'> {
  const foreign = row?.external === true && (row.type === 'user' || row.type === 'chat');
  return {
    ...(row?.operateId === undefined ? {} : { operateId: row.operateId }),
    ...(foreign ? { external: true } : {}),
  };
}

function addedBy({ attendee, operateId }: Change & { readonly action: 'add' }): AddedAttendee {
  return operateId === undefined ? attendee : { ...attendee, operateId };
}

function batchRows(work: EventWork, change: Change): BatchAttendee[] {
  if (change.action !== 'remove' && change.action !== 'add') return [];
  const { name, optional, type, id } = change.attendee;
  const named = { ...(name === undefined ? {} : { name }), optional };
  if (change.action === 'remove') {
    const rows = work.reading.rows.get(changeKey(change)) ?? [];
    return rowsOf(work, change).map((row, index) => ({ ...row, ...named, ...broughtBack(rows[index]) }));
  }
  const operateId = type === 'room' ? (change.operateId ?? work.plan.roomContact) : undefined;
  return [{ type, id, ...named, ...(operateId === undefined ? {} : { operateId }) }];
}

function batchEventOf(plan: EventPlan): BatchEvent {
  const { name, provider, calendarId, eventId, organizer, userIdType, admin } = plan;
  return {
    name,
    provider,
    calendarId,
    eventId,
    ...(organizer === undefined ? {} : { organizer }),
    ...(userIdType === undefined ? {} : { userIdType }),
    ...(admin === undefined ? {} : { admin }),
  };
}
