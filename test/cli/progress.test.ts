import { describe, expect, it } from 'vitest';
import { type ProgressCount, progressWords, waitingWords } from '../../src/cli/progress.ts';

describe('the progress line', () => {
  it.each<[ProgressCount, number | null, string]>([
    [{ done: 1, total: 5000, calls: 1 }, null, 'Reading events: 1 of 5000, 1 call'],
    [
      { done: 2000, total: 5000, calls: 2010 },
      180_400,
      'Reading events: 2000 of 5000, 2010 calls, about 3m left',
    ],
    [{ done: 4999, total: 5000, calls: 4999 }, 60, 'Reading events: 4999 of 5000, 4999 calls, about 1s left'],
    [{ done: 5000, total: 5000, calls: 5000 }, 0, 'Reading events: 5000 of 5000, 5000 calls'],
    [
      { done: 3, total: 5, calls: 9, held: 1 },
      60,
      'Reading events: 3 of 5, 9 calls, waiting for 1 held event',
    ],
  ])('%j with %j ms left', (now, leftMs, words) => {
    expect(progressWords('Reading events', now, leftMs)).toBe(words);
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
