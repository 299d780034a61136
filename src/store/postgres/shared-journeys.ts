/** How much of the shortest journey a call is started early by. */
const trustedShare = 0.9;

/** What the first calls take says nothing of those that follow, from the first answer on; see `Lane`. In milliseconds. */
const unsteadyMs = 1000;

/** How long calls of a lane take, from sending to answer, in this process and in all that share the lane. */
export class SharedJourneys {
  #own = Number.POSITIVE_INFINITY;
  #steady = Number.POSITIVE_INFINITY;
  #steadyAt = Number.POSITIVE_INFINITY;
  /** The shortest that any process saw, as far as is known. */
  shared: number | null = null;

  answered(sentAt: number, now: number): void {
    this.#own = Math.min(this.#own, now - sentAt);
    if (sentAt >= this.#steadyAt) this.#steady = Math.min(this.#steady, now - sentAt);
    this.#steadyAt = Math.min(this.#steadyAt, now + unsteadyMs);
  }

  /** The shortest of this process once it is of use to others. */
  get steady(): number | null {
    return Number.isFinite(this.#steady) ? this.#steady : null;
  }

  /**
   * How much earlier than its slot is free a call may start. A process that has no answer yet may be nearer to the
   * platform than all others: it starts none early.
   */
  get earlyMs(): number {
    const shortest = Math.min(this.#own, this.shared ?? Number.POSITIVE_INFINITY);
    return this.shared === null || !Number.isFinite(this.#own) ? 0 : shortest * trustedShare;
  }
}
