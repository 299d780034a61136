import type { ProviderId } from '../platforms/index.ts';
import type { Turn } from './provider.ts';

/** How many events are worked on side by side. */
export interface Beside {
  /** Begins the work on an event of a platform once there is room for it; rejects with the signal's reason. */
  readonly begin: (provider: ProviderId, signal: AbortSignal) => Promise<Turn>;
  /** Events at work at most; infinity: as many as there is room for. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** One event at work. */
export interface Place {
  readonly turn: Turn;
  /** Waits for something other than a call. Meanwhile another event may take the place. */
  rest<T>(wait: () => Promise<T>): Promise<T>;
}

/**
 * Does the same work for each item, in their order, and as many at once as there is room for. Each platform has room of
 * its own: one that is slow holds up no other. `ready`: what an item waits for before it takes a place; those that wait
 * for nothing go first. Rejects as soon as a piece of work does, or the signal aborts.
 */
export async function sideBySide<Item, Found>(
  items: readonly Item[],
  providerOf: (item: Item) => ProviderId,
  { begin, concurrency, signal }: Beside,
  work: (item: Item, place: Place) => Promise<Found>,
  ready: (item: Item) => Promise<unknown> | null = () => null,
): Promise<Found[]> {
  const places = new Places(concurrency);
  const found: Promise<Found>[] = [];
  const one = async (item: Item, index: number, turn: Turn): Promise<Found> => {
    try {
      return await work(item, { turn, rest: (wait) => places.rest(index, wait) });
    } finally {
      turn.end();
      places.leave();
    }
  };
  const begins = async (provider: ProviderId): Promise<void> => {
    const own = [...items.entries()].filter(([, item]) => providerOf(item) === provider);
    const waits = new Map(own.map(([index, item]) => [index, ready(item)]));
    const first = own.filter(([index]) => waits.get(index) === null);
    const others = own.filter(([index]) => waits.get(index) !== null);
    for (const [index, item] of [...first, ...others]) {
      await waits.get(index);
      await places.enter(index);
      const working = one(item, index, await begin(provider, signal));
      found[index] = working;
      // Its failure is heard below, with those of all others.
      working.catch(() => {});
    }
  };
  await Promise.all([...new Set(items.map(providerOf))].map(begins));
  return Promise.all(found);
}

/** So many may be inside; the first in order goes in next. */
class Places {
  #free: number;
  readonly #waiting: { readonly order: number; readonly enter: () => void }[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  enter(order: number): Promise<void> {
    return new Promise((enter) => {
      const before = this.#waiting.findLastIndex((one) => one.order < order);
      this.#waiting.splice(before + 1, 0, { order, enter });
      this.#fill();
    });
  }

  leave(): void {
    this.#free += 1;
    this.#fill();
  }

  async rest<T>(order: number, wait: () => Promise<T>): Promise<T> {
    this.leave();
    try {
      return await wait();
    } finally {
      await this.enter(order);
    }
  }

  #fill(): void {
    while (this.#free > 0) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#free -= 1;
      next.enter();
    }
  }
}
