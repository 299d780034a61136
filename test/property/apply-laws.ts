import { isTrue } from '../../src/diff/reading.ts';
import { liveOf } from '../../src/diff/live.ts';
import { type ObservedAttendee, identityOf } from '../../src/model/attendee.ts';
import { type Change, type EventPlan, type Plan, changeKey, replacedBy } from '../../src/model/plan.ts';
import type { EventResult } from '../../src/model/result.ts';
import { platformIn } from '../applier/scenario.ts';
import type { Schedule } from './apply-schedule.ts';
import type { Simulated } from './apply-run.ts';
import { law } from './seeds.ts';

/** What was changed is what the plan named, and never somebody who is wanted or protected. */
export function holdEffects(schedule: Schedule, { plan, effects, left }: Simulated): void {
  const events = new Map(
    plan.events.map(({ eventId, status, changes }) => [
      eventId,
      new Map(status === 'changed' ? changes.map((change) => [changeKey(change), change]) : []),
    ]),
  );
  for (const { eventId, action, identity } of effects) {
    const desired = schedule.events.find(({ ref }) => ref.eventId === eventId);
    const key = identity === null ? action : `${action} ${identity}`;
    const at = (): string => `${eventId}: ${key}`;
    const change = events.get(eventId)?.get(key);
    law('nothing is done but what the plan named', change !== undefined, at);
    const replaced = change?.reason === 'optional-drift';
    const invites = action === 'add' && identity !== null && left.has(identity) && !replaced;
    law('nobody who is known to have left is added', !invites, at);
    if (action !== 'remove' || identity === null) continue;
    const shielded = schedule.shielded.get(eventId)?.has(identity) === true;
    law('organizers, the ignored and externals that are kept are never removed', !shielded, at);
    const wanted = desired?.attendees?.some((one) => identityOf(one) === identity) === true;
    const leaves = change?.reason === 'left' && desired?.leavers === 'remove' && left.has(identity);
    law(
      'whoever is wanted is removed for a new flag alone, or having left',
      !wanted || replaced || leaves,
      at,
    );
  }
}

/** Whoever was taken off for a new flag is back, or the result says that it is not. */
export function holdReplaced(schedule: Schedule, { plan, result, killed, effects }: Simulated): void {
  if (killed) return;
  for (const event of plan.events) {
    const live = liveOf(rowsOf(schedule, event)).attendees;
    const told = resultOf(result.events, event);
    for (const change of event.changes) {
      if (change.action !== 'add' || change.reason !== 'optional-drift') continue;
      const identity = identityOf(change.attendee);
      const taken = effects.some(
        (one) => one.eventId === event.eventId && one.action === 'remove' && one.identity === identity,
      );
      if (!taken || live.has(identity) || isTouched(schedule, event, change)) continue;
      const outcome = told.get(changeKey(change))?.outcome;
      const owned = outcome !== 'done' && outcome !== 'already';
      law('whoever was taken off for a new flag is back, or told to be missing', owned, () => identity);
      const taking = told.get(changeKey({ ...change, action: 'remove' }))?.outcome;
      const tried = taking !== 'done' || outcome !== 'not-attempted' || isUnreadable(schedule, event);
      law('whoever was taken off for a new flag is at least tried to be added back', tried, () => identity);
    }
  }
}

/** What the result says of each change is true. */
export function holdTold(schedule: Schedule, { plan, result, effects }: Simulated): void {
  const changed = new Set(effects.map((one) => `${one.eventId} ${one.action} ${one.identity ?? ''}`));
  for (const event of plan.events) {
    for (const [key, { outcome, error }] of resultOf(result.events, event)) {
      const change = changeOf(event, key);
      const at = (): string => `${event.name}: ${key} told as ${outcome}`;
      if (change === undefined) throw new Error(`the result has a change that the plan has not: ${key}`);
      if (outcome === 'done' || outcome === 'already') {
        law('what is told as done is so', isSo(schedule, event, change) ?? true, at);
      }
      if (!schedule.settles) continue;
      if (outcome === 'not-attempted') {
        const who = 'attendee' in change ? identityOf(change.attendee) : '';
        const sent = changed.has(`${event.eventId} ${change.action} ${who}`);
        law('what is told as not attempted was not done', !sent, at);
      }
      const replaced = change.action === 'remove' && change.reason === 'optional-drift';
      const judged = change.certain && error?.code !== 'room-declined' && !replaced;
      if (outcome === 'failed' && judged) {
        law('what is told as failed is not so', isSo(schedule, event, change) !== true, at);
      }
    }
  }
}

/** Exit 0: each planned change was seen by the last reading, and with exact manifests the event is as they say. */
export function holdExit(schedule: Schedule, run: Simulated): void {
  const { plan, result } = run;
  const { controller, fresh, verify, smooth } = schedule;
  const unfinished = result.events.some(({ outcome }) => /^(interrupted|not-attempted)$/.test(outcome));
  const stopped = controller.signal.aborted && unfinished;
  law(
    'a run that was stopped ends with 130',
    !stopped || result.exitCode === 130,
    () => `${result.exitCode}`,
  );
  const guarded = plan.events.some(({ status }) => status === 'refused');
  const fine = result.exitCode === 0 || guarded || !smooth;
  law('a run that nothing gets in the way of ends with 0', fine, () => JSON.stringify(result));
  if (result.exitCode !== 0) return;
  for (const event of plan.events) {
    const rows = platformIn(schedule.world, event.provider).listed.get(event.eventId) ?? [];
    for (const change of event.changes) {
      const at = (): string => `${event.name}: ${changeKey(change)}`;
      law('exit 0: each planned change is so', isSo(schedule, event, change) ?? true, at);
      if (!('attendee' in change) || !verify) continue;
      law('exit 0: each planned change was seen by the last reading', isShown(event, change, rows), at);
    }
    if (event.changes.length > 0 && verify && fresh) holdExact(schedule, run, event, rows);
  }
}

/** The managed live set, as the last reading had it, is what the manifest says. */
function holdExact(
  schedule: Schedule,
  { left }: Simulated,
  event: EventPlan,
  rows: readonly ObservedAttendee[],
): void {
  const desired = schedule.events.find(({ name }) => name === event.name);
  if (desired?.sync !== 'exact' || desired.attendees === null || desired.state === 'absent') return;
  const wanted = new Set(desired.attendees.map(identityOf));
  const { attendees } = liveOf(rows);
  const organizers = new Set(rows.filter(({ organizer }) => organizer).map(identityOf));
  if (desired.ref.organizer !== undefined) organizers.add(identityOf({ type: 'user', id: 'boss' }));
  const shielded = schedule.shielded.get(event.name);
  const extra = [...attendees.keys()].filter(
    (identity) => !wanted.has(identity) && !organizers.has(identity) && shielded?.has(identity) !== true,
  );
  const lacking = [...wanted].filter(
    (identity) => !attendees.has(identity) && !organizers.has(identity) && !left.has(identity),
  );
  const at = (): string => `${event.name}: too many ${extra.join(', ')}; too few ${lacking.join(', ')}`;
  const exact = extra.length + lacking.length === 0;
  law('exit 0: with exact manifests the managed live set is what they say', exact, at);
}

/** Changes that are applied, each with its event. */
export function changesOf(plan: Plan): [EventPlan, Change][] {
  return plan.events.flatMap((event) =>
    event.status === 'changed' ? event.changes.map((change): [EventPlan, Change] => [event, change]) : [],
  );
}

/** Whether a change is in effect in the model; null where somebody else had a hand in it. */
export function isSo(schedule: Schedule, event: EventPlan, change: Change): boolean | null {
  if (isTouched(schedule, event, change)) return null;
  const model = platformIn(schedule.world, event.provider);
  if (change.action === 'delete-event') return model.isDeleted(event.eventId);
  if (change.action === 'unbind-chat') return model.chatOf(event.eventId) !== change.chatId;
  return isShown(event, change, model.rows(event.eventId));
}

/** Whether rows show a change. The removal of a replaced flag is undone by its addition: that one is looked at. */
function isShown(event: EventPlan, change: Change, rows: readonly ObservedAttendee[]): boolean {
  if (change.action === 'remove' && change.reason === 'optional-drift') return true;
  return isTrue(change, liveOf(rows), replacedBy(event.changes));
}

/** Whether the event was read for so long, after its last write, that a run may have given up on it. */
function isUnreadable({ world }: Schedule, { provider, eventId }: EventPlan): boolean {
  const calls = platformIn(world, provider).calls.filter((call) => call.eventId === eventId);
  const last = calls.findLastIndex(({ kind }) => kind === 'remove' || kind === 'add');
  const readings = calls.slice(last + 1);
  return (readings.at(-1)?.at ?? 0) - (readings[0]?.at ?? 0) > 25_000;
}

function isTouched({ touched }: Schedule, event: EventPlan, change: Change): boolean {
  return 'attendee' in change && touched.has(`${event.eventId} ${identityOf(change.attendee)}`);
}

function rowsOf({ world }: Schedule, event: EventPlan): readonly ObservedAttendee[] {
  return platformIn(world, event.provider).rows(event.eventId);
}

function changeOf(event: EventPlan, key: string): Change | undefined {
  return event.changes.find((one) => changeKey(one) === key);
}

function resultOf(
  results: readonly EventResult[],
  event: EventPlan,
): ReadonlyMap<string, EventResult['changes'][number]> {
  const told = results.find(({ name }) => name === event.name)?.changes ?? [];
  return new Map(told.map((one) => [changeKey(one), one]));
}
