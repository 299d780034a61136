import { maxSockets } from './transport.ts';

/** By how much a platform may become slower for good with each answer, without being taken for one in trouble. */
const drift = 1.0002;

/** Enough for a platform that is near, and few enough that their answers do not lie about until they are read. */
const fewest = 8;

/** So many of the calls in flight may wait in line somewhere, rather than travel: fewer, and more are made at once. */
const inLine = { few: fewest / 2, many: fewest };

/**
 * How many calls are in flight at once where no rate windows bound them: as many as travel. More of them would only wait
 * in line, on the platform or in this process, which shows in how much longer they take than the quickest.
 */
export class Crowd {
  #most = fewest;
  #quickest = Number.POSITIVE_INFINITY;

  /** Calls in flight at most. */
  get most(): number {
    return this.#most;
  }

  /** An answer came after so many milliseconds. */
  answered(ms: number): void {
    this.#quickest = Math.min(ms, this.#quickest * drift);
    const waiting = ms === 0 ? 0 : this.#most * (1 - this.#quickest / ms);
    if (waiting < inLine.few) this.#most = Math.min(maxSockets, this.#most + 1);
    else if (waiting > inLine.many) this.#most = Math.max(fewest, this.#most - 1);
  }
}

/** How many answers the usual time is measured over. */
const recentCalls = 16;

/** Answers that take twice as long as the quickest ones, and this many milliseconds more, do not mean trouble. */
const toleratedMs = 500;

/** The least part of a rate window that is used, however slow the answers are. */
const leastPart = 0.1;

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
