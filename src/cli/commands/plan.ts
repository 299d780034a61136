import type { Plan } from '../../model/plan.ts';
import { planJsonParts } from '../../report/json.ts';
import { planTextParts } from '../../report/plan-text.ts';
import { writePlan } from '../../store/plan-file.ts';
import { load } from '../loading.ts';
import { printDiagnostics } from '../messages.ts';
import { print } from '../print.ts';
import { type PlanningOptions, failedPlan, plan } from '../planning.ts';
import { type Surroundings, terminalFor } from '../surroundings.ts';
import { exitCodes } from '../usage-error.ts';

export type PlanOptions = PlanningOptions & {
  readonly format: 'text' | 'json';
  readonly detailedExitcode?: true;
  readonly out?: string;
};

/** `rollcall plan`: lists, compares, shows. Changes nothing. */
export async function planCommand(
  surroundings: Surroundings,
  paths: readonly string[],
  options: PlanOptions,
): Promise<number> {
  const loaded = load(surroundings, paths, options);
  const { stdout, env } = surroundings;
  if (loaded.failed) {
    const failed = failedPlan(surroundings, loaded, options);
    if (options.out !== undefined) writePlan(options.out, planJsonParts(failed));
    if (options.format === 'json') await print(stdout, planJsonParts(failed));
    else printDiagnostics(surroundings, loaded.diagnostics, options.color);
    return exitCodes.error;
  }
  const planned = await plan(surroundings, loaded, options, true);
  await planned.sessions.close();
  // Before anything is printed, so that a reader who has seen the plan can apply it.
  if (options.out !== undefined) save(surroundings, planned.plan, options.out, options.quiet === true);
  const parts =
    options.format === 'json'
      ? planJsonParts(planned.plan)
      : planTextParts(planned.plan, terminalFor(stdout, env, options.color), planned.calls);
  await print(stdout, parts);
  return planExitCode(planned.plan, options.detailedExitcode === true);
}

function save({ stderr }: Surroundings, plan: Plan, file: string, quiet: boolean): void {
  writePlan(file, planJsonParts(plan));
  if (!quiet) stderr.write(`Saved to ${file}. Apply it with: rollcall apply --plan ${file}\n`);
}

/** What a plan means for whoever asked for it. */
export function planExitCode(plan: Plan, detailed: boolean): number {
  const refused = plan.violations.length > 0 || plan.events.some(({ status }) => status === 'refused');
  if (refused) return exitCodes.refused;
  if (!plan.complete) return exitCodes.error;
  const pending = plan.events.some(({ changes }) => changes.some(({ certain }) => certain));
  return detailed && pending ? exitCodes.pending : exitCodes.done;
}
