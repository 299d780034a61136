import type { ComingStore } from '../run/store.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Loads a command and runs it. A shared store that the environment names is on its way meanwhile: a server takes about as long
 * to begin with a connection as a command to read its manifests. A command that needs none has it ended.
 */
export async function withStoreAhead<Loaded>(
  { env, signal }: Surroundings,
  load: () => Promise<Loaded>,
  run: (loaded: Loaded, coming: ComingStore | null) => Promise<number>,
): Promise<number> {
  if ((env['ROLLCALL_STORE'] ?? '').trim() === '') return run(await load(), null);
  const { comingStore, turn } = await import('../run/store.ts');
  const coming = await comingStore(env, signal);
  try {
    const loaded = await load();
    // What the server has answered meanwhile is dealt with.
    await turn();
    return await run(loaded, coming);
  } finally {
    coming?.drop();
  }
}
