import { loadPeople } from '../../manifest/load.ts';
import { historyJson, historyMarkdown, historyText, redactHistory } from '../../report/history.ts';
import { timeZoneOf } from '../../run/day.ts';
import { matcher } from '../../run/select-occurrences.ts';
import { engine, withStore } from '../../run/store.ts';
import { exitCodes } from '../../run/usage-error.ts';
import { idsOf, somebody } from '../../run/who.ts';
import type { Store } from '../../store/postgres/store.ts';
import { inkFor } from '../ink.ts';
import { print, type Surroundings } from '../surroundings.ts';

export interface HistoryOptions {
  readonly event: readonly string[];
  readonly attendee?: string;
  readonly run?: string;
  readonly commit?: string;
  /** Milliseconds */
  readonly since?: number;
  readonly format: string;
  readonly color: boolean;
}

/** `rollcall history`: who was added to and removed from which event, by which run, from the shared store. */
export async function historyCommand(
  surroundings: Surroundings,
  { format, color, since, run, commit, ...options }: HistoryOptions,
): Promise<number> {
  const { env, stdout, redactor } = surroundings;
  const ids = options.attendee === undefined ? null : idsFor(options.attendee);
  const found = await withStore(env, surroundings.signal, async (store) => {
    const { migrate } = await engine();
    const { historyOf } = await import('../../store/postgres/history.ts');
    await migrate(store);
    return historyOf(store, {
      events: await eventsOf(store, options.event),
      ids,
      run: run ?? null,
      commit: commit ?? null,
      sinceMs: since ?? null,
    });
  });
  const history = redactor === undefined ? found : redactHistory(found, redactor);
  const zone = timeZoneOf(env);
  if (format === 'json') await print(stdout, historyJson(history));
  else if (format === 'markdown') await print(stdout, historyMarkdown(history, zone));
  else await print(stdout, historyText(history, zone, inkFor(stdout, env, color)));
  return exitCodes.done;
}

async function eventsOf(store: Store, globs: readonly string[]): Promise<readonly string[] | null> {
  if (globs.length === 0) return null;
  const { eventNames } = await import('../../store/postgres/history.ts');
  const fits = await matcher(globs);
  return (await eventNames(store)).filter(fits);
}

/** Everything that somebody goes by: the manifests in this folder say it of a handle. */
function idsFor(text: string): readonly string[] {
  const { people, lockedOnly } = loadPeople(['.']);
  return idsOf(somebody(text, people, lockedOnly));
}
