import { type ProviderId, subjectOf } from '../platforms/index.ts';
import type { Turn } from './provider.ts';

/** How many events are worked on side by side. */
export interface Beside {
  /**
   * Begins the work on an event of a platform, whose calls are made for that person, once there is room for it; rejects
   * with the signal's reason.
   */
  readonly begin: (provider: ProviderId, signal: AbortSignal, subject?: string) => Promise<Turn>;
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

type Whose = Parameters<typeof subjectOf>[0];

/**
 * Does the same work for each item, in their order, and as many at once as there is room for. Each platform has room of
 * its own, and on it each person for whom calls are made: one that is slow holds up no other. `ready`: what an item waits for before it takes a place; those that wait
 * for nothing go first. Rejects as soon as a piece of work does, or the signal aborts.
 */
export async function sideBySide<Item, Found>(
  items: readonly Item[],
  whose: (item: Item) => Whose,
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
  const begins = async ({ provider, subject, own }: Line<Item>): Promise<void> => {
    const waits = new Map(own.map(([index, item]) => [index, ready(item)]));
    const first = own.filter(([index]) => waits.get(index) === null);
    const others = own.filter(([index]) => waits.get(index) !== null);
    for (const [index, item] of [...first, ...others]) {
      await waits.get(index);
      await places.enter(index);
      const working = one(item, index, await begin(provider, signal, subject));
      found[index] = working;
      // Its failure is heard below, with those of all others.
      working.catch(() => {});
    }
  };
  await Promise.all(linesOf(items, whose).map(begins));
  return Promise.all(found);
}

/** Items that begin one after another, each with its place among all. */
interface Line<Item> {
  readonly provider: ProviderId;
  readonly subject: string | undefined;
  readonly own: (readonly [index: number, item: Item])[];
}

function linesOf<Item>(items: readonly Item[], whose: (item: Item) => Whose): Line<Item>[] {
  const lines = new Map<string, Line<Item>>();
  for (const [index, item] of items.entries()) {
    const { provider } = whose(item);
    const subject = subjectOf(whose(item));
    const key = JSON.stringify([provider, subject]);
    const line = lines.get(key) ?? { provider, subject, own: [] };
    lines.set(key, line);
    line.own.push([index, item]);
  }
  return [...lines.values()];
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
