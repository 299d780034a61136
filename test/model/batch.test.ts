import { describe, expect, test } from 'vitest';
import { additionBatches, callCaps, chunk, removalBatches } from '../../src/model/batch.ts';
import { platforms } from '../../src/platforms/index.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const sizes = (batches: readonly (readonly unknown[])[]): number[] => batches.map(({ length }) => length);

test.each([
  [0, []],
  [1, [1]],
  [500, [500]],
  [501, [500, 1]],
  [1200, [500, 500, 200]],
])('cuts %d items into runs of 500', (count, expected) => {
  const chunks = chunk(numbers(count), 500);
  expect(sizes(chunks)).toEqual(expected);
  expect(chunks.flat()).toEqual(numbers(count));
});

describe('removal batches', () => {
  const { feishu } = platforms;

  test.each([
    [0, []],
    [500, [500]],
    [501, [500, 1]],
    [1000, [500, 500]],
  ])('hold at most 500 of %d rows', (count, expected) => {
    expect(sizes(removalBatches(numbers(count), () => 1, callCaps(feishu)))).toEqual(expected);
  });

  test('count every row of an identity and never split one', () => {
    const batches = removalBatches([1, 2, 3, 2, 4], (rows) => rows, { remove: 5 });
    expect(batches).toEqual([[1, 2], [3, 2], [4]]);
  });

  test('give an identity with more rows than fit a batch of its own', () => {
    expect(removalBatches([1, 9, 1], (rows) => rows, { remove: 5 })).toEqual([[1], [9], [1]]);
  });
});

describe('addition batches', () => {
  interface Item {
    readonly room: boolean;
    readonly at: number;
  }
  const mixed = (rooms: number, others: number): Item[] =>
    numbers(rooms + others).map((at) => ({ room: at < rooms, at }));
  const isRoom = (item: Item): boolean => item.room;

  test.each([
    ['feishu', 0, 0, []],
    ['feishu', 0, 1000, [1000]],
    ['feishu', 0, 1001, [1000, 1]],
    ['feishu', 100, 900, [1000]],
    ['feishu', 101, 0, [100, 1]],
    ['feishu', 101, 1899, [1000, 1000]],
    ['feishu', 250, 10, [110, 100, 50]],
    ['dingtalk', 0, 1200, [500, 500, 200]],
  ] as const)('on %s, %d rooms and %d others take the fewest calls', (provider, rooms, others, expected) => {
    const caps = callCaps(platforms[provider]);
    const batches = additionBatches(mixed(rooms, others), isRoom, caps);
    expect(sizes(batches)).toEqual(expected);
    for (const batch of batches) {
      expect(batch.filter(isRoom).length).toBeLessThanOrEqual(caps.rooms);
      expect(batch.length).toBeLessThanOrEqual(caps.add);
    }
    expect(new Set(batches.flat().map(({ at }) => at)).size).toBe(rooms + others);
  });

  test('end with an error where a platform takes no rooms', () => {
    expect(() => additionBatches(mixed(1, 1), isRoom, callCaps(platforms.dingtalk))).toThrow(RangeError);
  });
});
