import { countOf, flagOf, listOf, objectOf, textOf, WrongField, type Json } from '../body.ts';
import { pageStart, pageToken } from '../pages.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import { DingtalkRefusal, done, found } from './answer.ts';
import { eventOf, listedRows, liveContent, rowView } from './event.ts';
import { hasLeft } from './people.ts';
import { dingtalkOf, type DingtalkEvent, type DingtalkRow } from './world.ts';

/** Attendees a call, and attendees an event. */
const caps = { perCall: 500, perEvent: 5000 };

/**
 * A page of an event's attendees: 1 to 500, 100 unless asked for otherwise.
 * https://open.dingtalk.com/document/development/query-event-participants
 */
export function listAttendees(call: Call, context: Context): Answer {
  const size = countOf(call.query, 'maxResults', 100);
  if (size < 1 || size > 500) throw new DingtalkRefusal('invalidParameter.maxResults');
  const event = eventOf(call, context, 'invalidParameter.event.calendarId');
  const content = event.content.seen(context.now);
  if (content.cancelled) throw new DingtalkRefusal('itemNotFound');
  const given = call.query.get('nextToken') ?? '';
  const start = pageStart(
    given === '0' ? '' : given,
    event.key,
    context.now,
    context.behaviour.pageTokenLifetime,
  );
  if ('problem' in start) throw new DingtalkRefusal('invalidParameter', 'nextToken is not valid');
  const rows = listedRows(event, content, context);
  const end = start.offset + size;
  const user = param(call, 'userId');
  return found({
    attendees: rows.slice(start.offset, end).map((row) => rowView(row, user)),
    ...(end < rows.length ? { nextToken: pageToken(event.key, end, context.now) } : {}),
  });
}

/**
 * Adds attendees.
 * https://open.dingtalk.com/document/development/add-schedule-participant
 */
export function addAttendees(call: Call, context: Context): Answer {
  const body = objectOf(call.body);
  const given = entriesOf(body, 'attendeesToAdd', context);
  flagOf(body, 'pushNotification', false);
  flagOf(body, 'chatNotification', false);
  const added = given.map((entry) => ({ id: idOf(entry), optional: flagOf(entry, 'isOptional', false) }));
  for (const event of reached(call, context)) {
    const content = liveContent(event);
    const rows = new Map(content.rows.map((row) => [row.id, row]));
    for (const entry of added) rows.set(entry.id, rowFor(entry, rows.get(entry.id), context));
    if (rows.size > caps.perEvent) {
      throw new DingtalkRefusal(
        'invalidParameter',
        `an event has at most ${String(caps.perEvent)} attendees`,
      );
    }
    if (added.length > 0) context.world.commit(event, { ...content, rows: [...rows.values()] }, context.now);
  }
  return done();
}

/**
 * Removes attendees; the answer is empty, there is no result for each.
 * https://help.dingtalk.io/open/development/delete-schedule-participant
 */
export function removeAttendees(call: Call, context: Context): Answer {
  const ids = new Set(entriesOf(objectOf(call.body), 'attendeesToRemove', context).map(idOf));
  const [event, ...others] = reached(call, context);
  const content = liveContent(event);
  const present = new Set(content.rows.map((row) => row.id));
  if (ids.has(event.organizer) && context.behaviour.removeOrganizer === 'refused') {
    throw new DingtalkRefusal('invalidParameter', 'the organizer cannot be removed');
  }
  const unknown = [...ids].filter((id) => !present.has(id));
  if (unknown.length > 0 && context.behaviour.unknownAttendee === 'refused') {
    throw new DingtalkRefusal('invalidParameter', `not an attendee: ${unknown[0] ?? ''}`);
  }
  for (const one of [event, ...others]) {
    const own = one.content.live;
    const rows = own.rows.filter((row) => !ids.has(row.id));
    if (rows.length < own.rows.length) context.world.commit(one, { ...own, rows }, context.now);
  }
  return done();
}

/** The events that a write reaches: what a write to a series or to one occurrence does, the pages do not say. */
function reached(call: Call, context: Context): readonly [DingtalkEvent, ...DingtalkEvent[]] {
  const { seriesWrites, occurrenceWrites } = context.behaviour;
  const event = eventOf(call, context);
  const events = dingtalkOf(context.world).users.get(param(call, 'userId'));
  const series = event.occurrence === null ? event : events?.get(event.occurrence.series);
  if (event.occurrence !== null && occurrenceWrites === 'refused') {
    throw new DingtalkRefusal('invalidParameter', 'eventId is that of one occurrence');
  }
  const target = event.occurrence !== null && occurrenceWrites === 'series' && series ? series : event;
  if (target.recurrence === '' || seriesWrites === 'plain') return [target];
  const changed = [...(events?.values() ?? [])].filter(
    (one) => one.occurrence?.series === target.id && !one.content.live.cancelled,
  );
  return [target, ...changed];
}

function entriesOf(body: Json, field: string, context: Context): readonly Json[] {
  const entries = listOf(body, field).map((item) => objectOf(item, field));
  if (entries.length > caps.perCall) {
    throw new DingtalkRefusal(
      'invalidParameter',
      `attendees batch size too large. Maximum allowed:${String(caps.perCall)}`,
    );
  }
  if (entries.length === 0 && context.behaviour.emptyBatch === 'refused') {
    throw new DingtalkRefusal('invalidParameter', `${field} is empty`);
  }
  return entries;
}

function idOf(entry: Json): string {
  const id = textOf(entry, 'id');
  if (id === undefined) throw new WrongField('id', 'a unionId');
  return id;
}

function rowFor(
  entry: { readonly id: string; readonly optional: boolean },
  present: DingtalkRow | undefined,
  context: Context,
): DingtalkRow {
  const { duplicateAdd, unknownUser } = context.behaviour;
  if (present !== undefined) {
    if (duplicateAdd === 'refused')
      throw new DingtalkRefusal('invalidParameter', 'the attendee is there already');
    return duplicateAdd === 'updates' ? { ...present, optional: entry.optional } : present;
  }
  const person = dingtalkOf(context.world).people.get(entry.id);
  const left = person !== undefined && hasLeft(person, context.now);
  if (left || (person === undefined && unknownUser === 'refused')) {
    throw new DingtalkRefusal('permissionDeny');
  }
  return { id: entry.id, name: person?.name ?? null, optional: entry.optional, reply: 'needsAction' };
}
