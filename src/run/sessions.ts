import { systemClock } from '../http/clock.ts';
import type { Limiter } from '../http/limiter.ts';
import { createLimiter } from '../http/quota.ts';
import type { Waiting } from '../http/traffic.ts';
import type { RequestEvent, Transport } from '../http/transport.ts';
import { given } from '../model/given.ts';
import type { PlanAccount } from '../model/plan.ts';
import type { QuotaWindow } from '../model/platform.ts';
import type { ProviderId } from '../platforms/index.ts';
import {
  type AccountProblem,
  type Env,
  type SettingProblem,
  accountOf,
  actsAsApp,
} from '../providers/account.ts';
import type {
  Account,
  Finder,
  Organisation,
  Pace,
  Reader,
  Session,
  Turn,
  Writer,
} from '../providers/provider.ts';
import { providerOf } from '../providers/registry.ts';
import type { Bench } from '../providers/smoke.ts';
import { quotaWindows, lagTimes } from '../providers/settings.ts';
import type { Store } from '../store/postgres/store.ts';
import type { SharedPermits } from '../store/postgres/permits.ts';
import { timeOf } from './epochs.ts';
import { accountKey, permitsOf } from './permits.ts';
import { type ComingStore, openStoreBeside, turn } from './store.ts';
import { openTransport } from './transport.ts';
import { UsageError, exitCodes } from './usage-error.ts';

/** The accounts of one run at work. */
export interface Sessions {
  readonly accounts: Readonly<Partial<Record<ProviderId, PlanAccount>>>;
  /** Where calls are made as an app, not as a person. */
  readonly asApp: ReadonlySet<ProviderId>;
  /** Begins the work on one event; see {@link Session}. */
  begin(provider: ProviderId, signal: AbortSignal, subject?: string): Promise<Turn>;
  readerOf(provider: ProviderId, turn?: Turn): Reader;
  writerOf(provider: ProviderId, turn?: Turn): Writer;
  finderOf(provider: ProviderId): Finder;
  benchOf(provider: ProviderId): Promise<Bench>;
  organisationOf(provider: ProviderId, turn?: Turn): Organisation;
  lagMs(provider: ProviderId): number;
  /** How the calls on a platform go on. */
  pace(provider: ProviderId): Pace;
  /** Calls made so far, on that platform or on all together. */
  requests(provider?: ProviderId): number;
  /** Those of a platform's calls that count in the month. */
  metered(provider: ProviderId): number;
  /** Calls of this month, those of other processes among them; null where nobody counts them. */
  usedThisMonth(provider: ProviderId): Promise<number | null>;
  /** The shared store; null where the environment names none. */
  readonly store: Store | null;
  /** What time it was for the store, at most a second ago. Rejects with its error. */
  readonly storeTime: (() => Promise<string>) | null;
  /** How long one call may go on with its repeats, in milliseconds. */
  readonly timeoutMs: number;
  close(): Promise<void>;
}

interface OpenOptions {
  readonly env: Env;
  readonly timeoutMs: number;
  /** The shared store, where it is open already; it stays the caller's to close. By default the one of the environment. */
  readonly store?: Store | null;
  /** The one of the environment, where it is on its way already. */
  readonly coming?: ComingStore | null;
  /** The windows of accounts that other sessions of this process work with as well, which share them without a store, too. */
  readonly limiters?: Map<string, Limiter>;
  /** An account with its credentials as they are by now, for a token that was refused. */
  readonly again?: (account: Account) => Account | null;
  /** Stops: a shared store is not waited for any more. */
  readonly signal?: AbortSignal;
  readonly onRequest?: (event: RequestEvent) => void;
  /** Told how many calls are in flight, each time that changes. */
  readonly onInFlight?: (count: number) => void;
  /** Told of each call that waits for another try. */
  readonly onWaiting?: (waiting: Waiting) => void;
}

/**
 * Opens a session for each provider that is used, with the credentials of the environment. Nothing is called yet.
 *
 * @throws UsageError where a variable is missing or cannot be used, naming it, or the shared store cannot be reached.
 */
export async function openSessions(providers: Iterable<ProviderId>, options: OpenOptions): Promise<Sessions> {
  const { env, again } = options;
  const windows = usable(quotaWindows(env));
  const lags = usable(lagTimes(env));
  const accounts = allUsable([...new Set(providers)].sort().map((provider) => accountOf(provider, env)));
  const { timeoutMs, onWaiting } = options;
  const sessions = new Map<ProviderId, Session>();
  const counted = (id: ProviderId): number => sessions.get(id)?.metered ?? 0;
  const { store, storeTime, transport, shares } = await equipment(accounts, windows, options, counted);
  for (const account of accounts) {
    const { provider: id } = account;
    const permits = shares.get(id) ?? null;
    const renewed = again === undefined ? account : { ...account, again: () => again(account) };
    const session = (await providerOf(id)).session(renewed, {
      transport,
      clock: systemClock,
      limiter: limiterOf(account, windows[id], permits, options.limiters),
      timeoutMs,
      ...given({ onWaiting }),
    });
    sessions.set(id, session);
  }
  const sessionOf = (provider: ProviderId): Session => {
    const session = sessions.get(provider);
    if (session === undefined) throw new RangeError(`no session was opened for ${provider}`);
    return session;
  };
  return {
    accounts: Object.fromEntries(accounts.map((account) => [account.provider, shownAccount(account)])),
    asApp: new Set(accounts.filter(actsAsApp).map(({ provider }) => provider)),
    begin: (provider, signal, subject) => sessionOf(provider).begin(signal, subject),
    readerOf: (provider, turn) => sessionOf(provider).reader(turn),
    writerOf: (provider, turn) => sessionOf(provider).writer(turn),
    benchOf: (provider) => sessionOf(provider).bench(),
    finderOf: (provider) => sessionOf(provider).finder(),
    organisationOf: (provider, turn) => sessionOf(provider).organisation(turn),
    lagMs: (provider) => lags[provider],
    pace: (provider) => sessionOf(provider).pace,
    requests: (provider) => (provider === undefined ? totalOf(sessions) : sessionOf(provider).requests),
    metered: (provider) => sessionOf(provider).metered,
    usedThisMonth: async (provider) => (await shares.get(provider)?.usedThisMonth()) ?? null,
    store,
    storeTime,
    timeoutMs,
    close: () => closeAll(transport, [...shares.values()], options.store === undefined ? store : null),
  };
}

interface Equipment extends Pick<Sessions, 'store' | 'storeTime'> {
  readonly transport: Transport;
  /** Where there is a store. */
  readonly shares: ReadonlyMap<ProviderId, SharedPermits>;
}

/** What sessions are made with. A store is asked for the first permits while the rest is loaded. */
async function equipment(
  accounts: readonly Account[],
  windows: Readonly<Record<ProviderId, readonly QuotaWindow[]>>,
  options: OpenOptions,
  counted: (provider: ProviderId) => number,
): Promise<Equipment> {
  const { env, timeoutMs, signal, coming, onRequest, onInFlight } = options;
  const shares = new Map<ProviderId, SharedPermits>();
  let storeTime: Sessions['storeTime'] = null;
  let isWanted = true;
  const begin = async (store: Store): Promise<void> => {
    for (const account of accounts) {
      if (!isWanted) return;
      const { provider: id } = account;
      const own = { windows: windows[id], timeoutMs, counted: () => counted(id) };
      shares.set(id, await permitsOf(store, account, own));
    }
    storeTime = await timeOf(store);
  };
  const beside = async (): Promise<Transport> => {
    const transport = await openTransport({ env, ...given({ onRequest, onInFlight }) });
    // What the store has answered meanwhile is dealt with.
    await turn();
    await Promise.all(accounts.map(({ provider }) => providerOf(provider)));
    return transport;
  };
  try {
    if (options.store === undefined) {
      const [store, transport] = await openStoreBeside({ env, signal, begin, beside, coming });
      return { store, storeTime, transport, shares };
    }
    if (options.store !== null) await begin(options.store);
    const transport = await beside();
    return { store: options.store, storeTime, transport, shares };
  } catch (error) {
    isWanted = false;
    await Promise.all([...shares.values()].map((own) => own.close()));
    throw error;
  }
}

/** What tells the store of calls waits for those that have not ended. */
async function closeAll(
  transport: Transport,
  permits: readonly SharedPermits[],
  store: Store | null,
): Promise<void> {
  const ended = transport.close();
  await Promise.all([ended, ...permits.map((own) => own.close(ended))]);
  await store?.close();
}

/** Where there are no windows there is nothing to share in a store. */
function limiterOf(
  account: Account,
  windows: readonly QuotaWindow[],
  permits: SharedPermits | null,
  limiters = new Map<string, Limiter>(),
): Limiter {
  if (permits !== null && windows.length > 0) return createLimiter(windows, systemClock, permits);
  const key = accountKey(account);
  const limiter = limiters.get(key) ?? createLimiter(windows, systemClock);
  limiters.set(key, limiter);
  return limiter;
}

function totalOf(sessions: ReadonlyMap<ProviderId, Session>): number {
  return [...sessions.values()].reduce((total, { requests }) => total + requests, 0);
}

function shownAccount({ baseUrl, appId }: Account): PlanAccount {
  return { host: new URL(baseUrl).host, appId };
}

function usable<T extends object>(setting: T | SettingProblem): Exclude<T, SettingProblem> {
  if ('problem' in setting) throw new UsageError(setting.message, setting.hint);
  // What is left when the problem is ruled out; the compiler cannot narrow a generic.
  return setting as Exclude<T, SettingProblem>;
}

/** Every account, or why each of the others cannot be used, all at once. */
function allUsable(found: readonly (Account | AccountProblem)[]): Account[] {
  const problems = found.filter((one) => 'problem' in one);
  const [first] = problems;
  if (first === undefined) return found.filter((one): one is Account => !('problem' in one));
  if (problems.length === 1) throw new UsageError(first.message, first.hint);
  throw new UsageError(
    `the settings of ${problems.length} platforms cannot be used`,
    undefined,
    exitCodes.error,
    problems.map(({ message, hint }) => `${message}. ${hint}`),
  );
}
