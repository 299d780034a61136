import { retold } from '../../diff/retold.ts';
import type { Plan } from '../../model/plan.ts';
import { planDifference } from '../../report/text/difference.ts';
import { systemClock } from '../../http/clock.ts';
import { hasOwnDigest, readPlan } from '../../store/plan-file.ts';
import { shownDuration } from '../../model/duration.ts';
import {
  appendStepSummary,
  checkFormat,
  type FormatOptions,
  renderPlan,
  reportSink,
  shownPlan,
} from '../formats.ts';
import { printWarning } from '../messages.ts';
import { print, type Surroundings } from '../surroundings.ts';
import { terminalFor } from '../terminal.ts';
import { viewOptions } from '../view-options.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';

export type ShowOptions = FormatOptions;

/** `rollcall show`: prints a saved plan, however old, or what differs between two. No network, no credentials. */
export async function showCommand(
  surroundings: Surroundings,
  file: string,
  newer: string | undefined,
  options: ShowOptions,
): Promise<number> {
  checkFormat(options);
  const { stdout, env } = surroundings;
  if (newer !== undefined) {
    if (options.format !== 'text') {
      throw new UsageError(
        `the difference between two plans cannot be printed as ${options.format}`,
        'Leave --format out.',
      );
    }
    const before = shownPlan(surroundings, opened(surroundings, file));
    const after = shownPlan(surroundings, opened(surroundings, newer));
    const terminal = await terminalFor(stdout, env, options, [before, after]);
    await print(stdout, planDifference(before, after, terminal, viewOptions(surroundings, 'text')));
    return exitCodes.done;
  }
  const plan = opened(surroundings, file);
  const rendering = { ...options, savedAs: file };
  await print(reportSink(surroundings, options), await renderPlan(surroundings, plan, rendering));
  if (options.format === 'text') {
    const age = systemClock.date() - Date.parse(plan.createdAt);
    stdout.write(`Made ${plan.createdAt}, ${shownDuration(age)} ago.\n`);
  }
  await appendStepSummary(surroundings, plan, rendering);
  return exitCodes.done;
}

function opened(surroundings: Surroundings, file: string): Plan {
  const plan = readPlan(file);
  if (plan.redacted !== true && !hasOwnDigest(plan)) {
    printWarning(
      surroundings,
      `${file} was changed after it was made: its digest does not match, so apply refuses it`,
    );
  }
  return retold(plan);
}
