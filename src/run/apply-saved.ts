import { systemClock } from '../http/clock.ts';
import type { Desired } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import type { ProviderId } from '../platforms/index.ts';
import type { Clock } from '../providers/provider.ts';
import { aliasesBefore, remembering } from './alias-memory.ts';
import { checkPlanAccounts } from './accounts.ts';
import type { Applying } from './apply.ts';
import { defaultMaxRemovals } from './plan.ts';
import { checkDay, checkFollows, checkSavedPlan } from './saved-plan.ts';
import { checkAllowances } from './select.ts';
import type { Sessions } from './sessions.ts';
import { rereadSources } from './sources.ts';
import { UsageError } from './usage-error.ts';

/** How old a saved plan may be: a day. */
export const defaultPlanTtlMs = 86_400_000;

/** What a saved plan is held against, from the command line and the API alike. */
export interface SavedSettings {
  /** How old the plan may be, in milliseconds. */
  readonly ttlMs: number;
  /** The most removals, where that is told apart from the plan. */
  readonly maxRemovals: number | undefined;
  /** Removals that are allowed by hand, where the plan has to follow from manifests. */
  readonly allowRemovals: ReadonlyMap<string, number | 'event'>;
  /** An app whose plans are taken too. */
  readonly account: string | undefined;
  /** The day that the plan may be for, where it is another than today. */
  readonly asOf: string | undefined;
  readonly clock?: Clock;
  /** What the manifests want on a day, where the plan has to follow from them. */
  readonly manifests: ((asOf: string) => Desired | Promise<Desired>) | null;
  /** Where runs have their journals; `.rollcall/runs` unless it is given. */
  readonly journalDir?: string | undefined;
  readonly open: (providers: Iterable<ProviderId>) => Promise<Sessions>;
  readonly signal: AbortSignal;
}

/**
 * Makes a saved plan ready to be applied: every check of it is made here. The sessions are the caller's to close.
 *
 * @throws PlanRefusedError, UsageError for settings that cannot be used.
 */
export async function prepareSaved(plan: Plan, settings: SavedSettings): Promise<Applying> {
  const { ttlMs, maxRemovals, allowRemovals } = settings;
  const now = (settings.clock ?? systemClock).date();
  checkSavedPlan(plan, { now, ttlMs, maxRemovals });
  if (settings.manifests !== null) checkDay(plan, { now, ttlMs, accepted: settings.asOf });
  const desired = await settings.manifests?.(plan.asOf);
  const allowances = {
    allowed: allowRemovals,
    maxRemovals: Math.max(defaultMaxRemovals, maxRemovals ?? 0),
  };
  if (desired === undefined && allowRemovals.size > 0) {
    throw new UsageError(
      'a saved plan keeps the allowances that it was made with',
      'Allow it when the plan is made, or give the paths of the manifests that the plan is checked against.',
    );
  }
  if (desired !== undefined) {
    // Every occurrence that has an allowance is in the plan now.
    checkAllowances(
      plan.events.map(({ name }) => ({ name })),
      allowRemovals,
    );
    // As far as it can be told without asking the platform.
    checkFollows(plan, desired, allowances);
  }
  const sessions = await settings.open(plan.events.map(({ provider }) => provider));
  try {
    checkPlanAccounts(plan, sessions.accounts, settings.account);
    if (desired === undefined) return { plan, sessions };
    const remembered = await aliasesBefore(desired.events, sessions, settings.journalDir);
    if (desired.expand === undefined) {
      return { plan, sessions, follows: remembering(desired.events, plan, remembered) };
    }
    const reread = await rereadSources(plan, desired, sessions, settings.signal);
    checkFollows(plan, reread.desired, allowances);
    return { plan: reread.plan, sessions, follows: remembering(reread.desired.events, plan, remembered) };
  } catch (error) {
    await sessions.close();
    throw error;
  }
}
