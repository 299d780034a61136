import { describe, expect, it } from 'vitest';
import { contradictions } from '../../src/diff/contradictions.ts';
import { planOf } from '../../src/diff/event-plan.ts';
import { planSummary } from '../../src/diff/summary.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { EventPlan, Plan } from '../../src/model/plan.ts';
import { desiredEvent, guards, policy, ref, rows, wanted } from '../support/manifest-builders.ts';
import { addition, plan as planWith, removal, user } from '../support/plans.ts';

/** Loses ou_2 to ou_4 of nine, and gains a room. */
function honest(more: Partial<DesiredEvent> = {}): EventPlan {
  const stay = ['ou_1', 'ou_5', 'ou_6', 'ou_7', 'ou_8', 'ou_9'].map((id) => wanted(id));
  const attendees = [...stay, wanted('omm_1', { type: 'room' })];
  const desired = desiredEvent({ attendees, ...more });
  return planOf(desired, { rows: rows(9), facts: null, chat: null }, policy()).plan;
}

function found(events: readonly EventPlan[], more: Partial<Plan> = {}): string[] {
  return contradictions(planWith(events, more));
}

function one(event: Partial<EventPlan>): string[] {
  return found([{ ...honest(), ...event }]);
}

it.each<[string, EventPlan]>([
  ['changes', honest()],
  ['nothing to do', honest({ attendees: rows(9).map(({ id }) => wanted(id)) })],
  ['a guard that tripped', honest({ guards: guards({ maxRemovals: 1 }) })],
  ['people who are told', honest({ notify: true })],
  ['additions after removals', honest({ attendees: rows(3001, 'ou_n').map(({ id }) => wanted(id)) })],
])('finds nothing in a plan with %s', (_what, event) => {
  expect(found([event])).toEqual([]);
});

it('does not believe that a run trips no guard', () => {
  const events = [honest()];
  const stopped = { maxRemovals: 2, summary: planSummary(events, true), applyable: false };
  expect(found(events, stopped)).toEqual([expect.stringContaining('run-removals')]);
});

describe('names what an event says of itself and is not so', () => {
  const { changes, observed } = honest();
  it.each<[string, Partial<EventPlan>, RegExp]>([
    ['its status', { status: 'in-sync' }, /it is changed, but the plan says in-sync/],
    [
      'its guards',
      { ...honest({ guards: guards({ maxRemovals: 1 }) }), violations: [] },
      /trips max-removals/,
    ],
    [
      'a guard that it does not trip',
      { violations: [{ code: 'empty', message: '' }] },
      /says that it trips empty/,
    ],
    ['its order', { order: 'removes-first' }, /adds-first, but the plan says removes-first/],
    ['whom it tells', { notified: 4 }, /notify 0 people, but the plan says 4/],
    [
      'how many were there',
      { observed: { count: 40, managed: 40, members: observed?.members ?? '' } },
      /40 were there/,
    ],
    ['a stranger who is removed', { changes: [removal(user('ou_x'))] }, /removed but was not there/],
    ['somebody there who is added', { changes: [addition(user('ou_2'))] }, /added but was already there/],
    [
      'somebody who answers for a room',
      {
        changes: changes.map((change) =>
          change.action === 'add' ? { ...change, operateId: 'ou_v' } : change,
        ),
      },
      /in the name of ou_v/,
    ],
    ['a change twice', { changes: [...changes.slice(0, 1), ...changes] }, /more than once/],
    ['changes out of order', { changes: changes.toReversed() }, /out of order/],
    [
      'changes of what was not read',
      { problem: { code: 'list-failed', message: '' } },
      /could not be read, yet/,
    ],
  ])('%s', (_what, event, message) => {
    expect(one(event).join('\n')).toMatch(message);
  });
});

describe('one event stands once in a plan', () => {
  const alone = (name: string, eventId: string): EventPlan => honest({ name, ref: ref({ eventId }) });
  it.each([
    ['by its name', [alone('a', 'a_0'), alone('a', 'b_0')], /a is in the plan more than once/],
    ['by what the platform calls it', [alone('a', 'a_0'), alone('b', 'a_0')], /a and b are the same event/],
    ['in the order of names', [alone('b', 'b_0'), alone('a', 'a_0')], /a is out of order/],
  ])('%s', (_what, events, message) => {
    expect(found(events).join('\n')).toMatch(message);
  });
});

it('holds what the plan comes to against its events', () => {
  const events = [honest()];
  const summary = { ...planSummary(events, false), remove: 0 };
  const text = found(events, { summary, complete: false, applyable: false }).join('\n');
  expect(text).toMatch(/summary does not match the events/);
  expect(text).toMatch(/complete: false/);
  expect(text).toMatch(/applyable: false/);
});
