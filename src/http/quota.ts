import type { Clock } from './clock.ts';
import { Slots, type RateWindow } from './slots.ts';

/**
 * The platform counts a call somewhere between sending and answer. A call is taken to be counted when its answer is
 * here, but at most this long, in milliseconds, after it was sent: longer journeys are taken to be steady.
 */
export const latestCountMs = 30;

/** Clocks that tick in whole milliseconds can be one short at either end. */
const tickMs = 2;

/** The right to send one call. Each is told to `settle` in the end, sent or not. */
export interface Grant {
  /** The call is being written. */
  sent(): void;
  /** There is an answer, or there will be none. */
  settle(): void;
}

/** Rate windows for any number of APIs, each with windows of its own. Callers of one API are served in order. */
export interface Limiter {
  /** Resolves when the call may be sent; rejects with the signal's reason when that aborts. */
  acquire(api: string, signal: AbortSignal): Promise<Grant>;
  /** Lets no call of the API start before this time (milliseconds since the epoch). */
  pauseUntil(api: string, time: number): void;
}

interface Waiting {
  readonly grant: (grant: Grant) => void;
}

/** The windows of one API, and those who wait for it. */
class Lane {
  readonly #clock: Clock;
  readonly #windows: readonly Slots[];
  readonly #queue: Waiting[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** The sleep until the next slot, if somebody waits for one. */
  #alarm: { readonly at: number; readonly stop: AbortController } | null = null;

  constructor(windows: readonly RateWindow[], clock: Clock) {
    this.#clock = clock;
    this.#windows = windows.map((window) => new Slots(window));
  }

  acquire(signal: AbortSignal): Promise<Grant> {
    return new Promise<Grant>((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const waiting: Waiting = {
        grant: (grant) => {
          signal.removeEventListener('abort', leave);
          resolve(grant);
        },
      };
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        if (this.#queue.length === 0) this.#alarm?.stop.abort();
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#queue.push(waiting);
      this.#serve();
    });
  }

  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  #serve(): void {
    while (this.#queue.length > 0) {
      const at = Math.max(this.#pausedUntil, ...this.#windows.map((slots) => slots.nextFreeAt()));
      if (at > this.#clock.now()) {
        this.#wakeAt(at);
        return;
      }
      for (const slots of this.#windows) slots.take();
      this.#queue.shift()?.grant(this.#grant());
    }
  }

  #wakeAt(at: number): void {
    // Held slots wake the lane when they are let go of.
    if (at === Number.POSITIVE_INFINITY || (this.#alarm !== null && this.#alarm.at <= at)) return;
    this.#alarm?.stop.abort();
    const alarm = { at, stop: new AbortController() };
    this.#alarm = alarm;
    const ring = (): void => {
      if (this.#alarm !== alarm) return;
      this.#alarm = null;
      this.#serve();
    };
    this.#clock.sleep(at - this.#clock.now(), alarm.stop.signal).then(ring, ring);
  }

  #grant(): Grant {
    let latest: number | null = null;
    let settled = false;
    return {
      sent: () => {
        if (latest !== null || settled) return;
        latest = this.#clock.now() + latestCountMs;
        for (const slots of this.#windows) slots.countedAt(latest);
        this.#serve();
      },
      settle: () => {
        if (settled) return;
        settled = true;
        const now = this.#clock.now() + tickMs;
        for (const slots of this.#windows) {
          if (latest === null) slots.giveBack();
          else if (now < latest) slots.countedEarlier(latest, now);
        }
        this.#serve();
      },
    };
  }
}

/** A limiter with the same windows for each API. No windows: no limit, only pauses. */
export function createLimiter(windows: readonly RateWindow[], clock: Clock): Limiter {
  const lanes = new Map<string, Lane>();
  const laneOf = (api: string): Lane => {
    const known = lanes.get(api);
    if (known !== undefined) return known;
    const lane = new Lane(windows, clock);
    lanes.set(api, lane);
    return lane;
  };
  return {
    acquire: (api, signal) => laneOf(api).acquire(signal),
    pauseUntil: (api, time) => laneOf(api).pauseUntil(time),
  };
}
