import { describe, expect, test } from 'vitest';

import { visible, visibleDeep, visibleJson } from '../../src/report/escape.ts';
import { hostileName } from '../support/plan-fixtures.ts';

describe('text from outside', () => {
  test.each([
    ['a line break', 'a\nb', 'a\\nb'],
    ['a carriage return and a tab', 'a\r\tb', 'a\\r\\tb'],
    ['an ANSI escape', '\u001b[31mred', '\\u001b[31mred'],
    ['an 8-bit control sequence', '\u009b31m', '\\u009b31m'],
    ['NUL and DEL', '\u0000\u007f', '\\u0000\\u007f'],
    ['a right-to-left override', 'a\u202eb', 'a\\u202eb'],
    ['isolates and marks', '\u2066\u2069\u200e\u200f\u061c', '\\u2066\\u2069\\u200e\\u200f\\u061c'],
    [
      'characters without width',
      '\u200b\u200c\u200d\u2060\ufeff\u00ad',
      '\\u200b\\u200c\\u200d\\u2060\\ufeff\\u00ad',
    ],
    ['fillers that look empty', '\u3164\u115f', '\\u3164\\u115f'],
    ['line and paragraph separators', '\u2028\u2029', '\\u2028\\u2029'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ['half a surrogate pair', '\ud800x', '\\ud800x'],
    ['an emoji selector that selects nothing', 'a\ufe0fb', 'a\\ufe0fb'],
  ])('shows %s instead of obeying it', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  test.each(['Zhang San', '张三', 'Ünïcødé', '😀', '❤\ufe0f', 'مرحبا', 'a\\b', 'C:\\rosters\\a.yaml'])(
    'leaves %s as it is',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  test('is made visible at any depth, and all else is kept', () => {
    const value = { a: ['x\n', 1, null, true], b: { c: '\u202e' } };
    expect(visibleDeep(value)).toEqual({ a: ['x\\n', 1, null, true], b: { c: '\\u202e' } });
  });
});

test('JSON keeps its value when what would be obeyed is escaped', () => {
  const json = JSON.stringify({ name: hostileName, list: [1] }, null, 2);
  const shown = visibleJson(json);
  expect(JSON.parse(shown)).toEqual({ name: hostileName, list: [1] });
  expect(shown.replaceAll('\n', '')).toBe(visible(shown.replaceAll('\n', '')));
});
