import { isObject, textOf } from '../../http/json.ts';
import type { EventFacts, EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import { seriesOf } from '../../platforms/index.ts';
import type { Client } from '../client.ts';
import { malformed } from '../problem.ts';
import { dataOf, eventPath } from './dialect.ts';

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
