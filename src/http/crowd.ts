import { maxSockets } from './transport.ts';

/** Enough for a platform that is near, and few enough that their answers do not lie about until they are read. */
const fewest = 8;

/** So many of the calls in flight may wait in line somewhere, rather than travel: fewer, and more are made at once. */
const inLine = { few: fewest / 2, many: fewest };

/** By how much a platform may become slower for good with each answer. */
const drift = 1.0002;

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
