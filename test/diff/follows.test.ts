import { describe, expect, test } from 'vitest';
import { planDigest } from '../../src/diff/digest.ts';
import { planOf } from '../../src/diff/event-plan.ts';
import { manifestDigest } from '../../src/diff/digest.ts';
import { type Allowances, deviations } from '../../src/diff/follows.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Change, EventPlan, Plan } from '../../src/model/plan.ts';
import {
  desiredEvent,
  dingtalkRef,
  guards,
  policy,
  ref,
  row,
  rows,
  source,
  wanted,
} from '../support/manifest-builders.ts';
import { addition, eventPlan, plan as planWith, removal, user } from '../support/plans.ts';

const desired = desiredEvent({ attendees: [wanted('ou_1'), wanted('ou_2'), wanted('ou_new')] });
const honest = planOf(desired, { rows: rows(4), facts: null, chat: null }, policy()).plan;

/** A plan with a right digest over whatever it holds. */
function saved(event: EventPlan, of: DesiredEvent, more: Partial<Plan> = {}): Plan {
  const body = planWith([event], { manifestDigest: manifestDigest([of]), ...more });
  return { ...body, digest: planDigest(body) };
}

function found(
  event: Partial<EventPlan>,
  of: DesiredEvent = desired,
  more: Partial<Allowances> = {},
): string[] {
  const { desired: _, ...rest } = honest;
  const count = of.attendees === null ? {} : { desired: { count: of.attendees.length } };
  return deviations(saved({ ...rest, ...count, ...event }, of), [of], {
    allowed: new Map(),
    maxRemovals: 1000,
    ...more,
  });
}

test('accepts the plan that the manifests give', () => {
  expect(found({})).toEqual([]);
});

describe('refuses a change that the manifests do not make', () => {
  test.each<[string, Change, DesiredEvent?]>([
    ['a removal of somebody wanted', removal(user('ou_1'))],
    [
      'a removal of somebody wanted that calls itself a new flag',
      removal(user('ou_1'), { reason: 'optional-drift' }),
    ],
    ['an addition of somebody not wanted', addition(user('ou_other'))],
    ['an addition with another flag', addition(user('ou_new', undefined, true))],
    ['an unbinding', { action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: true }],
    ['a deletion', { action: 'delete-event', reason: 'state-absent', certain: true }],
    ['a removal under add-only', removal(user('ou_9')), { ...desired, sync: 'add-only' }],
    ['an addition under remove-only', addition(user('ou_new')), { ...desired, sync: 'remove-only' }],
    [
      'a removal of somebody ignored',
      removal(user('ou_bot')),
      { ...desired, ignore: [{ type: 'user', id: 'ou_bot' }] },
    ],
    ['a removal of a type ignored', removal(user('ou_9')), { ...desired, ignore: [{ type: 'user' }] }],
    ['a removal where attendees are unmanaged', removal(user('ou_9')), { ...desired, attendees: null }],
    [
      'a removal where the event is to go',
      removal(user('ou_9')),
      { ...desired, attendees: null, state: 'absent' },
    ],
    [
      'another chat unbound',
      { action: 'unbind-chat', chatId: 'oc_other', reason: 'chat-absent', certain: true },
      { ...desired, unbindChat: { chatId: 'oc_meet', source: source() } },
    ],
  ])('%s', (_, change, of = desired) => {
    expect(found({ changes: [change], sync: of.sync }, of)).toHaveLength(1);
  });

  test('a removal of the organizer of the path', () => {
    const of = { ...desired, ref: ref({ organizer: 'ou_boss' }) };
    expect(found({ changes: [removal(user('ou_boss'))], organizer: 'ou_boss' }, of)).toHaveLength(1);
  });
});

test.each<[string, DesiredEvent, Change[]?]>([
  ['on a platform without kinds of ids', desiredEvent({ ref: dingtalkRef, attendees: [wanted('u1')] })],
  [
    'an unbinding',
    { ...desired, unbindChat: { chatId: 'oc_meet', source: source() } },
    [{ action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: true }],
  ],
  [
    'a deletion',
    desiredEvent({ state: 'absent', attendees: null, guards: guards({ allowDelete: true }) }),
    [{ action: 'delete-event', reason: 'state-absent', certain: true }],
  ],
])('accepts what the manifests want: %s', (_, of, changes) => {
  const { plan } = planOf(of, { rows: of.attendees === null ? null : [], facts: null, chat: null }, policy());
  const event = changes === undefined ? plan : { ...plan, changes };
  expect(deviations(saved(event, of), [of], { allowed: new Map(), maxRemovals: 1000 })).toEqual([]);
});

describe('a replaced flag', () => {
  const drift = { reason: 'optional-drift' } as const;
  const replacing: DesiredEvent = { ...desired, optionalDrift: 'replace' };
  const pair = (id: string, from: boolean, to: boolean, type: 'user' | 'chat' = 'user'): Change[] => [
    removal({ type, id, optional: from }, drift),
    addition({ type, id, optional: to }, drift),
  ];

  test('follows from optionalDrift: replace', () => {
    expect(found({ changes: pair('ou_1', true, false) }, replacing)).toEqual([]);
  });

  test('does not follow where flags are left alone, or by halves', () => {
    expect(found({ changes: pair('ou_1', true, false) })).toHaveLength(1);
    expect(found({ changes: pair('ou_1', true, false).slice(0, 1) }, replacing)).toHaveLength(1);
  });

  test('does not follow where the flag that goes is the wanted one', () => {
    // The addition would be true already, the removal would not: a wanted attendee would be gone.
    expect(found({ changes: pair('ou_1', false, false) }, replacing)).toHaveLength(1);
  });

  test('never is a chat', () => {
    const attendees = [wanted('oc_1', { type: 'chat' })];
    expect(found({ changes: pair('oc_1', true, false, 'chat') }, { ...replacing, attendees })).toHaveLength(
      1,
    );
  });
});

test.each<[string, Partial<EventPlan>]>([
  ['platform', { provider: 'lark' }],
  ['calendar', { calendarId: 'other' }],
  ['event', { eventId: 'other_0' }],
  ['organizer', { organizer: 'ou_boss' }],
  ['kind of id', { userIdType: 'union_id' }],
  ['admin mode', { admin: {} }],
  ['room contact', { roomContact: 'ou_zzz' }],
  ['sync', { sync: 'remove-only' }],
  ['notify', { notify: true }],
  ['limit', { limits: { ...honest.limits, maxRemovals: '100%' } }],
  ['permission', { limits: { ...honest.limits, allowEmpty: true } }],
  ['allowance', { limits: { ...honest.limits, allowed: 500 } }],
])('refuses another %s than the manifests set', (_, more) => {
  expect(found(more).length).toBeGreaterThan(0);
});

test.each<[EventPlan['limits']['allowed'], number | 'event' | null, boolean]>([
  [10, null, true],
  [11, null, false],
  [11, 11, true],
  [11, 12, true],
  [11, 5, false],
  [11, 'event', false],
  ['event', null, false],
  ['event', 'event', true],
  [null, null, true],
])('with 10 standing in git, a plan that allows %s is good beside %s by hand: %s', (allowed, now, good) => {
  const of = { ...desired, guards: guards({ allow: { removals: 10, until: '2026-11-20' } }) };
  const limits = { ...honest.limits, allowed };
  const given = new Map(now === null ? [] : [[of.name, now] as const]);
  expect(found({ limits }, of, { allowed: given }).length === 0).toBe(good);
});

test('lets a permission end with its day', () => {
  const of = { ...desired, guards: guards({ allow: { removals: 10, until: '2026-11-19' } }) };
  expect(found({ limits: { ...honest.limits, allowed: 10 } }, of)).toHaveLength(1);
});

test('refuses an event that the manifests do not have, and manifests that want something else', () => {
  const none = { allowed: new Map(), maxRemovals: 1000 };
  expect(deviations(saved(honest, desired), [], none)).toHaveLength(1);
  expect(deviations(saved(eventPlan('other'), desired), [desired], none)).toHaveLength(1);
  const later = { ...desired, guards: guards({ allow: { removals: 1, until: '2026-01-01' } }) };
  expect(deviations(saved(honest, desired), [later], none)).toHaveLength(1);
});

test('takes from the plan what is asked for once, when it is planned', () => {
  const event = { summary: 'Another', start: '2099-01-01T00:00:00Z', recurring: false };
  expect(found({ event, notified: 0 })).toEqual([]);
});

test('does not mind events that the plan was not made for', () => {
  const all = [desired, desiredEvent({ name: 'other' })];
  expect(deviations(saved(honest, desired), all, { allowed: new Map(), maxRemovals: 1000 })).toEqual([]);
});

test('refuses a plan that allows more removals a run', () => {
  const none = { allowed: new Map(), maxRemovals: 1000 };
  expect(deviations(saved(honest, desired, { maxRemovals: 1001 }), [desired], none)).toHaveLength(1);
  expect(deviations(saved(honest, desired, { maxRemovals: 1000 }), [desired], none)).toEqual([]);
});

test('has the plan of rows that are wanted and external follow', () => {
  const of = desiredEvent({ attendees: [wanted('ou_1')], external: 'remove' });
  const event = planOf(
    of,
    { rows: [row('ou_1'), row('ou_2', { external: true })], facts: null, chat: null },
    policy(),
  );
  expect(deviations(saved(event.plan, of), [of], { allowed: new Map(), maxRemovals: 1000 })).toEqual([]);
});
