/** One rate window of one API. Structurally the `QuotaWindow` of the platform table. */
export interface RateWindow {
  readonly calls: number;
  readonly perMs: number;
}

/**
 * A sliding window as a set of slots: each call holds one, and a slot is free again one window after its call was
 * counted. So no stretch of the window's length ever holds more calls than there are slots.
 */
export class Slots {
  readonly #perMs: number;
  /** Slots that no call has used yet. */
  #unused: number;
  /** When each used slot is free again, ascending. Slots of calls that are not counted yet are not in here. */
  readonly #freeAt: number[] = [];

  constructor(window: RateWindow) {
    this.#perMs = window.perMs;
    this.#unused = window.calls;
  }

  /** When the next slot is free: in the past where one is, infinity while all are held. */
  nextFreeAt(): number {
    if (this.#unused > 0) return Number.NEGATIVE_INFINITY;
    return this.#freeAt[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Takes the slot that was free first. */
  take(): void {
    if (this.#unused > 0) this.#unused -= 1;
    else this.#freeAt.shift();
  }

  /** The call that holds a slot was counted at this time at the latest. */
  countedAt(time: number): void {
    const freeAt = time + this.#perMs;
    let index = this.#freeAt.length;
    while (index > 0 && (this.#freeAt[index - 1] ?? 0) > freeAt) index -= 1;
    this.#freeAt.splice(index, 0, freeAt);
  }

  /** It turned out that a call was counted earlier than said before. */
  countedEarlier(before: number, time: number): void {
    const index = this.#freeAt.lastIndexOf(before + this.#perMs);
    if (index < 0) return;
    this.#freeAt.splice(index, 1);
    this.countedAt(time);
  }

  /** The call was never sent. */
  giveBack(): void {
    this.#unused += 1;
  }
}
