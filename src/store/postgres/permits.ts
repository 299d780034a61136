import { randomUUID } from 'node:crypto';
import type { Clock } from '../../http/clock.ts';
import type { Permit, Permits } from '../../http/limiter.ts';
import type { RateWindow } from '../../http/slots.ts';
import { type Counter, Line } from './line.ts';
import type { Answer, CountedLane, Question } from './question.ts';

export interface PermitsOptions {
  /** Whose calls they are: host and app. */
  readonly account: string;
  /** Windows that all lanes count in together. */
  readonly shared: readonly RateWindow[];
  readonly clock: Clock;
  /** How long a store that fails is tried again, in milliseconds. */
  readonly timeoutMs: number;
  /** Asks the store. */
  readonly ask: (question: Question) => Promise<Answer>;
  /** Whether asking again is of no use. */
  readonly isLasting: (error: unknown) => boolean;
  /** What a call ends with where there is no permit for it any more. */
  readonly failure: (error: unknown) => Error;
  /** Calls so far that count in what an organisation has a month. */
  readonly counted: () => number;
  /** Counts so many more, and answers how many there were this month. */
  readonly count: (more: number) => Promise<number>;
}

/** The permits of one account in this process, out of the windows that a store keeps for all. */
export interface SharedPermits extends Permits {
  /** Calls of this month, by all processes. Rejects with the store's error. */
  usedThisMonth(): Promise<number>;
  /**
   * Tells the store what it does not know yet, where it can be told; nothing is wanted any more. Calls that are under way have
   * `ended` by then.
   */
  close(ended?: Promise<unknown>): Promise<void>;
}

/** How long an answer is waited for; the store may take a question all the same. In milliseconds. */
const longestExchangeMs = 10_000;

/** How long the end of a run waits for a store that does not answer, in milliseconds. */
const longestCloseMs = 2000;

/** Rejects where that takes longer. */
async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T> {
  const ended = new AbortController();
  const tooLate = clock
    .sleep(ms, ended.signal)
    .then(() => Promise.reject(new Error('the store did not answer in time')));
  return Promise.race([work, tooLate]).finally(() => {
    ended.abort();
  });
}

export function createPermits(options: PermitsOptions): SharedPermits {
  return new AccountPermits(options);
}

class AccountPermits implements SharedPermits {
  readonly #options: PermitsOptions;
  readonly #holder: string = randomUUID();
  readonly #lines = new Map<string, Line>();
  readonly #counter: Counter;
  #tell: (failure: Error | null) => void = () => {};
  #seq = 0;
  /** Calls that the store has counted. */
  #counted = 0;
  #isOver = false;

  constructor(options: PermitsOptions) {
    const { clock, timeoutMs, isLasting, account, ask } = options;
    this.#options = options;
    this.#counter = {
      clock,
      timeoutMs,
      isLasting,
      nextSeq: () => (this.#seq += 1),
      ask: (question) =>
        this.#counting((counted) => ask({ ...question, holder: this.#holder, account, counted })),
      changed: () => {
        this.#tell(null);
      },
      failed: (error) => {
        if (this.#isOver) return;
        this.#isOver = true;
        this.#tell(options.failure(error));
      },
    };
  }

  listen(tell: (failure: Error | null) => void): void {
    this.#tell = tell;
  }

  want(name: string, units: readonly number[], windows: readonly RateWindow[]): void {
    this.#lineOf(name).want(this.#lanesOf(name, windows), units);
  }

  opensAt(name: string, units: number): number {
    return this.#lineOf(name).opensAt(units);
  }

  take(name: string, units: number): Permit {
    return this.#lineOf(name).take(units);
  }

  shareOf(name: string): number {
    return this.#lines.get(name)?.share ?? 1;
  }

  pauseUntil(name: string, time: number): void {
    this.#lineOf(name).pauseUntil(time);
  }

  usedThisMonth(): Promise<number> {
    return this.#counting(this.#options.count);
  }

  async close(ended: Promise<unknown> = Promise.resolve()): Promise<void> {
    const { clock, counted } = this.#options;
    const lines = [...this.#lines.values()];
    if (lines.some(({ isAtWork }) => isAtWork)) await ended;
    const told = Promise.all(lines.map((line) => line.close()));
    const work = told.then(() => (counted() > this.#counted ? this.usedThisMonth() : undefined));
    // What it is not told it assumes in time.
    await within(clock, longestCloseMs, work).catch(() => {});
  }

  /** Has the calls counted that the store does not know of. */
  async #counting<T>(tell: (more: number) => Promise<T>): Promise<T> {
    const { clock, timeoutMs, counted } = this.#options;
    const more = counted() - this.#counted;
    this.#counted += more;
    try {
      return await within(clock, Math.min(longestExchangeMs, timeoutMs), tell(more));
    } catch (error) {
      this.#counted -= more;
      throw error;
    }
  }

  #lineOf(name: string): Line {
    const line = this.#lines.get(name) ?? new Line(`${this.#options.account}/${name}`, this.#counter);
    this.#lines.set(name, line);
    return line;
  }

  #lanesOf(name: string, windows: readonly RateWindow[]): readonly CountedLane[] {
    const { account, shared } = this.#options;
    const own = { name: `${account}/${name}`, windows };
    return shared.length === 0 ? [own] : [{ name: `${account}/`, windows: shared }, own];
  }
}
