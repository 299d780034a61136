import { expect, test } from 'vitest';
import { type Policy, planOf } from '../../src/diff/event-plan.ts';
import type { EventFacts } from '../../src/model/event.ts';
import type { EventPlan } from '../../src/model/plan.ts';
import { desiredEvent, guards, policy, present, rows, wanted } from '../support/manifest-builders.ts';

const event = desiredEvent({ attendees: [wanted('ou_1')] });

function planned(
  facts: EventFacts | null,
  more: Partial<Policy> = {},
  desired: typeof event = event,
): EventPlan {
  return planOf(desired, { rows: rows(2), facts, chat: null }, policy(more)).plan;
}

function isPast(facts: EventFacts | null, more: Partial<Policy> = {}): boolean {
  return planned(facts, more).violations.some(({ code }) => code === 'past-event');
}

test.each([
  ['2026-11-19T23:59:59.000Z', 'UTC', true],
  ['2026-11-20T00:00:01.000Z', 'UTC', false],
  ['2026-11-20T10:00:00.000Z', 'UTC', false],
  ['2026-11-21T10:00:00.000Z', 'UTC', false],
  // 16:30 UTC is half past midnight of the next day in Shanghai.
  ['2026-11-19T16:30:00.000Z', 'UTC', true],
  ['2026-11-19T16:30:00.000Z', 'Asia/Shanghai', false],
  ['2026-11-19T15:30:00.000Z', 'Asia/Shanghai', true],
  // And 04:30 UTC is still the day before in New York.
  ['2026-11-20T04:30:00.000Z', 'UTC', false],
  ['2026-11-20T04:30:00.000Z', 'America/New_York', true],
  ['2026-11-20T05:30:00.000Z', 'America/New_York', false],
  ['2025-12-31T23:00:00+01:00', 'UTC', true],
  // Whole days have no zone.
  ['2026-11-19', 'America/New_York', true],
  ['2026-11-20', 'America/New_York', false],
  ['2026-11-20', 'Pacific/Kiritimati', false],
])('an event that ends at %s is past on 2026-11-20 in %s: %s', (end, timeZone, past) => {
  expect(isPast(present({ start: '2026-11-01T00:00:00.000Z', end }), { timeZone })).toBe(past);
});

test('judges by the day of the plan', () => {
  const facts = present({ start: '2026-11-19', end: '2026-11-19' });
  expect(['2026-11-19', '2026-11-20', '2027-01-01'].map((asOf) => isPast(facts, { asOf }))).toEqual([
    false,
    true,
    true,
  ]);
});

test('goes by the start where there is no end', () => {
  expect(isPast(present({ start: '2026-11-19T02:00:00.000Z' }))).toBe(true);
});

test.each<[string, EventFacts | null]>([
  ['a series', present({ start: '2020-01-01', end: '2020-01-01', recurring: true })],
  ['an event whose time is not known', { state: 'present', recurring: false }],
  ['an event whose time makes no sense', present({ start: 'soon' })],
  [
    'an event that could not be looked at',
    { state: 'unknown', problem: { code: 'list-failed', message: 'x' } },
  ],
  ['an event that was not asked for', null],
])('does not hold against %s', (_, facts) => {
  expect(isPast(facts)).toBe(false);
});

test('refuses the event, unless guards.allowPast is true', () => {
  const facts = present({ start: '2026-11-19', end: '2026-11-19' });
  expect(planned(facts).status).toBe('refused');
  const allowed = { ...event, guards: guards({ allowPast: true }) };
  expect(planned(facts, {}, allowed)).toMatchObject({ status: 'changed', violations: [] });
});

test('has no say where nothing is to be changed', () => {
  const inSync = { ...event, attendees: [wanted('ou_1'), wanted('ou_2')] };
  const found = planned(present({ start: '2020-01-01', end: '2020-01-01' }), {}, inSync);
  expect(found).toMatchObject({ status: 'in-sync', violations: [] });
});
