import { setMaxListeners } from 'node:events';

/** Time as the program sees it; tests hand in one of their own. */
export interface Clock {
  /**
   * Milliseconds since some moment. It advances evenly, even if the machine's time is changed: rate windows, deadlines and
   * waits are measured by it.
   */
  now(): number;
  /** Milliseconds since the epoch: for dates that are shown, saved, or compared with such. */
  date(): number;
  /**
   * Resolves after `ms` milliseconds, at most {@link longestSleepMs}; rejects with the signal's reason as soon as that
   * aborts.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Node's timers take no longer wait, and end at once where they are asked for one. */
export const longestSleepMs: number = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      // Hundreds of events wait by the signal of one run; Node would warn the user about the eleventh.
      if (signal !== undefined) setMaxListeners(0, signal);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(
        () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
        Math.min(ms, longestSleepMs),
      );
      signal?.addEventListener('abort', onAbort, { once: true });
    }),
};
