import { describe, expect, test } from 'vitest';
import type { ChatBinding, DesiredEvent } from '../../src/model/event.ts';
import { type PlannedEvent, planEvent } from '../../src/planner/plan-event.ts';
import {
  desiredEvent,
  guards,
  policy,
  present,
  row,
  rows,
  source,
  wanted,
} from '../support/manifest-builders.ts';
import { aTurn } from '../support/turns.ts';
import { FakeReader, type Shown } from './fake-reader.ts';

const two = desiredEvent({ attendees: [wanted('ou_1'), wanted('ou_2')] });
const absent = desiredEvent({ state: 'absent', attendees: null, guards: guards({ allowDelete: true }) });

async function planned(
  desired: DesiredEvent,
  shown: Shown,
  chat: ChatBinding | null = null,
): Promise<PlannedEvent & { readonly calls: readonly string[] }> {
  const reader = new FakeReader({ weekly_0: shown });
  const { signal } = new AbortController();
  const found = await planEvent(desired, reader, chat, {
    policy: policy(),
    rereads: true,
    looks: true,
    turn: aTurn,
    signal,
  });
  return { ...found, calls: reader.calls };
}

describe('calls', () => {
  test('are the listing alone where the event is in sync', async () => {
    const { calls, plan, needed, reading } = await planned(two, { rows: rows(2) });
    expect(calls).toEqual(['list weekly_0']);
    expect([plan.status, needed, reading]).toEqual(['in-sync', 0, null]);
  });

  test('are the listing and one look where something is to change', async () => {
    const { calls, plan } = await planned(two, { rows: rows(3) });
    expect(calls).toEqual(['list weekly_0', 'look weekly_0']);
    expect(plan.event).toEqual({ summary: 'Weekly', start: '2026-11-24T02:00:00.000Z', recurring: false });
  });

  test('are the listing alone where that fails', async () => {
    const problem = { code: 'list-failed', message: 'page 2 failed' } as const;
    const { calls, plan, needed, warnings } = await planned(two, { problem });
    expect(calls).toEqual(['list weekly_0']);
    expect(plan).toMatchObject({ status: 'unknown', problem, changes: [] });
    expect([needed, warnings]).toEqual([0, []]);
  });

  test('are none where attendees are unmanaged and nothing else is wanted', async () => {
    const { calls, plan } = await planned({ ...two, attendees: null }, {});
    expect([calls, plan.status]).toEqual([[], 'in-sync']);
  });

  test('are a look alone before an unbinding, where attendees are unmanaged', async () => {
    const event = desiredEvent({ attendees: null, unbindChat: { chatId: 'oc_meet', source: source() } });
    const { calls, plan, needed, reading } = await planned(event, {}, { state: 'bound', chatId: 'oc_meet' });
    expect([calls, plan.status]).toEqual([['look weekly_0'], 'changed']);
    expect(needed).toBe(3);
    expect(reading).toMatchObject({ managed: 0, live: 0, newcomers: [] });
  });

  test.each<[string, Shown['facts'] & object, boolean, string[]]>([
    ['there', present(), false, ['look weekly_0']],
    ['there, and people are told', present(), true, ['look weekly_0', 'list weekly_0']],
    ['deleted, and people were to be told', { state: 'deleted' }, true, ['look weekly_0']],
    ['not found', { state: 'absent' }, true, ['look weekly_0']],
  ])('for an event that is to go and is %s', async (_, facts, notify, expected) => {
    const { calls } = await planned({ ...absent, notify }, { facts, rows: rows(2) });
    expect(calls).toEqual(expected);
  });
});

describe('the look', () => {
  test('can leave nothing to change', async () => {
    const { plan, needed, reading } = await planned(two, {
      rows: rows(3),
      facts: present({ organizer: 'ou_3' }),
    });
    expect(plan).toMatchObject({ status: 'in-sync', kept: [{ reason: 'organizer' }] });
    expect([needed, reading]).toEqual([0, null]);
  });

  test('that finds a cancelled event makes it unknown', async () => {
    const { plan, needed } = await planned(two, { rows: rows(3), facts: { state: 'deleted' } });
    expect([plan.status, plan.problem?.code, needed]).toEqual(['unknown', 'event-deleted', 0]);
  });

  test('that fails leaves the change, with a warning', async () => {
    const problem = { code: 'list-refused', message: 'no right' } as const;
    const { plan, warnings } = await planned(two, { rows: rows(3), facts: { state: 'unknown', problem } });
    expect([plan.status, warnings.map(({ code }) => code)]).toEqual(['changed', ['look-failed']]);
  });
});

describe('a deletion', () => {
  test('is unknown where the event cannot be asked for', async () => {
    const problem = { code: 'credentials', message: 'no token' } as const;
    const { plan } = await planned(absent, { facts: { state: 'unknown', problem } });
    expect(plan).toMatchObject({ status: 'unknown', problem, changes: [] });
  });

  test('is unknown where those who are told cannot be listed', async () => {
    const problem = { code: 'list-refused', message: 'no right' } as const;
    const { plan } = await planned({ ...absent, notify: true }, { problem });
    expect(plan).toMatchObject({ status: 'unknown', problem, changes: [] });
  });

  test('takes the deletion, and one look before and one after', async () => {
    expect((await planned(absent, {})).needed).toBe(3);
  });
});

test('keeps of the listing the rows that are to go, and no more', async () => {
  const { reading } = await planned(two, { rows: [...rows(3), row('ou_boss', { organizer: true })] });
  expect([...(reading?.rows.values() ?? [])]).toEqual([[row('ou_3')]]);
  expect(reading).toMatchObject({ managed: 3, live: 4, newcomers: [] });
});

test('needs no calls for a refused event, and still looks at it', async () => {
  const { plan, needed, calls } = await planned(desiredEvent(), { rows: rows(2) });
  expect([plan.status, needed]).toEqual(['refused', 0]);
  expect(calls).toEqual(['list weekly_0', 'look weekly_0']);
});
