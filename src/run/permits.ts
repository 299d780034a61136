import { createHash } from 'node:crypto';
import { systemClock } from '../http/clock.ts';
import type { RateWindow } from '../http/slots.ts';
import type { CallsOf, PlatformCalls } from '../model/calls.ts';
import { platforms, type ProviderId } from '../platforms/index.ts';
import { type Account, PlatformError } from '../providers/provider.ts';
import type { SharedPermits } from '../store/postgres/permits.ts';
import { type Store, StoreError } from '../store/postgres/store.ts';
import type { Sessions } from './sessions.ts';
import { engine } from './store.ts';

/** The share of one process in the windows of an account, which the store keeps for all of its processes. */
export async function permitsOf(
  store: Store,
  account: Account,
  options: {
    readonly windows: readonly RateWindow[];
    readonly timeoutMs: number;
    /** Calls so far that count in the month. */
    readonly counted: () => number;
  },
): Promise<SharedPermits> {
  const { asking, createPermits, used } = await engine();
  const key = accountKey(account);
  const permits = createPermits({
    account: key,
    shared: options.windows.filter(({ shared }) => shared === true),
    clock: systemClock,
    timeoutMs: options.timeoutMs,
    ask: asking(store),
    isLasting: (error) => error instanceof StoreError && error.code !== 'store-unreachable',
    failure: (error) => failureOf(error, store),
    counted: options.counted,
    count: (more) => used(store, key, more),
  });
  // The first call fetches a token: its permit comes while the rest is made ready.
  const own = options.windows.filter(({ shared }) => shared !== true);
  if (account.accessToken === null && own.length > 0) permits.want('token', [1], own);
  return permits;
}

/** The same calls, with how many of a month were made where a store counts those of all processes. */
export async function withMonth(calls: CallsOf, sessions: Pick<Sessions, 'usedThisMonth'>): Promise<CallsOf> {
  const all = [...calls].map(async ([provider, own]): Promise<[ProviderId, PlatformCalls]> => {
    if (platforms[provider].monthlyCalls === null) return [provider, own];
    // A plan that is made is not lost for want of a number.
    const thisMonth = await sessions.usedThisMonth(provider).catch(() => null);
    return [provider, thisMonth === null ? own : { ...own, thisMonth }];
  });
  return new Map(await Promise.all(all));
}

/** Whose calls count together. */
export function accountKey({ baseUrl, appId, accessToken }: Account): string {
  const digest = createHash('sha256').update(accessToken ?? '');
  return `${new URL(baseUrl).host}/${appId ?? digest.digest('hex').slice(0, 16)}`;
}

function failureOf(error: unknown, { where }: Store): PlatformError {
  const [message, hint] =
    error instanceof StoreError
      ? [error.message, error.hint]
      : [`the store (${where}) does not answer in time`, undefined];
  return new PlatformError('rate', 'store', `there was no permit for the call: ${message}`, {
    isPlatformCode: false,
    hint,
    cause: error,
  });
}
