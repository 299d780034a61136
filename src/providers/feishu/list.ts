import { isObject, textOf } from '../../http/json.ts';
import { readPages, type Page, type Pages } from '../../http/pages.ts';
import type { Observed } from '../../model/observed.ts';
import type { EventRef } from '../../model/event.ts';
import { platforms } from '../../platforms/index.ts';
import { PlatformError } from '../provider.ts';
import { eventPath, type Client } from './client.ts';
import { malformed } from '../problem.ts';
import { feishuProblem } from './problem.ts';
import { readRow, type Row } from './row.ts';

function readPage(data: unknown): Page<Row> {
  if (!isObject(data)) throw malformed('a page has no data');
  const { items, has_more: hasMore, page_token: token } = data;
  if (!Array.isArray(items)) throw malformed('a page has no list of attendees');
  if (typeof hasMore !== 'boolean') throw malformed('a page does not say whether there are more');
  const next = hasMore ? textOf(token) : null;
  if (next === undefined) throw malformed('a page says that there are more, but not where');
  return { rows: items.map(readRow).filter((row) => row !== null), next };
}

function readOnce(client: Client, event: EventRef, signal: AbortSignal): Promise<Pages<Row>> {
  const path = `${eventPath(event)}/attendees`;
  return readPages(
    async (token) =>
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
    (row) => row.attendeeId,
  );
}

/** Reads the whole list, from the start once more where a page token ran out or where rows moved meanwhile. */
async function readAll(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  let restarted = false;
  let moved = false;
  for (;;) {
    let pages: Pages<Row>;
    try {
      pages = await readOnce(client, event, signal);
    } catch (error) {
      if (restarted || !(error instanceof PlatformError) || error.code !== '190008') throw error;
      restarted = true;
      continue;
    }
    if (pages.state === 'complete') return { complete: true, attendees: pages.rows };
    if (pages.state === 'repeated-token') throw malformed('a page names a page that was read already');
    if (pages.state === 'endless') throw malformed('the list of attendees does not end');
    if (moved) {
      const message = 'the list of attendees changed while it was read, twice';
      return { complete: false, problem: { code: 'list-moved', message, hint: 'Plan again.' } };
    }
    moved = true;
  }
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
export async function list(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  try {
    return await (event.admin === undefined ? readAll : listRooms)(client, event, signal);
  } catch (error) {
    return { complete: false, problem: feishuProblem(error) };
  }
}
