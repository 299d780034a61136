import { isObject, textOf } from '../../http/json.ts';
import type { ObservedAttendee, Reply } from '../../model/attendee.ts';
import type { EventRef, Observed } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import { platforms } from '../../platforms/index.ts';
import type { Client } from '../client.ts';
import type { Judged } from '../judge.ts';
import { type Page, readList } from '../pages.ts';
import { malformed } from '../problem.ts';
import { eventPath } from './dialect.ts';

const replies: Readonly<Record<string, Reply>> = {
  '': 'none',
  needsAction: 'none',
  accepted: 'accepted',
  tentative: 'tentative',
  declined: 'declined',
};

function readRow(value: unknown, organizer: string | undefined): ObservedAttendee {
  if (!isObject(value)) throw malformed('an attendee is not an object');
  const id = textOf(value['id']);
  if (id === undefined) throw malformed('an attendee has no id');
  const status = value['responseStatus'] ?? '';
  const reply = typeof status === 'string' && Object.hasOwn(replies, status) ? replies[status] : undefined;
  if (reply === undefined) throw malformed('an attendee has an unknown reply');
  const optional = value['isOptional'] ?? false;
  if (typeof optional !== 'boolean') throw malformed('isOptional of an attendee is not a boolean');
  const name = textOf(value['displayName']);
  return {
    type: 'user',
    id,
    ...given({ name }),
    optional,
    organizer: id === organizer,
    external: false,
    reply,
  };
}

/** The last page has no `nextToken`, or an empty one. */
function readPage({ body, size }: Judged, organizer: string | undefined): Page<ObservedAttendee> {
  if (!isObject(body)) throw malformed('a page is not an object');
  const { attendees } = body;
  const next = body['nextToken'] ?? '';
  if (!Array.isArray(attendees)) throw malformed('a page has no list of attendees');
  if (typeof next !== 'string') throw malformed('the token of the next page is not text');
  return { rows: attendees.map((row) => readRow(row, organizer)), next: next === '' ? null : next, size };
}

/** Every attendee of an event, 500 a page. The rows do not mark the organizer, so the one of the manifest is marked. */
export async function list(client: Client, event: EventRef, signal: AbortSignal): Promise<Observed> {
  const path = `${eventPath(event)}/attendees`;
  const maxResults = String(platforms[event.provider].reads.pageSize);
  return readList({
    fetchPage: async (token) =>
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
    keyOf: (row) => row.id,
  });
}
