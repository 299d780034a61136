import { beforeAll, describe, expect, it } from 'vitest';

import type { DesiredEvent } from '../../../src/model/event.ts';
import type { EventResult } from '../../../src/model/result.ts';
import type { ErrorCase, Fixture, Meaning, Operation, Scene } from './fixture.ts';
import { planOf, resultOf } from './ground.ts';
import { openStage, type WireRun } from './stage.ts';
import { deviates } from './topics.ts';
import { wants, wantsGone, wantsUnbound } from './wants.ts';

const titles: Readonly<Record<Operation, string>> = {
  list: 'listing attendees',
  look: 'asking for an event',
  remove: 'removing attendees',
  add: 'adding attendees',
  delete: 'deleting an event',
  unbind: 'unbinding a meeting chat',
};

// Its own keys, as the type names them.
const operations = Object.keys(titles) as Operation[];
const ending: ReadonlySet<Meaning> = new Set(['credentials', 'quota', 'renew']);

const eventOf = ({ code }: ErrorCase): string => `${code}_0`;
const sceneOf = (id: string): Scene => ({
  id,
  seats: [{ id: 'a' }, { id: 'b' }, { id: 'c' }],
  meetingChat: { id: 'oc_meet' },
});

function desiredFor(fixture: Fixture, operation: Operation, id: string): DesiredEvent {
  switch (operation) {
    case 'list':
    case 'look':
    case 'remove':
      return wants(fixture, id, ['a']);
    case 'add':
      return wants(fixture, id, ['a', 'b', 'c', 'd', 'e']);
    case 'delete':
      return wantsGone(fixture, id);
    case 'unbind':
      return wantsUnbound(fixture, id);
  }
}

/** What to do, and what support asks for: on every error that is told, beside the platform's code. */
function told(fixture: Fixture, code: string): object {
  const logId = deviates(fixture, 'log-ids') ? {} : { logId: `log-${code}` };
  return { hint: expect.stringMatching(/\w{3}/), ...logId };
}

/** Every row of the platform's error tables, answered each time that call is made for one event among others. */
export function errors(fixture: Fixture): void {
  const cases = fixture.errors;

  describe.each(operations.filter((on) => cases.some((row) => row.on === on)))('%s', (operation) => {
    const own = cases.filter(({ on, meaning }) => on === operation && !ending.has(meaning));
    let run: WireRun;

    beforeAll(async () => {
      const byEvent = new Map(own.map((row) => [eventOf(row), row]));
      const ids = [...byEvent.keys(), 'good_0'];
      await using stage = await openStage(
        fixture,
        { scenes: ids.map(sceneOf) },
        {
          script: (call) => {
            // Where a list of all events can be had, each is asked for by itself, so that its own call is refused.
            if (call.api.endsWith('.events.list')) return { kind: 'answer', status: 503, body: {} };
            const row = call.operation === operation ? byEvent.get(call.eventId) : undefined;
            return row === undefined ? undefined : fixture.refusal(row.code, row.status);
          },
        },
      );
      run = await stage.run(ids.map((id) => desiredFor(fixture, operation, id)));
    });

    it('goes on with other events', () => {
      expect(resultOf(run.result, 'good_0')).toMatchObject({ outcome: 'converged' });
    });

    it.each(own)('$status $code: $meaning', (row) => {
      if (operation === 'list') unread(fixture, run, row);
      else if (operation === 'look') unlooked(run, row);
      else unwritten(fixture, resultOf(run.result, eventOf(row)), row);
    });

    it.each(cases.filter(({ on, meaning }) => on === operation && ending.has(meaning)))(
      '$status $code: $meaning ends the run',
      async (row) => {
        const ids = ['a_0', 'b_0', 'c_0'];
        await using stage = await openStage(
          fixture,
          { scenes: ids.map(sceneOf) },
          {
            script: (call) =>
              call.operation === operation ? fixture.refusal(row.code, row.status) : undefined,
          },
        );
        const { planned, result, calls } = await stage.run(
          ids.map((id) => desiredFor(fixture, operation, id)),
        );
        const shown = JSON.stringify([planned.plan, result]);
        if (!deviates(fixture, 'log-ids')) expect(shown).toContain(`log-${row.code}`);
        expect(shown).toContain(`"${row.code}"`);
        expect(result.exitCode).not.toBe(0);
        expect(result.summary.converged).toBe(0);
        // Each of the three may have been under way, and each may have asked for a new token.
        const times = row.meaning === 'renew' ? 2 : 1;
        const refused = calls.filter((call) => call.operation === operation);
        expect(refused.length).toBeLessThanOrEqual(3 * times);
        const fetched = calls.filter((call) => call.operation === 'token').length;
        expect(fetched).toBeLessThanOrEqual(row.meaning === 'renew' ? 4 : 1);
      },
    );
  });
}

function unread(fixture: Fixture, run: WireRun, row: ErrorCase): void {
  const { status, changes, problem } = planOf(run.planned, eventOf(row));
  expect({ status, changes }).toEqual({ status: 'unknown', changes: [] });
  expect(problem).toMatchObject({ platformCode: row.code, ...told(fixture, row.code) });
  expect(problem?.code).toMatch(
    row.meaning === 'event' ? /^(list-refused|event-not-found|event-deleted)$/ : /^list-failed$/,
  );
  expect(resultOf(run.result, eventOf(row))).toMatchObject({ outcome: 'unknown', changes: [], problem });
}

/** A look that fails leaves the listing to decide; one that says "deleted" does not. */
function unlooked(run: WireRun, row: ErrorCase): void {
  const event = planOf(run.planned, eventOf(row));
  if (event.status === 'unknown') {
    expect(event.problem?.code).toBe('event-deleted');
    return;
  }
  expect(resultOf(run.result, eventOf(row)).outcome).toBe('converged');
  const warnings = run.planned.plan.diagnostics.filter(({ message }) =>
    message.startsWith(`${eventOf(row)}:`),
  );
  expect(warnings).toMatchObject([{ severity: 'warning', code: 'look-failed' }]);
}

function unwritten(fixture: Fixture, event: EventResult, row: ErrorCase): void {
  if (row.meaning === 'done') {
    expect(event).toMatchObject({ outcome: 'unchanged', changes: [{ outcome: 'already' }] });
    return;
  }
  if (row.meaning === 'conflict') {
    expect(event).toMatchObject({ outcome: 'not-converged', problem: { code: 'list-moved' } });
    return;
  }
  expect(event.outcome).toBe('failed');
  expect(event.changes.length).toBeGreaterThan(0);
  for (const change of event.changes)
    expect(change).toMatchObject({
      outcome: 'failed',
      error: { code: row.code, ...told(fixture, row.code) },
    });
}
