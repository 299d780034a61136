import { expect, test } from 'vitest';
import { compareAttendees, compareCodePoints, sortedByCodePoint } from '../../src/model/order.ts';

test.each([
  ['a', 'b'],
  ['', 'a'],
  ['a', 'ab'],
  ['Z', 'a'],
  ['10', '9'],
  ['z', 'é'],
  ['é', '张'],
  // By UTF-16 units these two would be the other way round.
  ['\uff21', '\u{1f600}'],
  ['\ue000', '\u{10000}'],
  ['a\ufffd', 'a\u{20000}'],
  ['\u{1f600}', '\u{1f601}'],
  ['\u{1f600}', '\u{20000}'],
])('puts %j before %j', (first, second) => {
  expect(compareCodePoints(first, second)).toBeLessThan(0);
  expect(compareCodePoints(second, first)).toBeGreaterThan(0);
});

test('takes equal strings for equal, and does not normalise', () => {
  expect(compareCodePoints('张\u{1f600}', '张\u{1f600}')).toBe(0);
  expect(compareCodePoints('\u00e9', 'e\u0301')).not.toBe(0);
});

test('agrees with sorting by the list of code points', () => {
  const texts = ['b', 'a', '\u{1f600}', '\uff21', '', 'aa', '\ue000', '张', '\u{10ffff}', 'A', '\ud7ff'];
  const byCodePoint = (a: string, b: string): number => {
    const [left, right] = [a, b].map((text) => Array.from(text, (char) => char.codePointAt(0) ?? 0));
    for (const [index, value] of (left ?? []).entries()) {
      const other = right?.[index];
      if (other === undefined) return 1;
      if (other !== value) return value - other;
    }
    return a.length - b.length;
  };
  expect([...texts].sort(compareCodePoints)).toEqual([...texts].sort(byCodePoint));
  expect(sortedByCodePoint(texts)).toEqual([...texts].sort(byCodePoint));
  const plain = texts.filter((text) => !/[\ud800-\udfff]/.test(text));
  expect(sortedByCodePoint(plain)).toEqual([...plain].sort(byCodePoint));
});

test('sorts attendees by type, then id', () => {
  const sorted = [
    { type: 'chat', id: 'z' },
    { type: 'email', id: 'a' },
    { type: 'room', id: 'a' },
    { type: 'user', id: 'a' },
    { type: 'user', id: 'b' },
  ];
  expect([...sorted].reverse().sort(compareAttendees)).toEqual(sorted);
});
