import { expect, it } from 'vitest';
import type { Person } from '../../src/manifest/resolve/people.ts';
import type { Finder } from '../../src/providers/provider.ts';
import { namePeople } from '../../src/run/import/people.ts';

const li: Person = {
  handle: 'li',
  name: 'Li Si',
  source: { file: 'people.yaml', line: 1, column: 1 },
  broken: false,
  ids: { email: 'lisi@bücher.example', dingtalk: 'u9' },
  locked: [],
};

/** A platform that has everybody who is asked for by the address of Li Si, written its own way. */
const finder = {
  find: (_kind: string, { texts }: { readonly texts: readonly string[] }) =>
    Promise.resolve({
      complete: true,
      items: texts.map((id) => ({
        name: 'Li Si',
        ids: { open_id: id },
        email: 'LiSi@xn--bcher-kva.example',
        mobile: null,
        employeeNo: null,
        status: 'active',
        asked: [id],
      })),
      missing: [],
      notes: [],
    }),
} as unknown as Finder; // All that naming people asks of it.

it('makes no second entry for somebody whose address a Directory writes in another way', async () => {
  const ref = {
    provider: 'feishu',
    calendarId: 'c',
    eventId: 'e_0',
    userIdType: 'open_id',
  } as const;
  const attendee = {
    type: 'user',
    id: 'ou_1',
    optional: false,
    organizer: false,
    external: false,
    reply: 'none',
  } as const;
  const event = { ref, attendees: [attendee], facts: { state: 'absent' } } as unknown as Parameters<
    typeof namePeople
  >[0][number];
  const { people } = await namePeople(
    [event],
    new Map([['li', li]]),
    finder,
    [],
    new AbortController().signal,
  );
  expect([...people.keys()]).toEqual([]);
});
