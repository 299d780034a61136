import type { EventRef } from '../../model/event.ts';
import type { AddedAttendee, RemovedRow } from '../../model/edit.ts';
import type { Client } from '../client.ts';
import { PlatformError, type WriteOptions } from '../provider.ts';
import { eventPath, keyHeader } from './dialect.ts';

function usersOnly(batch: readonly { readonly type: string }[]): void {
  if (batch.every((entry) => entry.type === 'user')) return;
  throw new PlatformError('event', 'users-only', 'DingTalk events take users only', {
    hint: 'List only users in a DingTalk event.',
  });
}

/**
 * Removes up to 500 users (page: `delete-schedule-participant`). Success is an empty answer. There is no switch for
 * messages to those who are removed.
 */
export async function remove(
  client: Client,
  event: EventRef,
  batch: readonly RemovedRow[],
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  if (batch.length === 0) return;
  usersOnly(batch);
  await client.ask({
    api: 'attendees.remove',
    method: 'POST',
    path: `${eventPath(event)}/attendees/batchRemove`,
    body: { json: { attendeesToRemove: batch.map((row) => ({ id: row.id })) } },
    headers: keyHeader(options.key),
    operation: 'batch',
    signal,
  });
}

/** Adds up to 500 users. Both kinds of message follow the one switch. */
export async function add(
  client: Client,
  event: EventRef,
  batch: readonly AddedAttendee[],
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  if (batch.length === 0) return;
  usersOnly(batch);
  await client.ask({
    api: 'attendees.add',
    method: 'POST',
    path: `${eventPath(event)}/attendees`,
    body: {
      json: {
        attendeesToAdd: batch.map((entry) => ({ id: entry.id, isOptional: entry.optional })),
        pushNotification: options.notify,
        chatNotification: options.notify,
      },
    },
    headers: keyHeader(options.key),
    operation: 'batch',
    signal,
  });
}

/** Deletes the event for all, as its organizer. */
export async function deleteEvent(
  client: Client,
  event: EventRef,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  await client.ask({
    api: 'event.delete',
    method: 'DELETE',
    path: eventPath(event),
    query: { pushNotification: options.notify ? 'true' : 'false' },
    headers: keyHeader(options.key),
    operation: 'delete',
    signal,
  });
}
