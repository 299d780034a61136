/** One rate window of one API. Structurally the `QuotaWindow` of the platform table. */
export interface RateWindow {
  readonly calls: number;
  readonly perMs: number;
}

/**
 * A sliding window as a set of slots: each call holds one until it has ended, and the slot is free again one window
 * later. So no stretch of the window's length ever holds more calls than there are slots.
 */
export class Slots {
  readonly #perMs: number;
  readonly #calls: number;
  /** Slots of calls under way. */
  #held = 0;
  /** When the slots of calls that have ended are free again, ascending. */
  readonly #freeAt: number[] = [];

  constructor(window: RateWindow) {
    this.#perMs = window.perMs;
    this.#calls = window.calls;
  }

  /** When the next slot is free: minus infinity where one was never used, infinity while all are held. */
  nextFreeAt(): number {
    const open = this.#calls - this.#held;
    if (open <= 0) return Number.POSITIVE_INFINITY;
    return this.#freeAt[this.#freeAt.length - open] ?? Number.NEGATIVE_INFINITY;
  }

  take(): void {
    this.#held += 1;
    // Of those who are free before the ones that count, nothing more has to be known.
    while (this.#freeAt.length + this.#held > this.#calls) this.#freeAt.shift();
  }

  /** A call that holds a slot was counted at this time at the latest. Times come in ascending order. */
  countedBy(time: number): void {
    this.#held -= 1;
    this.#freeAt.push(time + this.#perMs);
  }

  /** The call was never sent. */
  giveBack(): void {
    this.#held -= 1;
  }
}
