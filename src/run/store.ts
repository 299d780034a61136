import type { Env } from '../providers/account.ts';
import { StoreError, type Store } from '../store/postgres/store.ts';
import { UsageError } from './usage-error.ts';

/**
 * The shared store that `ROLLCALL_STORE` names, made or brought to this version; null without the variable, and then
 * nothing is loaded. It is the caller's to close.
 *
 * @throws UsageError where it is named and cannot be used: there is no going on without it.
 */
export async function openStore(env: Env, signal?: AbortSignal): Promise<Store | null> {
  const [store] = await openStoreBeside(env, signal, () => Promise.resolve());
  return store;
}

/** The same, and what else is to be loaded: while the server makes a connection ready, which takes about as long. */
export async function openStoreBeside<T>(
  env: Env,
  signal: AbortSignal | undefined,
  beside: () => Promise<T>,
): Promise<readonly [Store | null, T]> {
  if (!namesStore(env)) return [null, await beside()];
  return told(async () => {
    const store = await connected(env, signal);
    try {
      const { migrate } = await import('../store/postgres/migrate.ts');
      const { makeReady } = await import('../store/postgres/question.ts');
      // The server is called from the next turn of the loop on.
      const turn = new Promise((resolve) => setImmediate(resolve));
      const [, other] = await Promise.all([migrate(store), turn.then(beside)]);
      void makeReady(store);
      return [store, other];
    } catch (error) {
      await store.close();
      throw error;
    }
  });
}

/** Whether runs share a store. */
export function namesStore(env: Env): boolean {
  return (env['ROLLCALL_STORE'] ?? '').trim() !== '';
}

/** Hands the store to `work` as it is, and closes it. @throws UsageError where none is named, or it cannot be used */
export function withStore<T>(env: Env, signal: AbortSignal, work: (store: Store) => Promise<T>): Promise<T> {
  return told(async () => {
    const store = await connected(env, signal);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  });
}

async function connected(env: Env, signal: AbortSignal | undefined): Promise<Store> {
  const { storeAddress } = await import('../store/postgres/address.ts');
  const address = storeAddress(env);
  if (address === null) {
    throw new UsageError(
      'ROLLCALL_STORE is not set',
      'Set it like postgres://rollcall@db.internal/rollcall.',
    );
  }
  const { connect } = await asWithNavigator(() => import('../store/postgres/connect.ts'));
  return connect(address, signal);
}

/**
 * Loads `pg` as later Nodes do. It looks for a `navigator` to tell Node from Cloudflare's workers, and where there is none, as
 * with Node 20, makes a `Response`: that loads all of Node's `fetch`, which takes longer than `pg` itself.
 */
async function asWithNavigator<T>(load: () => Promise<T>): Promise<T> {
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
