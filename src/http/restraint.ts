/** How many answers the usual time is measured over. */
const recentCalls = 16;

/** Answers that take twice as long as the quickest ones, and this many milliseconds more, do not mean trouble. */
const toleratedMs = 500;

/** The least part of a rate window that is used, however slow the answers are. */
const leastPart = 0.1;

/** By how much a platform may become slower for good with each answer, without being taken for one in trouble. */
const drift = 1.0002;

/**
 * Watches how long the answers of one API take. Where they take longer and longer, the platform is at its limit, whatever
 * it documents: fewer calls a second are made, in the measure in which answers are late, until they are quick again.
 */
export class Restraint {
  #quickest = Number.POSITIVE_INFINITY;
  #recent = 0;

  /** The part of the rate windows to use: above 0, at most 1. */
  get part(): number {
    if (this.#recent === 0) return 1;
    const usual = 2 * this.#quickest + toleratedMs;
    return Math.min(1, Math.max(leastPart, usual / this.#recent));
  }

  /** An answer came, or none in time, after so many milliseconds. */
  answered(ms: number): void {
    this.#quickest = Math.min(ms, this.#quickest * drift);
    if (this.#recent === 0) this.#recent = ms;
    // One that hangs says little of the others.
    const counted = Math.min(ms, 4 * this.#recent + toleratedMs);
    this.#recent += (counted - this.#recent) / recentCalls;
  }
}
