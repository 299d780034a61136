import { systemClock } from '../http/clock.ts';
import type { Env } from '../providers/account.ts';
import type { StoreAddress } from '../store/postgres/address.ts';
import type * as Engine from '../store/postgres/engine.ts';
import { StoreError, type Store, namesStore } from '../store/postgres/store.ts';
import { UsageError } from './usage-error.ts';

/** A store whose connection is being opened, and whether it is of this version. */
interface Opening {
  readonly store: Store;
  readonly isCurrent: Promise<boolean>;
  readonly address: StoreAddress;
}

/** The shared store, on its way while a command is loaded and manifests are read. */
export interface ComingStore {
  /** For the first who needs it, who closes it; null for all others, and where it did not come. */
  take(): Opening | null;
  /** Ends it where nobody took it. */
  drop(): void;
}

/**
 * The shared store that `ROLLCALL_STORE` names, made or brought to this version; null without the variable, and then
 * nothing is loaded. It is the caller's to close.
 *
 * @throws UsageError where it is named and cannot be used: there is no going on without it.
 */
export async function openStore(env: Env, signal?: AbortSignal): Promise<Store | null> {
  const [store] = await openStoreBeside({ env, signal, begin: async () => {}, beside: async () => {} });
  return store;
}

/**
 * The same, and what else is to be loaded: while the server makes a connection ready, which takes about as long. `begin` is
 * handed the store as soon as it can be used, when the rest may not be there yet.
 */
export async function openStoreBeside<T>(options: {
  readonly env: Env;
  readonly signal: AbortSignal | undefined;
  readonly begin: (store: Store) => Promise<void>;
  readonly beside: () => Promise<T>;
  readonly coming?: ComingStore | null | undefined;
}): Promise<readonly [Store | null, T]> {
  const { env, signal, begin, beside, coming } = options;
  if (!namesStore(env)) return [null, await beside()];
  return told(async () => {
    // What has come of it meanwhile is heard first.
    await turn();
    const { store, isCurrent } = coming?.take() ?? (await opening(env, signal));
    try {
      const begun = made(store, isCurrent).then(() => begin(store));
      const [, other] = await Promise.all([begun, turn().then(beside)]);
      return [store, other];
    } catch (error) {
      await store.close();
      throw error;
    }
  });
}

/**
 * Has the connection to the shared store opened, and the server make it ready, while the process is busy with what comes
 * before the first call. Nothing is written. What is amiss is told once the store is needed: then it is opened anew. Null
 * where the environment names none.
 */
export async function comingStore(env: Env, signal: AbortSignal): Promise<ComingStore | null> {
  if (!namesStore(env)) return null;
  const begunAt = systemClock.now();
  const begun = await opening(env, signal).catch(() => null);
  if (begun === null) return null;
  const { store, isCurrent, address } = begun;
  let state: 'coming' | 'answered' | 'away' = 'coming';
  isCurrent.then(
    () => (state = 'answered'),
    (error: unknown) => (state = isAway(error) ? 'away' : 'answered'),
  );
  await turn();
  let isTaken = false;
  const drop = (): void => {
    if (!isTaken) void store.close();
    isTaken = true;
  };
  return {
    take: () => {
      if (isTaken) return null;
      // A process that was busy for long has not heard what came in time: by its clock the server is late.
      const isLate = state === 'coming' && systemClock.now() > begunAt + address.connectMs / 2;
      if (isLate || state === 'away') {
        drop();
        return null;
      }
      isTaken = true;
      return begun;
    },
    drop,
  };
}

function isAway(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'store-unreachable';
}

async function opening(env: Env, signal: AbortSignal | undefined): Promise<Opening> {
  const { store, address } = await connected(env, signal);
  const { isCurrent } = await engine();
  return { store, isCurrent: isCurrent(store), address };
}

async function made(store: Store, isCurrent: Promise<boolean>): Promise<void> {
  if (await isCurrent) return;
  const { makeReady, migrate } = await engine();
  await migrate(store);
  // The first call that waits for its permit hears what is amiss.
  void makeReady(store).catch(() => {});
}

/** Input and output of the process go on from one turn of its loop to the next. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Hands the store to `work` as it is, and closes it. @throws UsageError where none is named, or it cannot be used */
export function withStore<T>(env: Env, signal: AbortSignal, work: (store: Store) => Promise<T>): Promise<T> {
  return told(async () => {
    const { store } = await connected(env, signal);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  });
}

async function connected(env: Env, signal: AbortSignal | undefined): Promise<Omit<Opening, 'isCurrent'>> {
  const { connect, storeAddress } = await engine();
  const address = storeAddress(env);
  if (address === null) {
    throw new UsageError(
      'ROLLCALL_STORE is not set',
      'Set it like postgres://rollcall@db.internal/rollcall.',
    );
  }
  return { store: connect(address, signal), address };
}

/**
 * Loads what runs need of a shared store, once, and `pg` as later Nodes do. That looks for a `navigator` to tell Node from Cloudflare's
 * workers, and where there is none, as with Node 20, makes a `Response`: it loads all of Node's `fetch`, which takes longer than
 * `pg` itself.
 */
export function engine(): Promise<typeof Engine> {
  return (loaded ??= loadEngine());
}

let loaded: Promise<typeof Engine> | undefined;

async function loadEngine(): Promise<typeof Engine> {
  const load = (): Promise<typeof Engine> => import('../store/postgres/engine.ts');
  if ('navigator' in globalThis) return load();
  Object.defineProperty(globalThis, 'navigator', { value: { userAgent: 'Node.js' }, configurable: true });
  try {
    return await load();
  } finally {
    Reflect.deleteProperty(globalThis, 'navigator');
  }
}

/** A failure of the store is one of the surroundings. @throws UsageError */
export async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreError ? storeUsageError(error) : error;
  }
}

/** A failure of the store, as a mistake of the surroundings. */
export function storeUsageError({ code, message, hint }: StoreError): UsageError {
  return new UsageError(`${message} [${code}]`, hint);
}
