import { planText } from '../../report/plan-text.ts';
import { type ExecuteOptions, confirm, execute, isPending } from '../execute.ts';
import { printDiagnostics } from '../messages.ts';
import { type PlanningOptions, load, plan } from '../planning.ts';
import { type Surroundings, terminalFor } from '../surroundings.ts';
import { UsageError, exitCodes } from '../usage-error.ts';

export type ApplyOptions = PlanningOptions &
  ExecuteOptions & {
    readonly autoApprove?: true;
  };

/** `rollcall apply`: plans, shows, asks, applies. The plan and the question go to stderr, the result to stdout. */
export async function applyCommand(
  surroundings: Surroundings,
  paths: readonly string[],
  options: ApplyOptions,
): Promise<number> {
  const { stdin, stderr, env } = surroundings;
  const asks = options.autoApprove !== true;
  if (asks && !stdin.isTTY) {
    throw new UsageError(
      'apply asks before it writes, and there is no terminal to ask on',
      'Pass --auto-approve to apply without being asked.',
    );
  }
  const loaded = load(surroundings, paths, options);
  if (loaded.failed) {
    printDiagnostics(surroundings, loaded.diagnostics, options.color);
    return exitCodes.error;
  }
  const planned = await plan(surroundings, loaded, options, asks);
  try {
    if (options.quiet !== true || asks) {
      stderr.write(planText(planned.plan, terminalFor(stderr, env, options.color)));
    }
    const question = asks && isPending(planned.plan);
    if (question) await confirm(surroundings, 'Apply these changes?');
    // While somebody thought it over time has passed: then each event is read once more before it is written.
    const { readings, ...run } = planned;
    return await execute(surroundings, question ? run : { ...run, readings }, options);
  } finally {
    await planned.sessions.close();
  }
}
