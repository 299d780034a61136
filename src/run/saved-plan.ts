import { guardRun } from '../diff/guards.ts';
import { contradictions } from '../diff/contradictions.ts';
import { lockedIn } from '../diff/digest.ts';
import { deviations } from '../diff/follows.ts';
import type { Desired } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { shownDuration } from '../model/duration.ts';
import { hasOwnDigest, planFault } from '../store/plan-file.ts';
import { PlanRefusedError } from './usage-error.ts';

const again = 'Make a new plan with: rollcall plan --out FILE';

/** How far the clocks of two machines may be apart, in milliseconds. */
const clockSkewMs = 5 * 60_000;

/**
 * Refuses a saved plan that must not be applied as it stands: redacted, malformed, changed since it was made, tripped by the
 * guard of the run, over `maxRemovals`, or too old.
 *
 * @throws PlanRefusedError
 */
export function checkSavedPlan(
  plan: Plan,
  limits: { readonly now: number; readonly ttlMs: number; readonly maxRemovals: number | undefined },
): void {
  if (plan.redacted === true) {
    throw new PlanRefusedError(
      'redacted',
      'the plan is redacted: it does not say who would be removed',
      'Save a plan with --out.',
    );
  }
  // A program can hand over anything, and what follows counts on every member.
  const fault = planFault(plan);
  if (fault !== null) throw new PlanRefusedError('malformed', `this is not a plan: ${fault}`, again);
  if (plan.summary.leftOut === undefined) {
    throw new PlanRefusedError(
      'old',
      `the plan is from rollcall ${plan.tool.version}, whose plans lack some of what is checked now`,
      again,
    );
  }
  if (!hasOwnDigest(plan))
    throw new PlanRefusedError(
      'digest',
      'the plan was changed after it was made: its digest does not match',
      again,
    );
  const [violation] = [
    ...plan.violations,
    ...guardRun(removalsOf(plan), limits.maxRemovals ?? plan.maxRemovals),
  ];
  if (violation !== undefined) {
    throw new PlanRefusedError(
      'run-removals',
      `the guard ${violation.code} stops the plan: ${violation.message}`,
      again,
    );
  }
  const found = contradictions(plan);
  if (found.length > 0) {
    throw new PlanRefusedError(
      'contradiction',
      'the plan contradicts itself, so it is not as rollcall wrote it',
      again,
      shortened(found),
    );
  }
  checkAge(plan, limits);
}

function checkAge(plan: Plan, limits: { readonly now: number; readonly ttlMs: number }): void {
  const ageMs = limits.now - Date.parse(plan.createdAt);
  if (!(ageMs >= -clockSkewMs)) {
    throw new PlanRefusedError(
      'not-yet',
      `the plan says that it was made in the future, at ${plan.createdAt}`,
      'Check the clock here, and that of the machine that made the plan.',
    );
  }
  if (ageMs > limits.ttlMs) {
    throw new PlanRefusedError(
      'too-old',
      `the plan was made ${shownDuration(ageMs)} ago, more than ${shownDuration(limits.ttlMs)}`,
      `${again}, or allow an older one with --plan-ttl.`,
    );
  }
}

/** The removals that applying the plan would make. */
function removalsOf({ events }: Plan): number {
  return events
    .filter(({ status }) => status === 'changed')
    .reduce((total, { changes }) => total + changes.filter(({ action }) => action === 'remove').length, 0);
}

/**
 * Refuses a plan with changes that do not follow from the manifests.
 *
 * @throws PlanRefusedError naming the first few.
 */
export function checkFollows(
  plan: Plan,
  desired: Desired,
  allowances: { readonly allowed: ReadonlyMap<string, number | 'event'>; readonly maxRemovals: number },
): void {
  checkLocked(plan, desired);
  const found = deviations(plan, desired.events, allowances);
  if (found.length === 0) return;
  throw new PlanRefusedError(
    'not-from-manifests',
    'the plan does not follow from the manifests',
    again,
    shortened(found),
  );
}

/** @throws PlanRefusedError where the lock has other lines for the plan's events than those that it rests on */
function checkLocked(plan: Plan, desired: Desired): void {
  const names = new Set(plan.events.map(({ name }) => name));
  const now = lockedIn(desired.events.filter(({ name }) => names.has(name)));
  if (now?.digest === plan.locked?.digest) return;
  throw new PlanRefusedError(
    'other-lock',
    plan.locked === undefined
      ? 'the plan was made without rollcall.lock, which the manifests now use'
      : 'rollcall.lock has changed since the plan was made, for people whom the plan needs',
    again,
  );
}

/** The first ten of what was found, and how many more there are. */
function shortened(found: readonly string[]): readonly string[] {
  return found.length > 10 ? [...found.slice(0, 10), `and ${found.length - 10} more`] : found;
}

const dayMs = 86_400_000;

/**
 * Refuses a plan of another day than today, because it would have the manifests read as they are on that day: dates in
 * `until` and `guards.allow` would be what the plan makes of them. A day more each way is for zones. `accepted` is a day
 * that was meant.
 *
 * @throws PlanRefusedError
 */
export function checkDay(
  { asOf }: Plan,
  limits: { readonly now: number; readonly ttlMs: number; readonly accepted: string | undefined },
): void {
  if (asOf === limits.accepted) return;
  const begins = Date.parse(`${asOf}T00:00:00Z`);
  const isDay = !Number.isNaN(begins) && new Date(begins).toISOString().startsWith(asOf);
  const isNow = begins - dayMs <= limits.now && limits.now <= begins + 2 * dayMs + limits.ttlMs;
  if (isDay && isNow && limits.accepted === undefined) return;
  throw new PlanRefusedError(
    'other-day',
    `the plan is for ${asOf}, and the manifests would be read as of that day`,
    isDay ? `If that is intended, pass --as-of ${asOf}; otherwise make a new plan.` : again,
  );
}
