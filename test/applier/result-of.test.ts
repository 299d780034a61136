import { expect, test } from 'vitest';
import { ResultFold, exitCodeOf } from '../../src/applier/result-of.ts';
import type { ApplyEvent, BatchAttendee, EventOutcome } from '../../src/model/result.ts';
import { eventResult } from '../support/plans.ts';

const digest = `sha256:${'0'.repeat(64)}`;
const started: ApplyEvent = {
  kind: 'run-started',
  runId: 'run',
  tool: { name: 'rollcall', version: '0.0.0' },
  accounts: {},
  planDigest: digest,
  asOf: '2026-01-01',
  events: ['b', 'a'],
};

function begun(batch: number, action: 'add' | 'remove', ...attendees: readonly BatchAttendee[]): ApplyEvent {
  const event = { name: 'a', provider: 'feishu', calendarId: 'cal', eventId: 'a' } as const;
  return { kind: 'batch-started', event, action, batch, notify: false, attendees };
}

function ended(batch: number, outcome: 'done' | 'failed' | 'unknown'): ApplyEvent {
  const error = { code: '190002', message: 'invalid parameters' };
  return { kind: 'batch-done', name: 'a', batch, outcome, ...(outcome === 'done' ? {} : { error }) };
}

function over(outcome: EventOutcome, more: Partial<ApplyEvent & { kind: 'event-done' }> = {}): ApplyEvent {
  return {
    kind: 'event-done',
    name: 'a',
    outcome,
    settled: [],
    newcomers: [],
    notes: [],
    violations: [],
    ...more,
  };
}

const user = (id: string): BatchAttendee => ({ type: 'user', id, optional: false });

function folded(...items: readonly ApplyEvent[]): ReturnType<ResultFold['result']> {
  const fold = new ResultFold();
  for (const item of items) fold.add(item);
  return fold.result('runs/run.ndjson');
}

test.each<[string, readonly EventOutcome[], { interrupted?: boolean; wrote?: boolean }, number]>([
  ['nothing to do', [], {}, 0],
  ['all seen', ['converged', 'unchanged'], { wrote: true }, 0],
  ['written, as asked not seen', ['applied'], { wrote: true }, 0],
  ['refused by a guard', ['refused', 'unchanged'], {}, 3],
  ['refused by a guard, another unread', ['refused', 'unknown'], {}, 3],
  ['unread', ['unknown'], {}, 1],
  ['refused by the platform', ['failed'], {}, 1],
  ['refused by a guard beside something written', ['refused', 'converged'], { wrote: true }, 4],
  ['unread beside something written', ['unknown', 'converged'], { wrote: true }, 4],
  ['failed after something may have been written', ['failed'], { wrote: true }, 4],
  ['not seen', ['not-converged'], { wrote: true }, 4],
  ['in part', ['partial'], { wrote: true }, 4],
  ['interrupted', ['interrupted', 'partial', 'refused'], { wrote: true, interrupted: true }, 130],
])('answers %s with its exit code', (_what, outcomes, run, code) => {
  const events = outcomes.map((outcome, index) => eventResult(`event-${index}`, outcome, []));
  expect(exitCodeOf(events, { interrupted: false, wrote: false, ...run })).toBe(code);
});

test('each event has one outcome, and they sum to the events', () => {
  const { summary, events } = folded(
    started,
    begun(1, 'add', user('x')),
    ended(1, 'done'),
    over('converged'),
  );
  expect(events.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['a', 'converged'],
    ['b', 'not-attempted'],
  ]);
  const { added, removed, failedChanges, eventsDeleted, chatsUnbound, events: count, ...outcomes } = summary;
  expect(Object.values(outcomes).reduce((sum, one) => sum + one, 0)).toBe(count);
  expect({ added, removed, failedChanges, eventsDeleted, chatsUnbound }).toEqual({
    added: 1,
    removed: 0,
    failedChanges: 0,
    eventsDeleted: 0,
    chatsUnbound: 0,
  });
});

test('a batch without an end is unknown, and its event interrupted', () => {
  const result = folded(started, begun(1, 'remove', user('x'), user('y')));
  expect(result.events[0]).toMatchObject({
    outcome: 'interrupted',
    changes: [{ outcome: 'unknown' }, { outcome: 'unknown' }],
  });
  expect(result.exitCode).toBe(130);
  expect(result.summary.removed).toBe(0);
});

test('the end of a batch whose beginning is not there says nothing of any change', () => {
  expect(folded(started, ended(7, 'done')).events).toMatchObject([
    { name: 'a', changes: [] },
    { name: 'b', changes: [] },
  ]);
});

test('the end of a batch that is told of another event says nothing of either', () => {
  const other: ApplyEvent = { kind: 'batch-done', name: 'b', batch: 1, outcome: 'done' };
  expect(folded(started, begun(1, 'add', user('x')), other).events).toMatchObject([
    { name: 'a', changes: [{ outcome: 'unknown' }] },
    { name: 'b', changes: [] },
  ]);
});

test('what is known of an event is told, and nothing else', () => {
  const event = { name: 'a', provider: 'feishu', calendarId: 'cal', eventId: 'a' } as const;
  const batch = { kind: 'batch-started', event, notify: false, attendees: [] } as const;
  const unbinding: ApplyEvent = { ...batch, action: 'unbind-chat', batch: 1, chatId: 'oc_meet' };
  const deletion: ApplyEvent = { ...batch, action: 'delete-event', batch: 2 };
  const steps = [started, unbinding, ended(1, 'done'), deletion];
  const nothing = { changes: [], newcomers: [], notes: [], violations: [] };
  const whole = {
    ...nothing,
    name: 'a',
    changes: [
      { action: 'unbind-chat', chatId: 'oc_meet', outcome: 'done' },
      { action: 'delete-event', outcome: 'unknown' },
    ],
  };
  const untouched = { ...nothing, name: 'b', outcome: 'not-attempted' };
  expect(folded(...steps).events).toStrictEqual([{ ...whole, outcome: 'interrupted' }, untouched]);
  expect(folded(...steps, over('failed')).events).toStrictEqual([{ ...whole, outcome: 'failed' }, untouched]);
});

test('the last batch that names an attendee decides, and what was settled after it', () => {
  const attempts = [
    begun(1, 'remove', user('x'), user('y')),
    ended(1, 'unknown'),
    begun(2, 'remove', user('y')),
    ended(2, 'done'),
  ];
  const settled = over('converged', {
    settled: [{ action: 'remove', attendee: user('x'), outcome: 'done' }],
  });
  expect(folded(started, ...attempts).events[0]?.changes.map(({ outcome }) => outcome)).toEqual([
    'unknown',
    'done',
  ]);
  const whole = folded(started, ...attempts, settled);
  expect(whole.events[0]?.changes).toEqual([
    { action: 'remove', attendee: user('x'), outcome: 'done' },
    { action: 'remove', attendee: user('y'), outcome: 'done' },
  ]);
  expect(whole.summary.removed).toBe(2);
});

test("rows of one attendee are one change, and a room's contact is no part of it", () => {
  const rows = [
    { ...user('x'), attendeeId: 'row_1' },
    { ...user('x'), attendeeId: 'row_2' },
  ];
  expect(folded(started, begun(1, 'remove', ...rows), ended(1, 'done')).events[0]?.changes).toHaveLength(1);
  const room = { type: 'room', id: 'omm_1', optional: false, operateId: 'ou_z' } as const;
  const { events } = folded(started, begun(1, 'add', room), ended(1, 'done'));
  expect(events[0]?.changes[0]?.attendee).toEqual({ type: 'room', id: 'omm_1', optional: false });
});

test('tells the journal, the run and the calls that it used', () => {
  const end: ApplyEvent = { kind: 'run-done', exitCode: 4, requests: 7 };
  expect(folded(started, over('partial'), end)).toMatchObject({
    runId: 'run',
    planDigest: digest,
    journal: 'runs/run.ndjson',
    exitCode: 4,
    requests: { used: 7 },
  });
});

test('a run that could not go on after a write has failed: it was neither stopped nor is it done', () => {
  const fold = new ResultFold();
  for (const item of [started, begun(1, 'add', user('ou_a')), ended(1, 'done')]) fold.add(item);
  const result = fold.result('runs/run.ndjson', { requests: 7 });
  expect(result.exitCode).toBe(4);
  expect(result.requests.used).toBe(7);
  expect(result.summary.added).toBe(1);
});

test('a call without an answer may have written', () => {
  const fold = new ResultFold();
  for (const item of [started, begun(1, 'add', user('ou_a'))]) fold.add(item);
  expect(fold.wrote).toBe(true);
  expect(fold.result(null, { requests: 1 }).exitCode).toBe(4);
  fold.add(ended(1, 'failed'));
  expect(fold.wrote).toBe(false);
  expect(fold.result(null, { requests: 1 }).exitCode).toBe(1);
});
