import { planJson } from '../../report/json.ts';
import { planText } from '../../report/text/plan.ts';
import { isPending } from '../../run/apply.ts';
import { type PlannedRevert, effectsIn, planJournal } from '../../run/revert.ts';
import { journalNamed } from '../../run/stored-journal.ts';
import { writePlan } from '../../store/plan-file.ts';
import { type ExecuteOptions, confirm, execute } from '../execute.ts';
import { checkFormat, renderPlan, shownPlan } from '../formats.ts';
import { printDiagnostics, printError } from '../messages.ts';
import type { GuardFlags } from '../options.ts';
import { planSettings } from '../planning.ts';
import { print, type Surroundings } from '../surroundings.ts';
import { terminalFor } from '../terminal.ts';
import { viewOptions } from '../view-options.ts';
import { UsageError, exitCodes, planExitCode } from '../../run/usage-error.ts';
import { savedWords } from './plan.ts';

export type RevertOptions = GuardFlags &
  ExecuteOptions & {
    readonly autoApprove?: true;
    readonly out?: string;
  };

/** What is done with the plan: kept for later, applied now, asked about, or shown and no more. */
type Mode = 'save' | 'apply' | 'ask' | 'show';

/** `rollcall revert`: plans the inverse of what a run did, from its journal and from the current state. */
export async function revertCommand(
  surroundings: Surroundings,
  file: string,
  options: RevertOptions,
): Promise<number> {
  checkFormat({ format: options.format, maxBytes: options.maxBytes, linkBase: options.linkBase });
  const mode = modeOf(surroundings, options);
  const journal = await journalNamed(file, surroundings.env, surroundings.signal);
  const effects = effectsIn(journal);
  if (effects.length === 0 && options.quiet !== true) {
    surroundings.stderr.write(`${file}: that run changed nothing, so there is nothing to undo.\n`);
  }
  const run = await planJournal(journal, effects, {
    ...planSettings(surroundings, options),
    rereads: mode !== 'apply',
  });
  try {
    return await (mode === 'apply' || mode === 'ask'
      ? carryOut(surroundings, run, mode, options)
      : show(surroundings, run, options));
  } finally {
    await run.sessions.close();
  }
}

function modeOf({ stdin }: Surroundings, { out, autoApprove }: RevertOptions): Mode {
  if (out !== undefined && autoApprove === true) {
    throw new UsageError(
      '--out saves the plan for later and --auto-approve applies it now',
      'Pass one or the other.',
    );
  }
  if (out !== undefined) return 'save';
  if (autoApprove === true) return 'apply';
  return stdin.isTTY ? 'ask' : 'show';
}

/** Prints the plan on stdout as `plan` does, and keeps it where that was asked for. */
async function show(
  surroundings: Surroundings,
  { plan, hopeless }: PlannedRevert,
  options: RevertOptions,
): Promise<number> {
  const { stdout, stderr } = surroundings;
  const { out } = options;
  if (out !== undefined) {
    writePlan(out, planJson(plan));
    if (options.quiet !== true) stderr.write(savedWords(plan, out));
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
  { plan, readings, sessions, hopeless, plannedAt }: PlannedRevert,
  mode: 'apply' | 'ask',
  options: RevertOptions,
): Promise<number> {
  const { env, stderr, redacted = stderr } = surroundings;
  const shown = shownPlan(surroundings, plan);
  // What cannot come back is said in any case.
  if (options.quiet === true && mode === 'apply')
    printDiagnostics(surroundings, plan.diagnostics, options.color);
  else {
    const terminal = await terminalFor(stderr, env, options, [shown]);
    redacted.write(planText(shown, terminal, viewOptions(surroundings, 'text')));
  }
  if (hopeless) {
    printError(surroundings, nothingComesBack, options.color);
    return exitCodes.error;
  }
  const question = mode === 'ask' && isPending(plan);
  if (question) await confirm(surroundings, plan, 'Undo this run');
  // While somebody thought it over time has passed: then each event is read once more before it is written.
  const run = { plan, sessions, plannedAt, ...(question ? {} : { readings }) };
  return execute(surroundings, run, 'revert', options);
}

const nothingComesBack = {
  message: 'nothing that run did can be undone',
  hint: 'The warnings say what was done, and what is left to do by hand.',
};
