import type { Diagnostic } from '../model/diagnostic.ts';
import type { CallsOf } from '../model/plan.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';

/** The share of a month's calls, in percent, above which a plan says so before anybody applies it. */
export const monthlyWarningPercent = 10;

/** A warning for each platform on which planning and applying take more than a tenth of the month's calls. */
export function monthlyWarnings(calls: CallsOf): Diagnostic[] {
  return [...calls].flatMap(([provider, count]) => warningOf(provider, count) ?? []);
}

function warningOf(
  provider: ProviderId,
  { used, needed }: { readonly used: number; readonly needed: number },
): Diagnostic | null {
  const { title, monthlyCalls } = platforms[provider];
  const total = used + needed;
  if (monthlyCalls === null || total * 100 <= monthlyCalls * monthlyWarningPercent) return null;
  const share = Math.round((total / monthlyCalls) * 1000) / 10;
  return {
    severity: 'warning',
    code: 'monthly-quota',
    message: `${title}: ${used} calls used and ${needed} needed to apply are ${share}% of the ${monthlyCalls} calls a month that an organisation has for all its apps`,
    hint: 'Choose fewer events with --target, plan only what changed with --changed-from, or apply less often.',
  };
}
