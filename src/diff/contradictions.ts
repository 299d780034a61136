import { identityOf } from '../model/attendee.ts';
import { compareCodePoints } from '../model/order.ts';
import {
  type Change,
  type EventPlan,
  type EventStatus,
  type Plan,
  changeKey,
  compareChanges,
  isReplacement,
  replacedBy,
} from '../model/plan.ts';
import { placeOf, platforms } from '../platforms/index.ts';
import { canonicalJson, memberTest, membersIn } from './digest.ts';
import { extentOf, guardRun, guardsOf, writeOrder } from './guards.ts';
import { seriesContradictions } from './occurrences.ts';
import { countChanges, planSummary } from './summary.ts';

/**
 * What a plan says of itself and is wrong, in sentences: everything that follows from its changes and from what was seen
 * is derived again rather than trusted. Nothing: it is consistent. A digest finds accidents; this finds plans that were
 * forged.
 */
export function contradictions(plan: Plan): string[] {
  const found = plan.events.flatMap((event) =>
    eventContradictions(event).map((text) => `${event.name}: ${text}`),
  );
  found.push(...repeats(plan.events), ...seriesContradictions(plan.events));
  const changed = plan.events.filter(({ status }) => status === 'changed');
  const stopped = guardRun(countChanges(changed, 'remove'), plan.maxRemovals);
  if (codesOf(plan.violations) !== codesOf(stopped)) {
    found.push(
      `the run ${tripped(stopped)} by its removals, but the plan says that it ${tripped(plan.violations)}`,
    );
  }
  const failed = plan.diagnostics.some(({ severity }) => severity === 'error');
  const complete = !failed && plan.events.every(({ status }) => status !== 'unknown');
  const applyable =
    complete && stopped.length === 0 && plan.events.every(({ status }) => status !== 'refused');
  if (plan.complete !== complete)
    found.push(`the plan says complete: ${plan.complete}, and its events do not`);
  if (plan.applyable !== applyable) {
    found.push(`the plan says applyable: ${plan.applyable}, and its events do not`);
  }
  if (canonicalJson(plan.summary) !== canonicalJson(planSummary(plan.events, stopped.length > 0))) {
    found.push('the summary does not match the events');
  }
  return found;
}

function repeats(events: readonly EventPlan[]): string[] {
  const found: string[] = [];
  const names = new Set<string>();
  const places = new Map<string, string>();
  let before: string | null = null;
  for (const event of events) {
    const { name } = event;
    if (names.has(name)) found.push(`${name} is in the plan more than once`);
    else if (before !== null && compareCodePoints(before, name) > 0) found.push(`${name} is out of order`);
    names.add(name);
    before = name;
    // What stands for occurrences that could not be read has no id of its own.
    if (event.series !== undefined && event.series.original === undefined) continue;
    const place = placeOf(event);
    const other = places.get(place);
    if (other !== undefined && other !== name)
      found.push(`${other} and ${name} are the same event of the platform`);
    places.set(place, name);
  }
  return found;
}

function eventContradictions(event: EventPlan): string[] {
  const found: string[] = [];
  const { changes, observed, limits } = event;
  const counts = { managed: observed?.managed ?? 0, live: observed?.count ?? 0 };
  const extent = extentOf(event, changes, counts);
  const order = writeOrder(event.provider, counts.live, changes);
  const guards = guardsOf(event);
  // Whether the event was over is not in the plan: it can be said, and not be found missing.
  const past = event.violations.filter(({ code }) => code === 'past-event');
  if (past.length > 0 && (limits.allowPast || changes.length === 0))
    found.push('past-event cannot apply to it');
  const said = event.violations.filter(({ code }) => code !== 'past-event');
  if (codesOf(said) !== codesOf(guards)) {
    found.push(`by its changes it ${tripped(guards)}, but the plan says that it ${tripped(said)}`);
  }
  const status = statusOf(event, guards.length + past.length > 0);
  if (event.status !== status)
    found.push(`by its changes it is ${status}, but the plan says ${event.status}`);
  if (event.notified !== extent.notified) {
    found.push(`its changes notify ${extent.notified} people, but the plan says ${event.notified}`);
  }
  if (event.order !== order)
    found.push(`its changes belong in the order ${order}, but the plan says ${event.order}`);
  return [...found, ...changes.flatMap((change) => changeContradictions(event, change)), ...seen(event)];
}

function statusOf({ problem, changes }: EventPlan, refused: boolean): EventStatus {
  if (problem !== undefined) return 'unknown';
  if (refused) return 'refused';
  return changes.length > 0 ? 'changed' : 'in-sync';
}

function changeContradictions(event: EventPlan, change: Change): string[] {
  const found: string[] = [];
  const row = platforms[event.provider].event;
  if (change.action !== 'unbind-chat' && !change.certain) found.push('only an unbinding can be uncertain');
  if (change.action === 'unbind-chat' && !row.keys.includes('meetingChat')) {
    found.push('the platform has no meeting chats');
  }
  if (!('attendee' in change)) return found;
  const identity = identityOf(change.attendee);
  if (!row.attendees.includes(change.attendee.type))
    found.push(`${identity} cannot be invited on this platform`);
  if (event.observed === undefined) found.push(`${identity} is changed, but no attendee was listed`);
  if (change.reason === 'left' && change.attendee.type !== 'user') {
    found.push(`${identity} cannot have left`);
  }
  if (change.action === 'add' && change.operateId !== undefined && change.reason !== 'reverted') {
    found.push(`${identity} is added in the name of ${change.operateId}, which only a revert does`);
  }
  if (change.action === 'add' && event.sync === 'remove-only')
    found.push(`${identity} is added under remove-only`);
  if (change.action === 'remove' && event.sync === 'add-only')
    found.push(`${identity} is removed under add-only`);
  return found;
}

/** Holds the changes against each other and against whom the plan says were there. */
function seen({ changes, observed, kept, skipped = [], problem }: EventPlan): string[] {
  const found: string[] = [];
  if (problem !== undefined && changes.length > 0) found.push('it could not be read, yet it is changed');
  const replaced = replacedBy(changes);
  const named = new Set<string>();
  changes.forEach((change, at) => {
    const key = changeKey(change);
    if (named.has(key)) found.push(`${key} is in it more than once`);
    named.add(key);
    const before = changes[at - 1];
    if (before !== undefined && compareChanges(before, change) > 0) found.push(`${key} is out of order`);
  });
  const deletes = changes.some(({ action }) => action === 'delete-event');
  if (deletes && changes.some((change) => 'attendee' in change))
    found.push('it is deleted, yet attendees are changed as well');
  if (observed === undefined) return found;
  const { members = '', count, managed } = observed;
  if (managed > count || membersIn(members) !== count) {
    found.push(`${count} were there, ${managed} of them managed, but ${membersIn(members)} are listed`);
  }
  const wasThere = memberTest(members);
  for (const change of changes) {
    if (!('attendee' in change)) continue;
    const identity = identityOf(change.attendee);
    const there = change.action === 'remove' || isReplacement(change, replaced);
    if (wasThere(identity) === there) continue;
    found.push(`${identity} is to be ${there ? 'removed but was not there' : 'added but was already there'}`);
  }
  const removed = new Set(
    changes.flatMap((change) => (change.action === 'remove' ? [identityOf(change.attendee)] : [])),
  );
  for (const { attendee } of kept) {
    const identity = identityOf(attendee);
    if (removed.has(identity) || !wasThere(identity)) found.push(`${identity} cannot be among those kept`);
  }
  for (const { attendee } of skipped) {
    const identity = identityOf(attendee);
    const changed = changes.some(
      (change) => 'attendee' in change && identityOf(change.attendee) === identity,
    );
    if (changed || attendee.type !== 'user') found.push(`${identity} cannot be among those skipped`);
  }
  return found;
}

function codesOf(violations: readonly { readonly code: string }[]): string {
  return [...new Set(violations.map(({ code }) => code))].sort().join(', ');
}

function tripped(violations: readonly { readonly code: string }[]): string {
  const codes = codesOf(violations);
  return codes === '' ? 'trips no guard' : `trips ${codes}`;
}
