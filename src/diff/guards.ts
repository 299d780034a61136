import { type Identity, identityOf } from '../model/attendee.ts';
import type { RemovalLimit } from '../model/event.ts';
import {
  type Change,
  type EventPlan,
  type Limits,
  type Violation,
  isReplacement,
  replacedBy,
  violationOf,
} from '../model/plan.ts';
import { plain, say } from '../model/say.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';

/** How much a list of changes would do, counted in identities. */
export interface Extent {
  readonly removals: number;
  readonly additions: number;
  /** Live attendees without the organizer, the ignored and the external that are kept. */
  readonly managed: number;
  readonly deletesEvent: boolean;
  /** People who are told, where the manifest asks for that. */
  readonly notified: number;
}

/** Measures the very changes that are to be made. `live` counts everybody on the event, for a deletion. */
export function extentOf(
  plan: Pick<EventPlan, 'provider' | 'notify'>,
  changes: readonly Change[],
  counts: { readonly managed: number; readonly live: number },
): Extent {
  let removals = 0;
  let additions = 0;
  let deletesEvent = false;
  const told = new Set<Identity>();
  for (const change of changes) {
    if (change.action === 'delete-event') deletesEvent = true;
    if (change.action === 'remove') removals += 1;
    if (change.action === 'add') additions += 1;
    if (change.action !== 'remove' && change.action !== 'add') continue;
    const silent = platforms[plan.provider].notice[change.action] === 'platform';
    if (!silent && change.attendee.type !== 'room') told.add(identityOf(change.attendee));
  }
  const notified = deletesEvent ? counts.live : told.size;
  return { removals, additions, managed: counts.managed, deletesEvent, notified: plan.notify ? notified : 0 };
}

/**
 * The guards on the changes of one event. `late` are additions that will not be there when its removals start: what
 * limits removals counts without them.
 */
export function guardChanges(
  plan: Pick<EventPlan, 'name' | 'provider' | 'notify' | 'limits'>,
  changes: readonly Change[],
  late: ReadonlySet<Change>,
  counts: { readonly managed: number; readonly live: number },
): Violation[] {
  const { name, limits } = plan;
  const found = guardEvent(name, extentOf(plan, changes, counts), limits);
  if (late.size === 0) return found;
  const without = changes.filter((change) => !late.has(change));
  const known = new Set(found.map(({ code }) => code));
  const more = guardEvent(name, extentOf(plan, without, counts), limits).filter(
    ({ code }) => (code === 'empty' || code === 'max-removals') && !known.has(code),
  );
  return [...more, ...found];
}

/** What {@link guardChanges} finds by what else a plan of an event says: by all but `past-event`. */
export function guardsOf(event: EventPlan): Violation[] {
  const { changes, observed } = event;
  if (changes.length === 0) return [];
  const counts = { managed: observed?.managed ?? 0, live: observed?.count ?? 0 };
  const removesFirst = writeOrder(event.provider, counts.live, changes) === 'removes-first';
  return guardChanges(event, changes, new Set(removesFirst ? ownAdditions(changes) : []), counts);
}

/** Additions of their own: those of a replaced flag are made after its removal, and are none of them. */
export function ownAdditions(changes: readonly Change[]): readonly Change[] {
  const replaced = replacedBy(changes);
  return changes.filter((change) => change.action === 'add' && !isReplacement(change, replaced));
}

/**
 * Whether the guards let removals pass only because of additions that are made before them: then those have to be seen
 * before the removals start.
 */
export function restsOnAdditions(
  plan: Pick<EventPlan, 'name' | 'provider' | 'notify' | 'limits' | 'order' | 'changes'>,
  counts: { readonly managed: number; readonly live: number },
): boolean {
  const { changes, order } = plan;
  const replaced = replacedBy(changes);
  const removes = changes.some((change) => change.action === 'remove' && !isReplacement(change, replaced));
  const additions = ownAdditions(changes);
  // Where a list is replaced, removals and additions come into being together.
  const parts = platforms[plan.provider].writes.style === 'delta';
  if (!parts || order !== 'adds-first' || !removes || additions.length === 0) return false;
  return guardChanges(plan, changes, new Set(additions), counts).length > 0;
}

/** The guards of one event. `name` is for the messages. An empty list: the changes may be made. */
export function guardEvent(name: string, extent: Extent, limits: Limits): Violation[] {
  const violations: Violation[] = [];
  const { removals, additions, managed } = extent;
  const allowed = typeof limits.allowed === 'number' && removals <= limits.allowed;
  const lift = say`or lift this once with --allow-removals ${plain(name)}=${removals}`;
  if (removals > 0 && managed - removals + additions <= 0 && !limits.allowEmpty && !allowed) {
    violations.push(
      violationOf(
        'empty',
        say`${plain(name)}: removing ${removals} would leave nobody on the event. If that is intended, set guards.allowEmpty: true, ${lift}.`,
      ),
    );
  }
  const excess = allowed ? null : removalExcess(removals, managed, limits.maxRemovals);
  if (excess !== null) {
    violations.push(
      violationOf(
        'max-removals',
        say`${plain(name)}: ${removals} of ${managed} managed attendees would be removed, ${plain(excess)}. If that is intended, raise guards.maxRemovals, ${lift}.`,
      ),
    );
  }
  if (limits.maxAdditions !== null && additions > limits.maxAdditions) {
    violations.push(
      violationOf(
        'max-additions',
        say`${plain(name)}: ${additions} attendees would be added, more than guards.maxAdditions: ${limits.maxAdditions}. If that is intended, raise it.`,
      ),
    );
  }
  if (extent.notified > limits.maxNotified) {
    violations.push(
      violationOf(
        'max-notified',
        say`${plain(name)}: ${extent.notified} people would be notified, more than ${limits.maxNotified}. If that is intended, raise guards.maxNotified, or set notify: false.`,
      ),
    );
  }
  if (extent.deletesEvent && !limits.allowDelete && limits.allowed !== 'event') {
    violations.push(
      violationOf(
        'delete-event',
        say`${plain(name)}: the event would be deleted. If that is intended, set guards.allowDelete: true, or pass --allow-removals ${plain(name)}=event.`,
      ),
    );
  }
  return violations;
}

/** A single event that is over: its replies are history, and changing it is nearly always a stale manifest. */
export function guardPast(name: string, endedOn: string | null, asOf: string, limits: Limits): Violation[] {
  if (endedOn === null || endedOn >= asOf || limits.allowPast) return [];
  return [
    violationOf(
      'past-event',
      say`${plain(name)}: the event ended on ${plain(endedOn)}, before ${plain(asOf)}. If that is intended, set guards.allowPast: true.`,
    ),
  ];
}

/** The guard over all chosen events. */
export function guardRun(removals: number, maxRemovals: number): Violation[] {
  if (removals <= maxRemovals) return [];
  return [
    violationOf(
      'run-removals',
      say`This run would remove ${removals} attendees, more than ${maxRemovals}. If that is intended, pass --max-removals ${removals}; or choose fewer events with --target.`,
    ),
  ];
}

/** What `removals` exceed, in words, or null. Exact: nothing is rounded. */
function removalExcess(removals: number, managed: number, limit: RemovalLimit | null): string | null {
  if (limit === null) {
    if (removals >= 3 && removals >= managed) return 'which is all of them';
    return removals > 5 && removals * 2 > managed ? 'more than half' : null;
  }
  if (typeof limit === 'number') return removals > limit ? `more than guards.maxRemovals: ${limit}` : null;
  const share = limit.slice(0, -1);
  const decimals = share.includes('.') ? share.length - share.indexOf('.') - 1 : 0;
  const scaled = BigInt(share.replace('.', ''));
  const exceeds = BigInt(removals) * 100n * 10n ** BigInt(decimals) > scaled * BigInt(managed);
  return exceeds ? `more than guards.maxRemovals: ${limit}` : null;
}

/**
 * Additions first, so that a failure in between leaves too many rather than too few; unless they would not fit. `live`
 * counts everybody on the event.
 */
export function writeOrder(
  provider: ProviderId,
  live: number,
  changes: readonly Change[],
): EventPlan['order'] {
  const { event, writes } = platforms[provider];
  const peak = live + ownAdditions(changes).length;
  return writes.style === 'delta' && peak > event.most ? 'removes-first' : 'adds-first';
}
