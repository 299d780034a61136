import type { Plan } from '../../model/plan.ts';
import { planJsonParts } from '../../report/json.ts';
import { planTextParts } from '../../report/plan-text.ts';
import { planDifference } from '../../report/show-difference.ts';
import { systemClock } from '../../http/clock.ts';
import { hasOwnDigest, readPlan } from '../../store/plan-file.ts';
import { shownDuration } from '../duration.ts';
import { printWarning } from '../messages.ts';
import { print } from '../print.ts';
import { type Surroundings, terminalFor } from '../surroundings.ts';
import { UsageError, exitCodes } from '../usage-error.ts';

export interface ShowOptions {
  readonly format: 'text' | 'json';
  readonly color: boolean;
}

/** `rollcall show`: prints a saved plan, however old, or what differs between two. No network, no credentials. */
export async function showCommand(
  surroundings: Surroundings,
  file: string,
  newer: string | undefined,
  options: ShowOptions,
): Promise<number> {
  const { stdout, env } = surroundings;
  const terminal = terminalFor(stdout, env, options.color);
  if (newer !== undefined) {
    if (options.format !== 'text') {
      throw new UsageError(
        `what differs between two plans has no format ${options.format}`,
        'Leave --format out.',
      );
    }
    await print(stdout, planDifference(opened(surroundings, file), opened(surroundings, newer), terminal));
    return exitCodes.done;
  }
  const plan = opened(surroundings, file);
  if (options.format === 'json') {
    await print(stdout, planJsonParts(plan));
  } else {
    const age = shownDuration(systemClock.now() - Date.parse(plan.createdAt));
    await print(stdout, planTextParts(plan, terminal));
    stdout.write(`Made ${plan.createdAt}, ${age} ago.\n`);
  }
  return exitCodes.done;
}

function opened(surroundings: Surroundings, file: string): Plan {
  const plan = readPlan(file);
  if (plan.redacted !== true && !hasOwnDigest(plan)) {
    printWarning(
      surroundings,
      `${file} was changed after it was made: its digest does not fit, and apply refuses it`,
    );
  }
  return plan;
}
