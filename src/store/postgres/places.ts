/**
 * How long a statement waits for those before it until it takes another connection, in milliseconds. A new one costs the
 * server more than many statements: a process of its own, which reads the tables' descriptions and prepares our functions anew.
 */
const patienceMs = 50;

/** Hands out connections by number alone: one while that is enough, and more where the store is slow or far away. */
export class Places {
  readonly #most: number;
  #open = 1;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  /** @param most connections in the end; whoever waits for one of these waits elsewhere */
  constructor(most: number) {
    this.#most = most;
  }

  /** Does the work once there is a place for it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#open && this.#open < this.#most) await this.#place();
    else this.#taken += 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }

  #place(): Promise<void> {
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        // Where this process was busy an answer may be there already: it is heard first.
        setImmediate(() => {
          const place = this.#waiting.indexOf(begin);
          if (place < 0) return;
          this.#waiting.splice(place, 1);
          this.#open = Math.min(this.#most, this.#open + 1);
          this.#taken += 1;
          resolve();
        });
      }, patienceMs);
      this.#waiting.push(begin);
    });
  }
}
