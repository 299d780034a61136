import { isObject, textOf } from '../../http/json.ts';
import type { EventFacts, EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { Client } from '../client.ts';
import { malformed } from '../problem.ts';
import { eventPath } from './dialect.ts';

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
