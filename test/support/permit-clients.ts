import { setMaxListeners } from 'node:events';
import type { Clock } from '../../src/http/clock.ts';
import type { Limiter } from '../../src/http/limiter.ts';
import { createLimiter } from '../../src/http/quota.ts';
import type { RateWindow } from '../../src/http/slots.ts';
import { createPermits, type SharedPermits } from '../../src/store/postgres/permits.ts';
import type { Answer, Question } from '../../src/store/postgres/question.ts';

/** A process that shares the windows of an account with others, in virtual time. It can be stopped, and killed. */
export class Client {
  readonly limiter: Limiter;
  readonly permits: SharedPermits;
  readonly clock: Clock;
  readonly #base: Clock;
  #waiting: (() => void)[] | null = null;
  /** Calls that were answered. */
  answered = 0;

  constructor(options: {
    readonly base: Clock;
    readonly windows: readonly RateWindow[];
    readonly ask: (question: Question) => Promise<Answer>;
    /** How far its clock is from that of others. */
    readonly apartMs?: number;
    readonly timeoutMs?: number;
    readonly counted?: () => number;
  }) {
    const { base, windows, apartMs = 0, timeoutMs = 60_000 } = options;
    this.#base = base;
    this.clock = {
      now: () => base.now() + apartMs,
      date: () => base.date() - apartMs,
      sleep: async (ms, signal) => {
        await base.sleep(ms, signal);
        await this.#runs();
      },
    };
    this.permits = createPermits({
      account: 'far.example/cli_far',
      shared: windows.filter(({ shared }) => shared === true),
      clock: this.clock,
      timeoutMs,
      ask: (question) => this.#hears(options.ask(question)),
      isLasting: () => false,
      failure: () => new Error('no permit'),
      count: () => Promise.resolve(0),
      counted: options.counted ?? (() => this.answered),
    });
    this.limiter = createLimiter(windows, this.clock, this.permits);
  }

  stop(): void {
    this.#waiting ??= [];
  }

  goOn(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const resume of waiting) resume();
  }

  /** Makes one call, which takes so long there and back. */
  async call(
    lane: string,
    [there, back]: readonly [number, number],
    count: (units: number) => 'taken' | 'refused',
    units = 1,
  ): Promise<void> {
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    for (;;) {
      const grant = await this.limiter.acquire(lane, signal, undefined, units);
      grant.sent();
      const outcome = await this.#hears(this.#travel(there, back, () => count(units)));
      if (outcome === 'refused') grant.refused(1000);
      grant.done();
      if (outcome === 'taken') break;
      this.limiter.pauseUntil(lane, this.clock.now() + 1000);
    }
    this.answered += 1;
  }

  async #travel<T>(there: number, back: number, count: () => T): Promise<T> {
    await this.#base.sleep(there);
    const outcome = count();
    await this.#base.sleep(back);
    return outcome;
  }

  /** What reaches a process that is stopped is heard when it goes on. */
  async #hears<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } finally {
      await this.#runs();
    }
  }

  async #runs(): Promise<void> {
    while (this.#waiting !== null) {
      const { promise, resume } = paused();
      this.#waiting.push(resume);
      await promise;
    }
  }
}

function paused(): { readonly promise: Promise<void>; readonly resume: () => void } {
  let resume: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    resume = resolve;
  });
  return { promise, resume };
}

/** How many calls any stretch of a window's length holds at most. */
export function mostIn(times: readonly number[], perMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let [first, most] = [0, 0];
  sorted.forEach((time, place) => {
    while ((sorted[first] ?? time) <= time - perMs) first += 1;
    most = Math.max(most, place - first + 1);
  });
  return most;
}
