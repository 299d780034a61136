import { randomBytes } from 'node:crypto';

import { objectOf, textOf, type Json } from '../body.ts';
import { type Answer, type Call, type Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { Lagged } from '../world.ts';
import { isBare, actingOf, writableSeat, type Seat } from './access.ts';
import { found, gone, GoogleRefusal } from './answer.ts';
import { fieldsAfter, hasMoved } from './body.ts';
import { etagOf, eventOf, eventView, mostOf, organizes, type Found } from './event.ts';
import { answeredAs, guestRows } from './guest.ts';
import { later, momentSeconds, occurrenceId } from './moments.ts';
import { replaced, sentRows } from './rows.ts';
import { checkMatch, countInvited, sendUpdatesOf, tell } from './tell.ts';
import { commit, googleOf, timeIn, type GoogleContent, type GoogleEvent, type GoogleRow } from './world.ts';

type Change = Pick<GoogleContent, 'rows' | 'fields' | 'cancelled'>;

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/patch */
export function patchEvent(call: Call, context: Context, caller: Caller): Answer {
  return changed('patch', call, context, caller);
}

/** The body is the whole event. https://developers.google.com/workspace/calendar/api/v3/reference/events/update */
export function updateEvent(call: Call, context: Context, caller: Caller): Answer {
  return changed('update', call, context, caller);
}

function changed(mode: 'patch' | 'update', call: Call, context: Context, caller: Caller): Answer {
  const seat = writableSeat(call, context, caller);
  sendUpdatesOf(call);
  const one = eventOf(call, seat, context);
  const content = one.event.content.live;
  checkMatch(call, etagOf(content));
  const body = objectOf(call.body);
  if (content.cancelled && body['status'] !== 'confirmed') throw new GoogleRefusal('deleted');
  const shared = organizes(seat.calendar, one.event, context) || content.fields['guestsCanModify'] === true;
  if (!shared || body['attendeesOmitted'] === true) {
    const rows = shared
      ? answeredAs(seat, one.event, body, context)
      : guestRows(seat, one.event, body, context);
    const target = effect(one, { ...content, rows }, call, context, context.behaviour.replyEtag === 'moves');
    return answered(target, seat, call, context);
  }
  const change = changeOf(mode, one, body, context, caller);
  return answered(effect(one, change, call, context, true), seat, call, context);
}

function changeOf(
  mode: 'patch' | 'update',
  { event, original }: Found,
  body: Json,
  context: Context,
  caller: Caller,
): Change {
  const content = event.content.live;
  if (content.fields['locked'] === true) throw new GoogleRefusal('forbidden');
  if (body['recurrence'] !== undefined && (original !== null || event.occurrence !== null)) {
    throw new GoogleRefusal('invalid', 'Recurring event instances cannot have recurrence rules.');
  }
  const based = original === null ? content : { ...content, fields: occurrenceFields(content, original) };
  const fields = fieldsAfter(based, body, mode);
  const list = body['attendees'] ?? (mode === 'update' ? [] : undefined);
  const rows = list === undefined ? content.rows : rowsOf(event, list, context, caller);
  const moved = hasMoved(based, { ...based, fields });
  return {
    rows: moved ? askedAgain(event, rows, context) : rows,
    fields,
    cancelled: body['status'] === undefined ? content.cancelled : body['status'] === 'cancelled',
  };
}

function rowsOf(event: GoogleEvent, list: unknown, context: Context, caller: Caller): readonly GoogleRow[] {
  const sent = sentRows(list);
  const { fields, rows: before } = event.content.live;
  if (sent.length > 0 && isBare(actingOf(caller, context))) {
    throw new GoogleRefusal('forbiddenForServiceAccounts');
  }
  if (sent.length > 0 && (fields['eventType'] ?? 'default') !== 'default') {
    throw new GoogleRefusal('eventTypeRestriction');
  }
  const rows = replaced(event, sent, context);
  countInvited(before, rows, context, caller);
  return rows;
}

/** An event that was moved asks everybody but its organizer again. */
function askedAgain(
  { organizer }: GoogleEvent,
  rows: readonly GoogleRow[],
  { world }: Context,
): readonly GoogleRow[] {
  const { people } = googleOf(world);
  return rows.map((row) =>
    people.resolve(row.email) === people.resolve(organizer) ? row : { ...row, reply: 'needsAction' },
  );
}

/** Applies a change to an event, or to the occurrence it names. Setting what is already set is not a change. */
function effect(one: Found, change: Change, call: Call, context: Context, moves: boolean): Found {
  const content = one.event.content.live;
  const fields = one.original === null ? content.fields : occurrenceFields(content, one.original);
  const before = { rows: content.rows, fields, cancelled: content.cancelled };
  const { rows, fields: next, cancelled } = change;
  if (JSON.stringify(before) === JSON.stringify({ rows, fields: next, cancelled })) return one;
  const event = one.original === null ? one.event : exceptionOf(one.event, one.original, context);
  const moved = hasMoved({ ...content, fields }, { ...content, fields: next });
  commit(context.world, event, { rows, fields: next, cancelled }, context.now, moves);
  tell(event, content.rows, event.content.live, moved, call, context);
  if (context.behaviour.seriesWrites === 'all') spreadOut(event, content.rows, rows, context);
  return { event, original: null };
}

/** An occurrence that was as its series has it becomes an event of its own. */
function exceptionOf(series: GoogleEvent, original: number, context: Context): GoogleEvent {
  const content = series.content.live;
  const start = timeIn(content, 'start');
  const id = occurrenceId(series.id, original, start);
  const made: GoogleEvent = {
    ...series,
    key: `google ${series.calendar} ${id}`,
    id,
    occurrence: { series: series.id, original, start: later(start, original - momentSeconds(start)) },
    made: true,
    content: new Lagged<GoogleContent>({ ...content, fields: occurrenceFields(content, original) }),
  };
  googleOf(context.world).calendars.get(series.calendar)?.events.set(id, made);
  return made;
}

function occurrenceFields(content: GoogleContent, original: number): Json {
  const { recurrence: _, ...fields } = content.fields;
  const start = timeIn(content, 'start');
  const shift = original - momentSeconds(start);
  return { ...fields, start: later(start, shift), end: later(timeIn(content, 'end'), shift) };
}

/** Who came to a series and who went does so on its changed occurrences too. */
function spreadOut(
  series: GoogleEvent,
  before: readonly GoogleRow[],
  after: readonly GoogleRow[],
  context: Context,
): void {
  const google = googleOf(context.world);
  const address = ({ email }: GoogleRow): string => google.people.resolve(email);
  const [were, are] = [new Set(before.map(address)), new Set(after.map(address))];
  for (const event of google.exceptionsOf(series)) {
    const { rows, cancelled } = event.content.live;
    const there = new Set(rows.map(address));
    const stay = rows.filter((row) => are.has(address(row)) || !were.has(address(row)));
    const come = after.filter((row) => !were.has(address(row)) && !there.has(address(row)));
    if (!cancelled && (stay.length < rows.length || come.length > 0)) {
      commit(context.world, event, { rows: [...stay, ...come] }, context.now);
    }
  }
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/insert */
export function insertEvent(call: Call, context: Context, caller: Caller): Answer {
  const seat = writableSeat(call, context, caller);
  sendUpdatesOf(call);
  const body = objectOf(call.body);
  const id = textOf(body, 'id') ?? randomBytes(13).toString('hex');
  if (!/^[a-v0-9]{5,1024}$/.test(id)) throw new GoogleRefusal('invalid', 'Invalid resource id value.');
  const { calendar } = seat;
  if (calendar.events.has(id)) throw new GoogleRefusal('duplicate');
  const empty: GoogleContent = { rows: [], cancelled: false, version: 0, updated: 0, fields: {} };
  const event: GoogleEvent = {
    key: `google ${calendar.id} ${id}`,
    id,
    organizer: calendar.id,
    calendar: calendar.id,
    iCalUID: textOf(body, 'iCalUID') ?? `${id}@google.com`,
    occurrence: null,
    made: true,
    content: new Lagged<GoogleContent>(empty),
  };
  const one = { event, original: null };
  const change = changeOf('update', one, body, context, caller);
  calendar.events.set(id, event);
  return answered(
    effect(one, { ...change, fields: { ...change.fields, sequence: 0 } }, call, context, true),
    seat,
    call,
    context,
  );
}

function answered(one: Found, seat: Seat, call: Call, context: Context): Answer {
  return found(call, eventView(one, one.event.content.live, seat, mostOf(call), context));
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/delete */
export function deleteEvent(call: Call, context: Context, caller: Caller): Answer {
  const seat = writableSeat(call, context, caller);
  sendUpdatesOf(call);
  const one = eventOf(call, seat, context);
  const { event } = one;
  const content = event.content.live;
  checkMatch(call, etagOf(content));
  if (content.cancelled) throw new GoogleRefusal('deleted');
  if (!organizes(seat.calendar, event, context)) {
    const rows = answeredAs(
      seat,
      event,
      { attendees: [{ email: seat.calendar.id, responseStatus: 'declined' }] },
      context,
    );
    effect(one, { ...content, rows }, call, context, context.behaviour.replyEtag === 'moves');
    return gone();
  }
  const fields = one.original === null ? content.fields : occurrenceFields(content, one.original);
  effect(one, { rows: content.rows, fields, cancelled: true }, call, context, true);
  if (one.original !== null) return gone();
  for (const exception of googleOf(context.world).exceptionsOf(event)) {
    if (!exception.content.live.cancelled) commit(context.world, exception, { cancelled: true }, context.now);
  }
  return gone();
}
