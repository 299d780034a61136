import { randomBytes } from 'node:crypto';

import { countOf, switchOf, flagOf, listOf, objectOf, textOf, WrongField, type Json } from '../body.ts';
import type { Moment } from '../moment.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import { partsOf, weekdays } from '../series.ts';
import { DingtalkRefusal, done, found, type DingtalkCode } from './answer.ts';
import { hasLeft } from './people.ts';
import {
  dingtalkOf,
  type DingtalkContent,
  type DingtalkEvent,
  type DingtalkRow,
  dingtalkEvent,
} from './world.ts';

/** The event of the path, deleted or not; `calendarCode` is what another calendar than `primary` answers. */
export function eventOf(
  call: Call,
  context: Context,
  calendarCode: DingtalkCode = 'invalidParameter',
): DingtalkEvent {
  if (param(call, 'calendarId') !== 'primary') throw new DingtalkRefusal(calendarCode);
  const event = dingtalkOf(context.world).users.get(param(call, 'userId'))?.get(param(call, 'eventId'));
  if (event === undefined) throw new DingtalkRefusal('itemNotFound');
  return event;
}

/** The event's content as writes find it; a deleted event is not found. */
export function liveContent(event: DingtalkEvent): DingtalkContent {
  const content = event.content.live;
  if (content.cancelled) throw new DingtalkRefusal('itemNotFound');
  return content;
}

/**
 * One event with up to `maxAttendees` of its attendees: 100 unless asked for otherwise, at most 500.
 * https://open.dingtalk.com/document/development/query-details-about-an-event
 */
export function getEvent(call: Call, context: Context): Answer {
  const most = countOf(call.query, 'maxAttendees', 100);
  if (most < 0 || most > 500) throw new DingtalkRefusal('invalidParameter', 'maxAttendees is at most 500');
  const event = eventOf(call, context);
  const content = event.content.seen(context.now);
  if (content.cancelled && context.behaviour.deletedEvent === 'not-found') {
    throw new DingtalkRefusal('instanceNotExist');
  }
  return found(eventView(event, content, most, param(call, 'userId'), context));
}

/** An event as its user is answered it, with up to so many of its attendees. */
export function eventView(
  event: DingtalkEvent,
  content: DingtalkContent,
  most: number,
  user: string,
  context: Context,
): Readonly<Record<string, unknown>> {
  const rows = listedRows(event, content, context);
  const organizer = content.rows.find((row) => row.id === event.organizer) ?? organizerRow(event);
  const { isOptional: _, ...organizerView } = rowView(organizer, user);
  return {
    id: event.id,
    summary: event.summary,
    description: '',
    status: content.cancelled ? 'cancelled' : 'confirmed',
    start: momentView(event.start),
    end: momentView(event.end),
    isAllDay: 'day' in event.start,
    ...(event.recurrence === '' ? {} : { recurrence: recurrenceView(event.recurrence) }),
    attendees: rows.slice(0, most).map((row) => rowView(row, user)),
    organizer: organizerView,
  };
}

/**
 * Deletes an event.
 * https://open.dingtalk.com/document/development/delete-event
 */
export function deleteEvent(call: Call, context: Context): Answer {
  switchOf(call.query, 'pushNotification', false);
  const event = eventOf(call, context);
  const content = liveContent(event);
  context.world.commit(event, { ...content, cancelled: true }, context.now);
  return done();
}

/**
 * The rows as readers see them: the organizer among them or not, as `organizerListed` says, and those who have left, as
 * `leftAttendees` says.
 */
export function listedRows(
  event: DingtalkEvent,
  content: DingtalkContent,
  context: Context,
): readonly DingtalkRow[] {
  const { organizerListed, leftAttendees } = context.behaviour;
  const rows =
    leftAttendees === 'listed' ? content.rows : content.rows.filter(({ id }) => !isLeaver(id, context));
  if (organizerListed === 'never') return rows.filter((row) => row.id !== event.organizer);
  const missing = !rows.some((row) => row.id === event.organizer);
  return organizerListed === 'always' && missing ? [organizerRow(event), ...rows] : rows;
}

function isLeaver(id: string, { world, now }: Context): boolean {
  const person = dingtalkOf(world).people.get(id);
  return person !== undefined && hasLeft(person, now);
}

function organizerRow(event: DingtalkEvent): DingtalkRow {
  return { id: event.organizer, name: null, optional: false, reply: 'accepted' };
}

/** A row as the platform answers it; the name may be missing. */
export function rowView(row: DingtalkRow, user: string): Readonly<Record<string, unknown>> {
  return {
    id: row.id,
    ...(row.name === null ? {} : { displayName: row.name }),
    responseStatus: row.reply,
    self: row.id === user,
    isOptional: row.optional,
  };
}

function momentView(moment: Moment): object {
  return 'day' in moment ? { date: moment.day } : { dateTime: moment.text, timeZone: moment.timeZone };
}

const patterns: Readonly<Record<string, string>> = {
  DAILY: 'daily',
  WEEKLY: 'weekly',
  MONTHLY: 'absoluteMonthly',
  YEARLY: 'absoluteYearly',
};
const dayNames = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function recurrenceView(rule: string): object {
  const parts = partsOf(rule);
  const days = (parts.get('BYDAY') ?? '').split(',').flatMap((day) => dayNames[weekdays.indexOf(day)] ?? []);
  const count = parts.get('COUNT');
  const until = /^(\d{4})(\d{2})(\d{2})/.exec(parts.get('UNTIL') ?? '')?.slice(1);
  return {
    pattern: {
      type: patterns[parts.get('FREQ') ?? ''] ?? 'weekly',
      interval: Number(parts.get('INTERVAL') ?? 1),
      ...(days.length === 0 ? {} : { daysOfWeek: days.join(',') }),
    },
    range: {
      type: count === undefined ? (until === undefined ? 'noEnd' : 'endDate') : 'numbered',
      ...(count === undefined ? {} : { numberOfOccurrences: Number(count) }),
      ...(until === undefined ? {} : { endDate: `${until.join('-')}T00:00:00Z` }),
    },
  };
}

/**
 * Makes an event of the user of the path. It is there as long as the server is.
 * https://open.dingtalk.com/document/development/create-event
 */
export function createEvent(call: Call, context: Context): Answer {
  const user = param(call, 'userId');
  const events = dingtalkOf(context.world).users.get(user);
  if (events === undefined) throw new DingtalkRefusal('permissionDeny');
  if (param(call, 'calendarId') !== 'primary') throw new DingtalkRefusal('invalidParameter');
  const body = objectOf(call.body);
  const summary = textOf(body, 'summary');
  if (summary === undefined) throw new DingtalkRefusal('invalidParameter', 'summary is missing');
  const attendees = listOf(body, 'attendees')
    .map((one) => objectOf(one, 'attendees'))
    .map((one) => ({ user: textOf(one, 'id') ?? '', optional: flagOf(one, 'isOptional', false) }));
  const event = dingtalkEvent(user, {
    id: randomBytes(12).toString('base64url'),
    summary,
    start: timeOf(body, 'start'),
    end: timeOf(body, 'end'),
    attendees,
  });
  events.set(event.id, event);
  context.world.changed();
  return found(eventView(event, event.content.live, 500, user, context));
}

function timeOf(body: Json, field: string): string {
  const time = objectOf(body[field], field);
  const text = textOf(time, 'dateTime') ?? textOf(time, 'date') ?? '';
  if (Number.isNaN(Date.parse(text))) throw new WrongField(field, 'a time');
  return text;
}
