import type { EventRef } from '../../model/event.ts';
import type { AddedAttendee, RemovedRow } from '../../model/edit.ts';
import type { WireCall } from '../dialect.ts';
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
export function removal(event: EventRef, batch: readonly RemovedRow[], { key }: WriteOptions): WireCall {
  usersOnly(batch);
  return {
    method: 'POST',
    path: `${eventPath(event)}/attendees/batchRemove`,
    body: { json: { attendeesToRemove: batch.map((row) => ({ id: row.id })) } },
    headers: keyHeader(key),
  };
}

/** Adds up to 500 users. Both kinds of message follow the one switch. */
export function addition(
  event: EventRef,
  batch: readonly AddedAttendee[],
  { key, notify }: WriteOptions,
): WireCall {
  usersOnly(batch);
  return {
    method: 'POST',
    path: `${eventPath(event)}/attendees`,
    body: {
      json: {
        attendeesToAdd: batch.map((entry) => ({ id: entry.id, isOptional: entry.optional })),
        pushNotification: notify,
        chatNotification: notify,
      },
    },
    headers: keyHeader(key),
  };
}

/** Deletes the event for all, as its organizer. */
export function deletion(event: EventRef, { key, notify }: WriteOptions): WireCall {
  return {
    method: 'DELETE',
    path: eventPath(event),
    query: { pushNotification: String(notify) },
    headers: keyHeader(key),
  };
}

export function unbinding(): never {
  throw new PlatformError(
    'event',
    'not-supported',
    'DingTalk events have no meeting chat that can be unbound',
    {
      hint: 'Remove meetingChat from the manifest.',
    },
  );
}
