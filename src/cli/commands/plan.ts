import type { CallsOf } from '../../model/calls.ts';
import type { Plan } from '../../model/plan.ts';
import { planJsonParts } from '../../report/json.ts';
import type { FoundManifests } from '../../run/manifests.ts';
import { failedPlan, type Planned } from '../../run/plan.ts';
import { turn } from '../../run/store.ts';
import { writePlan } from '../../store/plan-file.ts';
import { appendStepSummary, checkFormat, type FormatOptions, renderPlan, reportSink } from '../formats.ts';
import { load, plan, type PlanningOptions, planSettings } from '../planning.ts';
import { printDiagnostics } from '../messages.ts';
import { print, type Surroundings } from '../surroundings.ts';
import { exitCodes, ManifestError, planExitCode } from '../../run/usage-error.ts';

export type PlanFlags = PlanningOptions &
  FormatOptions & {
    readonly detailedExitcode?: true;
    readonly out?: string;
  };

/** `rollcall plan`: lists, compares, shows. Changes nothing. */
export async function planCommand(
  surroundings: Surroundings,
  paths: readonly string[],
  options: PlanFlags,
): Promise<number> {
  checkFormat(options);
  const loaded = load(surroundings, paths, options);
  if (loaded.failed) return tellErrors(surroundings, loaded, options);
  let planned: Planned;
  try {
    planned = await plan(surroundings, paths, loaded, options, true);
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    return tellErrors(surroundings, { ...loaded, diagnostics: error.diagnostics }, options);
  }
  // What goes to a shared store at the end is answered while the plan is shown.
  const closed = planned.sessions.close();
  await Promise.all([closed, turn().then(() => tell(surroundings, planned, options))]);
  return planExitCode(planned.plan, options.detailedExitcode === true);
}

/** The plan of manifests with errors. */
async function tellErrors(
  surroundings: Surroundings,
  loaded: FoundManifests,
  options: PlanFlags,
): Promise<number> {
  const failed = failedPlan(loaded, planSettings(surroundings, options));
  if (options.out !== undefined) writePlan(options.out, planJsonParts(failed));
  // In text they are messages; three numbers would say that nothing is to be done.
  if (options.format === 'text' || options.format === 'gitlab') {
    printDiagnostics(surroundings, loaded.diagnostics, options.color);
  } else {
    await show(surroundings, failed, options);
  }
  return exitCodes.error;
}

async function tell(surroundings: Surroundings, { plan, calls }: Planned, options: PlanFlags): Promise<void> {
  // Before anything is printed, so that a reader who has seen the plan can apply it.
  if (options.out !== undefined) save(surroundings, plan, options.out, options.quiet === true);
  await show(surroundings, plan, options, calls);
}

async function show(
  surroundings: Surroundings,
  plan: Plan,
  options: PlanFlags,
  calls?: CallsOf,
): Promise<void> {
  const rendering = { ...options, savedAs: options.out, calls };
  await print(reportSink(surroundings, options), await renderPlan(surroundings, plan, rendering));
  await appendStepSummary(surroundings, plan, rendering);
}

function save({ stderr }: Surroundings, plan: Plan, file: string, quiet: boolean): void {
  writePlan(file, planJsonParts(plan));
  if (!quiet) stderr.write(savedWords(plan, file));
}

/** Where the plan is, and how it is applied, where it can be. */
export function savedWords(plan: Plan, file: string): string {
  if (plan.violations.length > 0) return `Saved to ${file} for reading only: apply refuses it.\n`;
  if (!plan.events.some(({ status }) => status === 'changed')) return `Saved to ${file}.\n`;
  return `Saved to ${file}. Apply it with: rollcall apply --plan ${file}\n`;
}
