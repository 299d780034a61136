import { counted } from '../model/say.ts';
import { withheld } from '../diff/event-plan.ts';
import type { Problem } from '../model/diagnostic.ts';
import type { Desired, DesiredEvent } from '../model/event.ts';
import { type PlanSource, type RosterSource, sourceWords } from '../model/organisation.ts';
import type { Plan } from '../model/plan.ts';
import { platforms } from '../platforms/index.ts';
import { readSources } from '../planner/sources.ts';
import { readingOf } from './plan.ts';
import type { Sessions } from './sessions.ts';
import { PlanRefusedError } from './usage-error.ts';

/**
 * Reads once more what the rosters of a saved plan were expanded from, before anything is written. Answers the manifests
 * expanded by it, and the plan without what it does to events of which it is not known any more whom they want.
 *
 * @throws PlanRefusedError where somebody has come or gone since the plan was made.
 */
export async function rereadSources(
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
        ? `${words} is not among what the plan was made of`
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
