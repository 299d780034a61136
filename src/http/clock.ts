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

/** Has a function called when a signal aborts. Answers what takes it back. */
export type OnAbort = (signal: AbortSignal, call: () => void) => () => void;

/**
 * Listens to each signal once, however many calls wait for it, and no longer than one of them does. Listeners that were
 * taken off a signal still point to later ones, so with one a call, everything that the calls of a run have read is kept
 * until the whole heap is collected. The same holds for a set: its tables, which it leaves behind as calls come and go,
 * point each to the next.
 */
export function createOnAbort(): OnAbort {
  const waiting = new WeakMap<AbortSignal, (() => void)[]>();
  const tell = ({ target }: Event): void => {
    const calls = target instanceof AbortSignal ? waiting.get(target) : undefined;
    // Some take themselves off the list meanwhile.
    for (const call of calls?.slice() ?? []) call();
  };
  return (signal, call) => {
    const calls = waiting.get(signal) ?? [];
    waiting.set(signal, calls);
    if (calls.length === 0) signal.addEventListener('abort', tell, { once: true });
    calls.push(call);
    return () => {
      const place = calls.indexOf(call);
      if (place < 0) return;
      calls.splice(place, 1);
      if (calls.length === 0) signal.removeEventListener('abort', tell);
    };
  };
}

/** Calls a function at one time, which may be changed. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #next: { readonly at: number; readonly stop: AbortController } | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** By the clock; infinity: not at all. */
  set(at: number): void {
    if (this.#next?.at === at) return;
    this.#next?.stop.abort();
    this.#next = null;
    if (at === Number.POSITIVE_INFINITY) return;
    const next = { at, stop: new AbortController() };
    this.#next = next;
    const ring = (): void => {
      if (this.#next !== next) return;
      this.#next = null;
      this.#ring();
    };
    this.#clock.sleep(at - this.#clock.now(), next.stop.signal).then(ring, ring);
  }
}
