import { expect, it } from 'vitest';
import type { LiveEntry } from '../../src/manifest/write/found-event.ts';
import { sharedRosters } from '../../src/run/import/rosters.ts';

function user(id: string, more: Partial<LiveEntry> = {}): LiveEntry {
  return { type: 'user', id, name: undefined, optional: false, organizer: false, external: false, ...more };
}

const abc = ['a', 'b', 'c'].map((id) => user(id));

it('makes a Roster only of those who are on exactly the same events', () => {
  const listed = new Map([
    ['weekly', [...abc, user('d'), user('only')]],
    ['monthly', [...abc, user('d')]],
    ['review', [user('d')]],
  ]);
  expect(sharedRosters(listed, new Set(['shared-1']))).toEqual([
    { name: 'shared-2', members: abc, events: ['monthly', 'weekly'] },
  ]);
});

it('takes nobody who is optional or from another tenant, and no pairs', () => {
  const some = [user('a'), user('b'), user('c', { optional: true }), user('d', { external: true })];
  expect(
    sharedRosters(
      new Map([
        ['weekly', some],
        ['monthly', some],
      ]),
      new Set(),
    ),
  ).toEqual([]);
});
