import type { Clock } from './clock.ts';

/** A token and how long it lives from the moment it was asked for, in milliseconds. */
export interface FetchedToken {
  readonly token: string;
  readonly lifetimeMs: number;
}

/** Where calls get their token from. */
export interface TokenSource {
  /** The token to use now; fetches one where needed. Rejects with the signal's reason when that aborts. */
  current(signal: AbortSignal): Promise<string>;
  /** Says that a token was refused. Whether there will be another one. */
  refused(token: string): boolean;
}

/** Renewed this long before the end, or in the last tenth of a short life. */
const marginMs = 5 * 60_000;

function withSignal<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const leave = (): void => signal.removeEventListener('abort', onAbort);
    promise.then(resolve, reject).finally(leave);
  });
}

/** A token that was given. `again` asks for another one where it is refused; without it there is none. */
export function givenToken(token: string, again?: () => string | null): TokenSource {
  let held = token;
  return {
    current: () => Promise.resolve(held),
    refused: (refused) => {
      // Another call may have asked already.
      if (refused === held) held = again?.() ?? held;
      return refused !== held;
    },
  };
}

/** A fetch that calls wait for. */
interface Fetching {
  readonly token: Promise<string>;
  readonly stop: AbortController;
  waiting: number;
}

/**
 * Fetches a token when the first call needs it and renews it before it ends. All who wait share one fetch: an abort of
 * one of them does not stop it for the others, and where nobody waits any more it ends. A fetch that failed is tried
 * again by the next call.
 */
export function renewingToken(
  fetchToken: (signal: AbortSignal) => Promise<FetchedToken>,
  clock: Clock,
): TokenSource {
  let held: { readonly token: string; readonly renewAt: number } | null = null;
  let fetching: Fetching | null = null;

  const renew = async (signal: AbortSignal): Promise<string> => {
    const askedAt = clock.now();
    const { token, lifetimeMs } = await fetchToken(signal);
    held = { token, renewAt: askedAt + lifetimeMs - Math.min(marginMs, lifetimeMs / 10) };
    return token;
  };
  const begin = (): Fetching => {
    const stop = new AbortController();
    const begun: Fetching = {
      token: renew(stop.signal).finally(() => {
        if (fetching === begun) fetching = null;
      }),
      stop,
      waiting: 0,
    };
    return begun;
  };

  return {
    async current(signal) {
      signal.throwIfAborted();
      if (held !== null && clock.now() < held.renewAt) return held.token;
      const shared = (fetching ??= begin());
      shared.waiting += 1;
      try {
        return await withSignal(shared.token, signal);
      } finally {
        shared.waiting -= 1;
        if (shared.waiting === 0) {
          if (fetching === shared) fetching = null;
          shared.stop.abort(signal.reason);
        }
      }
    },
    refused(token) {
      // Somebody else may have renewed it already; theirs is not to be thrown away.
      if (held?.token === token) held = null;
      return true;
    },
  };
}
