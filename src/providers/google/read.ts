import type { JsonObject } from '../../http/json.ts';
import type { EventFacts, EventRef, Observed } from '../../model/event.ts';
import type { Client } from '../client.ts';
import { asOrganizer, checkSubject, eventPath } from './dialect.ts';
import { eventIn, factsOf, observedOf } from './event.ts';

/** One event (page: `events/get`). `maxAttendees` is never sent: with it the list may be cut short. */
export async function get(client: Client, event: EventRef, signal: AbortSignal): Promise<JsonObject> {
  checkSubject(event, client.account);
  const { body } = await client.ask({
    api: 'events.get',
    method: 'GET',
    path: eventPath(event),
    as: asOrganizer(event),
    operation: 'read',
    signal,
  });
  return eventIn(body, event);
}

/** Its attendees, its facts and its version, all in one call. */
export async function list(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  return observedOf(await get(client, event, signal), event, client.account.domains);
}

/** The event itself, with the version that deleting it stands on. */
export async function look(client: Client, event: EventRef, signal: AbortSignal): Promise<EventFacts> {
  return factsOf(await get(client, event, signal));
}
