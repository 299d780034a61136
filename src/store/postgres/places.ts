/** How long the first connection may take, with its first statement, until others are tried; in milliseconds. */
const longestFirstMs = 1000;

/** Waits that are further apart say nothing of what is to come, in milliseconds. */
const restMs = 1000;

/**
 * Hands out connections by number alone: one while that is enough, and more where much is asked. A new one costs the server more
 * than many statements: a process of its own, which reads the tables' descriptions and prepares our functions anew. So
 * another is taken once statements have waited, all together, for as long as the first one took.
 */
export class Places {
  readonly #most: number;
  readonly #now: () => number;
  #open = 1;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];
  #costMs: number | null = null;
  #waitedMs = 0;
  #waitedAt = Number.NEGATIVE_INFINITY;

  /** @param most connections in the end; callers that wait for one of these wait elsewhere */
  constructor(most: number, now: () => number) {
    this.#most = most;
    this.#now = now;
  }

  /** Does the work once there is a place for it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#open && this.#open < this.#most) await this.#place();
    else this.#taken += 1;
    const since = this.#now();
    try {
      return await work();
    } finally {
      this.#costMs ??= this.#now() - since;
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }

  #place(): Promise<void> {
    return new Promise((resolve) => {
      const since = this.#now();
      if (since > this.#waitedAt + restMs) this.#waitedMs = 0;
      const begin = (): void => {
        clearTimeout(timer);
        this.#waitedAt = this.#now();
        this.#waitedMs += this.#waitedAt - since;
        resolve();
      };
      const timer = setTimeout(
        () => {
          // Where this process was busy an answer may be there already: it is heard first.
          setImmediate(() => {
            const place = this.#waiting.indexOf(begin);
            if (place < 0) return;
            this.#waiting.splice(place, 1);
            this.#open = Math.min(this.#most, this.#open + 1);
            this.#taken += 1;
            this.#waitedMs = 0;
            resolve();
          });
        },
        Math.max(0, (this.#costMs ?? longestFirstMs) - this.#waitedMs),
      );
      this.#waiting.push(begin);
    });
  }
}
