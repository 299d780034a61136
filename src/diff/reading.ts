import { type Identity, type ObservedAttendee, identityOf } from '../model/attendee.ts';
import type { Basis, DesiredEvent } from '../model/event.ts';
import { given } from '../model/given.ts';
import { type Change, type EventPlan, changeKey, isReplacement, replacedBy } from '../model/plan.ts';
import type { Newcomer } from '../model/result.ts';
import { platforms } from '../platforms/index.ts';
import { type Difference, difference, replaces } from './difference.ts';
import { memberTest } from './digest.ts';
import { exemptions, isForeign, organizersOf } from './exempt.ts';
import { plannedStanding } from './leavers.ts';
import { type Live, type LiveAttendee, liveOf } from './live.ts';

/** How the changes of a plan stand against a listing. */
export interface Reading {
  /** By {@link changeKey}: the rows that a pending removal names. */
  readonly rows: ReadonlyMap<string, readonly ObservedAttendee[]>;
  /** Changes that are already in place. */
  readonly already: ReadonlySet<string>;
  /** Removals of somebody who now organizes the event. */
  readonly organizers: ReadonlySet<string>;
  /** Removals of somebody whom the manifest keeps: as it says itself where it is known, else by the plan's policy. */
  readonly kept: ReadonlySet<string>;
  /** Additions that an earlier run made and did not find listed: they are not sent again where nobody is removed. */
  readonly unlisted: ReadonlySet<string>;
  /** Live attendees that the guards count, and all of them. */
  readonly managed: number;
  readonly live: number;
  /** What a write of the whole list stands on, where the platform gives it. */
  readonly basis?: Basis;
  /** What the manifest would have changed by this listing, where it is known. */
  readonly due: Pick<Difference, 'changes' | 'managed'> | null;
  /** Those who came since the plan was made. */
  readonly newcomers: readonly Newcomer[];
}

/**
 * Holds a plan's changes against what is live: which are pending, by which rows, and who is new. With `desired`, what
 * the manifest says of those who are live counts, and not what the plan says that was seen. Pure.
 */
export function readingOf(
  plan: EventPlan,
  listed: readonly ObservedAttendee[],
  desired?: DesiredEvent,
): Reading {
  const live = liveOf(listed);
  const bounds = desired === undefined ? null : boundsOf(plan, desired, live);
  const keepsByPlan = keptBy(plan);
  const keeps = (change: Change, attendee: LiveAttendee): boolean => {
    const forFlag = isReplacement(change, replaced);
    // What a revert takes off is what a run added, wherever they are from: no manifest keeps anybody there.
    return bounds === null
      ? change.reason !== 'reverted' && keepsByPlan(attendee, forFlag)
      : bounds.keeps(attendee, forFlag);
  };
  const rows = new Map<string, readonly ObservedAttendee[]>();
  const already = new Set<string>();
  const organizers = new Set<string>();
  const kept = new Set<string>();
  const unlisted = new Set<string>();
  const removes = plan.changes.some(({ action }) => action === 'remove');
  const held = new Set(
    plan.remembered?.flatMap(({ address, other }) =>
      other === undefined && !removes ? identityOf({ type: 'email', id: address }) : [],
    ),
  );
  const replaced = replacedBy(plan.changes);
  for (const change of plan.changes) {
    const key = changeKey(change);
    if (isTrue(change, live, replaced)) already.add(key);
    else if (change.action === 'remove') {
      const attendee = live.attendees.get(identityOf(change.attendee));
      if (attendee?.organizer === true) organizers.add(key);
      else if (attendee !== undefined && keeps(change, attendee)) kept.add(key);
      rows.set(key, attendee?.rows ?? []);
    } else if (change.action === 'add' && held.has(identityOf(change.attendee))) unlisted.add(key);
  }
  return {
    rows,
    already,
    organizers,
    kept,
    unlisted,
    managed: Math.min(managedCount(plan, live, kept), bounds?.due.managed ?? Number.POSITIVE_INFINITY),
    live: live.attendees.size,
    due: bounds?.due ?? null,
    newcomers: newcomersOf(plan, live),
  };
}

/**
 * Whether a listing shows a change done. A replaced flag is done when the live flag is the wanted one; any other
 * addition when the attendee is there. `replaced` are the identities of the replaced flags. What a listing cannot show (a deletion, an unbinding) is not true by it.
 */
export function isTrue(change: Change, live: Live, replaced: ReadonlySet<Identity>): boolean {
  switch (change.action) {
    case 'remove': {
      const row = live.attendees.get(identityOf(change.attendee));
      if (row === undefined) return true;
      return isReplacement(change, replaced) && row.optional !== change.attendee.optional;
    }
    case 'add': {
      const row = live.attendees.get(identityOf(change.attendee));
      if (row === undefined) return false;
      return !isReplacement(change, replaced) || row.optional === change.attendee.optional;
    }
    case 'unbind-chat':
    case 'delete-event':
      return false;
  }
}

interface Bounds {
  /** Whether the manifest keeps a live attendee from being removed, for good or for a new flag. */
  readonly keeps: (attendee: LiveAttendee, forFlag: boolean) => boolean;
  readonly due: Difference;
}

function boundsOf(plan: EventPlan, desired: DesiredEvent, live: Live): Bounds {
  const organizers = organizersOf(desired, live, null);
  const exemptionOf = exemptions(desired, organizers);
  return {
    keeps: (attendee, forFlag) => {
      const exemption = exemptionOf(attendee);
      return forFlag ? !replaces(desired, attendee, exemption) : exemption !== null;
    },
    due: difference(desired, desired.attendees ?? [], live, organizers, plannedStanding(plan)),
  };
}

/** What a plan alone tells of whom its manifest keeps: those from another tenant, as they were when it was made. */
function keptBy(plan: EventPlan): Bounds['keeps'] {
  return (attendee, forFlag) => isForeign(plan.provider, attendee) && (forFlag || plan.external !== 'remove');
}

function managedCount(plan: EventPlan, live: Live, kept: ReadonlySet<string>): number {
  const uncounted = new Set<Identity>();
  for (const change of plan.changes)
    if (change.action === 'remove' && kept.has(changeKey(change))) uncounted.add(identityOf(change.attendee));
  if (plan.organizer !== undefined)
    uncounted.add(identityOf({ type: platforms[plan.provider].event.people, id: plan.organizer }));
  for (const kept of plan.kept) if (kept.reason !== 'add-only') uncounted.add(identityOf(kept.attendee));
  const isNew = newcomerTest(plan);
  let managed = 0;
  for (const row of live.attendees.values()) {
    if (row.organizer || uncounted.has(row.identity)) continue;
    // A newcomer makes no room for removals: only those whom the plan knew count.
    if (!isNew(row)) managed += 1;
  }
  // Those whom the plan left out of the count without listing them as kept are wanted ones that it never counts.
  return Math.min(managed, plan.observed?.managed ?? managed);
}

function newcomersOf(plan: EventPlan, live: Live): Newcomer[] {
  const isNew = newcomerTest(plan);
  const expected = new Set(
    plan.changes.flatMap((change) => (change.action === 'add' ? [identityOf(change.attendee)] : [])),
  );
  return [...live.attendees.values()]
    .filter((row) => isNew(row) && !expected.has(row.identity))
    .map(({ type, id, name }) => ({ type, id, ...given({ name }) }));
}

function newcomerTest(plan: EventPlan): (row: LiveAttendee) => boolean {
  const members = plan.observed?.members;
  if (members === undefined) return () => false;
  const isMember = memberTest(members);
  return (row) => !isMember(row.identity);
}
