import type { JsonObject } from '../../http/json.ts';
import { addressOf, type Identity, identityOf } from '../../model/attendee.ts';
import type { Edit } from '../../model/edit.ts';
import type { Basis, EventRef, Observed } from '../../model/event.ts';
import type { Client } from '../client.ts';
import { PlatformError, type WriteOptions, type Writer } from '../provider.ts';
import { asOrganizer, checkSubject, eventPath } from './dialect.ts';
import { eventIn, isOrganizers, keyOf, observedOf, rowsIn, type Version, versionOf } from './event.ts';
import { asKnown, lostIn, repliedBy, withReplies } from './replies.ts';

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

/** A list that is written under the version that was read. `known`: rows as they were before that. */
interface Replacement {
  readonly event: EventRef;
  readonly edit: Attendees;
  readonly version: Version;
  readonly known: readonly JsonObject[];
}

/** Replaces the list (page: `events/patch`). */
async function replace(
  client: Client,
  { event, edit, version, known }: Replacement,
  { notify, mayStart }: WriteOptions,
  signal: AbortSignal,
): Promise<Observed | null> {
  const { etag, rows, lost: cost = [] } = version;
  const named = new Set(edit.replies?.map(({ id }) => addressOf(id)));
  const back = withReplies(rows, repliedBy(cost, named));
  const { body } = await client.ask({
    api: 'events.patch',
    method: 'PATCH',
    path: eventPath(event),
    query: { sendUpdates: notify ? 'all' : 'none' },
    headers: { 'if-match': etag },
    body: { json: { attendees: rowsAfter(back, edit) } },
    as: asOrganizer(event),
    operation: 'batch',
    signal,
    mayStart,
  });
  const after = eventIn(body, event);
  const lost = lostIn(asKnown(back, known), rowsIn(after));
  const unlisted = unlistedIn(rowsAfter(back, edit), edit, rowsIn(after));
  if (lost.length === 0 && unlisted.size === 0) checkEffect(edit, version, rowsIn(after));
  const observed = observedOf(after, event, client.account.domains, lost);
  // Of a list that may not be whole nothing follows: it is read.
  return observed.complete ? { ...observed, unlisted } : null;
}

/**
 * Whom a write added who is not on the list that it answers, where that is otherwise the one that was sent, with its flags:
 * under `If-Match` nobody else can have changed it. They are on it by another address, or the platform does not take them.
 */
function unlistedIn(
  sent: readonly JsonObject[],
  { add }: Attendees,
  after: readonly JsonObject[],
): ReadonlySet<Identity> {
  const added = new Set(add.map(({ id }) => addressOf(id)));
  const now = new Set(after.map(flagOf));
  const lacking = sent.filter((row) => !now.has(flagOf(row)));
  const isWhole = lacking.every((row) => added.has(keyOf(row))) && sent.length - lacking.length === now.size;
  const there = new Set(after.map(keyOf));
  return new Set(isWhole ? add.flatMap((one) => (there.has(addressOf(one.id)) ? [] : identityOf(one))) : []);
}

function flagOf(row: JsonObject): string {
  return `${keyOf(row)} ${row['optional'] === true}`;
}

/**
 * Checks the answer against what was sent: to anyone but the organizer the platform reports success and changes nothing.
 * If as many are added as are removed, they may all be the same people under other addresses, which changes nothing
 * either: the sender of the edit sees that.
 *
 * @throws PlatformError where nothing has changed
 */
function checkEffect(edit: Attendees, { rows, organizer }: Version, after: readonly JsonObject[]): void {
  const before = new Set(rows.map(flagOf));
  const now = new Set(after.map(flagOf));
  const moved = before.size !== now.size || [...now].some((row) => !before.has(row));
  const swaps = edit.remove.length > 0 && edit.remove.length <= edit.add.length && edit.set.length === 0;
  if (moved || swaps || sameRows(rows, edit)) return;
  throw new PlatformError(
    'event',
    'no-effect',
    `Google Calendar reported success but changed nothing: the event is organized by ${organizer}`,
    {
      isPlatformCode: false,
      hint: 'Check `organizer:`.',
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
    `nobody is removed: ${lost.join(', ')} was added but is not listed, so it may be another address of someone who is`,
    { isPlatformCode: false, hint: 'Use the listed address in the manifest, and plan again.' },
  );
}

/**
 * Those whom an answer to their addition does not have: they may be on the event by another address. Where the very same
 * write removed as many who are still there it is known by which.
 */
function lacking({ add, remove }: Attendees, answer: Observed | null): readonly string[] {
  if (answer?.complete !== true) return [];
  const there = new Set(answer.attendees.map(({ id }) => id));
  const missing = add.map(({ id }) => addressOf(id)).filter((id) => !there.has(id));
  const stayed = remove.filter(({ id }) => there.has(addressOf(id)));
  return stayed.length < missing.length ? missing : [];
}

/** What is known of one event beyond its version. */
interface Known {
  /** Who was added, and is not on the list. */
  readonly lacking: readonly string[];
  /** Rows that a write named whose answer was lost: it may have cost them their replies. */
  readonly rows: readonly JsonObject[];
}

/**
 * The writes of Google Calendar: each stands on the version that was read. Where somebody who was added is not on the list
 * then, nobody is taken off any more: who goes by another address could be the very person.
 */
export function editsBy(client: Client): Writer['edit'] {
  const known = new Map<string, Known>();
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
    const before = known.get(key) ?? { lacking: [], rows: [] };
    checkAliases(edit, before.lacking);
    checkOrganizer(edit, version);
    try {
      const answer = await replace(client, { event, edit, version, known: before.rows }, options, signal);
      known.set(key, { lacking: [...before.lacking, ...lacking(edit, answer)], rows: [] });
      return answer;
    } catch (error) {
      if (!(error instanceof PlatformError) || (error.kind !== 'lost' && error.kind !== 'malformed'))
        throw error;
      const named = new Set(edit.remove.map(({ id }) => addressOf(id)));
      known.set(key, { ...before, rows: repliedBy(asKnown(version.rows, before.rows), named) });
      throw error;
    }
  };
}
