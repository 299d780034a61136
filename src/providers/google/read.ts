import { type JsonObject, textOf } from '../../http/json.ts';
import type { EventFacts, EventRef, Observed } from '../../model/event.ts';
import type { Client } from '../client.ts';
import { PlatformError } from '../provider.ts';
import { asOrganizer, checkSubject, eventPath } from './dialect.ts';
import { eventIn, factsOf, observedOf, isChanged } from './event.ts';

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

/**
 * The event itself, with the version that deleting it stands on. Whether an occurrence was changed is told by holding it
 * against its series.
 */
export async function look(client: Client, event: EventRef, signal: AbortSignal): Promise<EventFacts> {
  const found = await get(client, event, signal);
  const facts = factsOf(found);
  const series = textOf(found['recurringEventId']);
  if (series === undefined || facts.state !== 'present') return facts;
  const whole = await get(client, { ...event, eventId: series }, signal).catch((error: unknown) => {
    // Without a series it has only itself to go by.
    if (error instanceof PlatformError && error.kind === 'absent') return null;
    throw error;
  });
  return { ...facts, exception: whole === null || isChanged(found, whole) };
}
