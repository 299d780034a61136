import type { Env } from '../providers/account.ts';
import { StoreError, type Store } from '../store/postgres/store.ts';
import { UsageError } from './usage-error.ts';

/**
 * The shared store that `ROLLCALL_STORE` names, made or brought to this version; null without the variable, and then
 * nothing is loaded. It is the caller's to close.
 *
 * @throws UsageError where it is named and cannot be used: there is no going on without it.
 */
export async function openStore(env: Env): Promise<Store | null> {
  if ((env['ROLLCALL_STORE'] ?? '').trim() === '') return null;
  const { migrate } = await import('../store/postgres/migrate.ts');
  return withStore(env, async (store) => {
    await migrate(store);
    return store;
  });
}

/** Hands the store to `work` as it is; closed again only where that fails. @throws UsageError */
export async function withStore<T>(env: Env, work: (store: Store) => Promise<T>): Promise<T> {
  const { storeAddress } = await import('../store/postgres/address.ts');
  let store: Store | null = null;
  try {
    const address = storeAddress(env);
    if (address === null) {
      throw new UsageError('no store is named', 'Set ROLLCALL_STORE=postgres://USER@HOST/DATABASE');
    }
    const { connect } = await import('../store/postgres/connect.ts');
    store = connect(address);
    return await work(store);
  } catch (error) {
    await store?.close();
    if (!(error instanceof StoreError)) throw error;
    throw storeUsageError(error);
  }
}

/** A failure of the store, as a mistake of the surroundings. */
export function storeUsageError({ code, message, hint }: StoreError): UsageError {
  return new UsageError(`${message} [${code}]`, hint);
}
