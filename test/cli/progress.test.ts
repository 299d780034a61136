import { describe, expect, it } from 'vitest';
import { type Standing, progressWords, remainingMs, waitingWords } from '../../src/cli/progress.ts';

const feishu = [
  { calls: 50, perMs: 1000 },
  { calls: 1000, perMs: 60_000 },
];

function standing(done: number, seconds: number, more: Partial<Standing> = {}): Standing {
  return { done, total: 5000, calls: done, elapsedMs: seconds * 1000, ...more };
}

describe('the time left', () => {
  it.each<[string, Standing, number | null]>([
    ['is not guessed from four events', standing(4, 60), null],
    ['is not guessed in the first two seconds', standing(80, 1.5), null],
    // 900 calls in 18 s: the minute has room for 100 more, and 4000 follow at 1000 a minute.
    ['knows that the fast start ends with the minute', standing(900, 18), 240],
    ['is that of the window once it is full', standing(2000, 120), 180],
    ['is that of slow answers where those take longer', standing(100, 100), 4900],
    ['counts the calls of long events', standing(100, 60, { calls: 1000, total: 200 }), 60],
    ['is nothing at the end', standing(5000, 300), 0],
  ])('%s', (_, now, seconds) => {
    const left = remainingMs(now, feishu);
    expect(left === null ? null : Math.round(left / 1000)).toBe(seconds);
  });

  it('goes by the pace alone without a quota', () => {
    expect(remainingMs(standing(1000, 10), [])).toBe(40_000);
  });
});

describe('the progress line', () => {
  it.each<[Standing, string]>([
    [standing(1, 0.1), 'Reading events: 1 of 5000, 1 call'],
    [standing(2000, 120), 'Reading events: 2000 of 5000, 2000 calls, about 3m left'],
    [standing(4999, 300), 'Reading events: 4999 of 5000, 4999 calls, about 1s left'],
    [standing(5000, 300), 'Reading events: 5000 of 5000, 5000 calls'],
  ])('%j', (now, words) => {
    expect(progressWords('Reading events', now, feishu)).toBe(words);
  });
});

describe('what is waited for', () => {
  const call = { host: 'open.feishu.cn', code: undefined, waitMs: 8000, repeat: 2, of: 5 };

  it.each([
    [
      { ...call, because: 'unreachable', code: 'ENOTFOUND' },
      3100,
      'open.feishu.cn cannot be reached (ENOTFOUND), trying again in 4 s (2 of 5)',
    ],
    [{ ...call, because: 'rate' }, 8000, 'open.feishu.cn is at its rate limit, trying again in 8 s (2 of 5)'],
    [
      { ...call, because: 'transient' },
      500,
      'open.feishu.cn gave no usable answer, trying again in 1 s (2 of 5)',
    ],
  ] as const)('%j', (waiting, leftMs, words) => {
    expect(waitingWords(waiting, leftMs)).toBe(words);
  });
});
