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

  /** When each slot is free next, ascending, where those of calls under way are free at `heldUntil`. */
  freeTimes(heldUntil: number): number[] {
    const open = this.#calls - this.#held;
    const ended = open > 0 ? this.#freeAt.slice(-open) : [];
    return [
      ...Array<number>(Math.max(0, open - ended.length)).fill(Number.NEGATIVE_INFINITY),
      ...ended,
      ...Array<number>(this.#held).fill(heldUntil),
    ];
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

/** The slots of one window, and how long one is taken. */
interface Times {
  readonly freeAt: number[];
  readonly takenMs: number;
}

/**
 * When the last of so many calls starts, none before `from`, where each starts as soon as all windows let it. Once
 * around the slowest window all goes on as the time before.
 */
export function lastStart(windows: readonly Times[], calls: number, from: number): number {
  const [slowest] = [...windows].sort((a, b) => b.takenMs / b.freeAt.length - a.takenMs / a.freeAt.length);
  const around = slowest?.freeAt.length ?? calls;
  const times = Math.max(0, Math.floor((calls - 1 - around) / around));
  let start = from;
  for (let call = 0; call < calls - times * around; call += 1) {
    for (const { freeAt } of windows) start = Math.max(start, freeAt[call] ?? start);
    for (const { freeAt, takenMs } of windows) freeAt.push(start + takenMs);
  }
  return start + times * (slowest?.takenMs ?? 0);
}
