import type { Grant } from './quota.ts';
import { Slots, lastStart, type RateWindow } from './slots.ts';

/** Clocks that tick in whole milliseconds can be one short at either end. */
const tickMs = 2;

/** How much of the shortest journey so far is counted on: the next one may be a little shorter. */
const trustedShare = 0.95;

/**
 * The same while a lane is new, in milliseconds from its first answer. Its first calls go out all at once, on
 * connections that are new: even the shortest of them may be far longer than those that follow.
 */
const unsettledShare = 0.5;
const settlingMs = 1000;

/** A call that waits for its lane. */
export interface Waiting {
  /** The lowest goes first; among equals, who came first. */
  readonly order: number;
  readonly grant: (grant: Grant) => void;
}

/**
 * The windows of one lane, and those who wait for it.
 *
 * The platform counts a call somewhere on its journey, at the same share of the way each time. Whatever that share is, a
 * later call is counted one window after an earlier one if it is sent one window after the earlier one's answer, less
 * the shortest journey there is: so a steady latency costs nothing, and what varies is waited for.
 */
export class Lane {
  readonly #windows: readonly { readonly slots: Slots; readonly perMs: number }[];
  readonly #queue: Waiting[] = [];
  #pausedUntil = Number.NEGATIVE_INFINITY;
  /** From sending to answer, in milliseconds. */
  #shortestJourney = Number.POSITIVE_INFINITY;
  #settledAt = Number.POSITIVE_INFINITY;
  #underWay = 0;

  constructor(windows: readonly RateWindow[]) {
    this.#windows = windows.map((window) => ({ slots: new Slots(window), perMs: window.perMs }));
  }

  /**
   * How long until so many more calls are answered, in milliseconds, those under way among them: if all of the others
   * were ready now, and each took as long as `journeyMs`.
   */
  leftMs(calls: number, journeyMs: number, now: number): number {
    if (calls <= 0) return 0;
    const open = calls - this.#underWay;
    if (open <= 0) return journeyMs;
    const early = this.#shortest * trustedShare;
    const windows = this.#windows.map(({ slots, perMs }) => ({
      freeAt: slots.freeTimes(now + journeyMs + perMs).map((time) => time - early),
      takenMs: perMs + Math.max(0, journeyMs - early) + tickMs,
    }));
    return lastStart(windows, open, Math.max(now, this.#pausedUntil)) - now + journeyMs;
  }

  /** Whose turn is next. */
  get first(): Waiting | undefined {
    return this.#queue[0];
  }

  /** When the next call may start: infinity while all slots are held. */
  get opensAt(): number {
    const freeAt = Math.max(
      Number.NEGATIVE_INFINITY,
      ...this.#windows.map(({ slots }) => slots.nextFreeAt()),
    );
    const early = Math.max(freeAt - this.#shortest * trustedShare, this.#settledAt);
    return Math.max(this.#pausedUntil, Math.min(freeAt - this.#shortest * unsettledShare, early));
  }

  add(waiting: Waiting): void {
    // Most come in order: the search from the end is short.
    const before = this.#queue.findLastIndex(({ order }) => order <= waiting.order);
    this.#queue.splice(before + 1, 0, waiting);
  }

  /** Whether it waited. */
  leave(waiting: Waiting): boolean {
    const place = this.#queue.indexOf(waiting);
    if (place >= 0) this.#queue.splice(place, 1);
    return place >= 0;
  }

  pauseUntil(time: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, time);
  }

  /** Takes a slot of each window. */
  take(): void {
    this.#underWay += 1;
    for (const { slots } of this.#windows) slots.take();
  }

  /** A call that took slots has ended. `sentAt`: null where it was never sent. */
  settle(sentAt: number | null, now: number): void {
    if (sentAt !== null) {
      this.#shortestJourney = Math.min(this.#shortestJourney, now - sentAt);
      this.#settledAt = Math.min(this.#settledAt, now + settlingMs);
    }
    this.#underWay -= 1;
    for (const { slots } of this.#windows) {
      if (sentAt === null) slots.giveBack();
      else slots.countedBy(now + tickMs);
    }
  }

  get #shortest(): number {
    return Number.isFinite(this.#shortestJourney) ? this.#shortestJourney : 0;
  }
}
