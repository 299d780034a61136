import { describe, expect, test } from 'vitest';
import { fingerprintOf, membersOf } from '../../src/diff/digest.ts';
import { type Policy, type Reads, planOf, unknownPlan } from '../../src/diff/event-plan.ts';
import { liveOf } from '../../src/diff/live.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { EventPlan, Limits } from '../../src/model/plan.ts';
import {
  desiredEvent,
  dingtalkRef,
  guards,
  ids,
  policy,
  present,
  ref,
  row,
  rows,
  source,
  wanted,
} from '../support/manifest-builders.ts';
import { steps } from './compare.ts';

function planned(desired: DesiredEvent, reads: Partial<Reads> = {}, more: Partial<Policy> = {}): EventPlan {
  return planOf(desired, { rows: [], facts: null, chat: null, ...reads }, policy(more)).plan;
}

describe('the status', () => {
  const attendees = [wanted('ou_1'), wanted('ou_2')];

  test('is in-sync where nothing is to be done', () => {
    expect(planned(desiredEvent({ attendees }), { rows: rows(2) })).toMatchObject({
      status: 'in-sync',
      changes: [],
    });
  });

  test('is in-sync with somebody kept, missing or drifted', () => {
    const found = planned(
      desiredEvent({ attendees: [wanted('ou_1', { optional: true }), wanted('ou_9')], sync: 'remove-only' }),
      {
        rows: [row('ou_1'), row('ou_guest', { external: true })],
      },
    );
    expect([found.kept.length, found.missing.length, found.drift.length]).toEqual([1, 1, 1]);
    expect(found.status).toBe('in-sync');
  });

  test('is changed where something is to be done, and refused where a guard trips', () => {
    expect(planned(desiredEvent({ attendees }), { rows: rows(3) }).status).toBe('changed');
    const refused = planned(desiredEvent({ attendees }), { rows: rows(12) });
    expect(refused.status).toBe('refused');
    expect(refused.violations.map(({ code }) => code)).toEqual(['max-removals']);
    expect(refused.changes).toHaveLength(10);
  });

  test('is in-sync on an empty event that wants nobody', () => {
    expect(planned(desiredEvent()).status).toBe('in-sync');
  });

  test('is unknown where nothing could be read, and nothing is changed', () => {
    const problem = { code: 'list-failed', message: 'page 2 failed' } as const;
    const plan = unknownPlan(desiredEvent({ attendees }), problem, policy());
    expect(plan).toMatchObject({
      status: 'unknown',
      problem,
      changes: [],
      violations: [],
      desired: { count: 2 },
    });
    expect(plan).not.toHaveProperty('observed');
  });
});

describe('what was observed', () => {
  const listed = [
    row('ou_boss', { organizer: true }),
    row('ou_a', { optional: true }),
    row('ou_x', { reply: 'removed' }),
  ];

  test('is counted, with its fingerprint and its members, the removed left out', () => {
    const { attendees } = liveOf(listed);
    expect(planned(desiredEvent({ attendees: [wanted('ou_a')] }), { rows: listed })).toMatchObject({
      observed: {
        count: 2,
        managed: 1,
        fingerprint: fingerprintOf(attendees.values()),
        members: membersOf(attendees.keys()),
      },
      desired: { count: 1 },
    });
  });

  test('is absent where nothing was listed, as is what is wanted of unmanaged attendees', () => {
    const found = planned(desiredEvent({ attendees: null }), { rows: null });
    expect(found).not.toHaveProperty('observed');
    expect(found).not.toHaveProperty('desired');
  });

  test('is each event’s own, also where events share the list of whom they want', () => {
    const attendees = [wanted('ou_1'), wanted('ou_2')];
    const lists = [
      rows(2),
      rows(2),
      [row('ou_1'), row('ou_2', { optional: true })],
      [row('ou_1'), row('ou_3')],
      rows(3),
      rows(1),
      rows(2),
    ];
    for (const listed of lists) {
      const live = liveOf(listed).attendees;
      expect(planned(desiredEvent({ attendees }), { rows: listed }).observed).toMatchObject({
        fingerprint: fingerprintOf(live.values()),
        members: membersOf(live.keys()),
      });
    }
  });
});

describe('what the look answers', () => {
  const event = desiredEvent({ attendees: [wanted('ou_1')] });

  test('is shown', () => {
    const facts = present({ summary: 'Weekly', start: '2026-11-24T02:00:00.000Z', recurring: true });
    expect(planned(event, { rows: rows(2), facts }).event).toEqual({
      summary: 'Weekly',
      start: '2026-11-24T02:00:00.000Z',
      recurring: true,
    });
  });

  test('keeps the organizer from being removed', () => {
    const found = planned(event, { rows: rows(2), facts: present({ organizer: 'ou_2' }) });
    expect(found).toMatchObject({ status: 'in-sync', changes: [], kept: [{ reason: 'organizer' }] });
  });

  test('makes a cancelled event unknown', () => {
    const found = planned(event, { rows: rows(2), facts: { state: 'deleted' } });
    expect(found).toMatchObject({ status: 'unknown', changes: [], problem: { code: 'event-deleted' } });
  });

  test.each<[string, Reads['facts']]>([
    ['fails', { state: 'unknown', problem: { code: 'list-refused', message: 'no right' } }],
    ['does not find the event', { state: 'absent' }],
  ])('is a warning where it %s: the listing decides', (_, facts) => {
    const { plan, warnings } = planOf(event, { rows: rows(2), facts, chat: null }, policy());
    expect([plan.status, steps(plan)]).toEqual(['changed', ['- ou_2']]);
    expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([['look-failed', 'warning']]);
    expect(plan).not.toHaveProperty('event');
  });
});

describe('state: absent', () => {
  const absent = desiredEvent({ state: 'absent', attendees: null, guards: guards({ allowDelete: true }) });

  test('plans the deletion of an event that is there, and lists nobody', () => {
    const found = planned(absent, { rows: null, facts: present() });
    expect(found).toMatchObject({ status: 'changed' });
    expect(found.changes).toEqual([
      { action: 'delete-event', reason: 'state-absent', certain: true, source: source() },
    ]);
    expect(found).not.toHaveProperty('observed');
  });

  test('is refused unless it is allowed', () => {
    const strict = { ...absent, guards: guards() };
    const of = (allowed: Policy['allowed']): string[] =>
      planned(strict, { rows: null, facts: present() }, { allowed }).violations.map(({ code }) => code);
    expect(of(new Map())).toEqual(['delete-event']);
    expect(of(new Map([['weekly', 5]]))).toEqual(['delete-event']);
    expect(of(new Map([['other', 'event']]))).toEqual(['delete-event']);
    expect(of(new Map([['weekly', 'event']]))).toEqual([]);
  });

  test('is in sync where the event is deleted', () => {
    const { plan, warnings } = planOf(
      absent,
      { rows: null, facts: { state: 'deleted' }, chat: null },
      policy(),
    );
    expect([plan.status, plan.changes, warnings]).toEqual(['in-sync', [], []]);
  });

  test('is in sync where the event is not found, with a warning', () => {
    const { plan, warnings } = planOf(
      absent,
      { rows: null, facts: { state: 'absent' }, chat: null },
      policy(),
    );
    expect([plan.status, warnings.map(({ code }) => code)]).toEqual(['in-sync', ['event-not-found']]);
  });

  test('is unknown where the look fails', () => {
    const problem = { code: 'quota', message: 'used up' } as const;
    const found = planned(absent, { rows: null, facts: { state: 'unknown', problem } });
    expect(found).toMatchObject({ status: 'unknown', problem, changes: [] });
  });

  test('tells all live attendees under notify: true', () => {
    const listed = [...rows(3), row('ou_gone', { reply: 'removed' })];
    const found = planned({ ...absent, notify: true }, { rows: listed, facts: present() });
    expect([found.notified, found.observed?.count]).toEqual([3, 3]);
  });
});

describe('a meeting chat', () => {
  const event = desiredEvent({ attendees: null, unbindChat: { chatId: 'oc_meet', source: source(20) } });

  test.each<[string, Reads['chat'], boolean | null]>([
    ['is bound', { state: 'bound', chatId: 'oc_meet' }, true],
    ['cannot be asked about', { state: 'unknown' }, false],
    ['is unbound', { state: 'unbound' }, null],
    ['is another one', { state: 'bound', chatId: 'oc_other' }, null],
  ])('that %s is unbound with certainty %s', (_, chat, certain) => {
    const { changes, status } = planned(event, { rows: null, chat });
    expect(status).toBe(certain === null ? 'in-sync' : 'changed');
    expect(changes).toEqual(
      certain === null
        ? []
        : [{ action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain, source: source(20) }],
    );
  });
});

describe('the limits', () => {
  const allow = { removals: 10, until: '2026-11-20' };
  const of = (given: number | 'event' | null, asOf: string, standing: typeof allow | null = allow): Limits =>
    planned(
      desiredEvent({ guards: guards({ allow: standing, maxRemovals: '10%' }) }),
      {},
      { asOf, allowed: new Map(given === null ? [] : [['weekly', given]]) },
    ).limits;

  test.each<[number | 'event' | null, string, Limits['allowed']]>([
    [null, '2026-11-20', 10],
    [null, '2026-11-21', null],
    [3, '2026-11-20', 10],
    [30, '2026-11-20', 30],
    [3, '2026-11-21', 3],
    ['event', '2026-11-21', 'event'],
  ])('with %s by hand and 10 standing until the 20th, on %s allow %s', (given, asOf, allowed) => {
    expect(of(given, asOf).allowed).toBe(allowed);
  });

  test('carry what the manifest sets, and nothing else', () => {
    expect(of(null, '2026-11-20', null)).toEqual({
      maxRemovals: '10%',
      allowEmpty: false,
      allowDelete: false,
      allowPast: false,
      maxAdditions: null,
      maxNotified: 200,
      allowed: null,
    });
  });

  test('are for the event that is named', () => {
    const desired = desiredEvent({ attendees: [wanted('ou_new')] });
    const of = (name: string): EventPlan['status'] =>
      planned(desired, { rows: rows(4) }, { allowed: new Map([[name, 4]]) }).status;
    expect([of('weekly'), of('Weekly')]).toEqual(['changed', 'refused']);
  });
});

describe('the order', () => {
  const sized = (live: number, added: number, more: Partial<DesiredEvent> = {}): EventPlan['order'] => {
    const attendees = [...ids(live - 1), ...ids(added, 'ou_new')].map((id) => wanted(id));
    return planned(desiredEvent({ attendees, ...more }), { rows: rows(live) }).order;
  };

  test.each([
    [2990, 10, 'adds-first'],
    [2990, 11, 'removes-first'],
    [3000, 0, 'adds-first'],
  ] as const)('on Feishu with %d live and %d to add is %s', (live, added, order) => {
    expect(sized(live, added)).toBe(order);
  });

  test.each([
    [4990, 10, 'adds-first'],
    [4990, 11, 'removes-first'],
  ] as const)('on DingTalk with %d live and %d to add is %s', (live, added, order) => {
    expect(sized(live, added, { ref: dingtalkRef })).toBe(order);
  });

  test('does not count flags that are replaced, nor rows of the removed', () => {
    const attendees = ids(3000).map((id) => wanted(id, { optional: id === 'ou_1' }));
    const listed = [...rows(3000), row('ou_gone', { reply: 'removed' })];
    const found = planned(desiredEvent({ attendees, optionalDrift: 'replace' }), { rows: listed });
    expect([found.changes.length, found.order]).toEqual([2, 'adds-first']);
  });
});

test('carries which event it is and as whom it is asked, each where it applies', () => {
  const feishu = planned(
    desiredEvent({ ref: ref({ admin: {}, roomContact: 'ou_zzz' }), notify: true, sync: 'add-only' }),
  );
  expect(feishu).toMatchObject({
    name: 'weekly',
    provider: 'feishu',
    calendarId: 'feishu.cn_demo@group.calendar.feishu.cn',
    eventId: 'weekly_0',
    userIdType: 'open_id',
    admin: {},
    roomContact: 'ou_zzz',
    sync: 'add-only',
    notify: true,
    source: source(),
  });
  expect(feishu).not.toHaveProperty('organizer');
  const dingtalk = planned(desiredEvent({ ref: dingtalkRef }));
  expect(dingtalk).toMatchObject({ provider: 'dingtalk', organizer: 'unionOrg', calendarId: 'primary' });
  for (const key of ['userIdType', 'admin', 'roomContact', 'event']) expect(dingtalk).not.toHaveProperty(key);
});
