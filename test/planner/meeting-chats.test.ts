import { describe, expect, test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import { planEvents } from '../../src/planner/plan-events.ts';
import { ref, rows, source } from '../support/manifest-builders.ts';
import { FakeReader } from './fake-reader.ts';
import { context, named, planned, statuses, wantsTwo } from './run.ts';

describe('meeting chats', () => {
  const unbinding = (name: string, calendarId: string): DesiredEvent =>
    named(name, {
      attendees: null,
      ref: ref({ eventId: name, calendarId }),
      unbindChat: { chatId: 'oc', source: source() },
    });

  test('make the events of their calendar unknown where asking fails in a way that nothing is prepared for', async () => {
    const events = [unbinding('a', 'cal1'), unbinding('b', 'cal2'), named('d', wantsTwo)];
    const { plan } = await planned(events, { a: { breaks: 'chats' }, d: { rows: rows(2) } });
    expect(statuses(plan)).toEqual(['a unknown', 'b changed', 'd in-sync']);
    expect(plan.events[0]?.problem?.code).toBe('internal');
  });

  test('are asked for in one call a calendar', async () => {
    const events = [
      unbinding('a', 'cal1'),
      unbinding('b', 'cal2'),
      unbinding('c', 'cal1'),
      named('d', wantsTwo),
    ];
    const chat = { state: 'bound', chatId: 'oc' } as const;
    const { plan, reader } = await planned(events, {
      a: { chat },
      b: { chat: { state: 'unbound' } },
      d: { rows: rows(2) },
    });
    expect(reader.calls.filter((call) => call.startsWith('chats'))).toEqual([
      'chats cal1 a c',
      'chats cal2 b',
    ]);
    expect(statuses(plan)).toEqual(['a changed', 'b in-sync', 'c changed', 'd in-sync']);
    // Nothing was answered for c: it cannot be told.
    expect(plan.events.flatMap(({ changes }) => changes.map(({ certain }) => certain))).toEqual([
      true,
      false,
    ]);
    expect(plan.summary.unbindChats).toBe(2);
  });

  test('of one calendar id on two platforms are two calls', async () => {
    const reader = { feishu: new FakeReader({}), lark: new FakeReader({}) };
    const onLark = unbinding('b', 'primary');
    const events = [
      unbinding('a', 'primary'),
      { ...onLark, ref: { ...onLark.ref, provider: 'lark' as const } },
    ];
    await planEvents({ asOf: '2026-11-20', events }, context(reader));
    expect(reader.feishu.calls[0]).toBe('chats primary a');
    expect(reader.lark.calls[0]).toBe('chats primary b');
  });

  test('are not asked for where none is to go', async () => {
    const { reader } = await planned([named('a', wantsTwo)], { a: { rows: rows(2) } });
    expect(reader.calls).toEqual(['list a']);
  });
});
