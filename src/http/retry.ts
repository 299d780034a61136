import type { Clock } from './clock.ts';
import type { Grant, Limiter, Turn } from './limiter.ts';
import type { HttpAnswer, TransportError } from './transport.ts';

/** How often one call is tried. */
export const maxTries = 6;

/** A wait longer than this, in milliseconds, is not waited for: the call fails with what the platform said. */
const longestPauseMs: number = 5 * 60_000;

/** How one try ended. */
export type Outcome =
  { readonly answer: HttpAnswer; readonly failure?: never } | { readonly failure: TransportError };

/** The same once more. */
interface Again {
  readonly next: 'again';
  /** After `rate` all callers of the lane wait, and the wait does not count in the time limit; after `transient` this one alone. */
  readonly because: 'rate' | 'transient';
  /** What the answer asks for. */
  readonly waitMs?: number | null;
  /** Bounds the back-off. */
  readonly atLeastMs?: number;
  readonly error: Error;
}

/**
 * What to do after a try.
 *
 * - `done`: it succeeded.
 * - `again`: the same once more, after a wait.
 * - `renew`: once more at once with a new token, if there can be one.
 * - `fail`: the end. `endsAll`: no other call of the session can succeed either.
 */
export type Verdict<T> =
  | { readonly next: 'done'; readonly value: T }
  | Again
  | { readonly next: 'renew'; readonly error: Error }
  | { readonly next: 'fail'; readonly error: Error; readonly endsAll?: boolean };

/** One try of a call. */
export interface Try {
  /** Counts from 1. */
  readonly attempt: number;
  /** What it may take, so that one that hangs leaves time for another; in milliseconds. */
  readonly timeoutMs: number;
  /** When the whole call has to be over, by the clock. */
  readonly endsAt: number;
  readonly onSent: () => void;
  readonly onAnswered: () => void;
}

export interface Repeats<T> {
  readonly lane: string;
  /** What each try counts in its windows. */
  readonly units: number;
  /** The work that it is part of. */
  readonly turn?: Turn | undefined;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly random: () => number;
  /** Ends the waits between tries, and those for the quota. */
  readonly signal: AbortSignal;
  /** All tries and the waits between them; waiting for the quota is not counted. */
  readonly timeoutMs: number;
  /** How often it is tried at most where it fails; a rate limit is waited for up to {@link maxTries}. */
  readonly tries: number;
  readonly tryTimeoutMs: number;
  /** One try, the waiting for the quota left out. */
  readonly once: (one: Try) => Promise<Verdict<T>>;
  /** Asked after waiting for the quota: what ended the session meanwhile, if anything did. */
  readonly ended: () => Error | null;
  /** Asked on `renew`: whether there will be another token. */
  readonly renew: (error: Error) => boolean;
  /** Told before each wait for another try. */
  readonly onWait: (attempt: number, because: Again['because'], waitMs: number) => void;
  /** Asked once no tries are left: what the call ends with. */
  readonly gaveUp: (error: Error) => Error;
}

/** Repeats one call until it is done, refused, out of tries or out of time. Rejects with the last verdict's error. */
export async function repeat<T>(options: Repeats<T>): Promise<T> {
  const { lane, limiter, signal, turn, units } = options;
  let spent = 0;
  for (let attempt = 1; ; attempt += 1) {
    const grant = await limiter.acquire(lane, signal, turn, units);
    let verdict: Verdict<T>;
    try {
      const ended = options.ended();
      if (ended !== null) throw ended;
      const startedAt = options.clock.now();
      verdict = await options.once(tryOf(options, attempt, spent, grant));
      spent += options.clock.now() - startedAt;
      if (verdict.next === 'again' && verdict.because === 'rate') grant.refused(verdict.waitMs ?? 0);
    } finally {
      grant.done();
    }
    if (verdict.next === 'done') return verdict.value;
    if (verdict.next === 'fail') throw verdict.error;
    if (verdict.next === 'again') spent += await pause(options, verdict, attempt, spent);
    else if (!options.renew(verdict.error)) throw verdict.error;
  }
}

function tryOf<T>(
  { clock, timeoutMs, tryTimeoutMs }: Repeats<T>,
  attempt: number,
  spent: number,
  grant: Pick<Grant, 'sent' | 'answered'>,
): Try {
  const left = Math.max(1, timeoutMs - spent);
  return {
    attempt,
    timeoutMs: Math.min(tryTimeoutMs, left),
    endsAt: clock.now() + left,
    onSent: () => {
      grant.sent();
    },
    onAnswered: () => {
      grant.answered();
    },
  };
}

/** Waits for another try, where there is one. Answers how much of the call's time that took. */
async function pause<T>(
  options: Repeats<T>,
  verdict: Again,
  attempt: number,
  spent: number,
): Promise<number> {
  const { lane, clock, limiter, signal, timeoutMs } = options;
  const tries = verdict.because === 'rate' ? maxTries : options.tries;
  if (attempt >= tries || spent >= timeoutMs) throw options.gaveUp(verdict.error);
  const wait = verdict.waitMs || Math.max(verdict.atLeastMs ?? 0, backOffMs(attempt, options.random));
  if (verdict.because === 'rate') {
    if (wait > longestPauseMs) throw options.gaveUp(verdict.error);
    limiter.pauseUntil(lane, clock.now() + wait);
    options.onWait(attempt, verdict.because, wait);
    return 0;
  }
  if (spent + wait >= timeoutMs) throw options.gaveUp(verdict.error);
  options.onWait(attempt, verdict.because, wait);
  await clock.sleep(wait, signal);
  return wait;
}

const firstMs = 500;
const longestMs = 10_000;

/**
 * The wait after a try that failed, in milliseconds: 500 ms, doubled each time up to 10 s, up to a fifth shorter by
 * chance so that callers do not come back all at once.
 */
export function backOffMs(attempt: number, random: () => number): number {
  return Math.min(longestMs, firstMs * 2 ** (attempt - 1)) * (1 - 0.2 * random());
}

function secondsMs(value: string | undefined): number | null {
  if (value === undefined || !/^\d+(\.\d+)?$/.test(value.trim())) return null;
  return Number(value) * 1000;
}

/**
 * The wait that an answer asks for, in milliseconds, or `null` where it asks for none. `resetHeader` names the
 * platform's own header, in lower case and in seconds; it goes before `Retry-After` (seconds or a date).
 */
export function requestedWaitMs(
  headers: Readonly<Record<string, string>>,
  now: number,
  resetHeader?: string,
): number | null {
  const reset = resetHeader === undefined ? null : secondsMs(headers[resetHeader]);
  if (reset !== null) return reset;
  const retryAfter = headers['retry-after'];
  if (retryAfter === undefined) return null;
  const seconds = secondsMs(retryAfter);
  if (seconds !== null) return seconds;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
