import { setMaxListeners } from 'node:events';
import type { Clock } from '../../src/http/clock.ts';

/** A clock that no test has to wait for. `slept` holds the length of each sleep. */
export interface VirtualClock extends Clock {
  readonly slept: readonly number[];
}

/**
 * Time stands still while code runs and jumps to the next sleeper once it has nothing more to do. It begins at 0, which
 * is `start` as a date.
 */
export function virtualClock(start: number = Date.UTC(2026, 0, 1)): VirtualClock {
  let now = 0;
  const slept: number[] = [];
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  let scheduled = false;

  const advance = (): void => {
    scheduled = false;
    const next = sleepers.shift();
    if (next === undefined) return;
    now = Math.max(now, next.at);
    next.wake();
    schedule();
  };
  const schedule = (): void => {
    if (scheduled || sleepers.length === 0) return;
    scheduled = true;
    setImmediate(advance);
  };

  /** Behind those who wake earlier or at the same time. */
  const placeOf = (at: number): number => {
    let [low, high] = [0, sleepers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sleepers[middle]?.at ?? at) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    slept,
    now: () => now,
    date: () => start + now,
    sleep: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted === true) {
          reject(signal.reason as Error);
          return;
        }
        slept.push(ms);
        if (signal !== undefined) setMaxListeners(0, signal);
        const sleeper = {
          at: now + ms,
          wake: () => {
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        const onAbort = (): void => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(signal?.reason as Error);
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleepers.splice(placeOf(sleeper.at), 0, sleeper);
        schedule();
      }),
  };
}
