import { flagOf, listOf, objectOf, textOf, type Json, switchOf } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import {
  eventOf,
  isOrganizer,
  liveContent,
  userIdTypeOf,
  writableCalendar,
  readableCalendar,
  requireBot,
} from './access.ts';
import { FeishuRefusal, overCap, success } from './answer.ts';
import { identityOf, occurrenceOf } from './delete-attendees.ts';
import { listedRows } from './leavers.ts';
import { reached } from './occurrence.ts';
import { pageOf, type PageTerms } from './page.ts';
import { hasLeft, shownIdType, type FeishuPerson, type UserIdType } from './people.ts';
import { attendeeId, rowKey, rowView, type FeishuRow } from './row.ts';
import { feishuOf, type FeishuEvent } from './world.ts';

const terms: PageTerms = { least: 10, usual: 20, most: 100, badToken: 190002, expired: 190008 };

/**
 * A page of an event's attendees, removed ones included: 10 to 100, 20 unless asked for otherwise.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event-attendee/list-2
 */
export function listAttendees(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  switchOf(call.query, 'need_resource_customization', false);
  requireBot(caller);
  const calendar = readableCalendar(call, context);
  const event = eventOf(call, context, calendar);
  const content = event.content.seen(context.now);
  if (content.cancelled) throw new FeishuRefusal(193003);
  if (!isOrganizer(calendar, event, context) && event.ability === 'none') throw new FeishuRefusal(194001);
  const { items, more } = pageOf(listedRows(content.rows, context), call, context, terms, event.key);
  return success({
    items: items.map((row) => rowView(row, type, context, caller)),
    ...more,
  });
}

/** Attendees a call, rooms among them, and attendees an event. */
const caps = { perCall: 1000, roomsPerCall: 100, perEvent: 3000 };

/** An entry of the call, brought to the form of a row. */
type Invited = Pick<FeishuRow, 'type' | 'ids' | 'id' | 'name' | 'optional' | 'external' | 'operator'>;

/**
 * Adds attendees; rooms are booked after the answer.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event-attendee/create
 */
export function createAttendees(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  const body = objectOf(call.body);
  const given = listOf(body, 'attendees').map((item) => objectOf(item, 'attendees'));
  const admin = flagOf(body, 'is_enable_admin', false);
  const occurrence = textOf(body, 'instance_start_time_admin');
  const withOperator = flagOf(body, 'add_operator_to_attendee', true);
  flagOf(body, 'need_notification', true);
  checkCall(given, context);
  const calendar = writableCalendar(call, context, caller);
  const series = eventOf(call, context, calendar);
  liveContent(series);
  if (!admin && !isOrganizer(calendar, series, context) && !mayInvite(series))
    throw new FeishuRefusal(194002);
  const event =
    admin && occurrence !== undefined ? occurrenceOf(calendar, series, occurrence, context) : series;
  const entries = given.flatMap((entry) => invitedBy(entry, type, withOperator && !admin, caller, context));
  const wanted = admin ? entries.filter((entry) => entry.type === 'resource') : entries;
  const [rows = []] = reached(calendar, event, context.behaviour).map((one) => invite(one, wanted, context));
  const keys = new Set(wanted.map(rowKey));
  const answered = rows.filter(
    (row) => row.rsvp !== 'removed' && (context.behaviour.createAnswers === 'all' || keys.has(rowKey(row))),
  );
  return success({ attendees: answered.map((row) => rowView(row, type, context, caller)) });
}

function mayInvite(event: FeishuEvent): boolean {
  return event.ability === 'can_invite_others' || event.ability === 'can_modify_event';
}

function checkCall(given: readonly Json[], context: Context): void {
  const rooms = given.filter((entry) => entry['type'] === 'resource').length;
  if (given.length > caps.perCall) throw overCap(context, `at most ${String(caps.perCall)} attendees a call`);
  if (rooms > caps.roomsPerCall) throw overCap(context, `at most ${String(caps.roomsPerCall)} rooms a call`);
  if (given.length === 0 && context.behaviour.emptyBatch === 'refused') {
    throw new FeishuRefusal(190002, 'attendees is empty');
  }
}

function invitedBy(
  entry: Json,
  idType: UserIdType,
  withOperator: boolean,
  caller: Caller,
  context: Context,
): readonly Invited[] {
  const { type, id } = identityOf(entry);
  const optional = flagOf(entry, 'is_optional', false);
  if (type === 'user') return [userRow(personOf(id, idType, context), optional)];
  if (type === 'chat') return [{ ...blank, type, id, name: id, optional }];
  if (type === 'third_party') {
    const person =
      context.behaviour.tenantEmail === 'user' ? feishuOf(context.world).people.withEmail(id) : undefined;
    if (person !== undefined) return [userRow(person, optional)];
    return [{ ...blank, type, id, name: id, optional, external: true }];
  }
  const contact = textOf(entry, 'operate_id');
  if (contact === undefined) {
    if (caller.app && context.behaviour.roomContact === 'required') {
      throw new FeishuRefusal(190002, 'operate_id is missing');
    }
    return [{ ...blank, type, id, name: id, optional: false }];
  }
  const operator = personOf(contact, idType, context);
  const room: Invited = { ...blank, type, id, name: id, optional: false, operator: operator.ids };
  return withOperator ? [room, userRow(operator, false)] : [room];
}

const blank = { ids: null, external: false, operator: null };

function userRow(person: FeishuPerson, optional: boolean): Invited {
  const { ids, external, name } = person;
  return {
    type: 'user',
    id: ids.open_id,
    ids,
    name: name ?? ids.open_id,
    optional,
    external,
    operator: null,
  };
}

function personOf(id: string, type: UserIdType, context: Context): FeishuPerson {
  const { person, known } = feishuOf(context.world).people.find(type, id);
  const foreign = shownIdType(id) !== type;
  if (!known && (foreign || context.behaviour.unknownUser === 'refused')) {
    throw type === 'open_id'
      ? new FeishuRefusal(99992351, id)
      : new FeishuRefusal(190002, `no ${type} ${id}`);
  }
  if (hasLeft(person, context.now) || (person.external && context.behaviour.addExternal === 'refused')) {
    throw new FeishuRefusal(195100);
  }
  return person;
}

function invite(event: FeishuEvent, invited: readonly Invited[], context: Context): readonly FeishuRow[] {
  const content = liveContent(event);
  const rows = [...content.rows];
  const places = new Map<string, number[]>();
  rows.forEach((row, index) => places.set(rowKey(row), [...(places.get(rowKey(row)) ?? []), index]));
  for (const entry of invited) {
    const own = places.get(rowKey(entry)) ?? [];
    const { at, row } = placed(event.key, rows, own, entry, context);
    rows[at] = row;
    if (!own.includes(at)) places.set(rowKey(entry), [...own, at]);
  }
  const live = rows.filter((row) => row.rsvp !== 'removed').length;
  if (live > caps.perEvent) throw overCap(context, `at most ${String(caps.perEvent)} attendees an event`);
  if (rows.some((row, index) => row !== content.rows[index])) {
    context.world.commit(event, { ...content, rows }, context.now);
  }
  return rows;
}

/** Where an invited attendee stands in the list, and its row; `own` are the rows it has there already. */
function placed(
  eventKey: string,
  rows: readonly FeishuRow[],
  own: readonly number[],
  entry: Invited,
  context: Context,
): { readonly at: number; readonly row: FeishuRow } {
  for (const at of own) {
    const row = rows[at];
    if (row !== undefined && row.rsvp !== 'removed') return { at, row: invitedAgain(row, entry, context) };
  }
  const [at] = own;
  if (at !== undefined && context.behaviour.readdRemoved === 'revives') {
    return { at, row: newRow(eventKey, entry, 0, context, rows[at]) };
  }
  return { at: rows.length, row: newRow(eventKey, entry, own.length, context) };
}

function invitedAgain(row: FeishuRow, entry: Invited, context: Context): FeishuRow {
  const { duplicateAdd } = context.behaviour;
  if (duplicateAdd === 'refused') throw new FeishuRefusal(190002, 'the attendee is there already');
  const updates = duplicateAdd === 'updates' && row.type !== 'resource' && row.optional !== entry.optional;
  return updates ? { ...row, optional: entry.optional } : row;
}

function newRow(
  eventKey: string,
  entry: Invited,
  nth: number,
  context: Context,
  before?: FeishuRow,
): FeishuRow {
  const { roomBooking, bookingTime } = context.behaviour;
  const books = entry.type === 'resource' && roomBooking !== 'pending';
  return {
    ...entry,
    attendeeId: before?.attendeeId ?? attendeeId(eventKey, entry.type, entry.id, nth),
    name: before?.name ?? entry.name,
    organizer: false,
    rsvp: 'needs_action',
    booking: books ? { result: roomBooking, at: context.now + bookingTime } : null,
  };
}
