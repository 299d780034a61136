import { type ProviderId, platforms } from '../platforms/index.ts';
import type { Due, Pace } from '../providers/provider.ts';

/** Calls by their API and the person for whom they are made. */
export class Tally {
  readonly #due = new Map<string, Due>();

  add({ api, subject, calls }: Due): void {
    const key = JSON.stringify([api, subject]);
    this.#due.set(key, { api, subject, calls: calls + (this.#due.get(key)?.calls ?? 0) });
  }

  get all(): readonly Due[] {
    return [...this.#due.values()];
  }

  get total(): number {
    return this.all.reduce((sum, { calls }) => sum + calls, 0);
  }

  plus(other: Tally): Tally {
    const sum = new Tally();
    for (const due of [...this.all, ...other.all]) sum.add(due);
    return sum;
  }

  /** What of them is left once so many are made. */
  less(made: Made): Tally {
    const left = new Tally();
    for (const { api, subject, calls } of this.all) {
      left.add({ api, subject, calls: Math.max(0, calls - made(api, subject)) });
    }
    return left;
  }
}

/** Calls of an API that were made for a person. */
export type Made = (api: string, subject: string | undefined) => number;

/** What was made on a platform since each was asked about first. */
export function madeSince(pace: () => Pace): Made {
  const before = new Map<string, number>();
  return (api, subject) => {
    const ended = pace().ended(api, subject);
    const key = JSON.stringify([api, subject]);
    if (!before.has(key)) before.set(key, ended);
    return ended - (before.get(key) ?? 0);
  };
}

/** What is still to come on one platform is bound by the windows, and by the calls that are made at once. */
export function boundMs(pace: Pace, due: Tally, concurrency: number): number {
  return Math.max(
    pace.leftMs(due.all),
    (due.total * pace.journeyMs) / Math.min(concurrency, pace.mostAtOnce),
  );
}

export function pagesOf(provider: ProviderId, rows: number): number {
  return Math.max(1, Math.ceil(rows / (platforms[provider].reads.pageSize ?? Number.POSITIVE_INFINITY)));
}

/** The pages of lists, and how many follow one another where a list ends last: the longer one is, the likelier. */
export class Pages {
  #count = 0;
  #squares = 0;

  get count(): number {
    return this.#count;
  }

  add(pages: number): void {
    this.#count += pages;
    this.#squares += pages * pages;
  }

  /** Pages behind the first one. */
  get behind(): number {
    return this.#count === 0 ? 0 : this.#squares / this.#count - 1;
  }
}
