import { ResultFold } from '../applier/result-of.ts';
import { type EventEffects, effectsOf } from '../revert/effects.ts';
import { systemClock } from '../http/clock.ts';
import { dayIn } from '../model/day.ts';
import { type Diagnostic, diagnosticOf } from '../model/diagnostic.ts';
import { say } from '../model/say.ts';
import { type RevertRun, planRevert } from '../planner/plan-revert.ts';
import type { StoredJournal } from '../store/read-journal.ts';
import { checkJournalAccounts } from './accounts.ts';
import { timeZoneOf } from './day.ts';
import { beginEpochs } from './epochs.ts';
import { type PlanSettings, contextOf, readingOf, withDisplay } from './plan.ts';
import { checkAllowances } from './select.ts';
import type { Sessions } from './sessions.ts';
import { waitForLag } from './lag.ts';

/** A revert that was planned just now, with the sessions that can apply it. */
export interface PlannedRevert extends RevertRun {
  readonly sessions: Sessions;
  /** When the events began to be read, by the clock. */
  readonly plannedAt: number;
}

/** What a run did, from its journal. */
export function effectsIn({ lines, path }: StoredJournal): EventEffects[] {
  const fold = new ResultFold();
  for (const line of lines) fold.add(line);
  return effectsOf(lines, fold.result(), path);
}

/**
 * Plans the inverse of what a run did, from its journal and from the current state. The sessions are the caller's to
 * close.
 *
 * @throws UsageError for an allowance that names no event of the run; PlanRefusedError for another account.
 */
export async function planJournal(
  journal: StoredJournal,
  effects: readonly EventEffects[],
  settings: PlanSettings & { readonly rereads: boolean },
): Promise<PlannedRevert> {
  checkAllowances(effects, settings.allowRemovals);
  const providers = effects.map(({ ref }) => ref.provider);
  const sessions = await settings.open(providers);
  const wanted = effects.map(({ ref, attendees }) => ({ ref, attendees: attendees.length > 0 ? [] : null }));
  let plannedAt = 0;
  const run = await withDisplay(sessions, settings, wanted, async (onEvent) => {
    checkJournalAccounts(journal.started.accounts, sessions.accounts);
    const lagMs = Math.max(0, ...providers.map((provider) => sessions.lagMs(provider)));
    await waitForLag(Date.parse(journal.lines.at(-1)?.at ?? ''), lagMs, settings.signal);
    plannedAt = systemClock.now();
    const places = effects.map(({ ref }) => ref);
    const withEpochs = await beginEpochs(sessions, places, settings.signal);
    const asOf = dayIn(timeZoneOf(settings.env), systemClock.date());
    const planned = await planRevert(effects, {
      ...contextOf(asOf, journal.torn ? [tornWarning(journal)] : [], settings, sessions.asApp),
      ...readingOf(sessions),
      rereads: settings.rereads,
      onEvent,
    });
    return { ...planned, ...(await withEpochs(planned)) };
  });
  return { ...run, sessions, plannedAt };
}

function tornWarning({ path, lines }: StoredJournal): Diagnostic {
  return diagnosticOf({
    severity: 'warning',
    code: 'journal-torn',
    message: say`the last line of the journal was cut off and is ignored: its step had not started`,
    hint: say`For steps that were started and not finished, reading the event shows what came of them.`,
    source: { file: path, line: lines.length + 1, column: 1 },
  });
}
