/** One rate window of one API. Structurally the `QuotaWindow` of the platform table. */
export interface RateWindow {
  readonly calls: number;
  readonly perMs: number;
  /** All lanes count in it together; else each has one of its own. */
  readonly shared?: true;
}

/** What is left of the calls allowed once a platform has refused one, at most. */
const loweredTo = 0.9;

/** How many more are tried again at a time, as a part of those that are allowed. */
const raisedBy = 0.1;

/**
 * A sliding window as a set of slots: each call holds one until it has ended, and the slot is free again one window
 * later. So no stretch of the window's length ever holds more calls than there are slots. A platform may turn out to
 * allow fewer than it documents.
 */
export class Slots {
  readonly perMs: number;
  readonly #calls: number;
  #allowed: number;
  /** Slots of calls under way. */
  #held = 0;
  /** When the slots of calls that have ended are free again, ascending. */
  readonly #freeAt: number[] = [];
  /** Those of them whose calls were refused. */
  #refusedFreeAt: readonly number[] = [];

  constructor({ calls, perMs }: RateWindow) {
    this.perMs = perMs;
    this.#calls = calls;
    this.#allowed = calls;
  }

  /**
   * When so many more slots are free: minus infinity where they were never used, infinity while too many are held. `part`:
   * the part of the slots to be used, one at least. A call that takes more than there are waits for all of them.
   */
  nextFreeAt(part: number, units = 1): number {
    const open = this.#open(part);
    const needed = Math.min(units, open + this.#held);
    if (open < needed) return Number.POSITIVE_INFINITY;
    return this.#freeAt[this.#freeAt.length - open + needed - 1] ?? Number.NEGATIVE_INFINITY;
  }

  /**
   * When each slot is free next, ascending, where those of calls under way are free at `heldUntil`. `raised`: once some
   * more are tried.
   */
  freeTimes(heldUntil: number, part: number, raised = false): number[] {
    const open = this.#open(part, raised ? this.#raised() : this.#allowed);
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
    // A call that takes more than there are holds all of them, and more.
    while (this.#freeAt.length > 0 && this.#freeAt.length + this.#held > this.#calls) this.#freeAt.shift();
  }

  /** A call that holds a slot was counted, or refused, at this time at the latest. */
  countedBy(time: number, refused: boolean): void {
    this.#held -= 1;
    const freeAt = time + this.perMs;
    // They come about in order.
    const before = this.#freeAt.findLastIndex((other) => other <= freeAt);
    this.#freeAt.splice(before + 1, 0, freeAt);
    if (refused) this.#refusedFreeAt = [...this.#usedIn(this.#refusedFreeAt, time), time + this.perMs];
  }

  /** The call was never sent. */
  giveBack(): void {
    this.#held -= 1;
  }

  /** The platform refuses calls. It allows no more than it has taken in one window up to `now`, where that is known. */
  lower(now: number | null): void {
    const taken = now === null ? this.#allowed : this.#takenBefore(now);
    this.#allowed = Math.max(1, Math.min(taken, Math.floor(this.#allowed * loweredTo)));
  }

  /** It took one more that was under way. */
  tookAnother(): void {
    this.#allowed = Math.min(this.#calls, this.#allowed + 1);
  }

  /** It has refused none for a while: some more are tried. */
  raise(): void {
    this.#allowed = this.#raised();
  }

  #raised(): number {
    return Math.min(this.#calls, this.#allowed + Math.ceil(this.#allowed * raisedBy));
  }

  #open(part: number, allowed: number = this.#allowed): number {
    return Math.max(1, Math.floor(allowed * part)) - this.#held;
  }

  #takenBefore(now: number): number {
    return this.#usedIn(this.#freeAt, now).length - this.#usedIn(this.#refusedFreeAt, now).length;
  }

  #usedIn(freeAt: readonly number[], now: number): readonly number[] {
    return freeAt.filter((time) => time > now);
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
