import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';
import { createLimiter } from './quota.ts';
import { repeat, type Outcome, type Verdict } from './retry.ts';
import type { RateWindow } from './slots.ts';
import type { TokenSource } from './token.ts';
import { TransportError, type HttpRequest, type Transport } from './transport.ts';

/** One call of an API, with how its answer is judged. */
export interface Call<T> {
  readonly api: string;
  /** Calls of one lane share its rate windows. */
  readonly lane: string;
  /** Absent for the call that fetches a token. */
  readonly tokens?: TokenSource;
  /** What is sent, with the token of this try; without a source of tokens it is empty. */
  readonly request: (token: string) => Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'>;
  /** Reads share the time limit among several tries; a write may use it all, because it is rarely repeated. */
  readonly kind: 'read' | 'write';
  readonly signal: AbortSignal;
  readonly judge: (outcome: Outcome) => Verdict<T>;
}

export interface CallerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Of each lane; none: no limit. */
  readonly windows: readonly RateWindow[];
  /** One call with its repeats, in milliseconds. */
  readonly timeoutMs: number;
  /** From 0 to below 1. */
  readonly random?: () => number;
}

/** Makes the calls of one account: one set of rate windows, one count, one end. */
export interface Caller {
  /** Calls sent with a token so far, each repeat counted. */
  readonly requests: number;
  /**
   * Makes one call with its repeats. Rejects with the error of the last verdict, or with the signal's reason. After
   * a verdict that ends all, every later call rejects with that error and sends nothing.
   */
  call<T>(call: Call<T>): Promise<T>;
}

/** How many tries share a read's time limit, so that one that hangs can be repeated. */
const triesInTime = 3;

export function createCaller(options: CallerOptions): Caller {
  const { transport, clock, timeoutMs } = options;
  const limiter = createLimiter(options.windows, clock);
  let requests = 0;
  let ended: Error | null = null;

  async function send<T>(
    call: Call<T>,
    token: string,
    attempt: number,
    tryTimeoutMs: number,
    onSent: () => void,
  ): Promise<Outcome> {
    const request = call.request(token);
    if (call.tokens !== undefined) requests += 1;
    try {
      const answer = await transport.send({
        api: call.api,
        ...request,
        signal: call.signal,
        timeoutMs: tryTimeoutMs,
        attempt,
        onSent,
      });
      return { answer };
    } catch (error) {
      if (error instanceof TransportError) return { failure: error };
      throw error;
    }
  }

  return {
    get requests() {
      return requests;
    },
    async call<T>(call: Call<T>): Promise<T> {
      if (ended !== null) throw ended;
      const { tokens, signal } = call;
      // One signal serves a whole run; Node would warn the user about its eleventh listener.
      setMaxListeners(0, signal);
      let token: string | null = null;
      let renewed = false;
      return repeat<T>({
        lane: call.lane,
        clock,
        limiter,
        random: options.random ?? Math.random,
        signal,
        timeoutMs,
        tryTimeoutMs: call.kind === 'read' ? timeoutMs / triesInTime : timeoutMs,
        once: async (attempt, tryTimeoutMs, onSent) => {
          // Asked for at the last moment: waiting for the quota can outlast a token.
          token = (await tokens?.current(signal)) ?? null;
          const outcome = await send(call, token ?? '', attempt, tryTimeoutMs, onSent);
          const verdict = call.judge(outcome);
          if (verdict.next === 'fail' && verdict.endsAll === true) ended ??= verdict.error;
          return verdict;
        },
        ended: () => ended,
        renew: (error) => {
          const another = !renewed && token !== null && tokens?.refused(token) === true;
          renewed = true;
          if (!another) ended ??= error;
          return another;
        },
      });
    },
  };
}
