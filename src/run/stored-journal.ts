import { existsSync } from 'node:fs';
import type { Env } from '../providers/account.ts';
import { type StoredJournal, readJournal } from '../store/read-journal.ts';
import { longestLag } from './lag.ts';
import { namesStore } from '../store/postgres/store.ts';
import { engine, withStore } from './store.ts';
import { UsageError } from './usage-error.ts';

/** How runs are called; see {@link newRunId}. */
const runId = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

/**
 * The journal of a run: of a file, or, where there is none of that name, of the shared store by the run's id.
 *
 * @throws UsageError where there is none, or the run is under way or a call of it may be; JournalFileError
 */
export async function journalNamed(name: string, env: Env, signal: AbortSignal): Promise<StoredJournal> {
  if (!runId.test(name) || existsSync(name)) return readJournal(name);
  if (!namesStore(env)) {
    throw new UsageError(
      `there is no file ${name}`,
      'Name the journal of the run, or the store that it is in with ROLLCALL_STORE.',
    );
  }
  return withStore(env, signal, async (store) => {
    const { migrate } = await engine();
    const { readStored, standingOf } = await import('../store/postgres/journal.ts');
    await migrate(store);
    const run = await standingOf(store, name);
    if (run?.alive === true) {
      throw new UsageError(
        `the run ${name} is still running`,
        'Stop it, or wait until it ends; see: rollcall store status',
      );
    }
    // A change that comes after the event was read would be in no plan of what is to be undone.
    const leftMs = run === null || run.leftMs === null ? 0 : run.leftMs + longestLag(env);
    if (leftMs > 0) {
      throw new UsageError(
        `the run ${name} ended while a change was on its way, which the platform may still make`,
        `Revert it again in ${Math.ceil(leftMs / 1000)} s, when that can be seen.`,
      );
    }
    const journal = await readStored(store, name);
    if (journal !== null) return journal;
    throw new UsageError(`the store (${store.where}) has no run ${name}`, 'See: rollcall history');
  });
}
