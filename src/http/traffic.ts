import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';
import type { Limiter, Turn } from './limiter.ts';
import { maxTries, repeat, type Outcome, type Try, type Verdict } from './retry.ts';
import type { TokenSource } from './token.ts';
import { TransportError, type HttpRequest, type Transport } from './transport.ts';

/** One call of an API, with how its answer is judged. */
export interface ApiCall<T> {
  readonly api: string;
  /** Calls of one lane share its rate windows. */
  readonly lane: string;
  /** What it counts in them, where that is more than one. */
  readonly units?: number | undefined;
  /** The work that it is part of. */
  readonly turn?: Turn | undefined;
  /** Absent for the call that fetches a token. */
  readonly tokens?: TokenSource;
  /** What is sent, with the token of this try; without a source of tokens it is empty. */
  readonly request: (token: string) => Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;
  /** Reads share the time limit among several tries; a write may use it all, because it is rarely repeated. */
  readonly kind: HttpRequest['kind'];
  /** It is not among the calls that an organisation has a month. */
  readonly free?: boolean;
  /** The work can do without it: its failure ends no other call, and little time is spent on one that fails. */
  readonly aside?: boolean;
  /** Ends the call: a read at any time, a write only while it waits, for its first try or for another. */
  readonly signal: AbortSignal;
  /** See {@link HttpRequest}. */
  readonly mayStart?: HttpRequest['mayStart'];
  readonly judge: (outcome: Outcome) => Verdict<T>;
}

/** A call that waits for another try. */
export interface Waiting {
  readonly host: string;
  /** `unreachable`: no connection could be made. */
  readonly because: 'unreachable' | 'rate' | 'transient';
  /** The machine's own code where a host is unreachable, like `ENOTFOUND`. */
  readonly code: string | undefined;
  readonly waitMs: number;
  /** Counts the repeats of the call from 1. */
  readonly repeat: number;
  /** How many repeats there are at most. */
  readonly of: number;
}

export interface TrafficOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Keeps the rate windows of its lanes. */
  readonly limiter: Limiter;
  /** One call with its repeats, in milliseconds. */
  readonly timeoutMs: number;
  /** Told of each call that waits for another try. */
  readonly onWaiting?: (waiting: Waiting) => void;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** So many calls of an API that are still to be made, for that person. */
export interface Due {
  readonly api: string;
  readonly subject?: string | undefined;
  readonly calls: number;
}

/** How the calls of one account go on. */
export interface Pace {
  /** How long recent calls took, from sending to answer, in milliseconds. */
  readonly journeyMs: number;
  /** Calls that are made at once at most. */
  readonly mostAtOnce: number;
  /** Calls of an API, for that person, that have ended, each counted once however often it was tried. */
  ended(api: string, subject?: string): number;
  /** How long until the rate windows have let all of these calls be answered, in milliseconds. */
  leftMs(due: readonly Due[]): number;
}

/** Makes the calls of one account: one set of rate windows, one count, one end. */
export interface Traffic {
  /** Calls sent with a token so far, each repeat counted. */
  readonly requests: number;
  /** Begins a piece of work once there is room for it; see {@link Limiter}. */
  begin(signal: AbortSignal, line?: string): Promise<Turn>;
  /** Those of them that count in the month. */
  readonly metered: number;
  readonly journeyMs: number;
  readonly mostAtOnce: number;
  /** Calls of an API that have ended in a lane. */
  ended(api: string, lane: string): number;
  /** See {@link Limiter}. */
  leftMs(units: ReadonlyMap<string, number>): number;
  /**
   * Makes one call with its repeats. Rejects with the error of the last verdict, or with the signal's reason. After
   * a verdict that ends all, and after a call for which no connection could be made in all of its tries, every later call
   * rejects with that error and sends nothing.
   */
  call<T>(call: ApiCall<T>): Promise<T>;
}

/** How long the work waits for what it can do without, in milliseconds. */
const longestAsideMs = 10_000;

/** How often that is tried. */
const asideTries = 2;

/** How many tries share a read's time limit, so that one that hangs can be repeated. */
const triesInTime = 3;

export function createTraffic(options: TrafficOptions): Traffic {
  return new AccountTraffic(options);
}

class AccountTraffic implements Traffic {
  readonly #options: TrafficOptions;
  readonly #limiter: Limiter;
  #requests = 0;
  #free = 0;
  /** Requests that found a connection. */
  #sent = 0;
  #ended: Error | null = null;
  readonly #endedCalls = new Map<string, number>();

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#limiter = options.limiter;
  }

  get requests(): number {
    return this.#requests;
  }

  get metered(): number {
    return this.#requests - this.#free;
  }

  get journeyMs(): number {
    return this.#limiter.journeyMs;
  }

  get mostAtOnce(): number {
    return this.#limiter.mostAtOnce;
  }

  ended(api: string, lane: string): number {
    return this.#endedCalls.get(`${api} ${lane}`) ?? 0;
  }

  leftMs(units: ReadonlyMap<string, number>): number {
    return this.#limiter.leftMs(units);
  }

  begin(signal: AbortSignal, line?: string): Promise<Turn> {
    setMaxListeners(0, signal);
    return this.#limiter.begin(signal, line);
  }

  async call<T>(call: ApiCall<T>): Promise<T> {
    if (this.#ended !== null) throw this.#ended;
    // One signal serves a whole run; Node would warn the user about its eleventh listener.
    setMaxListeners(0, call.signal);
    const { clock, timeoutMs, onWaiting, random = Math.random } = this.#options;
    const aside = call.aside === true;
    const limitMs = aside ? Math.min(timeoutMs, longestAsideMs) : timeoutMs;
    const course = new Course(call, clock.now(), this.#limiter.isShared);
    const sentBefore = this.#sent;
    return repeat<T>({
      lane: call.lane,
      units: call.units ?? 1,
      turn: call.turn,
      clock,
      limiter: this.#limiter,
      random,
      signal: call.signal,
      timeoutMs: limitMs,
      tries: aside ? asideTries : maxTries,
      tryTimeoutMs: limitMs / (aside ? asideTries : call.kind === 'read' ? triesInTime : 1),
      once: async (one) => this.#judged(call, course.noted(await this.#try(call, course, one), clock.now())),
      ended: () => this.#ended,
      renew: (error) => {
        const another = course.renews();
        if (!another && !aside) this.#ended ??= error;
        return another;
      },
      onWait: (attempt, because, waitMs) => onWaiting?.(course.waiting(attempt, because, waitMs)),
      gaveUp: (error) => {
        if (!course.unreached || aside) return error;
        // If others got through meanwhile, the host is not the reason that this call failed.
        if (this.#sent === sentBefore) this.#ended ??= error;
        return this.#ended ?? error;
      },
    }).finally(() => this.#endedCalls.set(`${call.api} ${call.lane}`, this.ended(call.api, call.lane) + 1));
  }

  #judged<T>(call: ApiCall<T>, outcome: Outcome): Verdict<T> {
    const verdict = call.judge(outcome);
    // Nobody is asked again at a host that cannot be trusted.
    const hostEnds = outcome.failure?.kind === 'tls';
    const ends = verdict.next === 'fail' && (verdict.endsAll === true || hostEnds);
    if (ends && call.aside !== true) this.#ended ??= verdict.error;
    return verdict;
  }

  async #try<T>(call: ApiCall<T>, course: Course<T>, one: Try): Promise<Outcome> {
    const request = await course.request();
    if (call.tokens !== undefined) this.#requests += 1;
    if (call.tokens !== undefined && call.free === true) this.#free += 1;
    const left = Math.max(1, one.endsAt - this.#options.clock.now());
    try {
      const answer = await this.#options.transport.send({
        api: call.api,
        ...request,
        signal: call.signal,
        kind: call.kind,
        timeoutMs: Math.min(one.timeoutMs, left),
        attempt: one.attempt,
        mayStart: call.mayStart,
        onSent: () => {
          this.#sent += 1;
          one.onSent();
        },
        onAnswered: one.onAnswered,
      });
      return { answer };
    } catch (error) {
      if (error instanceof TransportError) return { failure: error };
      throw error;
    }
  }
}

/** What one call has been through. */
class Course<T> {
  readonly #call: ApiCall<T>;
  readonly #startedAt: number;
  #token: string | null = null;
  #ahead: Promise<unknown> | undefined;
  #renewed = false;
  #url = '';
  #tries = 0;
  #last: TransportError | undefined;
  /** No try found a connection. */
  unreached = true;

  /** @param isAhead a token is fetched while the call waits for others; its first try hears of a failure */
  constructor(call: ApiCall<T>, startedAt: number, isAhead: boolean) {
    this.#call = call;
    this.#startedAt = startedAt;
    this.#ahead = isAhead ? call.tokens?.current(call.signal) : undefined;
    this.#ahead?.catch(() => {});
  }

  /** What the next try sends. Its token is asked for at the last moment: waiting for the quota can outlast one. */
  async request(): Promise<ReturnType<ApiCall<T>['request']>> {
    const { tokens, signal } = this.#call;
    const ahead = this.#ahead;
    this.#ahead = undefined;
    await ahead;
    this.#token = (await tokens?.current(signal)) ?? null;
    const request = this.#call.request(this.#token ?? '');
    this.#url = request.url;
    return request;
  }

  /** Whether a token that was refused is renewed: once in a call. */
  renews(): boolean {
    const another =
      !this.#renewed && this.#token !== null && this.#call.tokens?.refused(this.#token) === true;
    this.#renewed = true;
    return another;
  }

  /** Takes note of how a try ended. Where there is still no connection, the failure says since when. */
  noted(outcome: Outcome, now: number): Outcome {
    const { failure } = outcome;
    this.#tries += 1;
    this.#last = failure;
    this.unreached &&= failure?.sent === false;
    if (failure?.kind !== 'connect' || this.#tries === 1) return outcome;
    const seconds = Math.max(1, Math.round((now - this.#startedAt) / 1000));
    const message = `${failure.message}, tried ${this.#tries} times in ${seconds} s`;
    return { failure: new TransportError('connect', false, message, failure.code) };
  }

  waiting(attempt: number, because: 'rate' | 'transient', waitMs: number): Waiting {
    const unreachable = this.#last?.sent === false;
    return {
      host: new URL(this.#url).host,
      because: unreachable ? 'unreachable' : because,
      code: unreachable ? this.#last?.code : undefined,
      waitMs,
      repeat: attempt,
      of: maxTries - 1,
    };
  }
}
