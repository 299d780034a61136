import { ResultFold } from '../applier/result-of.ts';
import { type Applying, applyRun } from '../run/apply.ts';
import { type ApplyForecast, applyForecast } from '../run/apply-forecast.ts';
import { originOf } from '../run/origin.ts';
import { systemClock } from '../http/clock.ts';
import type { Plan } from '../model/plan.ts';
import { planView } from '../report/view/plan.ts';
import { questionOf } from '../report/view/question.ts';
import { JournalError } from '../store/journal.ts';
import { ask } from './ask.ts';
import { type FormatOptions, renderResult, shownPlan } from './formats.ts';
import { printError } from './messages.ts';
import type { RunOptions } from './options.ts';
import { display } from './planning.ts';
import { print, type Surroundings } from './surroundings.ts';
import { UsageError } from '../run/usage-error.ts';

/** What commands that write are told. */
export type ExecuteOptions = RunOptions &
  FormatOptions & {
    readonly verify: boolean;
    /** Milliseconds */
    readonly verifyTimeout: number;
    /** Milliseconds */
    readonly wait: number;
    readonly journalDir: string;
  };

/**
 * Asks whether the plan is to be applied, by what it does and what is lost. `lead`: words before that.
 *
 * @throws UsageError unless the answer on the terminal is `yes`.
 */
export async function confirm(surroundings: Surroundings, plan: Plan, lead?: string): Promise<void> {
  const answer = await ask(surroundings, `${questionOf(planView(plan), lead)} Type "yes" to apply: `);
  if (answer !== 'yes') throw new UsageError('not applied: only "yes" is accepted', 'Nothing was changed.');
}

/** Applies a plan with its journal ahead of every write, prints the result on stdout and answers the exit code. */
export async function execute(
  surroundings: Surroundings,
  applying: Applying,
  kind: 'apply' | 'revert',
  options: ExecuteOptions,
): Promise<number> {
  const { stdout, signal, env } = surroundings;
  const { plan, sessions } = applying;
  const forecast = forecastOf(applying, options);
  let held = 0;
  const counts = { total: plan.events.length, held: () => held };
  const progress = display(surroundings, options, { what: 'Applying events', sessions, forecast, ...counts });
  const fold = new ResultFold();
  let failure: JournalError | null = null;
  let path: string | null = null;
  try {
    const { journal, events } = applyRun(applying, {
      signal,
      concurrency: options.concurrency,
      verify: options.verify,
      verifyTimeoutMs: options.verifyTimeout,
      journal: options.journalDir,
      kind,
      origin: originOf(env),
      waitMs: options.wait,
      onEvent: (done, total) => {
        progress.update(done, total);
      },
      onHeld: (count) => {
        held = count;
      },
    });
    path = journal;
    if (journal !== null) surroundings.status?.journalled(journal);
    for await (const event of events) {
      forecast.hear(event);
      fold.add(event);
    }
  } catch (error) {
    // What was written until then is shown anyway.
    if (!(error instanceof JournalError) || !fold.wrote) throw error;
    failure = error;
  } finally {
    progress.stop();
  }
  const failed = failure === null ? undefined : { requests: sessions.requests() };
  const result = fold.result(path, failed);
  // The plan comes first: it gives the ordinals, also where it was not shown.
  shownPlan(surroundings, plan);
  await print(stdout, await renderResult(surroundings, result, options));
  if (failure !== null) {
    printError(surroundings, {
      message: failure.message,
      hint:
        failure.hint ??
        'Free some space, or choose another folder with --journal-dir, and apply again: changes that were made are not repeated.',
    });
  }
  return result.exitCode;
}

function forecastOf(
  { plan, sessions, readings }: Applying,
  { concurrency, verify }: ExecuteOptions,
): ApplyForecast {
  return applyForecast(plan, {
    pace: (provider) => sessions.pace(provider),
    lagMs: (provider) => sessions.lagMs(provider),
    clock: systemClock,
    concurrency,
    rereads: readings === undefined,
    verify,
  });
}
