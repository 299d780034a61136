import { isObject, textOf } from '../../http/json.ts';
import type { ObservedAttendee, Reply } from '../../model/attendee.ts';
import type { EventRef, Observed, EventFacts } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import { platforms } from '../../platforms/index.ts';
import type { Client } from '../client.ts';
import type { Judged } from '../judge.ts';
import { type Page, readList } from '../pages.ts';
import { malformed } from '../problem.ts';
import { eventPath } from './dialect.ts';

const replies: Readonly<Record<string, Reply>> = {
  '': 'none',
  needsAction: 'none',
  accepted: 'accepted',
  tentative: 'tentative',
  declined: 'declined',
};

function readRow(value: unknown, organizer: string | undefined): ObservedAttendee {
  if (!isObject(value)) throw malformed('an attendee is not an object');
  const id = textOf(value['id']);
  if (id === undefined) throw malformed('an attendee has no id');
  const status = value['responseStatus'] ?? '';
  const reply = typeof status === 'string' && Object.hasOwn(replies, status) ? replies[status] : undefined;
  if (reply === undefined) throw malformed('an attendee has an unknown reply');
  const optional = value['isOptional'] ?? false;
  if (typeof optional !== 'boolean') throw malformed('isOptional of an attendee is not a boolean');
  const name = textOf(value['displayName']);
  return {
    type: 'user',
    id,
    ...given({ name }),
    optional,
    organizer: id === organizer,
    external: false,
    reply,
  };
}

/** The last page has no `nextToken`, or an empty one. */
function readPage({ body, size }: Judged, organizer: string | undefined): Page<ObservedAttendee> {
  if (!isObject(body)) throw malformed('a page is not an object');
  const { attendees } = body;
  const next = body['nextToken'] ?? '';
  if (!Array.isArray(attendees)) throw malformed('a page has no list of attendees');
  if (typeof next !== 'string') throw malformed('the token of the next page is not text');
  return { rows: attendees.map((row) => readRow(row, organizer)), next: next === '' ? null : next, size };
}

/** Every attendee of an event, 500 a page. The rows do not mark the organizer, so the one of the manifest is marked. */
export async function list(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  const path = `${eventPath(event)}/attendees`;
  const maxResults = String(platforms[event.provider].reads.pageSize);
  return readList({
    fetchPage: async (token) =>
      readPage(
        await client.ask({
          api: 'attendees.list',
          method: 'GET',
          path,
          query: { maxResults, nextToken: token ?? undefined },
          operation: 'read',
          signal,
        }),
        event.organizer,
      ),
    keyOf: (row) => row.id,
  });
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** An instant in ISO 8601, a day as it is, or nothing where the event has none. */
export function timeOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw malformed('a time is not an object');
  const dateTime = textOf(value['dateTime']);
  if (dateTime !== undefined) {
    const time = instant.test(dateTime) ? Date.parse(dateTime) : Number.NaN;
    if (Number.isNaN(time)) throw malformed('a time is not valid or has no offset');
    return new Date(time).toISOString().replace('.000Z', 'Z');
  }
  const date = textOf(value['date']);
  if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) throw malformed('a date is not valid');
  return date;
}

function factsOf(event: unknown): EventFacts {
  if (!isObject(event)) throw malformed('there is no event in it');
  if (event['status'] === 'cancelled') return { state: 'deleted' };
  const summary = textOf(event['summary']);
  const start = timeOf(event['start']);
  const end = timeOf(event['end']);
  const person = event['organizer'];
  const organizer = isObject(person) ? textOf(person['id']) : undefined;
  return {
    state: 'present',
    ...given({ summary, start, end }),
    recurring: isObject(event['recurrence']),
    ...given({ organizer }),
  };
}

/** The event itself, with as few of its attendees as can be asked for. */
export async function look(client: Client, event: EventRef, signal: AbortSignal): Promise<EventFacts> {
  const { body } = await client.ask({
    api: 'event.get',
    method: 'GET',
    path: eventPath(event),
    query: { maxAttendees: '1' },
    operation: 'read',
    signal,
  });
  return factsOf(body);
}
