import { appendFileSync } from 'node:fs';
import { reasonOf } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import { type FormatOptions, renderPlan } from './formats.ts';
import { printWarning } from './messages.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Beside annotations: the plan in Markdown for the page of the job, where GitHub Actions names a file for it
 * (`GITHUB_STEP_SUMMARY`). A file that cannot be written is a warning: the plan is the same without it.
 */
export async function appendStepSummary(
  surroundings: Surroundings,
  plan: Plan,
  options: FormatOptions & { readonly savedAs?: string | undefined },
): Promise<void> {
  const file = surroundings.env['GITHUB_STEP_SUMMARY'];
  if (options.format !== 'github' || file === undefined || file === '') return;
  const parts = await renderPlan(surroundings, plan, { ...options, format: 'markdown' });
  try {
    appendFileSync(file, `${[...parts].join('')}\n`);
  } catch (error) {
    const reason = reasonOf(error);
    printWarning(surroundings, `the job summary cannot be written to GITHUB_STEP_SUMMARY (${reason})`);
  }
}
