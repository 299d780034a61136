import { isObject, textOf } from '../../http/json.ts';
import { addressOf, type ObservedAttendee, type Reply } from '../../model/attendee.ts';
import type { EventRef, Observed, EventFacts } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { platforms, seriesOf } from '../../platforms/index.ts';
import type { Client } from '../client.ts';
import type { Judged } from '../judge.ts';
import { type Page, readList } from '../pages.ts';
import { malformed } from '../problem.ts';
import { PlatformError } from '../provider.ts';
import { dataOf, eventPath } from './dialect.ts';

/** A row that is known by its id, as every row that can be removed has to be. */
type Row = ObservedAttendee & { readonly attendeeId: string };

/**
 * What rows are made of. Not of literals: where many of these live while a listing is read, V8 puts all that come after to
 * where things stay, and making them there and clearing them away takes several times as long.
 */
class Listed implements Row {
  readonly type: AttendeeType;
  readonly id: string;
  readonly attendeeId: string;
  declare readonly name?: string;
  readonly optional: boolean;
  readonly organizer: boolean;
  readonly external: boolean;
  readonly reply: Reply;
  declare readonly operateId?: string;

  constructor(of: Told) {
    this.type = of.type;
    this.id = of.id;
    this.attendeeId = of.attendeeId;
    if (of.name !== undefined) this.name = of.name;
    this.optional = of.optional;
    this.organizer = of.organizer;
    this.external = of.external;
    this.reply = of.reply;
    if (of.operateId !== undefined) this.operateId = of.operateId;
  }
}

/** A row's members, those that it lacks among them. */
type Told = { readonly [Key in keyof Required<Row>]: Row[Key] | undefined } & Omit<Row, 'name' | 'operateId'>;

/** Each of the platform's attendee types: ours, and the field that holds its id. */
const types: ReadonlyMap<unknown, readonly [AttendeeType, string]> = new Map([
  ['user', ['user', 'user_id']],
  ['chat', ['chat', 'chat_id']],
  ['resource', ['room', 'room_id']],
  ['third_party', ['email', 'third_party_email']],
]);

const replies: ReadonlyMap<unknown, Reply> = new Map([
  ['', 'none'],
  ['needs_action', 'none'],
  ['accept', 'accepted'],
  ['tentative', 'tentative'],
  ['decline', 'declined'],
  ['removed', 'removed'],
]);

function flag(value: unknown, name: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw malformed(`${name} of an attendee is not a boolean`);
  return value;
}

/**
 * One row of a listing, or `null` for somebody who was removed and whose ids are gone with them. Everything else has
 * to be there and of its type: a row that is misread could be somebody who is removed by mistake.
 */
function readRow(value: unknown): Row | null {
  if (!isObject(value)) throw malformed('an attendee is not an object');
  const known = types.get(value['type']);
  if (known === undefined) throw malformed('an attendee has an unknown type');
  const [type, idField] = known;
  const reply = replies.get(value['rsvp_status'] ?? '');
  if (reply === undefined) throw malformed('an attendee has an unknown reply');
  const attendeeId = textOf(value['attendee_id']);
  const id = textOf(value[idField]);
  if (attendeeId === undefined || id === undefined) {
    if (reply === 'removed') return null;
    throw malformed(`an attendee has no ${attendeeId === undefined ? 'attendee_id' : idField}`);
  }
  const name = textOf(value['display_name']);
  const operateId = type === 'room' ? textOf(value['operate_id']) : undefined;
  const optional = flag(value['is_optional'], 'is_optional');
  const organizer = flag(value['is_organizer'], 'is_organizer');
  const external = flag(value['is_external'], 'is_external');
  const own = type === 'email' ? addressOf(id) : id;
  return new Listed({ type, id: own, attendeeId, name, optional, organizer, external, reply, operateId });
}

function readPage({ body, size }: Judged): Page<Row> {
  const data = dataOf(body);
  if (!isObject(data)) throw malformed('a page has no data');
  const { items, has_more: hasMore, page_token: token } = data;
  if (!Array.isArray(items)) throw malformed('a page has no list of attendees');
  if (typeof hasMore !== 'boolean') throw malformed('a page does not say whether there are more');
  const next = hasMore ? textOf(token) : null;
  if (next === undefined) throw malformed('a page says that there are more, but not where');
  const rows: Row[] = [];
  for (const item of items) {
    const row = readRow(item);
    if (row !== null) rows.push(row);
  }
  return { rows, next, size };
}

function readAll(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  const path = `${eventPath(event)}/attendees`;
  return readList({
    fetchPage: async (token) =>
      readPage(
        await client.ask({
          api: 'attendees.list',
          method: 'GET',
          path,
          query: {
            user_id_type: event.userIdType,
            page_size: String(platforms[event.provider].reads.pageSize),
            page_token: token ?? undefined,
          },
          operation: 'read',
          signal,
        }),
      ),
    keyOf: (row) => row.attendeeId,
    isStale: ({ code }) => code === '190008',
  });
}

/**
 * The event that holds the rooms of one occurrence: the occurrence itself, named after the series and its start.
 * Page: `calendar-event/introduction`.
 */
function occurrenceOf(event: EventRef): EventRef {
  const start = event.admin?.instanceStartTime;
  if (start === undefined) return event;
  const end = event.eventId.lastIndexOf('_');
  const series = end < 0 ? event.eventId : event.eventId.slice(0, end);
  return { ...event, eventId: `${series}_${start}` };
}

async function listRooms(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  const occurrence = occurrenceOf(event);
  let observed: Observed;
  try {
    observed = await readAll(client, occurrence, signal);
  } catch (error) {
    const unchanged = error instanceof PlatformError && error.code === '193001' && occurrence !== event;
    if (!unchanged) throw error;
    // An occurrence that nobody changed may have no event of its own: it has what the series has.
    observed = await readAll(client, event, signal);
  }
  if (!observed.complete) return observed;
  return { complete: true, attendees: observed.attendees.filter((row) => row.type === 'room') };
}

/**
 * Every attendee of an event, 100 a page (page: `calendar-event-attendee/list`). In admin mode only the rooms, since
 * the platform ignores all other changes there.
 */
export function list(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  return (event.admin === undefined ? readAll : listRooms)(client, event, signal);
}

/** The last second that a date can hold. */
const lastSecond = 8.64e12;

/** An instant in ISO 8601 from Unix seconds, a day as it is, or nothing where the event has none. */
export function timeOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw malformed('a time is not an object');
  const seconds = textOf(value['timestamp']);
  if (seconds !== undefined) {
    if (!/^-?\d+$/.test(seconds) || Math.abs(Number(seconds)) > lastSecond)
      throw malformed('a time is not valid');
    return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
  }
  const date = textOf(value['date']);
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) throw malformed('a date is not valid');
  return date;
}

function factsOf(body: unknown, isOccurrence: boolean): EventFacts {
  const data = dataOf(body);
  const event = isObject(data) ? data['event'] : undefined;
  if (!isObject(event)) throw malformed('there is no event in it');
  if (event['status'] === 'cancelled') return { state: 'deleted' };
  const summary = textOf(event['summary']);
  const start = timeOf(event['start_time']);
  const end = timeOf(event['end_time']);
  const person = event['event_organizer'];
  const organizer = isObject(person) ? textOf(person['user_id']) : undefined;
  const organizerCalendar = textOf(event['organizer_calendar_id']);
  return {
    state: 'present',
    ...given({ summary, start, end }),
    recurring: textOf(event['recurrence']) !== undefined,
    ...(isOccurrence ? { exception: event['is_exception'] === true } : {}),
    ...given({ organizer, organizerCalendar }),
  };
}

/** The event itself (page: `calendar-event/get`). A deleted one is answered with the status `cancelled`, or 193003. */
export async function look(client: Client, event: EventRef, signal: AbortSignal): Promise<EventFacts> {
  const { body } = await client.ask({
    api: 'event.get',
    method: 'GET',
    path: eventPath(event),
    query: { user_id_type: event.userIdType },
    operation: 'read',
    signal,
  });
  return factsOf(body, seriesOf(event.provider, event.eventId) !== null);
}
