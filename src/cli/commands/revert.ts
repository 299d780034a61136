import { ResultFold } from '../../applier/result-of.ts';
import { type EventEffects, effectsOf } from '../../diff/effects.ts';
import { systemClock } from '../../http/clock.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { type RevertRun, planRevert } from '../../planner/plan-revert.ts';
import { planJson } from '../../report/json.ts';
import { planText } from '../../report/plan-text.ts';
import { writePlan } from '../../store/plan-file.ts';
import { type StoredJournal, readJournal } from '../../store/read-journal.ts';
import { dayIn } from '../../model/day.ts';
import { timeZoneOf } from '../day.ts';
import { type ExecuteOptions, confirm, execute, isPending } from '../execute.ts';
import { print } from '../print.ts';
import { checkMaxBytes, renderPlan, shownPlan } from '../formats.ts';
import { printDiagnostics, printError } from '../messages.ts';
import type { GuardOptions } from '../options.ts';
import { defaultMaxRemovals, open } from '../planning.ts';
import { startProgress } from '../progress.ts';
import { checkJournalAccounts } from '../accounts.ts';
import { checkAllowances } from '../select.ts';
import { settle } from '../settle.ts';
import type { Sessions } from '../sessions.ts';
import type { Surroundings } from '../surroundings.ts';
import { terminalFor } from '../terminal.ts';
import { toolInfo } from '../version.ts';
import { UsageError, exitCodes } from '../usage-error.ts';
import { planExitCode } from './plan.ts';

export type RevertOptions = GuardOptions &
  ExecuteOptions & {
    readonly autoApprove?: true;
    readonly out?: string;
  };

/** What is done with the plan: kept for later, applied now, asked about, or shown and no more. */
type Mode = 'save' | 'apply' | 'ask' | 'show';

/** `rollcall revert`: plans the inverse of what a run did, from its journal and from what is so now. */
export async function revertCommand(
  surroundings: Surroundings,
  file: string,
  options: RevertOptions,
): Promise<number> {
  checkMaxBytes(options);
  const mode = modeOf(surroundings, options);
  const journal = readJournal(file);
  const fold = new ResultFold();
  for (const line of journal.lines) fold.add(line);
  const effects = effectsOf(journal.lines, fold.result(), file);
  learnEffects(surroundings, file, effects);
  checkAllowances(effects, options.allowRemovals);
  if (effects.length === 0 && options.quiet !== true) {
    surroundings.stderr.write(`${file}: that run changed nothing, so there is nothing to undo.\n`);
  }
  const providers = effects.map(({ ref }) => ref.provider);
  const sessions = await open(surroundings, providers, options);
  try {
    checkJournalAccounts(journal.started.accounts, sessions.accounts);
    const settleMs = Math.max(0, ...providers.map((provider) => sessions.settleMs(provider)));
    await settle(surroundings, Date.parse(journal.lines.at(-1)?.at ?? ''), settleMs);
    const run = await planIn(surroundings, {
      journal,
      effects,
      sessions,
      options,
      rereads: mode !== 'apply',
    });
    return await (mode === 'apply' || mode === 'ask'
      ? carryOut(surroundings, run, sessions, mode, options)
      : show(surroundings, run, options));
  } finally {
    await sessions.close();
  }
}

function modeOf({ stdin }: Surroundings, { out, autoApprove }: RevertOptions): Mode {
  if (out !== undefined && autoApprove === true) {
    throw new UsageError(
      '--out saves the plan for later and --auto-approve applies it now',
      'Give one of them.',
    );
  }
  if (out !== undefined) return 'save';
  if (autoApprove === true) return 'apply';
  return stdin.isTTY ? 'ask' : 'show';
}

/** Tells the redactor, where there is one, whom the journal names: notes and warnings speak of those too. */
function learnEffects({ redactor }: Surroundings, file: string, effects: readonly EventEffects[]): void {
  redactor?.learn({
    secrets: effects.flatMap(({ attendees }) =>
      attendees.flatMap(({ type, id, name }) => [
        { kind: type, text: id },
        ...(name === undefined ? [] : [{ kind: type, text: name }]),
      ]),
    ),
    open: [file, ...effects.map(({ name }) => name)],
  });
}

async function planIn(
  surroundings: Surroundings,
  given: {
    readonly journal: StoredJournal;
    readonly effects: readonly EventEffects[];
    readonly sessions: Sessions;
    readonly options: RevertOptions;
    readonly rereads: boolean;
  },
): Promise<RevertRun> {
  const { env, signal } = surroundings;
  const { journal, effects, sessions, options, rereads } = given;
  const now = systemClock.now();
  const timeZone = timeZoneOf(env);
  const progress = await startProgress(
    surroundings,
    options,
    (done, total) => `Reading events: ${done} of ${total}, ${sessions.requests()} calls`,
  );
  try {
    return await planRevert(effects, {
      readerOf: (provider) => sessions.readerOf(provider),
      requests: () => sessions.requests(),
      accounts: sessions.accounts,
      policy: { asOf: dayIn(timeZone, now), timeZone, allowed: options.allowRemovals, asApp: sessions.asApp },
      selection: { target: [], exclude: [], selector: [] },
      maxRemovals: options.maxRemovals ?? defaultMaxRemovals,
      concurrency: options.concurrency,
      rereads,
      tool: toolInfo(),
      createdAt: new Date(now).toISOString(),
      diagnostics: journal.torn ? [tornWarning(journal)] : [],
      onEvent: (done, total) => {
        progress.update(done, total);
      },
      signal,
    });
  } finally {
    progress.stop();
  }
}

function tornWarning({ path, lines }: StoredJournal): Diagnostic {
  return {
    severity: 'warning',
    code: 'journal-torn',
    message: 'the last line of the journal was cut off and is left out: its step had not begun',
    hint: 'What the lines before it begin and do not end is settled by reading.',
    source: { file: path, line: lines.length + 1, column: 1 },
  };
}

/** Prints the plan on stdout as `plan` does, and keeps it where that was asked for. */
async function show(
  surroundings: Surroundings,
  { plan, hopeless }: RevertRun,
  options: RevertOptions,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  const { out } = options;
  if (out !== undefined) {
    writePlan(out, planJson(plan));
    if (options.quiet !== true)
      stderr.write(`Saved to ${out}. Apply it with: rollcall apply --plan ${out}\n`);
  }
  await print(stdout, await renderPlan(surroundings, plan, { ...options, savedAs: out }));
  if (hopeless) printError(surroundings, nothingComesBack, options.color);
  else if (out === undefined && isPending(plan) && options.quiet !== true) {
    stderr.write('Nothing was changed. Apply it with --auto-approve, or save it with --out FILE.\n');
  }
  return hopeless ? exitCodes.error : planExitCode(plan, false);
}

async function carryOut(
  surroundings: Surroundings,
  { plan, readings, hopeless }: RevertRun,
  sessions: Sessions,
  mode: 'apply' | 'ask',
  options: RevertOptions,
): Promise<number> {
  const { stderr, env } = surroundings;
  // What cannot come back is said in any case.
  if (options.quiet === true && mode === 'apply')
    printDiagnostics(surroundings, plan.diagnostics, options.color);
  else {
    const shown = shownPlan(surroundings, plan);
    stderr.write(planText(shown, await terminalFor(stderr, env, options.color, [shown])));
  }
  if (hopeless) {
    printError(surroundings, nothingComesBack, options.color);
    return exitCodes.error;
  }
  const question = mode === 'ask' && isPending(plan);
  if (question) await confirm(surroundings, 'Undo this run?');
  // While somebody thought it over time has passed: then each event is read once more before it is written.
  return execute(surroundings, { plan, sessions, ...(question ? {} : { readings }) }, options);
}

const nothingComesBack = {
  message: 'nothing of that run can be brought back',
  hint: 'The warnings say what was done, and what is left to do by hand.',
};
