import type { Clock } from './clock.ts';
import type { Limiter } from './quota.ts';
import type { HttpAnswer, TransportError } from './transport.ts';
import { backOffMs } from './wait.ts';

/** How often one call is tried. */
export const maxTries = 6;

/** A wait longer than this, in milliseconds, is not waited for: the call fails with what the platform said. */
export const longestPauseMs: number = 5 * 60_000;

/** How one try ended. */
export type Outcome =
  { readonly answer: HttpAnswer; readonly failure?: never } | { readonly failure: TransportError };

/**
 * What to do after a try.
 *
 * - `done`: it succeeded.
 * - `again`: the same once more. After `rate` all callers of the lane wait, and the wait is no part of the time limit;
 *   after `transient` this call alone waits. `waitMs` is what the answer asks for, `atLeastMs` bounds the back-off.
 * - `renew`: once more at once with a new token, if there can be one.
 * - `fail`: the end. `endsAll`: no other call of the session can succeed either.
 */
export type Verdict<T> =
  | { readonly next: 'done'; readonly value: T }
  | {
      readonly next: 'again';
      readonly because: 'rate' | 'transient';
      readonly waitMs?: number | null;
      readonly atLeastMs?: number;
      readonly error: Error;
    }
  | { readonly next: 'renew'; readonly error: Error }
  | { readonly next: 'fail'; readonly error: Error; readonly endsAll?: boolean };

export interface Repeats<T> {
  readonly lane: string;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** All tries and the waits between them; waiting for the quota is not counted. */
  readonly timeoutMs: number;
  /** One try at most, so that one that hangs leaves time for another. */
  readonly tryTimeoutMs: number;
  /** One try, the waiting for the quota left out. */
  readonly once: (attempt: number, timeoutMs: number, onSent: () => void) => Promise<Verdict<T>>;
  /** Asked after waiting for the quota: what ended the session meanwhile, if anything did. */
  readonly ended: () => Error | null;
  /** Asked on `renew`: whether there will be another token. */
  readonly renew: (error: Error) => boolean;
}

/** Repeats one call until it is done, refused, out of tries or out of time. Rejects with the last verdict's error. */
export async function repeat<T>(options: Repeats<T>): Promise<T> {
  const { lane, clock, limiter, signal, timeoutMs } = options;
  let spent = 0;
  for (let attempt = 1; ; attempt += 1) {
    const grant = await limiter.acquire(lane, signal);
    let verdict: Verdict<T>;
    try {
      const ended = options.ended();
      if (ended !== null) throw ended;
      const startedAt = clock.now();
      const limit = Math.max(1, Math.min(options.tryTimeoutMs, timeoutMs - spent));
      verdict = await options.once(attempt, limit, () => grant.sent());
      spent += clock.now() - startedAt;
    } finally {
      grant.settle();
    }
    switch (verdict.next) {
      case 'done':
        return verdict.value;
      case 'fail':
        throw verdict.error;
      case 'renew':
        if (!options.renew(verdict.error)) throw verdict.error;
        break;
      case 'again': {
        if (attempt >= maxTries || spent >= timeoutMs) throw verdict.error;
        const wait = verdict.waitMs || Math.max(verdict.atLeastMs ?? 0, backOffMs(attempt, options.random));
        if (verdict.because === 'rate') {
          if (wait > longestPauseMs) throw verdict.error;
          limiter.pauseUntil(lane, clock.now() + wait);
        } else {
          spent += wait;
          if (spent >= timeoutMs) throw verdict.error;
          await clock.sleep(wait, signal);
        }
        break;
      }
    }
  }
}
