import { createInterface } from 'node:readline/promises';
import { apply } from '../applier/apply.ts';
import { ResultFold } from '../applier/result-of.ts';
import type { Reading } from '../diff/reading.ts';
import { systemClock } from '../http/clock.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { JournalError, openJournal } from '../store/journal.ts';
import { type FormatOptions, renderResult, shownPlan } from './formats.ts';
import { printError } from './messages.ts';
import type { RunOptions } from './options.ts';
import { print } from './print.ts';
import { startProgress } from './progress.ts';
import { progressWords } from './progress-words.ts';
import { newRunId } from './run-id.ts';
import type { Sessions } from './sessions.ts';
import type { Surroundings } from './surroundings.ts';
import { UsageError } from './usage-error.ts';
import { toolInfo } from './version.ts';

/** What commands that write are told. */
export type ExecuteOptions = RunOptions &
  FormatOptions & {
    readonly verify: boolean;
    /** Milliseconds */
    readonly verifyTimeout: number;
    readonly journalDir: string;
  };

/** Whether applying the plan would write anything. */
export function isPending(plan: Plan): boolean {
  return plan.violations.length === 0 && plan.events.some(({ status }) => status === 'changed');
}

/** @throws UsageError unless the answer on the terminal is `yes`. */
export async function confirm({ stdin, signal }: Surroundings, question: string): Promise<void> {
  const terminal = createInterface({ input: stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => {
    // The end of the input is an answer too.
    terminal.on('close', () => {
      resolve('');
    });
  });
  try {
    const answer = await Promise.race([
      terminal.question(`\n${question} Only 'yes' is taken for yes: `, { signal }),
      closed,
    ]);
    if (answer !== 'yes') throw new UsageError('not applied: the answer was not yes', 'Nothing was changed.');
  } finally {
    terminal.close();
  }
}

/**
 * Applies a plan with its journal ahead of every write, prints the result on stdout and answers the exit code. With
 * `readings`, which the plan was made from just now, events are not read again before they are written.
 */
export async function execute(
  surroundings: Surroundings,
  run: {
    readonly plan: Plan;
    readonly sessions: Sessions;
    readonly readings?: ReadonlyMap<string, Reading>;
    /** What the manifests want, where those are what is applied. */
    readonly wants?: readonly DesiredEvent[];
    /** What a saved plan has to follow from. */
    readonly follows?: readonly DesiredEvent[];
  },
  options: ExecuteOptions,
): Promise<number> {
  const { stdout, signal } = surroundings;
  const { plan, sessions, readings, wants, follows } = run;
  const runId = newRunId(systemClock.now());
  const journal = isPending(plan) ? openJournal(options.journalDir, runId, () => systemClock.now()) : null;
  const startedAt = systemClock.now();
  const usedBefore = sessions.requests();
  const progress = await startProgress(surroundings, options, (done, total) => {
    const elapsedMs = systemClock.now() - startedAt;
    const standing = { done, total, calls: sessions.requests() - usedBefore, elapsedMs };
    // The calls of applying are those of several APIs, each under windows of its own.
    return progressWords('Applying events', standing, []);
  });
  const fold = new ResultFold();
  let failure: JournalError | null = null;
  try {
    const events = apply(plan, {
      writerOf: (provider) => sessions.writerOf(provider),
      clock: systemClock,
      settleMs: (provider) => sessions.settleMs(provider),
      concurrency: options.concurrency,
      verify: options.verify,
      verifyTimeoutMs: options.verifyTimeout,
      signal,
      ...(readings === undefined ? {} : { readings }),
      ...(wants === undefined ? {} : { wants: byName(wants) }),
      ...(follows === undefined ? {} : { follows: byName(follows) }),
      runId,
      accounts: sessions.accounts,
      tool: toolInfo(),
      requests: () => sessions.requests(),
      onEvent: (done, total) => {
        progress.update(done, total);
      },
    });
    for await (const event of events) {
      journal?.append(event);
      fold.add(event);
    }
  } catch (error) {
    // What was written until then is told all the same.
    if (!(error instanceof JournalError) || !fold.wrote) throw error;
    failure = error;
  } finally {
    progress.stop();
    journal?.close();
  }
  const failed = failure === null ? undefined : { requests: sessions.requests() };
  const result = fold.result(journal?.path ?? null, failed);
  // The plan comes first: it gives the ordinals, also where it was not shown.
  shownPlan(surroundings, plan);
  await print(stdout, await renderResult(surroundings, result, options));
  if (failure !== null) {
    printError(surroundings, {
      message: failure.message,
      hint: 'Make room, or name another folder with --journal-dir, and apply again: what is already as planned is left alone.',
    });
  }
  return result.exitCode;
}

function byName(events: readonly DesiredEvent[]): ReadonlyMap<string, DesiredEvent> {
  return new Map(events.map((event) => [event.name, event]));
}
