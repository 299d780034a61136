import type { Clock } from './clock.ts';

/** Calls a function at one time, which may be changed. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #next: { readonly at: number; readonly stop: AbortController } | null = null;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** By the clock; infinity: not at all. */
  set(at: number): void {
    if (this.#next?.at === at) return;
    this.#next?.stop.abort();
    this.#next = null;
    if (at === Number.POSITIVE_INFINITY) return;
    const next = { at, stop: new AbortController() };
    this.#next = next;
    const ring = (): void => {
      if (this.#next !== next) return;
      this.#next = null;
      this.#ring();
    };
    this.#clock.sleep(at - this.#clock.now(), next.stop.signal).then(ring, ring);
  }
}
