import { describe, expect, test } from 'vitest';
import { cutsOf, editOf, editsOf, halvesOf, stagesOf } from '../../src/diff/edits.ts';
import { type Reading, readingOf } from '../../src/diff/reading.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { Change } from '../../src/model/plan.ts';
import type { DeltaWrites, PlatformWrites, WholeWrites } from '../../src/model/platform.ts';
import { platforms } from '../../src/platforms/index.ts';
import { attendeeOf } from '../support/model-events.ts';
import { eventPlan } from '../support/plans.ts';

const whole: WholeWrites = { style: 'whole', flag: 'set' };
const small: DeltaWrites = { style: 'delta', remove: 5, add: 4, addOf: { room: 2 }, flag: 'readd' };

function add(text: string): Change {
  return { action: 'add', attendee: attendeeOf(text), reason: 'in-manifest', certain: true };
}
function remove(text: string): Change {
  return { action: 'remove', attendee: attendeeOf(text), reason: 'not-in-manifest', certain: true };
}
const unbind: Change = { action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: true };
const deletion: Change = { action: 'delete-event', reason: 'state-absent', certain: true };

function row(id: string, attendeeId: string): ObservedAttendee {
  return { type: 'user', id, attendeeId, optional: false, organizer: false, external: false, reply: 'none' };
}

/** What a list says of these changes; somebody named several times has as many rows. */
function reading(changes: readonly Change[], ...ids: readonly string[]): Reading {
  return readingOf(
    eventPlan('weekly', { changes }),
    ids.map((id, index) => row(id, `row_${index}`)),
  );
}

function names(count: number, prefix: string): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** The sizes of the cuts, each as removals and additions. */
function sizes(changes: readonly Change[], writes: PlatformWrites): [number, number][] {
  return cutsOf(changes, reading(changes), writes).map((cut) => [
    cut.filter(({ action }) => action === 'remove').length,
    cut.filter(({ action }) => action === 'add').length,
  ]);
}

/** Each stage in short: `add ou_a`. */
function told(
  changes: readonly Change[],
  order: 'adds-first' | 'removes-first',
  writes: PlatformWrites,
): string[] {
  return stagesOf(changes, order, writes).map(({ name, changes: own }) =>
    [name, ...own.map((change) => ('attendee' in change ? `${change.action[0]}:${change.attendee.id}` : ''))]
      .join(' ')
      .trim(),
  );
}

describe('the stages of an event', () => {
  const changes = [remove('ou_a'), remove('ou_f'), add('ou_n'), add('ou_f?'), unbind, deletion];

  test('are in the order of the plan, replaced flags after them, a deletion last', () => {
    const last = ['replace r:ou_f a:ou_f', 'unbind-chat', 'delete-event'];
    expect(told(changes, 'adds-first', small)).toEqual(['add a:ou_n', 'remove r:ou_a', ...last]);
    expect(told(changes, 'removes-first', small)).toEqual(['remove r:ou_a', 'add a:ou_n', ...last]);
  });

  test('are all attendees at once where the list is replaced', () => {
    expect(told(changes, 'adds-first', whole)).toEqual([
      'all r:ou_a r:ou_f a:ou_n a:ou_f',
      'unbind-chat',
      'delete-event',
    ]);
  });

  test('replace no more flags at a time than one call can add back', () => {
    const flags = names(9, 'ou_');
    const all = [...flags.map(remove), ...flags.map((id) => add(`${id}?`))];
    expect(stagesOf(all, 'adds-first', small).map((stage) => stage.changes.length)).toEqual([8, 8, 2]);
  });

  test('that have nothing to do are left out', () => {
    expect(stagesOf([], 'adds-first', small)).toEqual([]);
    expect(stagesOf([], 'adds-first', whole)).toEqual([]);
  });
});

describe('a removal', () => {
  test.each([
    [0, []],
    [5, [[5, 0]]],
    [
      6,
      [
        [5, 0],
        [1, 0],
      ],
    ],
    [
      10,
      [
        [5, 0],
        [5, 0],
      ],
    ],
  ])('of %d is cut to the calls of the platform', (count, expected) => {
    expect(sizes(names(count, 'ou_').map(remove), small)).toEqual(expected);
  });

  test('counts every row of an identity and never splits one', () => {
    const changes = ['ou_a', 'ou_b', 'ou_c', 'ou_d'].map(remove);
    const rows = reading(changes, 'ou_a', 'ou_b', 'ou_b', 'ou_c', 'ou_c', 'ou_c', 'ou_d');
    expect(cutsOf(changes, rows, small).map((cut) => cut.length)).toEqual([2, 2]);
  });

  test('of somebody with more rows than fit a call has a call of its own', () => {
    const changes = ['ou_a', 'ou_b', 'ou_c'].map(remove);
    const rows = reading(changes, 'ou_a', ...Array.from({ length: 9 }, () => 'ou_b'), 'ou_c');
    expect(cutsOf(changes, rows, small).map((cut) => cut.length)).toEqual([1, 1, 1]);
  });

  test('names all rows of its identity, by what the list calls them', () => {
    const changes = [remove('ou_a')];
    expect(editOf(changes, reading(changes, 'ou_a', 'ou_a'), small)).toEqual({
      kind: 'attendees',
      remove: [
        { type: 'user', id: 'ou_a', attendeeId: 'row_0' },
        { type: 'user', id: 'ou_a', attendeeId: 'row_1' },
      ],
      add: [],
      set: [],
    });
  });
});

describe('an addition', () => {
  const mixed = (rooms: number, others: number): Change[] =>
    [...names(rooms, 'omm_'), ...names(others, 'ou_')].map(add);

  test.each([
    ['feishu', 0, 0, []],
    ['feishu', 0, 1000, [1000]],
    ['feishu', 0, 1001, [1000, 1]],
    ['feishu', 100, 900, [1000]],
    ['feishu', 101, 0, [100, 1]],
    ['feishu', 101, 1899, [1000, 1000]],
    ['feishu', 250, 10, [110, 100, 50]],
    ['dingtalk', 0, 1200, [500, 500, 200]],
  ] as const)(
    'on %s of %d rooms and %d others takes the fewest calls',
    (provider, rooms, others, expected) => {
      const changes = mixed(rooms, others);
      const cuts = cutsOf(changes, reading(changes), platforms[provider].writes);
      expect(cuts.map((cut) => cut.length)).toEqual(expected);
      expect(new Set(cuts.flat()).size).toBe(rooms + others);
    },
  );

  test('of what a platform takes none of ends in an error', () => {
    expect(() => sizes([add('omm_1')], { ...small, addOf: { room: 0 } })).toThrow(RangeError);
  });

  test('names who answers for a room', () => {
    const room = { action: 'add', reason: 'in-manifest', certain: true, operateId: 'ou_z' } as const;
    const changes: Change[] = [{ ...room, attendee: attendeeOf('omm_1') }];
    expect(editOf(changes, reading(changes), small)).toMatchObject({
      add: [{ type: 'room', id: 'omm_1', operateId: 'ou_z' }],
    });
  });
});

describe('where the list is replaced', () => {
  const changes = [remove('ou_a'), remove('ou_f'), add('ou_n'), add('ou_f?')];

  test('one edit removes, adds and sets flags in place', () => {
    const edits = editsOf([...changes, unbind], reading(changes, 'ou_a', 'ou_f'), 'adds-first', {
      writes: whole,
    });
    expect(edits).toEqual([
      {
        kind: 'attendees',
        remove: [{ type: 'user', id: 'ou_a', attendeeId: 'row_0' }],
        add: [{ type: 'user', id: 'ou_n', optional: false }],
        set: [{ type: 'user', id: 'ou_f', optional: true }],
      },
      { kind: 'unbind-chat', chatId: 'oc_meet' },
    ]);
  });

  test('whoever is not there any more is added with the new flag', () => {
    const left = changes.slice(2);
    expect(editOf(left, reading(left), whole)).toMatchObject({
      remove: [],
      set: [],
      add: [{ id: 'ou_n' }, { id: 'ou_f' }],
    });
  });

  test('halves never part a flag from itself', () => {
    const flags = ['ou_f', 'ou_g', 'ou_h'];
    const all = [...flags.map(remove), ...flags.map((id) => add(`${id}?`))];
    const halves = halvesOf(all);
    expect(halves?.map((half) => half.map((change) => 'attendee' in change && change.attendee.id))).toEqual([
      ['ou_f', 'ou_f', 'ou_g', 'ou_g'],
      ['ou_h', 'ou_h'],
    ]);
    expect(halvesOf(halves?.[1] ?? [])).toBeNull();
  });
});

test('edits of calls that do one thing each are removals or additions, as many as are sent', () => {
  const changes = [
    ...names(6, 'ou_r').map(remove),
    remove('ou_f'),
    add('ou_f?'),
    ...names(5, 'ou_a').map(add),
    deletion,
  ];
  const edits = editsOf(changes, reading(changes), 'adds-first', { writes: small });
  expect(edits.map(({ kind }) => kind)).toEqual([
    ...Array.from({ length: 6 }, () => 'attendees'),
    'delete-event',
  ]);
  for (const edit of edits) {
    if (edit.kind !== 'attendees') continue;
    expect(edit.set).toEqual([]);
    expect(edit.remove.length === 0 || edit.add.length === 0).toBe(true);
  }
});
