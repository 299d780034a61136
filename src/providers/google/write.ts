import type { JsonObject } from '../../http/json.ts';
import { addressOf } from '../../model/attendee.ts';
import type { Edit } from '../../model/edit.ts';
import type { EventRef } from '../../model/event.ts';
import type { Basis, Observed } from '../../model/observed.ts';
import type { Client } from '../client.ts';
import { PlatformError, type WriteOptions, type Writer } from '../provider.ts';
import { asOrganizer, checkSubject, eventPath } from './dialect.ts';
import { eventIn, keyOf, observedOf, type Version, versionOf } from './event.ts';

type Attendees = Edit & { readonly kind: 'attendees' };

/**
 * The rows of an event as they are to be. Those that no change names are the very values that were read, in their order:
 * a row that is sent back without its reply loses it.
 */
export function rowsAfter(
  rows: readonly JsonObject[],
  { remove, add, set }: Attendees,
): readonly JsonObject[] {
  const removed = new Set(remove.map(({ id }) => addressOf(id)));
  const flags = new Map(set.map(({ id, optional }) => [addressOf(id), optional]));
  const kept = rows.flatMap((row): JsonObject[] => {
    const key = keyOf(row);
    if (removed.has(key)) return [];
    const optional = flags.get(key);
    return [optional === undefined ? row : { ...row, optional }];
  });
  const there = new Set(kept.map(keyOf));
  const added = add.filter(({ id }) => !there.has(addressOf(id)));
  return [
    ...kept,
    ...added.map(({ type, id, optional }) => ({
      email: id,
      ...(type === 'room' ? { resource: true } : optional ? { optional: true } : {}),
    })),
  ];
}

/** Replaces the list, under the version that was read (page: `events/patch`). */
async function replace(
  client: Client,
  event: EventRef,
  edit: Attendees,
  { etag, rows }: Version,
  { notify }: WriteOptions,
  signal: AbortSignal,
): Promise<Observed> {
  const { body } = await client.ask({
    api: 'events.patch',
    method: 'PATCH',
    path: eventPath(event),
    query: { sendUpdates: notify ? 'all' : 'none' },
    headers: { 'if-match': etag },
    body: { json: { attendees: rowsAfter(rows, edit) } },
    as: asOrganizer(event),
    operation: 'batch',
    signal,
  });
  return observedOf(eventIn(body, event), event, client.account.domains);
}

/** Deletes the event for everybody, as it was read (page: `events/delete`). */
async function remove(
  client: Client,
  event: EventRef,
  { etag }: Version,
  { notify }: WriteOptions,
  signal: AbortSignal,
): Promise<null> {
  await client.ask({
    api: 'events.delete',
    method: 'DELETE',
    path: eventPath(event),
    query: { sendUpdates: notify ? 'all' : 'none' },
    headers: { 'if-match': etag },
    as: asOrganizer(event),
    operation: 'delete',
    signal,
  });
  return null;
}

/** The writes of Google Calendar: each stands on the version that was read. */
export function editsBy(client: Client): Writer['edit'] {
  return async (
    event: EventRef,
    edit: Edit,
    basis: Basis | undefined,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<Observed | null> => {
    if (edit.kind === 'unbind-chat') {
      throw new PlatformError('event', 'not-supported', 'Google Calendar events have no meeting chat', {
        isPlatformCode: false,
        hint: 'Remove meetingChat from the manifest.',
      });
    }
    checkSubject(event, client.account);
    const version = versionOf(basis);
    if (version === null) throw new RangeError('an event is never written without having been read');
    return edit.kind === 'delete-event'
      ? remove(client, event, version, options, signal)
      : replace(client, event, edit, version, options, signal);
  };
}
