import { type JsonObject, textOf } from '../../http/json.ts';
import type { EventRef, Observed } from '../../model/event.ts';
import type { Client } from '../client.ts';
import { maxListingSize } from '../pages.ts';
import { failureOf, malformed } from '../problem.ts';
import { asOrganizer, checkSubject, eventsPath } from './dialect.ts';
import { observedOf } from './event.ts';
import { listing } from './find/page.ts';

/** Of so many events of one calendar a page of its events is asked for: of fewer it would seldom have two. */
const fewest = 5;

/** What an event is judged and written by, its rows whole. */
const fields =
  'nextPageToken,items(id,status,etag,summary,start,end,organizer,privateCopy,attendeesOmitted,attendees,locked,eventType,recurrence,recurringEventId,originalStartTime)';

interface Row {
  readonly id: string;
  readonly event: JsonObject;
}

/**
 * Events of one calendar from the list of its events (page: `events/list`): each as a call for it alone would answer it. It
 * goes on from page to page as long as a page has at least two of them, so that it costs one call in vain at most. What it
 * does not have is nothing that is known: it is read by itself, and so is all of it where the list could not be read.
 */
export async function listAhead(
  client: Client,
  events: readonly EventRef[],
  from: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Observed>> {
  const found = new Map<string, Observed>();
  const [first] = events;
  if (first === undefined || events.length < fewest) return found;
  const wanted = new Map(events.map((event) => [event.eventId, event]));
  try {
    checkSubject(first, client.account);
    const pages = pagesOf(client, first, from, signal);
    let size = 0;
    for (let token: string | null = null, next = true; next;) {
      const page = await pages.fetchPage(token);
      size += page.size;
      const before = found.size;
      for (const { id, event } of page.rows) {
        const observed = observedAt(event, wanted.get(id), client);
        // A change in the meantime moved the event to the end of the list, where it is read as it is now.
        if (observed !== null) found.set(id, observed);
      }
      token = page.next;
      const isWorthIt = found.size - before > 1 && wanted.size - found.size > 1;
      next = token !== null && isWorthIt && size < maxListingSize;
    }
  } catch (error) {
    // Each event says by itself what stands against it.
    failureOf(error, signal);
  }
  return found;
}

/** The events of a calendar that are not over, those that were changed last at the end. */
function pagesOf(
  client: Client,
  event: EventRef,
  from: string,
  signal: AbortSignal,
): ReturnType<typeof listing<Row>> {
  return listing<Row>(
    { client, signal },
    {
      api: 'events.list',
      path: eventsPath(event),
      query: {
        // A day of any zone.
        timeMin: new Date(Date.parse(from) - 86_400_000).toISOString(),
        orderBy: 'updated',
        maxResults: '250',
        fields,
      },
      as: asOrganizer(event),
      rows: 'items',
      read: (row) => {
        const id = textOf(row['id']);
        if (id === undefined) throw malformed('an event has no id');
        return { id, event: row };
      },
      keyOf: ({ id }) => id,
    },
  );
}

/** Null: it is none that is wanted, or what is wrong with it is told by a call for it alone. */
function observedAt(event: JsonObject, ref: EventRef | undefined, { account }: Client): Observed | null {
  if (ref === undefined) return null;
  try {
    const observed = observedOf(event, ref, account.domains);
    return observed.complete ? observed : null;
  } catch {
    return null;
  }
}
