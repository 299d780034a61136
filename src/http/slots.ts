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
  /** Slots that no call has used yet. */
  #unused: number;
  /** When each used slot is free again, ascending. Slots of calls under way are not in here. */
  readonly #freeAt: number[] = [];

  constructor(window: RateWindow) {
    this.#perMs = window.perMs;
    this.#unused = window.calls;
  }

  /** When the next slot is free: minus infinity where one was never used, infinity while all are held. */
  nextFreeAt(): number {
    if (this.#unused > 0) return Number.NEGATIVE_INFINITY;
    return this.#freeAt[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the slot that was free first. */
  take(): void {
    if (this.#unused > 0) this.#unused -= 1;
    else this.#freeAt.shift();
  }

  /** A call that holds a slot was counted at this time at the latest. Times come in ascending order. */
  countedBy(time: number): void {
    this.#freeAt.push(time + this.#perMs);
  }

  /** The call was never sent. */
  giveBack(): void {
    this.#unused += 1;
  }
}
