import { isObject, textOf } from '../../http/json.ts';
import type { EventRef, Observed } from '../../model/event.ts';
import { platforms } from '../../platforms/index.ts';
import type { Client } from '../client.ts';
import type { Judged } from '../judge.ts';
import { type Page, readList } from '../pages.ts';
import { malformed } from '../problem.ts';
import { PlatformError } from '../provider.ts';
import { dataOf, eventPath } from './dialect.ts';
import { readRow, type Row } from './row.ts';

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
