/** How much of the mean the latest journey is. */
const latestShare = 1 / 16;

/** How long the calls of one account take, of all lanes together: from sending to answer, in milliseconds. */
export class Journeys {
  #mean: number | null = null;
  #shortest = Number.POSITIVE_INFINITY;

  /** Of recent calls; 0 before the first. */
  get mean(): number {
    return this.#mean ?? 0;
  }

  /** Infinity before the first. */
  get shortest(): number {
    return this.#shortest;
  }

  /** A call took so long. */
  add(ms: number): void {
    this.#shortest = Math.min(this.#shortest, ms);
    const before = this.#mean ?? ms;
    this.#mean = before + (ms - before) * latestShare;
  }
}
