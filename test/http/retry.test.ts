import { describe, expect, it, test } from 'vitest';
import { backOffMs, requestedWaitMs } from '../../src/http/retry.ts';

describe('the back-off', () => {
  test.each([
    [1, 500],
    [2, 1000],
    [3, 2000],
    [5, 8000],
    [6, 10_000],
    [40, 10_000],
  ])('after try %i is at most %i ms', (attempt, ms) => {
    expect(backOffMs(attempt, () => 0)).toBe(ms);
  });

  it('is up to a fifth shorter by chance', () => {
    expect(backOffMs(1, () => 1)).toBe(400);
  });
});

describe('the wait that an answer asks for', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  test.each([
    [{}, null],
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, null],
    [{ 'x-reset': '2', 'retry-after': '9' }, 2000],
    [{ 'x-reset': 'nonsense', 'retry-after': '9' }, 9000],
    [{ 'x-reset': '-1' }, null],
  ])('is read from %j as %s', (headers, ms) => {
    expect(requestedWaitMs(headers, now, 'x-reset')).toBe(ms);
  });
});
