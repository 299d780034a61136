import type { Plan } from '../../model/plan.ts';
import { planJson } from '../../report/json.ts';
import { planText } from '../../report/plan-text.ts';
import { printDiagnostics } from '../messages.ts';
import { type PlanningOptions, failedPlan, load, plan } from '../planning.ts';
import { type Surroundings, terminalFor } from '../surroundings.ts';
import { exitCodes } from '../usage-error.ts';

export type PlanOptions = PlanningOptions & {
  readonly format: 'text' | 'json';
  readonly detailedExitcode?: true;
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
    if (options.format === 'json') stdout.write(planJson(failedPlan(surroundings, loaded, options)));
    else printDiagnostics(surroundings, loaded.diagnostics, options.color);
    return exitCodes.error;
  }
  const planned = await plan(surroundings, loaded, options, true);
  await planned.sessions.close();
  const text =
    options.format === 'json'
      ? planJson(planned.plan)
      : planText(planned.plan, terminalFor(stdout, env, options.color));
  stdout.write(text);
  return planExitCode(planned.plan, options.detailedExitcode === true);
}

/** What a plan means for whoever asked for it. */
export function planExitCode(plan: Plan, detailed: boolean): number {
  const refused = plan.violations.length > 0 || plan.events.some(({ status }) => status === 'refused');
  if (refused) return exitCodes.refused;
  if (!plan.complete) return exitCodes.error;
  const pending = plan.events.some(({ changes }) => changes.some(({ certain }) => certain));
  return detailed && pending ? exitCodes.pending : exitCodes.done;
}
