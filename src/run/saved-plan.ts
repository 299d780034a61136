import { guardRun } from '../diff/guards.ts';
import { deviations } from '../diff/follows.ts';
import type { Desired } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { hasOwnDigest } from '../store/plan-file.ts';
import { shownDuration } from './duration.ts';
import { PlanRefusedError } from './usage-error.ts';

const again = 'Make a new plan with: rollcall plan --out FILE';

/** How far the clocks of two machines may be apart, in milliseconds. */
const clockSkewMs = 5 * 60_000;

/**
 * Refuses a saved plan that must not be applied as it stands: redacted, changed since it was made, tripped by the
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
      'the plan is redacted: whom it would remove is not in it',
      'Save a plan with --out.',
    );
  }
  if (!hasOwnDigest(plan))
    throw new PlanRefusedError(
      'digest',
      'the plan was changed after it was made: its digest does not fit',
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
  const ageMs = limits.now - Date.parse(plan.createdAt);
  if (!(ageMs >= -clockSkewMs)) {
    throw new PlanRefusedError(
      'not-yet',
      `the plan says that it was made in the future, at ${plan.createdAt}`,
      'Check the clocks.',
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
  const found = deviations(plan, desired.events, allowances);
  if (found.length === 0) return;
  const shown = found.slice(0, 10);
  const more = found.length > shown.length ? [`and ${found.length - shown.length} more`] : [];
  throw new PlanRefusedError('not-from-manifests', 'the plan does not follow from the manifests', again, [
    ...shown,
    ...more,
  ]);
}
