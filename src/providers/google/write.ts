import type { JsonObject } from '../../http/json.ts';
import { addressOf } from '../../model/attendee.ts';
import type { Edit } from '../../model/edit.ts';
import type { Basis, EventRef, Observed } from '../../model/event.ts';
import type { Client } from '../client.ts';
import { PlatformError, type WriteOptions, type Writer } from '../provider.ts';
import { asOrganizer, checkSubject, eventPath } from './dialect.ts';
import { eventIn, isOrganizers, keyOf, observedOf, rowsIn, type Version, versionOf } from './event.ts';

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
  { etag, rows, organizer }: Version,
  { notify, mayStart }: WriteOptions,
  signal: AbortSignal,
): Promise<Observed | null> {
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
    mayStart,
  });
  const after = eventIn(body, event);
  checkEffect(edit, { etag, rows, organizer }, rowsIn(after));
  const observed = observedOf(after, event, client.account.domains);
  // Of a list that may not be whole nothing follows: it is read.
  return observed.complete ? observed : null;
}

/**
 * Holds the answer against what was sent: to somebody who is not the organizer the platform answers success and changes
 * nothing.
 *
 * @throws PlatformError where nothing has changed
 */
function checkEffect(edit: Attendees, { rows, organizer }: Version, after: readonly JsonObject[]): void {
  const flagOf = (row: JsonObject): string => `${keyOf(row)} ${row['optional'] === true}`;
  const before = new Set(rows.map(flagOf));
  const now = new Set(after.map(flagOf));
  const moved = before.size !== now.size || [...now].some((row) => !before.has(row));
  if (moved || sameRows(rows, edit)) return;
  const added =
    edit.add.length === 0 ? '' : '; or whoever is added is on the event already, by another address';
  throw new PlatformError(
    'event',
    'no-effect',
    `Google Calendar answered success and changed nothing: the event is organized by ${organizer}${added}`,
    {
      isPlatformCode: false,
      hint: 'Check `organizer:`. Of people with several addresses write the primary one.',
    },
  );
}

/** Whether an edit leaves everything as it is. */
function sameRows(rows: readonly JsonObject[], edit: Attendees): boolean {
  const after = rowsAfter(rows, edit);
  return (
    after.length === rows.length &&
    after.every((row, at) => row === rows[at] || row['optional'] === rows[at]?.['optional'])
  );
}

/** @throws PlatformError where it would take the organizer off */
function checkOrganizer({ remove }: Attendees, { rows, organizer }: Version): void {
  const removed = new Set(remove.map(({ id }) => addressOf(id)));
  const own = rows.find((row) => removed.has(keyOf(row)) && isOrganizers(row, organizer));
  if (own === undefined) return;
  throw new PlatformError(
    'event',
    'organizer',
    `${keyOf(own)} organizes the event, and an organizer is never removed`,
    {
      isPlatformCode: false,
      hint: 'Plan again.',
    },
  );
}

/** Deletes the event for everybody, as it was read (page: `events/delete`). */
async function remove(
  client: Client,
  event: EventRef,
  { etag }: Version,
  { notify, mayStart }: WriteOptions,
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
    mayStart,
  });
  return null;
}

/** @throws PlatformError where somebody may be taken off whom the manifest wants by another address */
function checkAliases({ remove }: Attendees, lost: readonly string[]): void {
  if (remove.length === 0 || lost.length === 0) return;
  throw new PlatformError(
    'event',
    'alias',
    `nobody is removed: ${lost.join(', ')} was added and is not on the list, so it may be another address of somebody who is`,
    { isPlatformCode: false, hint: 'Write the primary address in the manifest, and plan again.' },
  );
}

/** Those whom an answer to their addition does not have: they may be on the event by another address. */
function lacking({ add }: Attendees, answer: Observed | null): readonly string[] {
  if (answer?.complete !== true) return [];
  const there = new Set(answer.attendees.map(({ id }) => id));
  return add.map(({ id }) => addressOf(id)).filter((id) => !there.has(id));
}

/**
 * The writes of Google Calendar: each stands on the version that was read. Where somebody who was added is not on the list
 * then, nobody is taken off any more: who goes by another address could be the very person.
 */
export function editsBy(client: Client): Writer['edit'] {
  const lost = new Map<string, readonly string[]>();
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
    if (edit.kind === 'delete-event') return remove(client, event, version, options, signal);
    const key = eventPath(event);
    checkAliases(edit, lost.get(key) ?? []);
    checkOrganizer(edit, version);
    const answer = await replace(client, event, edit, version, options, signal);
    lost.set(key, [...(lost.get(key) ?? []), ...lacking(edit, answer)]);
    return answer;
  };
}
