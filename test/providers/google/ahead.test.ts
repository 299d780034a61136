import { expect, it } from 'vitest';
import type { EventRef, Observed } from '../../../src/model/event.ts';
import type { ScriptedAnswer, SeenRequest } from '../../support/scripted-server.ts';
import { signal } from '../bench.ts';
import { body, event, onGoogle, refusal, type Row } from './bench.ts';

const listPath = '/calendar/v3/calendars/lead%40corp.com/events';
const refs = (count: number): readonly EventRef[] =>
  Array.from({ length: count }, (_, at) => ({ ...event, eventId: `e${at}` }));
const rows: readonly Row[] = [
  { email: 'Ann@corp.com', responseStatus: 'accepted', comment: 'x' },
  { email: 'c_1@resource.calendar.google.com', resource: true },
];
const one = (id: string, more: Row = {}): Row => body(rows, { id, etag: `"${id}"`, ...more });

/** What is answered of so many events, and the pages that were asked for. */
async function ahead(
  count: number,
  ...pages: readonly ScriptedAnswer[]
): Promise<{ readonly found: ReadonlyMap<string, Observed>; readonly calls: readonly SeenRequest[] }> {
  let at = 0;
  const next = (): ScriptedAnswer => pages[at++] ?? refusal(503, 'backendError');
  let seen: readonly SeenRequest[] = [];
  let found: ReadonlyMap<string, Observed> = new Map();
  await onGoogle(next, async ({ reader, calls }) => {
    found = (await reader.readAhead?.(refs(count), '2026-11-30', signal)) ?? found;
    seen = calls();
  });
  return { found, calls: seen };
}

const page = (items: readonly Row[], nextPageToken?: string): ScriptedAnswer => ({
  body: { items, ...(nextPageToken === undefined ? {} : { nextPageToken }) },
});
const all = (from: number, to: number): Row[] =>
  refs(to)
    .slice(from)
    .map(({ eventId }) => one(eventId));

it('answers of each what a call for it alone does, version and facts included', async () => {
  const { found, calls } = await ahead(6, page([one('other'), ...all(0, 6)]));
  expect(calls.map(({ path }) => path)).toEqual([listPath]);
  expect(calls[0]?.query).toMatchObject({
    orderBy: 'updated',
    timeMin: '2026-11-29T00:00:00.000Z',
    maxResults: '250',
  });
  expect(calls[0]?.query).not.toHaveProperty('maxAttendees');
  expect([...found.keys()]).toEqual(refs(6).map(({ eventId }) => eventId));
  await onGoogle(
    () => ({ body: one('e3') }),
    async ({ reader }) => {
      const alone = await reader.read({ ...event, eventId: 'e3' }, 'attendees', signal);
      expect(alone).toMatchObject({ complete: true });
      expect(found.get('e3')).toStrictEqual(alone);
    },
  );
});

it('is not asked for few events', async () => {
  expect(await ahead(4, page(all(0, 4)))).toEqual({ found: new Map(), calls: [] });
});

it('goes on as long as a page has two of them, and takes the last of what it has of one', async () => {
  const { found, calls } = await ahead(
    7,
    page(all(0, 3), 'p2'),
    page([one('e0', { etag: '"newer"', summary: 'Newer' }), ...all(3, 5)], 'p3'),
    page([one('other')], 'p4'),
  );
  expect(calls.map(({ query }) => query['pageToken'])).toEqual([undefined, 'p2', 'p3']);
  expect([...found.keys()].sort()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
  expect(found.get('e0')).toMatchObject({ facts: { summary: 'Newer' } });
});

it('ends where one or none is left', async () => {
  const { found, calls } = await ahead(6, page(all(0, 5), 'p2'));
  expect([found.size, calls.length]).toEqual([5, 1]);
});

it('keeps what it had where a page could not be read, and knows nothing of the others', async () => {
  const { found } = await ahead(8, page(all(0, 3), 'p2'));
  expect([...found.keys()]).toEqual(['e0', 'e1', 'e2']);
  expect((await ahead(8, refusal(403, 'forbidden'))).found.size).toBe(0);
});

it.each<readonly [string, Row]>([
  ['may not be whole', { attendeesOmitted: true }],
  ['is cancelled', { status: 'cancelled' }],
  ['somebody else organizes', { organizer: { email: 'x@corp.com' } }],
  ['has no version', { etag: undefined }],
  ['makes no sense', { attendees: [{}] }],
])('leaves to a call of its own one that %s', async (_, more) => {
  const { found } = await ahead(6, page([...all(0, 5), one('e5', more)]));
  expect([...found.keys()]).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
});
