import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import { type Identity, identityOf } from '../../src/model/attendee.ts';
import { type Change, type Plan, replacedBy } from '../../src/model/plan.ts';
import type { ApplyEvent, Result } from '../../src/model/result.ts';
import type { PlanRun } from '../../src/planner/plan-events.ts';
import { optionsOf, planRun } from '../applier/scenario.ts';
import type { Effect, ModelCall } from '../support/model-calls.ts';
import type { ModelPlatform } from '../support/model-platform.ts';
import type { Schedule } from './apply-schedule.ts';
import { law } from './seeds.ts';

/** What a schedule came to. */
export interface Simulated {
  readonly plan: Plan;
  readonly result: Result;
  readonly effects: readonly Effect[];
  /** Who was said to have left when it was judged last: as the plan was made or, of a saved plan, before its writes. */
  readonly left: ReadonlySet<Identity>;
  /** Whether anybody left or came back between. */
  readonly turned: boolean;
  /** Whether the run was cut off before its end. */
  readonly killed: boolean;
}

/** Plans as the schedule says, with calls that fail or without. */
export async function planIn(schedule: Schedule): Promise<PlanRun> {
  if (schedule.plansUnderFire) schedule.start();
  return planRun(schedule.world, schedule.events);
}

/** Applies as the schedule says, and holds each effect and each write against what was told before it. */
export async function runOf(schedule: Schedule, { plan, readings }: PlanRun): Promise<Simulated> {
  const { world, events, controller, fresh, verify, killAt, diskMs, concurrency } = schedule;
  const journal = new Journal();
  const atPlan = leftIn(schedule);
  const turned = schedule.turnOver();
  const left = fresh ? atPlan : leftIn(schedule);
  const effects: Effect[] = [];
  const broken: unknown[] = [];
  const watch = (work: () => void): void => {
    // Thrown in a call it would look like the platform's failure.
    try {
      work();
    } catch (error) {
      broken.push(error);
    }
  };
  schedule.start();
  for (const model of [world.feishu, world.dingtalk]) {
    const { onCall } = model;
    model.onCall = (call) => {
      watch(() => {
        holdCall(schedule, model, call, effects);
      });
      return onCall(call);
    };
    model.onEffect = (effect) => {
      watch(() => {
        const name = 'the journal is ahead of every effect';
        law(name, journal.announces(effect), () => labelOf(effect));
      });
      effects.push(effect);
      watch(() => {
        holdManned(schedule, plan, model, effect);
      });
    };
  }
  const wants = new Map(events.map((event) => [event.name, event]));
  const options = optionsOf(world, {
    signal: controller.signal,
    concurrency,
    verify,
    ...(fresh ? { readings, wants, follows: wants } : {}),
  });
  const fold = new ResultFold();
  let killed = false;
  let count = 0;
  for await (const item of apply(plan, options)) {
    killed = count === killAt;
    if (killed) break;
    const ms = diskMs();
    if (ms > 0) await world.clock.sleep(ms);
    journal.add(item);
    fold.add(item);
    count += 1;
  }
  await world.clock.sleep(60_000);
  schedule.calm();
  if (broken.length > 0) throw broken[0];
  return { plan, result: fold.result(), effects, left, turned, killed };
}

function leftIn({ world }: Schedule): ReadonlySet<Identity> {
  return new Set(
    world.leavers === 'told' ? [...world.left].map((id) => identityOf({ type: 'user', id })) : [],
  );
}

/** The lines that are on disk, as far as effects need them. */
class Journal {
  readonly #open = new Map<number, { readonly key: string; readonly who: ReadonlySet<Identity> }>();

  add(item: ApplyEvent): void {
    // A batch whose end is not known may take effect yet.
    if (item.kind === 'batch-done' && item.outcome !== 'unknown') this.#open.delete(item.batch);
    if (item.kind !== 'batch-started') return;
    const who = new Set(item.attendees.map(identityOf));
    this.#open.set(item.batch, { key: `${item.event.eventId} ${item.action}`, who });
  }

  /** Whether a batch that names the effect is on disk and has no known end yet. */
  announces({ eventId, action, identity }: Effect): boolean {
    for (const { key, who } of this.#open.values()) {
      if (key === `${eventId} ${action}` && (identity === null || who.has(identity))) return true;
    }
    return false;
  }
}

/** After a removal somebody is left whom the guards count, unless the manifest lets the event become empty. */
function holdManned(
  { events, shielded, meddles }: Schedule,
  plan: Plan,
  model: ModelPlatform,
  { action, eventId, identity }: Effect,
): void {
  const desired = events.find(({ ref }) => ref.eventId === eventId);
  if (action !== 'remove' || identity === null || meddles || desired?.guards.allowEmpty !== false) return;
  const changes = plan.events.find((event) => event.eventId === eventId)?.changes ?? [];
  if (isReplacedIn(changes, identity)) return;
  const wanted = new Set(desired.attendees?.map(identityOf));
  const live = model.rows(eventId).filter(({ reply }) => reply !== 'removed');
  const organizers = new Set(live.filter(({ organizer }) => organizer).map(identityOf));
  const { organizer } = desired.ref;
  if (organizer !== undefined) organizers.add(identityOf({ type: 'user', id: organizer }));
  const counted = [...new Set(live.map(identityOf))].filter(
    (one) => !organizers.has(one) && (wanted.has(one) || shielded.get(eventId)?.has(one) !== true),
  );
  law('nothing leaves an event empty without leave', counted.length > 0, () => `${eventId}: ${identity}`);
}

function isReplacedIn(changes: readonly Change[], identity: Identity): boolean {
  return replacedBy(changes).has(identity);
}

/** What holds when a write sets out. */
function holdCall(
  { settles, touched }: Schedule,
  model: ModelPlatform,
  call: ModelCall,
  effects: readonly Effect[],
): void {
  if (call.kind !== 'add' && call.kind !== 'remove') return;
  const who = new Set(call.identities);
  const targets = new Set(call.targets);
  if (call.kind === 'remove') {
    for (const row of model.listed.get(call.eventId) ?? []) {
      const removed = row.organizer && who.has(identityOf(row));
      law('whoever was seen to organize is never removed', !removed, () => `${call.eventId} ${row.id}`);
    }
  }
  if (!settles) return;
  for (const effect of effects) {
    if (effect.action !== call.kind || effect.eventId !== call.eventId || effect.target === null) continue;
    const again = targets.has(effect.target) && !touched.has(`${call.eventId} ${effect.identity ?? ''}`);
    law('what took effect is not sent again', !again, () => labelOf(effect));
  }
}

function labelOf({ action, eventId, identity }: Effect): string {
  return `${action} ${eventId} ${identity ?? ''}`;
}
