import { retold } from '../../diff/retold.ts';
import type { CallsOf } from '../../model/calls.ts';
import type { Desired } from '../../model/event.ts';
import type { Plan } from '../../model/plan.ts';
import { planTextParts } from '../../report/text/plan.ts';
import { isPending } from '../../run/apply.ts';
import { defaultPlanTtlMs, prepareSaved } from '../../run/apply-saved.ts';
import { resolvedFor } from '../../run/lock/resolve.ts';
import { checkedManifests, type FoundManifests } from '../../run/manifests.ts';
import type { Planned } from '../../run/plan.ts';
import { waitAfterCrash } from '../../run/lag.ts';
import { ManifestError } from '../../run/usage-error.ts';
import { readPlan } from '../../store/plan-file.ts';
import { type FormatOptions, shownPlan, checkFormat } from '../formats.ts';
import { type ExecuteOptions, confirm, execute } from '../execute.ts';
import { load, open, plan, type PlanningOptions, reloading } from '../planning.ts';
import { printDiagnostics } from '../messages.ts';
import { print, type Surroundings } from '../surroundings.ts';
import { terminalFor } from '../terminal.ts';
import { viewOptions } from '../view-options.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';

export type ApplyFlags = PlanningOptions &
  ExecuteOptions & {
    readonly autoApprove?: true;
    /** A saved plan. */
    readonly plan?: string;
    /** Milliseconds */
    readonly planTtl?: number;
    readonly planAccount?: string;
  };

/** `rollcall apply`: plans, shows, asks, applies. The plan and the question go to stderr, the result to stdout. */
export async function applyCommand(
  surroundings: Surroundings,
  paths: readonly string[],
  options: ApplyFlags,
): Promise<number> {
  // The plan is printed in text whatever the format of the result.
  checkFormat({ format: options.format, maxBytes: options.maxBytes });
  if (options.plan !== undefined) return applySaved(surroundings, options.plan, paths, options);
  for (const [name, value] of [
    ['--plan-account', options.planAccount],
    ['--plan-ttl', options.planTtl],
  ] as const) {
    if (value !== undefined)
      throw new UsageError(`${name} works only with a saved plan`, 'Pass the plan with --plan FILE.');
  }
  const { stdin } = surroundings;
  const asks = options.autoApprove !== true;
  if (asks && !stdin.isTTY) {
    throw new UsageError(
      'apply asks before it writes, and there is no terminal to ask on',
      'Pass --auto-approve to apply without asking.',
    );
  }
  const loaded = load(surroundings, paths, options);
  if (loaded.failed) {
    printDiagnostics(surroundings, loaded.diagnostics, options.color);
    return exitCodes.error;
  }
  await waitAfterCrash(surroundings.env, options.journalDir, surroundings.signal);
  const planned = await planOrTell(surroundings, paths, loaded, options, asks);
  if (planned === null) return exitCodes.error;
  try {
    if (options.quiet !== true || asks) await printPlan(surroundings, planned.plan, options, planned.calls);
    const question = asks && isPending(planned.plan);
    if (question) await confirm(surroundings, planned.plan);
    // While somebody thought it over time has passed: then each event is read once more before it is written.
    const { readings, calls: _, ...rest } = planned;
    const run = { ...rest, follows: planned.wants };
    return await execute(surroundings, question ? run : { ...run, readings }, 'apply', options);
  } finally {
    await planned.sessions.close();
  }
}

/** Plans; null where people who were looked up are not found, which is told. */
async function planOrTell(
  surroundings: Surroundings,
  paths: readonly string[],
  loaded: FoundManifests,
  options: ApplyFlags,
  asks: boolean,
): Promise<Planned | null> {
  try {
    return await plan(surroundings, paths, loaded, options, asks);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    printDiagnostics(surroundings, error.diagnostics, options.color);
    return null;
  }
}

/** `apply --plan`: what was reviewed is what happens. With paths the plan has to follow from the manifests there. */
async function applySaved(
  surroundings: Surroundings,
  file: string,
  paths: readonly string[],
  options: ApplyFlags,
): Promise<number> {
  refuseChoices(paths, options);
  const saved = retold(readPlan(file));
  // So that refusals name people as the plan does, where they may not be named.
  shownPlan(surroundings, saved);
  try {
    const applying = await prepareSaved(saved, {
      ttlMs: options.planTtl ?? defaultPlanTtlMs,
      maxRemovals: options.maxRemovals,
      allowRemovals: options.allowRemovals,
      account: options.planAccount,
      asOf: options.asOf,
      journalDir: options.journalDir,
      manifests:
        paths.length === 0 ? null : (asOf) => manifests(surroundings, paths, saved, { ...options, asOf }),
      open: (providers) => open(surroundings, providers, options),
      signal: surroundings.signal,
    });
    try {
      if (options.quiet !== true) await printPlan(surroundings, saved, options);
      await waitAfterCrash(surroundings.env, options.journalDir, surroundings.signal);
      return await execute(surroundings, applying, 'apply', options);
    } finally {
      await applying.sessions.close();
    }
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    printDiagnostics(surroundings, error.diagnostics, options.color);
    return exitCodes.error;
  }
}

async function manifests(
  surroundings: Surroundings,
  paths: readonly string[],
  saved: Plan,
  options: ApplyFlags & { readonly asOf: string },
): Promise<Desired> {
  const loaded = checkedManifests(load(surroundings, paths, options));
  if (options.resolve !== true) return loaded.desired;
  return resolvedFor(saved, loaded, reloading(surroundings, paths, loaded), {
    signal: surroundings.signal,
    open: (providers) => open(surroundings, providers, options),
  });
}

/** @throws UsageError for options that choose or allow what a saved plan has already fixed. */
function refuseChoices(paths: readonly string[], options: ApplyFlags): void {
  const given = [
    options.target.length > 0 && '--target',
    options.exclude.length > 0 && '--exclude',
    options.selector.length > 0 && '--selector',
    paths.length === 0 && options.asOf !== undefined && '--as-of',
    paths.length === 0 && options.resolve === true && '--resolve',
  ].filter((name) => name !== false);
  if (given.length > 0) {
    throw new UsageError(
      `${given.join(', ')} cannot be combined with --plan: a saved plan already fixes its events and its day`,
      'Pass it to rollcall plan, and apply the plan it saves.',
    );
  }
  if (paths.length === 0 && options.allowRemovals.size > 0) {
    throw new UsageError(
      '--allow-removals cannot be combined with --plan alone: a saved plan carries what was allowed',
      'Pass it to rollcall plan, or add the PATH of the manifests that the plan is checked against.',
    );
  }
}

async function printPlan(
  surroundings: Surroundings,
  plan: Plan,
  options: FormatOptions,
  calls?: CallsOf,
): Promise<void> {
  const { env, stderr, redacted = stderr } = surroundings;
  const shown = shownPlan(surroundings, plan);
  await print(
    redacted,
    planTextParts(
      shown,
      await terminalFor(stderr, env, options, [shown]),
      viewOptions(surroundings, 'text', calls),
    ),
  );
}
