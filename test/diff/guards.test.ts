import { describe, expect, test } from 'vitest';
import { type Extent, guardEvent, guardPast, guardRun } from '../../src/diff/guards.ts';
import type { RemovalLimit } from '../../src/model/event.ts';
import type { Limits } from '../../src/model/plan.ts';
import { limits } from '../support/manifest-builders.ts';

function extent(more: Partial<Extent> = {}): Extent {
  return { removals: 0, additions: 0, managed: 10, deletesEvent: false, notified: 0, ...more };
}

function codes(of: Partial<Extent>, more: Partial<Limits> = {}): string[] {
  return guardEvent('weekly', extent(of), limits(more)).map(({ code }) => code);
}

test('has nothing against an event without changes', () => {
  expect(codes({ managed: 0 })).toEqual([]);
});

describe('max-removals, unless the manifest says otherwise', () => {
  test.each([
    [2, 2, false],
    [3, 4, false],
    [5, 6, false],
    [5, 9, false],
    [6, 12, false],
    [6, 13, false],
    [500, 1000, false],
    [3, 3, true],
    [5, 5, true],
    [6, 11, true],
    [7, 13, true],
    [501, 1000, true],
  ])('removing %d of %d is refused: %s', (removals, managed, refused) => {
    // Others take their place, so that `empty` has no say.
    expect(codes({ removals, managed, additions: 1 })).toEqual(refused ? ['max-removals'] : []);
  });

  test('refuses to remove all of 3 even when as many take their place', () => {
    expect(codes({ removals: 3, managed: 3, additions: 3 })).toEqual(['max-removals']);
  });
});

describe('guards.maxRemovals', () => {
  test.each<[RemovalLimit, number, number, boolean]>([
    [0, 1, 100, true],
    [5, 5, 6, false],
    [5, 6, 1000, true],
    // A number of the manifest takes the place of the whole default, its "all of 3" too.
    [3, 3, 3, false],
    ['0%', 1, 1000, true],
    ['50%', 5, 10, false],
    ['50%', 6, 10, true],
    ['50%', 1, 1, true],
    ['50%', 2, 3, true],
    ['100%', 7, 7, false],
    ['33.3%', 333, 1000, false],
    ['33.3%', 334, 1000, true],
    ['33.3%', 1, 3, true],
    ['33.34%', 1, 3, false],
    ['12.5%', 1, 8, false],
    ['0.1%', 1, 1000, false],
    ['0.1%', 1, 999, true],
    ['50.0%', 5, 10, false],
    // 28 / 50 * 100 is a little more than 56 in floating point.
    ['56%', 28, 50, false],
    // And 1 / 7 cannot be told from this share there.
    ['14.285714285714285714%', 1, 7, true],
    ['14.285714285714285715%', 1, 7, false],
  ])('%s refuses %d of %d: %s', (maxRemovals, removals, managed, refused) => {
    expect(codes({ removals, managed, additions: 1 }, { maxRemovals })).toEqual(
      refused ? ['max-removals'] : [],
    );
  });
});

describe('empty', () => {
  test('refuses to remove the last', () => {
    expect(codes({ removals: 1, managed: 1 })).toEqual(['empty']);
    expect(codes({ removals: 2, managed: 2 })).toEqual(['empty']);
  });

  test('lets go where somebody stays or comes', () => {
    expect(codes({ removals: 1, managed: 2 })).toEqual([]);
    expect(codes({ removals: 2, managed: 2, additions: 1 })).toEqual([]);
  });

  test('has no say where nothing is removed', () => {
    expect(codes({ removals: 0, managed: 0 })).toEqual([]);
  });

  test('is lifted by guards.allowEmpty, and nothing else is', () => {
    expect(codes({ removals: 2, managed: 2 }, { allowEmpty: true })).toEqual([]);
    expect(codes({ removals: 3, managed: 3 }, { allowEmpty: true })).toEqual(['max-removals']);
  });

  test('stands beside max-removals', () => {
    expect(codes({ removals: 3, managed: 3 })).toEqual(['empty', 'max-removals']);
    expect(codes({ removals: 1, managed: 1 }, { maxRemovals: '50%' })).toEqual(['empty', 'max-removals']);
  });
});

describe('what is allowed', () => {
  test.each([
    [300, []],
    [299, []],
    [298, ['empty', 'max-removals']],
    [0, ['empty', 'max-removals']],
    ['event' as const, ['empty', 'max-removals']],
  ])('%s, of 299 removals that are all, leaves %j', (allowed, left) => {
    expect(codes({ removals: 299, managed: 299 }, { allowed })).toEqual(left);
  });

  test('lifts a limit of the manifest too', () => {
    expect(codes({ removals: 7, managed: 20 }, { maxRemovals: 0, allowed: 7 })).toEqual([]);
  });

  test('lifts no other guard', () => {
    const much = { removals: 3, managed: 3, additions: 9, notified: 201, deletesEvent: true };
    const strict = { maxAdditions: 5, allowed: 100 };
    expect(codes(much, strict)).toEqual(['max-additions', 'max-notified', 'delete-event']);
  });
});

test.each([
  [null, 5000, []],
  [9, 9, []],
  [9, 10, ['max-additions']],
  [0, 1, ['max-additions']],
])('guards.maxAdditions %s against %d leaves %j', (maxAdditions, additions, left) => {
  expect(codes({ additions }, { maxAdditions })).toEqual(left);
});

test.each([
  [200, 200, []],
  [200, 201, ['max-notified']],
  [0, 1, ['max-notified']],
  [0, 0, []],
])('guards.maxNotified %d against %d leaves %j', (maxNotified, notified, left) => {
  expect(codes({ notified }, { maxNotified })).toEqual(left);
});

test.each<[Partial<Limits>, string[]]>([
  [{}, ['delete-event']],
  [{ allowed: 5 }, ['delete-event']],
  [{ allowDelete: true }, []],
  [{ allowed: 'event' }, []],
])('a deletion under %j leaves %j', (more, left) => {
  expect(codes({ deletesEvent: true, managed: 0 }, more)).toEqual(left);
});

test.each([
  ['2026-11-19', false, true],
  ['2026-11-20', false, false],
  ['2026-11-21', false, false],
  ['2026-11-19', true, false],
  [null, false, false],
])('an event that ended on %s, allowPast %s, is refused on 2026-11-20: %s', (endedOn, allowPast, refused) => {
  const found = guardPast('weekly', endedOn, '2026-11-20', limits({ allowPast }));
  expect(found.map(({ code }) => code)).toEqual(refused ? ['past-event'] : []);
});

test.each([
  [1000, 1000, false],
  [1001, 1000, true],
  [0, 0, false],
  [1, 0, true],
])('%d removals in a run of at most %d are refused: %s', (removals, most, refused) => {
  expect(guardRun(removals, most).map(({ code }) => code)).toEqual(refused ? ['run-removals'] : []);
});

test('says the name, the numbers and the way out', () => {
  const much = extent({ removals: 3, managed: 3, additions: 9, notified: 201, deletesEvent: true });
  const found = guardEvent('weekly', much, limits({ maxAdditions: 5 }));
  const [removals, additions, notified, deletion] = found.map(({ message }) => message);
  expect(removals).toMatch(/weekly: 3 of 3 .*guards\.maxRemovals.*--allow-removals weekly=3/);
  expect(additions).toMatch(/weekly: 9 .*guards\.maxAdditions: 5/);
  expect(notified).toMatch(/weekly: 201 .*200.*guards\.maxNotified/);
  expect(deletion).toMatch(/weekly: .*guards\.allowDelete: true.*--allow-removals weekly=event/);
  const [empty] = guardEvent('weekly', extent({ removals: 1, managed: 1 }), limits());
  expect(empty?.message).toMatch(/weekly: .*guards\.allowEmpty: true.*--allow-removals weekly=1/);
  const [past] = guardPast('weekly', '2026-11-19', '2026-11-20', limits());
  expect(past?.message).toMatch(/weekly: .*2026-11-19.*2026-11-20.*guards\.allowPast: true/);
  expect(guardRun(1200, 1000)[0]?.message).toMatch(/1200 .*1000.*--max-removals 1200/);
});
