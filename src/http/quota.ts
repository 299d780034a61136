import { createOnAbort, type OnAbort } from './aborts.ts';
import type { Clock } from './clock.ts';
import { Slots, type RateWindow } from './slots.ts';

/** Clocks that tick in whole milliseconds can be one short at either end. */
const tickMs = 2;

/** How much of the shortest journey so far is counted on: the next one may be a little shorter. */
const trustedShare = 0.9;

/** The right to send one call. Each is told to `settle` in the end, sent or not. */
export interface Grant {
  /** The call is being written. */
  sent(): void;
  /** There is an answer, or there will be none. */
  settle(): void;
}

/** Rate windows for any number of lanes (an API, or several that count together), each with windows of its own. Callers of one lane are served in order. */
export interface Limiter {
  /** Resolves when the call may be sent; rejects with the signal's reason when that aborts. */
  acquire(lane: string, signal: AbortSignal): Promise<Grant>;
  /** Lets no call of the lane start before this time, by the clock. */
  pauseUntil(lane: string, time: number): void;
}

interface Waiting {
  readonly grant: (grant: Grant) => void;
}

/**
 * The windows of one lane, and those who wait for it.
 *
 * The platform counts a call somewhere on its journey, at the same share of the way each time. Whatever that share is, a
 * later call is counted one window after an earlier one if it is sent one window after the earlier one's answer, less
 * the shortest journey there is: so a steady latency costs nothing, and what varies is waited for.
 */
class Lane {
  readonly #clock: Clock;
  readonly #windows: readonly Slots[];
  readonly #queue: Waiting[] = [];
  readonly #onAbort: OnAbort = createOnAbort();
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** From sending to answer, in milliseconds. */
  #shortestJourney = Number.POSITIVE_INFINITY;
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
          forget();
          resolve(grant);
        },
      };
      const leave = (): void => {
        this.#queue.splice(this.#queue.indexOf(waiting), 1);
        if (this.#queue.length === 0) this.#alarm?.stop.abort();
        reject(signal.reason);
      };
      const forget = this.#onAbort(signal, leave);
      this.#queue.push(waiting);
      this.#serve();
    });
  }

  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  #serve(): void {
    while (this.#queue.length > 0) {
      const at = Math.max(
        this.#pausedUntil,
        ...this.#windows.map((slots) => slots.nextFreeAt() - this.#trusted()),
      );
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

  #trusted(): number {
    return Number.isFinite(this.#shortestJourney) ? this.#shortestJourney * trustedShare : 0;
  }

  #grant(): Grant {
    let sentAt: number | null = null;
    let settled = false;
    return {
      sent: () => {
        sentAt ??= this.#clock.now();
      },
      settle: () => {
        if (settled) return;
        settled = true;
        const now = this.#clock.now();
        if (sentAt !== null) this.#shortestJourney = Math.min(this.#shortestJourney, now - sentAt);
        for (const slots of this.#windows) {
          if (sentAt === null) slots.giveBack();
          else slots.countedBy(now + tickMs);
        }
        this.#serve();
      },
    };
  }
}

/** A limiter with the same windows for each lane. No windows: no limit, only pauses. */
export function createLimiter(windows: readonly RateWindow[], clock: Clock): Limiter {
  const lanes = new Map<string, Lane>();
  const laneOf = (name: string): Lane => {
    const known = lanes.get(name);
    if (known !== undefined) return known;
    const lane = new Lane(windows, clock);
    lanes.set(name, lane);
    return lane;
  };
  return {
    acquire: (lane, signal) => laneOf(lane).acquire(signal),
    pauseUntil: (lane, time) => laneOf(lane).pauseUntil(time),
  };
}
