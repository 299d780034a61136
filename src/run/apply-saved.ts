import { withheld } from '../diff/event-plan.ts';
import { systemClock } from '../http/clock.ts';
import type { Problem } from '../model/diagnostic.ts';
import type { Desired, DesiredEvent } from '../model/event.ts';
import { type PlanSource, type RosterSource, sourceWords } from '../model/organisation.ts';
import type { Plan } from '../model/plan.ts';
import { counted } from '../model/say.ts';
import { readSources } from '../planner/sources.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';
import type { Clock } from '../providers/provider.ts';
import { checkPlanAccounts } from './accounts.ts';
import { aliasesBefore, remembering } from './alias-memory.ts';
import type { Applying } from './apply.ts';
import { defaultMaxRemovals, readingOf } from './plan.ts';
import { checkDay, checkFollows, checkSavedPlan } from './saved-plan.ts';
import { checkAllowances } from './select.ts';
import type { Sessions } from './sessions.ts';
import { UsageError, PlanRefusedError } from './usage-error.ts';

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

/**
 * Reads once more what the rosters of a saved plan were expanded from, before anything is written. Answers the manifests
 * expanded by it, and the plan without what it does to events of which it is not known any more whom they want.
 *
 * @throws PlanRefusedError where somebody has come or gone since the plan was made.
 */
async function rereadSources(
  plan: Plan,
  desired: Desired,
  sessions: Sessions,
  signal: AbortSignal,
): Promise<{ readonly plan: Plan; readonly desired: Desired }> {
  // Whom an event wants that could not be expanded then is no matter now: nothing is done to it.
  const expanded = new Set(
    plan.events.filter(({ desired: wanted }) => wanted !== undefined).map(({ name }) => name),
  );
  const needed = desired.events.filter(({ name }) => expanded.has(name));
  const reading = readSources({ ...desired, events: needed }, { ...readingOf(sessions), signal });
  await reading.all();
  const moved = movedSince(plan, reading.found());
  if (moved.length > 0) {
    throw new PlanRefusedError(
      'other-membership',
      'the departments, groups, roles or chats in its rosters have other members now than when the plan was made',
      'Make a new plan with: rollcall plan --out FILE',
      moved,
    );
  }
  const events = desired.events.map((event) => (expanded.has(event.name) ? reading.expanded(event) : event));
  return { plan: withoutUnknown(plan, events), desired: { ...desired, events } };
}

/** What has other members than the plan says, in sentences. What could not be read is not told of here. */
function movedSince({ sources = [] }: Plan, now: readonly PlanSource[]): string[] {
  const then = new Map(sources.map((source) => [placeOf(source), source]));
  return now.flatMap((source) => {
    const before = then.get(placeOf(source));
    if (before?.digest === source.digest) return [];
    const words = `${platforms[source.provider].title} ${sourceWords(source, source.name)}`;
    return [
      before === undefined
        ? `the plan was made without ${words}`
        : `${words} had ${peopleIn(before)}, and has ${before.count === source.count ? 'others' : peopleIn(source)} now`,
    ];
  });
}

function placeOf({ provider, kind, id, recursive, userIdType }: PlanSource | RosterSource): string {
  return JSON.stringify([provider, kind, id, recursive === true, userIdType ?? null]);
}

function peopleIn({ count }: PlanSource): string {
  return counted(count, 'person', 'people');
}

function withoutUnknown(plan: Plan, events: readonly DesiredEvent[]): Plan {
  const problems = new Map<string, Problem>();
  for (const { name, sources, unknown } of events) {
    if (sources !== undefined && unknown !== undefined) problems.set(name, unknown);
  }
  if (problems.size === 0) return plan;
  return {
    ...plan,
    events: plan.events.map((event) => {
      const problem = problems.get(event.series?.name ?? event.name);
      return problem === undefined || event.problem !== undefined ? event : withheld(event, problem);
    }),
  };
}
