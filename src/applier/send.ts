import { requestKey } from '../diff/digest.ts';
import { editOf, rowsOf } from '../diff/edits.ts';
import { isForeign } from '../diff/exempt.ts';
import { identityOf, isAddressed, type ObservedAttendee } from '../model/attendee.ts';
import { internalProblem } from '../model/diagnostic.ts';
import type { Edit } from '../model/edit.ts';
import { type Observed, refOf } from '../model/event.ts';
import { given } from '../model/given.ts';
import { type Action, type Change, type EventPlan, changeKey } from '../model/plan.ts';
import type { BatchAttendee, BatchEvent, ChangeError } from '../model/result.ts';
import { PlatformError, type WriteOptions } from '../providers/provider.ts';
import { undoneIn } from './answered.ts';
import { type Stops, neverStops, platformOf } from './run.ts';
import type { Work } from './work.ts';

/** How one call ended. */
export type Sent =
  | { readonly kind: 'taken'; readonly answer: Observed | null }
  | { readonly kind: 'refused'; readonly error: PlatformError }
  /** A stop came while it waited to be sent, for the first time or once more after it was not taken. */
  | { readonly kind: 'stopped' }
  /** The lease of the event was lost before it was sent. */
  | { readonly kind: 'held' };

/**
 * Sends one edit: tells of it, waits until that was taken note of, makes the call, tells the end. What one request does
 * is told action by action, so that a journal says the same whatever the platform's style.
 */
export async function send(work: Work, changes: readonly Change[], stops: Stops): Promise<Sent> {
  const { run, plan, ledger, sight } = work;
  if (!work.lease.mayStart()) return { kind: 'held' };
  const batches = new Map<Action, number>();
  for (const action of actions) {
    const named = changes.filter((change) => change.action === action);
    const [first] = named;
    if (first === undefined) continue;
    // Other events tell of theirs meanwhile: a number is taken only when its line is next.
    const batch = run.nextBatch();
    batches.set(action, batch);
    await run.emit({
      kind: 'batch-started',
      event: batchEventOf(plan),
      action,
      batch,
      notify: plan.notify,
      attendees: named.flatMap((change) => batchRows(work, change)),
      ...(first.action === 'unbind-chat' ? { chatId: first.chatId } : {}),
      source: ('attendee' in first ? undefined : first.source) ?? plan.source,
    });
  }
  const edit = editOf(changes, sight.reading, platformOf(plan).writes);
  const options = { notify: plan.notify, key: identityOfRequest(work, changes) };
  const sent = await call(work, edit, options, stops);
  const undone = sent.kind === 'taken' ? undoneIn(changes, sent.answer) : null;
  const ends = [...batches].map(([action, batch]) => {
    const named = changes.filter((change) => change.action === action);
    const isUndone = undone !== null && named.every((change) => undone.changes.includes(change));
    const listed = named[0]?.action === 'add' ? undone?.listed : undefined;
    return {
      batch,
      named,
      end: isUndone ? ({ outcome: 'failed', error: undone.error } as const) : endOf(sent),
      ...given({ listed }),
    };
  });
  if (sent.kind === 'taken' || sent.kind === 'refused') {
    sight.wrote();
    for (const { named, end } of ends) {
      ledger.tell(named, end.outcome);
      ledger.mark(named, end.outcome, end.error);
    }
    if (undone !== null) ledger.mark(undone.changes, 'failed', undone.error);
  }
  for (const { batch, end, listed } of ends) {
    await run.emit({ kind: 'batch-done', name: plan.name, batch, ...end, ...given({ listed }) });
  }
  return sent;
}

/** People with the replies that they are given back. */
export type Lost = NonNullable<(Observed & { readonly complete: true })['lost']>;

/** Gives people back their replies, by one edit that is journalled like all others. It is not stopped, and nobody is notified. */
export async function sendReplies(work: Work, lost: Lost): Promise<Sent> {
  const { run, plan, sight } = work;
  const batch = run.nextBatch();
  const attendees = lost.map(({ type, id, name, optional, reply }) => ({
    type,
    id,
    ...given({ name }),
    optional,
    reply,
  }));
  await run.emit({
    kind: 'batch-started',
    event: batchEventOf(plan),
    action: 'reply',
    batch,
    notify: false,
    attendees,
  });
  const edit = { kind: 'attendees', remove: [], add: [], set: [], replies: lost } as const;
  const key = keyOf(work, ['reply', ...lost.map(identityOf)]);
  const sent = await call(work, edit, { notify: false, key }, neverStops);
  sight.wrote();
  await run.emit({ kind: 'batch-done', name: plan.name, batch, ...endOf(sent) });
  return sent;
}

const actions: readonly Action[] = ['remove', 'add', 'unbind-chat', 'delete-event'];

const stoppedError: ChangeError = {
  code: 'stopped',
  message: 'the run was stopped before this was sent',
  hint: 'Run it again to continue.',
};

const heldError: ChangeError = {
  code: 'held',
  message: 'the lease on the event was lost before this was sent',
  hint: 'Plan again.',
};

function endOf(sent: Sent): {
  readonly outcome: 'done' | 'unknown' | 'failed';
  readonly error?: ChangeError;
} {
  switch (sent.kind) {
    case 'taken':
      return { outcome: 'done' };
    case 'stopped':
      return { outcome: 'failed', error: stoppedError };
    case 'held':
      return { outcome: 'failed', error: heldError };
    case 'refused': {
      // A write whose answer cannot be understood may have taken effect, just as one without an answer.
      const isLost = sent.error.kind === 'lost' || sent.error.kind === 'malformed';
      return { outcome: isLost ? 'unknown' : 'failed', error: changeErrorOf(sent.error) };
    }
  }
}

export function changeErrorOf(error: PlatformError): ChangeError {
  return {
    code: error.code,
    message: error.message,
    ...given({ hint: error.hint, logId: error.logId }),
  };
}

async function call(
  { plan, writer, sight, lease }: Work,
  edit: Edit,
  asked: Pick<WriteOptions, 'notify' | 'key'>,
  { signal }: Stops,
): Promise<Sent> {
  const options: WriteOptions = { ...asked, mayStart: () => lease.mayStart() };
  try {
    // A stop ends what waits. It never cuts off a write: what was sent is finished.
    const answer = await writer.edit(refOf(plan), edit, sight.reading.basis, options, signal);
    if (edit.kind === 'attendees') sight.rebase(answer);
    return { kind: 'taken', answer };
  } catch (error) {
    if (error instanceof PlatformError) {
      return error.kind === 'held' ? { kind: 'held' } : { kind: 'refused', error };
    }
    if (signal.aborted && error === signal.reason) return { kind: 'stopped' };
    // Whatever went wrong, the call may have been made and taken effect: what came of it is read.
    const { code, message, hint } = internalProblem(error);
    return {
      kind: 'refused',
      error: new PlatformError('malformed', code, message, { hint, cause: error }),
    };
  }
}

/**
 * The identity of one request: the same while that request is repeated, a new one once the event was read again, so
 * that a platform that remembers requests neither does one twice nor takes a new one for an old one.
 */
function identityOfRequest(work: Work, changes: readonly Change[]): string {
  return keyOf(work, [changes[0]?.action ?? '', ...changes.map(changeKey)]);
}

function keyOf({ plan, run, sight }: Work, [action, ...keys]: readonly string[]): string {
  const { name, calendarId, eventId } = plan;
  const { runId } = run.options;
  return requestKey([runId, name, calendarId, eventId, action ?? '', sight.adopted, ...keys]);
}

function batchRows({ plan, sight }: Work, change: Change): BatchAttendee[] {
  if (change.action !== 'remove' && change.action !== 'add') return [];
  const { name, optional, type, id } = change.attendee;
  const { source = plan.source } = change;
  const isElsewhere = source.file !== plan.source.file || source.line !== plan.source.line;
  const named = { ...given({ name }), ...(isElsewhere ? { source } : {}), optional };
  if (change.action === 'remove') {
    const rows = sight.reading.rows.get(changeKey(change)) ?? [];
    return rowsOf(change, sight.reading).map((row, index) => ({
      ...row,
      // A group is listed like a person: what is told of it is what the plan calls it.
      type,
      ...named,
      ...broughtBack(plan, rows[index]),
    }));
  }
  const operateId = type === 'room' ? (change.operateId ?? plan.roomContact) : undefined;
  return [{ type, id, ...named, ...given({ operateId }) }];
}

/** What a journal has to know of a row to bring it back, or to know that it cannot. */
function broughtBack(
  { provider }: EventPlan,
  row: ObservedAttendee | undefined,
): Pick<BatchAttendee, 'operateId' | 'external'> {
  if (row === undefined) return {};
  // An address brings anybody back.
  const lost = !isAddressed(row) && isForeign(provider, row);
  return { ...given({ operateId: row.operateId }), ...(lost ? { external: true } : {}) };
}

function batchEventOf(plan: EventPlan): BatchEvent {
  const { name, provider, calendarId, eventId, organizer, userIdType, admin } = plan;
  return {
    name,
    provider,
    calendarId,
    eventId,
    ...given({ organizer, userIdType, admin }),
  };
}
