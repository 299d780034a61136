import { expect, test } from 'vitest';
import { longestDurationMs, parseDuration } from '../../src/model/duration.ts';

test.each([
  ['500ms', 500],
  ['2s', 2000],
  ['5m', 300_000],
  ['596h', 596 * 3_600_000],
  [`${longestDurationMs}ms`, longestDurationMs],
])('%s is a duration', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([`${longestDurationMs + 1}ms`, '597h', '999999999h', '99999999999999999999s'])(
  '%s is too long',
  (text) => {
    expect(parseDuration(text)).toBe('Give 596h at most.');
  },
);

test.each(['', '5', 's', '1.5s', '-1s', '1d', ' 1s'])('%j is none', (text) => {
  expect(parseDuration(text)).toMatch(/^Give a duration/);
});
