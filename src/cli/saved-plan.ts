import { guardRun } from '../diff/guards.ts';
import { deviations } from '../diff/follows.ts';
import type { Desired } from '../model/event.ts';
import type { Plan, PlanAccount } from '../model/plan.ts';
import { type ProviderId, platforms } from '../model/platform.ts';
import { hasOwnDigest } from '../store/plan-file.ts';
import { shownDuration } from './duration.ts';
import { UsageError, exitCodes } from './usage-error.ts';

const again = 'Make a new plan with: rollcall plan --out FILE';

/** How far the clocks of two machines may be apart, in milliseconds. */
const clockSkewMs = 5 * 60_000;

/**
 * Refuses a saved plan that must not be applied as it stands: redacted, changed since it was made, tripped by the
 * guard of the run, over `maxRemovals`, or too old.
 *
 * @throws UsageError with the exit code of a refusal.
 */
export function checkSavedPlan(
  plan: Plan,
  limits: { readonly now: number; readonly ttlMs: number; readonly maxRemovals: number | undefined },
): void {
  if (plan.redacted === true) {
    throw refusal('the plan is redacted: whom it would remove is not in it', 'Save a plan with --out.');
  }
  if (!hasOwnDigest(plan))
    throw refusal('the plan was changed after it was made: its digest does not fit', again);
  const [violation] = [
    ...plan.violations,
    ...guardRun(removalsOf(plan), limits.maxRemovals ?? plan.maxRemovals),
  ];
  if (violation !== undefined) {
    throw refusal(`the guard ${violation.code} stops the plan: ${violation.message}`, again);
  }
  const ageMs = limits.now - Date.parse(plan.createdAt);
  if (!(ageMs >= -clockSkewMs)) {
    throw refusal(`the plan says that it was made in the future, at ${plan.createdAt}`, 'Check the clocks.');
  }
  if (ageMs > limits.ttlMs) {
    throw refusal(
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

type Accounts = Readonly<Partial<Record<ProviderId, PlanAccount>>>;

/**
 * Refuses a plan of another host or app. `accepted` is an app whose plans are taken too, for what means the same to
 * every app: an `open_id` is an app's own name for a user, and `primary` is the caller's calendar.
 *
 * @throws UsageError with the exit code of a refusal.
 */
export function checkAccounts(plan: Plan, accounts: Accounts, accepted: string | undefined): void {
  for (const provider of new Set(plan.events.map((event) => event.provider))) {
    const planned = plan.accounts[provider];
    const own = accounts[provider];
    const { title } = platforms[provider];
    if (planned?.host !== own?.host) {
      throw refusal(
        `the plan is for ${title} at ${planned?.host ?? 'no host'}, not at ${own?.host ?? 'no host'}`,
        again,
      );
    }
    // With a token alone the app is not known; then the host has to do.
    const differs = planned?.appId != null && own?.appId != null && planned.appId !== own.appId;
    if (!differs) continue;
    if (planned.appId !== accepted) {
      throw refusal(
        `the plan was made by the ${title} app ${planned.appId}, and this is ${own.appId}`,
        `Accept that app's plans with --plan-account ${planned.appId}, or plan with this app.`,
      );
    }
    const bound = plan.events.find(
      (event) => event.provider === provider && event.status === 'changed' && isBoundToApp(event),
    );
    if (bound !== undefined) {
      throw refusal(
        `${bound.name} means something else to another app: it uses ${
          bound.userIdType === 'open_id' ? 'userIdType open_id' : 'calendarId primary'
        }`,
        'Use userIdType union_id or user_id and the full calendar id, or plan with the app that applies.',
      );
    }
  }
}

function isBoundToApp({ provider, userIdType, calendarId }: Plan['events'][number]): boolean {
  return provider !== 'dingtalk' && (userIdType === 'open_id' || calendarId === 'primary');
}

/**
 * Refuses a plan with changes that do not follow from the manifests.
 *
 * @throws UsageError with the exit code of a refusal, naming the first few.
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
  throw new UsageError('the plan does not follow from the manifests', again, exitCodes.refused, [
    ...shown,
    ...more,
  ]);
}

function refusal(message: string, hint: string): UsageError {
  return new UsageError(message, hint, exitCodes.refused);
}
