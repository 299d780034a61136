import { expect, test } from 'vitest';
import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import { isTrue } from '../../src/diff/reading.ts';
import { liveOf } from '../../src/diff/live.ts';
import { identityOf } from '../../src/model/attendee.ts';
import {
  type Change,
  type EventPlan,
  type Plan,
  changeKey,
  isReplacement,
  replacedBy,
} from '../../src/model/plan.ts';
import type { ApplyEvent, Result } from '../../src/model/result.ts';
import { applied, optionsOf, planRun, platformIn } from '../applier/scenario.ts';
import type { Effect } from '../support/model-calls.ts';
import { type Schedule, scheduleOf } from './apply-schedule.ts';

/** `ROLLCALL_SEEDS=N` runs more, `ROLLCALL_SEED=N` that one alone. */
const first = Number(process.env['ROLLCALL_SEED'] ?? 0);
const count = process.env['ROLLCALL_SEED'] === undefined ? Number(process.env['ROLLCALL_SEEDS'] ?? 2000) : 1;

test(`keeps its promises over ${count} schedules of plans and faults`, { timeout: 600_000 }, async () => {
  for (let seed = first; seed < first + count; seed += 1) {
    try {
      await hold(scheduleOf(seed));
    } catch (error) {
      const replay = `ROLLCALL_SEED=${seed} npx vitest run --config test/vitest.config.ts test/property/apply.test.ts`;
      throw new Error(`seed ${seed} breaks a promise; replay it with: ${replay}`, { cause: error });
    }
  }
});

async function hold(schedule: Schedule): Promise<void> {
  const { world, events, settles } = schedule;
  const { plan, readings } = await planRun(world, events);
  const run = await runOf(schedule, plan, readings);
  for (const event of plan.events) holdEvent(schedule, event, run.result, run.effects);
  if (run.result.exitCode === 0) {
    for (const [event, change] of changesOf(plan))
      expect(isSo(schedule, event, change), label(event, change)).toBe(true);
  }
  if (schedule.controller.signal.aborted && unfinished(run.result)) expect(run.result.exitCode).toBe(130);
  const declines = world.feishu.roomReply === 'declined';
  if (schedule.touched.size > 0 || declines) return;
  if (settles) await holdResume(schedule, plan);
}

interface Run {
  readonly result: Result;
  readonly effects: readonly Effect[];
}

/** Applies as the schedule says, and holds the stream ahead of every effect. */
async function runOf(
  schedule: Schedule,
  plan: Plan,
  readings: Awaited<ReturnType<typeof planRun>>['readings'],
): Promise<Run> {
  const { world, controller, fresh, verify, killAt } = schedule;
  const handled: ApplyEvent[] = [];
  const effects: Effect[] = [];
  const unannounced: Effect[] = [];
  const fold = new ResultFold();
  for (const model of [world.feishu, world.dingtalk]) {
    model.onEffect = (effect) => {
      effects.push(effect);
      if (!announced(handled, effect)) unannounced.push(effect);
    };
  }
  schedule.start();
  const options = optionsOf(world, { signal: controller.signal, verify, ...(fresh ? { readings } : {}) });
  for await (const item of apply(plan, options)) {
    if (handled.length === killAt) break;
    handled.push(item);
    fold.add(item);
  }
  await world.clock.sleep(60_000);
  schedule.calm();
  expect(unannounced, 'effects that no line was ahead of').toEqual([]);
  return { result: fold.result(), effects };
}

/** Whether a batch that names the effect was handled and has no end yet. */
function announced(handled: readonly ApplyEvent[], effect: Effect): boolean {
  const ended = new Set(handled.flatMap((item) => (item.kind === 'batch-done' ? [item.batch] : [])));
  return handled.some(
    (item) =>
      item.kind === 'batch-started' &&
      !ended.has(item.batch) &&
      item.event.eventId === effect.eventId &&
      item.action === effect.action &&
      (effect.identity === null || item.attendees.some((one) => identityOf(one) === effect.identity)),
  );
}

function holdEvent(schedule: Schedule, event: EventPlan, result: Result, effects: readonly Effect[]): void {
  const desired = schedule.events.find(({ name }) => name === event.name);
  const planned = new Set(event.status === 'changed' ? event.changes.map(changeKey) : []);
  const replaced = new Set(
    event.changes.flatMap((change) => (change.reason === 'optional-drift' ? [changeKey(change)] : [])),
  );
  const wantedOnes = new Set(desired?.attendees?.map(identityOf));
  const kept = new Set(event.kept.map(({ attendee }) => identityOf(attendee)));
  const changed = new Set<string>();
  for (const { eventId, action, identity } of effects) {
    if (eventId !== event.eventId) continue;
    const key = identity === null ? action : `${action} ${identity}`;
    changed.add(key);
    expect(planned, 'nothing outside the plan is done').toContain(key);
    if (action !== 'remove' || identity === null) continue;
    expect(identity, 'the organizer is never removed').not.toBe('user:boss');
    expect(kept, 'whoever is kept is never removed').not.toContain(identity);
    if (!replaced.has(key)) expect(wantedOnes, 'whoever is wanted is never removed').not.toContain(identity);
  }
  const told = result.events.find(({ name }) => name === event.name);
  for (const { action, attendee, outcome, error } of told?.changes ?? []) {
    const key = attendee === undefined ? action : `${action} ${identityOf(attendee)}`;
    const change = event.changes.find((one) => changeKey(one) === key);
    if (change === undefined) throw new Error(`the result has a change that the plan has not: ${key}`);
    const at = `${label(event, change)}: told as ${outcome}`;
    if (outcome === 'done' || outcome === 'already') expect(isSo(schedule, event, change), at).toBe(true);
    if (!schedule.settles) continue;
    if (outcome === 'not-attempted') expect(changed, at).not.toContain(key);
    const judged =
      change.certain && error?.code !== 'room-declined' && !(action === 'remove' && replaced.has(key));
    if (outcome === 'failed' && judged && !isTouched(schedule, event, change)) {
      expect(isSo(schedule, event, change, false), at).toBe(false);
    }
  }
}

/** After whatever happened, the same plan finishes the work, then has nothing left to do, and so has a new plan. */
async function holdResume(schedule: Schedule, plan: Plan): Promise<void> {
  const { world, events } = schedule;
  const again = await applied(world, plan);
  const fine = ['converged', 'unchanged', 'refused'];
  for (const { name, outcome } of again.result.events)
    expect(fine, `${name} after a second run`).toContain(outcome);
  for (const [event, change] of changesOf(plan)) {
    expect(isSo(schedule, event, change), `${label(event, change)} after a second run`).toBe(true);
  }
  await world.clock.sleep(60_000);
  const writes = world.feishu.writes.length + world.dingtalk.writes.length;
  const third = await applied(world, plan);
  const certain = changesOf(plan).every(([, change]) => change.certain);
  if (certain) expect(world.feishu.writes.length + world.dingtalk.writes.length).toBe(writes);
  for (const { name, outcome } of third.result.events)
    expect(fine, `${name} after a third run`).toContain(outcome);
  const next = await planRun(world, events);
  for (const event of next.plan.events) {
    if (plan.events.find(({ name }) => name === event.name)?.status !== 'changed') continue;
    expect(
      event.changes.filter(({ certain }) => certain),
      `${event.name} is in sync`,
    ).toEqual([]);
  }
}

function changesOf(plan: Plan): [EventPlan, Change][] {
  return plan.events.flatMap((event) =>
    event.status === 'changed' ? event.changes.map((change): [EventPlan, Change] => [event, change]) : [],
  );
}

function isTouched({ touched }: Schedule, event: EventPlan, change: Change): boolean {
  return 'attendee' in change && touched.has(`${event.eventId} ${identityOf(change.attendee)}`);
}

/** Whether a change is so in the model; what somebody else had a hand in is so by definition. */
function isSo(schedule: Schedule, event: EventPlan, change: Change, whenTouched: boolean = true): boolean {
  const model = platformIn(schedule.world, event.provider);
  if (isTouched(schedule, event, change)) return whenTouched;
  if (change.action === 'delete-event') return model.isDeleted(event.eventId);
  if (change.action === 'unbind-chat') return model.chatOf(event.eventId) !== change.chatId;
  const live = liveOf(model.rows(event.eventId));
  // The removal of a replaced flag is undone by its addition: the pair is so when the flag is.
  const replaced = replacedBy(event.changes);
  if (change.action === 'remove' && isReplacement(change, replaced)) return true;
  return isTrue(change, live, replaced);
}

function unfinished(result: Result): boolean {
  return result.events.some(({ outcome }) => outcome === 'interrupted' || outcome === 'not-attempted');
}

function label(event: EventPlan, change: Change): string {
  return `${event.name}: ${changeKey(change)}`;
}
