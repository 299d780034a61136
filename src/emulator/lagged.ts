/** A value whose readers see a change only some time after it was made, as on a platform with replicas. */
export class Lagged<Value> {
  #live: Value;
  #older: { readonly visibleFrom: number; readonly before: Value }[] = [];

  constructor(value: Value) {
    this.#live = value;
  }

  /** What writes work on. */
  get live(): Value {
    return this.#live;
  }

  /** What reads are answered with at this time. */
  seen(now: number): Value {
    this.#older = this.#older.filter((step) => step.visibleFrom > now);
    const [oldest] = this.#older;
    return oldest === undefined ? this.#live : oldest.before;
  }

  /** Changes the value; readers see it from `now + lagMs`. */
  set(value: Value, now: number, lagMs: number): void {
    if (lagMs > 0) this.#older.push({ visibleFrom: now + lagMs, before: this.#live });
    this.#live = value;
  }
}
