import { isObject, textOf } from '../../http/json.ts';
import { readPages, type Page } from '../../http/pages.ts';
import type { Observed } from '../../model/observed.ts';
import type { ObservedAttendee, Reply } from '../../model/attendee.ts';
import type { EventRef } from '../../model/event.ts';
import { platforms } from '../../platforms/index.ts';
import { eventPath, type Client } from './client.ts';
import { malformed, problemOf } from '../problem.ts';

const replies: Readonly<Record<string, Reply>> = {
  '': 'none',
  needsAction: 'none',
  accepted: 'accepted',
  tentative: 'tentative',
  declined: 'declined',
};

function readRow(value: unknown, organizer: string | undefined): ObservedAttendee {
  if (!isObject(value)) throw malformed('an attendee is no object');
  const id = textOf(value['id']);
  if (id === undefined) throw malformed('an attendee has no id');
  const status = value['responseStatus'] ?? '';
  const reply = typeof status === 'string' && Object.hasOwn(replies, status) ? replies[status] : undefined;
  if (reply === undefined) throw malformed('an attendee has a reply that is not known');
  const optional = value['isOptional'] ?? false;
  if (typeof optional !== 'boolean') throw malformed('isOptional of an attendee is no boolean');
  const name = textOf(value['displayName']);
  return {
    type: 'user',
    id,
    ...(name === undefined ? {} : { name }),
    optional,
    organizer: id === organizer,
    external: false,
    reply,
  };
}

/** The last page has no `nextToken`, or an empty one. */
function readPage(body: unknown, organizer: string | undefined): Page<ObservedAttendee> {
  if (!isObject(body)) throw malformed('a page is no object');
  const { attendees } = body;
  const next = body['nextToken'] ?? '';
  if (!Array.isArray(attendees)) throw malformed('a page has no list of attendees');
  if (typeof next !== 'string') throw malformed('the token of the next page is no text');
  return { rows: attendees.map((row) => readRow(row, organizer)), next: next === '' ? null : next };
}

async function readAll(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  const path = `${eventPath(event)}/attendees`;
  const maxResults = String(platforms[event.provider].reads.pageSize);
  const readOnce = (): ReturnType<typeof readPages<ObservedAttendee>> =>
    readPages(
      async (token) =>
        readPage(
          await client.ask({
            api: 'attendees.list',
            method: 'GET',
            path,
            query: { maxResults, nextToken: token ?? undefined },
            operation: 'read',
            signal,
          }),
          event.organizer,
        ),
      (row) => row.id,
    );
  let pages = await readOnce();
  if (pages.state === 'moved') pages = await readOnce();
  if (pages.state === 'complete') return { complete: true, attendees: pages.rows };
  if (pages.state === 'moved') {
    const message = 'the list of attendees changed while it was read, twice';
    return { complete: false, problem: { code: 'list-moved', message, hint: 'Plan again.' } };
  }
  throw malformed(
    pages.state === 'endless'
      ? 'the list of attendees does not end'
      : 'a page names a page that was read already',
  );
}

/** Every attendee of an event, 500 a page. The rows do not mark the organizer, so the one of the manifest is marked. */
export async function list(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  try {
    return await readAll(client, event, signal);
  } catch (error) {
    return { complete: false, problem: problemOf(error) };
  }
}
