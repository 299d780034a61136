/** A value whose readers see a change only some time after it was made, as on a platform with replicas. */
export class Lagged<Value> {
  #live: Value;
  #older: { readonly visibleFrom: number; readonly before: Value }[] = [];
  #held: { readonly until: number; readonly value: Value } | null = null;

  constructor(value: Value) {
    this.#live = value;
  }

  /** What writes work on. */
  get live(): Value {
    return this.#live;
  }

  /** What reads are answered with at this time. */
  seen(now: number): Value {
    if (this.#held !== null && now < this.#held.until) return this.#held.value;
    this.#older = this.#older.filter((step) => step.visibleFrom > now);
    const [oldest] = this.#older;
    return oldest === undefined ? this.#live : oldest.before;
  }

  /** Has readers see until then what they see now. */
  hold(now: number, until: number): void {
    this.#held = { value: this.seen(now), until };
  }

  /** Changes the value; readers see it from `now + lagMs`. */
  set(value: Value, now: number, lagMs: number): void {
    if (lagMs > 0) this.#older.push({ visibleFrom: now + lagMs, before: this.#live });
    this.#live = value;
  }
}
