import { beforeAll, describe, expect, it } from 'vitest';

import type { Fault } from '../../../src/emulator/intercept.ts';
import type { DesiredEvent } from '../../../src/model/event.ts';
import { wanted } from '../../support/manifest-builders.ts';
import type { Fixture, Operation, Scene } from './fixture.ts';
import { planOf, resultOf } from './ground.ts';
import { allSentAs, openStage, sentAs, type WireRun, type Script } from './stage.ts';
import { deviates } from './topics.ts';
import { onEvent, rests, wants, wantsGone, wantsUnbound } from './wants.ts';

/** A fault that one call meets, and the calls to that operation which the event then takes. */
interface Trial {
  readonly name: string;
  readonly fault: Fault;
  /** Whether the call took effect all the same. */
  readonly took: boolean;
  /** Whether the platform said that it did not take the call: then it is made again as it was. */
  readonly said?: true;
}

const html = {
  kind: 'answer',
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html>',
} as const;

function trialsOf(fixture: Fixture): readonly Trial[] {
  const answers = [
    ['5xx with JSON', fixture.serverError],
    ['5xx with HTML', html],
    ['5xx with nothing', { ...html, status: 503, body: '' }],
    ['504 with nothing', { ...html, status: 504, body: '' }],
  ] as const;
  return [
    ...answers.flatMap(([name, fault]) => [
      { name: `${name}, before it took effect`, fault, took: false },
      { name: `${name}, after it took effect`, fault: { ...fault, when: 'after' as const }, took: true },
    ]),
    { name: 'a reset before it took effect', fault: { kind: 'reset', when: 'before' }, took: false },
    { name: 'a reset after it took effect', fault: { kind: 'reset', when: 'after' }, took: true },
    { name: 'HTTP 429 with nothing', fault: { ...html, status: 429, body: '' }, took: false, said: true },
    { name: 'HTTP 429 with HTML', fault: { ...html, status: 429 }, took: false, said: true },
    ...fixture.rateLimits.map(({ name, fault }) => ({ name, fault, took: false, said: true as const })),
    ...(deviates(fixture, 'idempotency-key')
      ? []
      : [
          {
            name: 'idempotencyProcessing',
            fault: fixture.refusal('idempotencyProcessing', 400),
            took: false,
            said: true as const,
          },
        ]),
  ];
}

/** What brings each operation about; additions are of three, so that a double one would show. */
function desiredFor(fixture: Fixture, operation: Operation, id: string): DesiredEvent {
  switch (operation) {
    case 'list':
    case 'look':
    case 'remove':
      return wants(fixture, id, ['a']);
    case 'add':
      return wants(fixture, id, ['a', 'b', 'c', 'd', wanted(fixture.user('e'), { optional: true })]);
    case 'delete':
      return wantsGone(fixture, id);
    case 'unbind':
      return wantsUnbound(fixture, id);
  }
}

function sceneOf(id: string): Scene {
  return { id, seats: [{ id: 'a' }, { id: 'b' }], meetingChat: { id: 'oc_meet' } };
}

/** The first call of an operation for an event meets the fault of that event. */
function firstMeets(operation: Operation, faults: ReadonlyMap<string, Fault>): Script {
  return (call) => (call.operation === operation && call.nth === 1 ? faults.get(call.eventId) : undefined);
}

const operations: readonly Operation[] = ['list', 'look', 'remove', 'add', 'delete', 'unbind'];

/** Answers that are no answer, and those that ask for patience, on every call. */
export function retries(fixture: Fixture): void {
  const trials = trialsOf(fixture);
  const known = allSentAs(fixture, ...operations).filter(
    (operation) => operation !== 'unbind' || !deviates(fixture, 'meeting-chat'),
  );
  const removing = sentAs(fixture, 'remove');

  describe.each(known)('a call to %s', (operation) => {
    const ids = trials.map((_, index) => `t${index}_0`);
    const desired = ids.map((id) => desiredFor(fixture, operation, id));
    let run: WireRun;
    let again: WireRun;

    beforeAll(async () => {
      const faults = new Map(trials.map(({ fault }, index) => [ids[index] ?? '', fault]));
      await using stage = await openStage(
        fixture,
        { scenes: ids.map(sceneOf) },
        { script: firstMeets(operation, faults) },
      );
      run = await stage.run(desired);
      again = await rests(stage, desired);
    });

    it.each(trials.map((trial, index) => ({ ...trial, id: ids[index] ?? '' })))(
      'goes on after $name',
      ({ id, took, said }) => {
        expect(planOf(run.planned, id)).toMatchObject({ status: 'changed' });
        expect(resultOf(run.result, id)).toMatchObject({ outcome: 'converged' });
        expect(resultOf(run.result, id).changes.every(({ outcome }) => outcome === 'done')).toBe(true);
        const calls = run.calls.filter((call) => call.operation === operation && call.eventId === id);
        const isRead = operation === 'list' || operation === 'look';
        if (!isRead) expect(calls).toHaveLength(took ? 1 : 2);
        if (said === true) expect(calls[1]?.body).toEqual(calls[0]?.body);
        expect(again.writes).toEqual([]);
      },
    );
  });

  describe('an answer that asks for patience', () => {
    it.each(fixture.rateLimits)('$name is given it', async ({ fault, waitMs }) => {
      await using stage = await openStage(
        fixture,
        { scenes: [sceneOf('a_0')] },
        { script: ({ operation, nth }) => (operation === 'list' && nth === 1 ? fault : undefined) },
      );
      await stage.plan([desiredFor(fixture, 'list', 'a_0')]);
      const [first, second] = stage.wire.filter(({ operation }) => operation === 'list');
      const waited = (second?.at ?? 0) - (first?.at ?? 0);
      expect(waited).toBeGreaterThanOrEqual(waitMs);
      expect(waited).toBeLessThan(waitMs + 1000);
    });

    it('is given six times, then the event is unknown', async () => {
      const [limit] = fixture.rateLimits;
      await using stage = await openStage(
        fixture,
        { scenes: [sceneOf('a_0')] },
        { script: ({ operation }) => (operation === 'list' ? limit?.fault : undefined) },
      );
      const planned = await stage.plan([desiredFor(fixture, 'list', 'a_0')]);
      expect(planOf(planned, 'a_0')).toMatchObject({ status: 'unknown', problem: { code: 'list-failed' } });
      expect(stage.wire.filter(({ operation }) => operation === 'list')).toHaveLength(6);
    });
  });

  describe('a call that hangs', () => {
    const hanging = known.flatMap((operation) =>
      (['before', 'after'] as const).map((when) => ({ operation, when, id: `${operation}-${when}_0` })),
    );
    let run: WireRun;

    beforeAll(async () => {
      await using stage = await openStage(
        fixture,
        { scenes: hanging.map(({ id }) => sceneOf(id)) },
        {
          tryMs: 400,
          script: (call) => {
            const hit = hanging.find(
              ({ id, operation }) => id === call.eventId && operation === call.operation,
            );
            return hit === undefined || call.nth > 1 ? undefined : { kind: 'hang', when: hit.when };
          },
        },
      );
      const desired = hanging.map(({ operation, id }) => desiredFor(fixture, operation, id));
      run = await stage.run(desired);
      await rests(stage, desired);
    });

    it.each(hanging)(
      'to $operation, $when it took effect, is given up and settled',
      ({ id, operation, when }) => {
        expect(resultOf(run.result, id)).toMatchObject({ outcome: 'converged' });
        const calls = run.calls.filter((call) => call.operation === operation && call.eventId === id);
        const once = when === 'after' && operation !== 'list' && operation !== 'look';
        expect(once ? calls.length === 1 : calls.length >= 2).toBe(true);
      },
    );
  });

  it('an addition whose answer is lost is sent again only after two readings that lack it', async () => {
    await using stage = await openStage(
      fixture,
      { scenes: [sceneOf('a_0')] },
      { script: firstMeets('add', new Map([['a_0', { kind: 'reset', when: 'before' }]])) },
    );
    const run = await stage.run([desiredFor(fixture, 'add', 'a_0')]);
    const shown = run.calls.map(({ operation }) => operation).join(' ');
    expect(shown).toBe(
      deviates(fixture, 'read-back')
        ? 'token list add list list add'
        : 'token list look add list list add list',
    );
    expect(onEvent(stage, 'a_0')).toHaveLength(5);
  });

  it.each(fixture.errors.filter(({ on, status }) => on === 'delete' && status === 404))(
    'a deletion whose answer was lost and that then meets $code is done only where that says that there is no event',
    async ({ code, status }) => {
      await using stage = await openStage(
        fixture,
        { scenes: [sceneOf('a_0')], behaviour: { readLag: '10s' } },
        {
          script: ({ operation, nth }) => {
            if (operation !== 'delete') return undefined;
            return nth === 1 ? { kind: 'reset', when: 'after' } : fixture.refusal(code, status);
          },
        },
      );
      const { result, writes } = await stage.run([wantsGone(fixture, 'a_0')]);
      const gone = ['193001', 'itemNotFound', 'instanceNotExist', 'notFound'].includes(code);
      expect(resultOf(result, 'a_0').outcome).toBe(gone ? 'converged' : 'failed');
      expect(writes).toHaveLength(2);
    },
  );

  it('a write whose answer is lost each time fails, and says that it is not known', async () => {
    await using stage = await openStage(
      fixture,
      { scenes: [sceneOf('a_0'), sceneOf('b_0')] },
      {
        script: ({ operation, eventId }) =>
          operation === removing && eventId === 'a_0' ? { kind: 'reset', when: 'before' } : undefined,
      },
    );
    const { result } = await stage.run(['a_0', 'b_0'].map((id) => desiredFor(fixture, 'remove', id)));
    expect(resultOf(result, 'a_0')).toMatchObject({
      outcome: 'failed',
      changes: [{ error: { code: 'reset' } }],
    });
    expect(resultOf(result, 'b_0').outcome).toBe('converged');
  });
}
