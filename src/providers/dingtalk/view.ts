import { isObject, type JsonObject } from '../../http/json.ts';
import type { Client } from '../client.ts';
import type { Listing, Page } from '../pages.ts';
import { malformed } from '../problem.ts';
import { calendarsPath } from './find/calendars.ts';
import { objectsOf } from './find/legacy.ts';

/** Attendees that a row shows at most: with so many there may be more. */
export const shownAttendees = 100;

/** What a person's calendar is asked for. */
export interface View {
  readonly organizer: string | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  readonly signal: AbortSignal;
}

/** What happens on a person's calendar, series by their occurrences, 100 a page (page: `eventsview`). */
export function viewOf<Row>(
  client: Pick<Client, 'ask'>,
  { organizer, fromMs, toMs, signal }: View,
  of: { readonly read: (row: JsonObject) => Row; readonly keyOf: (row: Row) => string },
): Listing<Row> {
  const path = `${calendarsPath(organizer)}/primary/eventsview`;
  return {
    fetchPage: async (token): Promise<Page<Row>> => {
      const { body, size } = await client.ask({
        api: 'events.list',
        method: 'GET',
        path,
        query: {
          timeMin: instant(fromMs),
          timeMax: instant(toMs),
          maxResults: '100',
          maxAttendees: String(shownAttendees),
          nextToken: token ?? undefined,
        },
        operation: 'read',
        signal,
      });
      if (!isObject(body)) throw malformed('a page is not an object');
      const next = body['nextToken'] ?? '';
      if (typeof next !== 'string') throw malformed('the token of the next page is not text');
      return {
        rows: objectsOf(body['events'], 'events').map(of.read),
        next: next === '' ? null : next,
        size,
      };
    },
    keyOf: of.keyOf,
  };
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
