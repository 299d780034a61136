import { countOf, type Json } from '../body.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { seatOf, type Seat } from './access.ts';
import { found, GoogleRefusal } from './answer.ts';
import { instant, later, momentSeconds, occurrenceId, occurrenceOf, occursAt } from './moments.ts';
import { folded, profileId } from './people.ts';
import { googleOf, ruleIn, finishPending, timeIn } from './world.ts';
import type { GoogleCalendar, GoogleContent, GoogleEvent, GoogleRow } from './world.ts';

/** An event, or an occurrence of a series that nobody changed: then `original` is when that starts, in Unix seconds. */
export interface Found {
  readonly event: GoogleEvent;
  readonly original: number | null;
}

/** The event of the path, deleted or not, on this calendar: its own, or one that its user is invited to. */
export function eventOf(call: Call, { calendar }: Seat, context: Context): Found {
  const id = param(call, 'eventId');
  const event = eventOn(calendar, id, context);
  if (event !== undefined) return { event, original: null };
  const { series, original } = occurrenceOf(id) ?? { series: '', original: 0 };
  const master = eventOn(calendar, series, context);
  if (master === undefined || master.occurrence !== null) throw new GoogleRefusal('notFound');
  const { live } = master.content;
  const start = timeIn(live, 'start');
  const isOne = occurrenceId(series, original, start) === id && occursAt(ruleIn(live), start, original);
  if (ruleIn(live) === '' || !isOne) throw new GoogleRefusal('notFound');
  return { event: master, original };
}

function eventOn(calendar: GoogleCalendar, id: string, context: Context): GoogleEvent | undefined {
  const event = calendar.events.get(id) ?? invitation(calendar, id, context);
  if (event !== undefined) finishPending(event, context);
  return event;
}

function invitation(calendar: GoogleCalendar, id: string, { world }: Context): GoogleEvent | undefined {
  const google = googleOf(world);
  if (calendar.owner !== calendar.id) return undefined;
  for (const { events } of google.calendars.values()) {
    const event = events.get(id);
    if (event !== undefined && google.isGuest(calendar.id, event)) return event;
  }
  return undefined;
}

/** All events of a calendar, those that its user is invited to among them. */
export function eventsOn(calendar: GoogleCalendar, context: Context): readonly GoogleEvent[] {
  const google = googleOf(context.world);
  const own = [...calendar.events.values()];
  const others =
    calendar.owner === calendar.id
      ? [...google.calendars.values()]
          .filter((other) => other !== calendar)
          .flatMap(({ events }) => [...events.values()])
          .filter((event) => !calendar.events.has(event.id) && google.isGuest(calendar.id, event))
      : [];
  const events = [...own, ...others];
  for (const event of events) finishPending(event, context);
  return events;
}

/** Whether what is asked is the organizer's calendar: only there shared fields are changed, and everybody is seen. */
export function organizes(calendar: GoogleCalendar, { organizer }: GoogleEvent, context: Context): boolean {
  return googleOf(context.world).people.resolve(organizer) === calendar.id;
}

/** What two readings of an event have in common exactly when nothing changed between them. */
export function etagOf(content: GoogleContent): string {
  return `"${3_400_000_000_000_000 + content.version * 2000}"`;
}

/** https://developers.google.com/workspace/calendar/api/v3/reference/events/get */
export function getEvent(call: Call, context: Context, caller: Caller): Answer {
  const seat = seatOf(call, context, caller);
  const one = eventOf(call, seat, context);
  return found(call, eventView(one, one.event.content.seen(context.now), seat, mostOf(call), context));
}

/** How many attendees a call asks for at most. */
export function mostOf({ query }: Call): number {
  const most = countOf(query, 'maxAttendees', Number.MAX_SAFE_INTEGER);
  if (most < 1) throw new GoogleRefusal('invalid', 'Invalid Value', { parameter: 'maxAttendees' });
  return most;
}

/** An event as a calendar has it, with its attendees where there are at most so many. */
export function eventView(
  { event, original }: Found,
  content: GoogleContent,
  { calendar, role }: Seat,
  most: number,
  context: Context,
): Json {
  const { people } = googleOf(context.world);
  const start = timeIn(content, 'start');
  const shift = original === null ? 0 : original - momentSeconds(start);
  const id = original === null ? event.id : occurrenceId(event.id, original, start);
  const series = event.occurrence?.series ?? (original === null ? undefined : event.id);
  const head = {
    kind: 'calendar#event',
    etag: etagOf(content),
    id,
    status: content.cancelled ? 'cancelled' : 'confirmed',
  };
  const occurrence =
    series === undefined
      ? {}
      : { recurringEventId: series, originalStartTime: event.occurrence?.start ?? later(start, shift) };
  if (event.occurrence !== null && content.cancelled) return { ...head, ...occurrence };
  const { recurrence, ...fields } = content.fields;
  const times = { start: later(start, shift), end: later(timeIn(content, 'end'), shift) };
  if (role === 'freeBusyReader') return { ...head, visibility: 'private', ...times, ...occurrence };
  const organizer = { email: event.organizer, ...named(people.user(event.organizer)?.name ?? null) };
  return {
    ...head,
    htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${id} ${calendar.id}`).toString('base64url')}`,
    created: instant(0),
    updated: new Date(content.updated).toISOString(),
    creator: { email: event.organizer },
    organizer: { ...organizer, ...(organizes(calendar, event, context) ? { self: true } : {}) },
    reminders: { useDefault: true },
    eventType: 'default',
    ...fields,
    ...times,
    ...(recurrence === undefined || original !== null ? {} : { recurrence }),
    ...occurrence,
    iCalUID: event.iCalUID,
    ...attendeesOf(event, content, calendar, most, context),
  };
}

function attendeesOf(
  event: GoogleEvent,
  content: GoogleContent,
  calendar: GoogleCalendar,
  most: number,
  context: Context,
): Json {
  const isOwn = (row: GoogleRow): boolean => isSelf(row, calendar, context);
  const views = (rows: readonly GoogleRow[]): Json =>
    rows.length === 0 ? {} : { attendees: rows.map((row) => rowView(row, event, calendar, context)) };
  const { rows, fields } = content;
  if (fields['guestsCanSeeOtherGuests'] === false && !organizes(calendar, event, context)) {
    const marked = context.behaviour.hiddenGuests === 'marked' && rows.length > 1;
    return { ...views(rows.filter(isOwn)), ...(marked ? { attendeesOmitted: true } : {}) };
  }
  if (rows.length <= most) return views(rows);
  return { ...views(rows.filter(isOwn)), attendeesOmitted: true };
}

/** Whether a row is of the calendar that is asked. */
function isSelf({ email }: GoogleRow, calendar: GoogleCalendar, { world }: Context): boolean {
  return googleOf(world).people.resolve(email) === calendar.id;
}

/** A row as it is answered: what is not so is left out. */
function rowView(row: GoogleRow, event: GoogleEvent, calendar: GoogleCalendar, context: Context): Json {
  const { people } = googleOf(context.world);
  const { addressCase, aliasListed } = context.behaviour;
  const address = people.resolve(row.email);
  const isAlias = address !== folded(row.email);
  const listed = isAlias && aliasListed === 'primary' ? (people.user(address)?.email ?? address) : row.email;
  const isUser = people.user(address) !== undefined;
  return {
    ...(isUser ? { id: profileId(address) } : {}),
    email: addressCase === 'lowered' ? folded(listed) : listed,
    ...named(row.name),
    ...(address === people.resolve(event.organizer) ? { organizer: true } : {}),
    ...(isSelf(row, calendar, context) ? { self: true } : {}),
    ...(row.resource ? { resource: true } : {}),
    ...(row.optional ? { optional: true } : {}),
    responseStatus: row.reply,
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(row.additionalGuests === 0 ? {} : { additionalGuests: row.additionalGuests }),
    ...(row.pending !== null && !row.resource ? { asyncOperation: 'inProgress' } : {}),
  };
}

function named(name: string | null): { readonly displayName?: string } {
  return name === null ? {} : { displayName: name };
}
