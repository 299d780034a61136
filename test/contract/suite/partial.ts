import { describe, expect, it } from 'vitest';

import type { ChangeResult } from '../../../src/model/result.ts';
import type { Fixture } from './fixture.ts';
import { planOf, resultOf } from './ground.ts';
import { allSentAs, openStage, type Script } from './stage.ts';
import { deviates } from './topics.ts';
import { crowd, crowds, rests, wants } from './wants.ts';

/** Calls beyond the first that the refusals of an event may cost. */
const extraCalls = 30;

/** Refuses batches that name one of these users. */
export function refusing(
  fixture: Fixture,
  operation: 'remove' | 'add',
  names: readonly string[],
  refusal: { readonly code: string; readonly status: number },
): Script {
  const bad = new Set(names.map((name) => fixture.nameOf('a_0', fixture.user(name), operation)));
  return (call) =>
    call.operation === operation && fixture.named(call.body).some((name) => bad.has(name))
      ? fixture.refusal(refusal.code, refusal.status)
      : undefined;
}

const failedOf = (changes: readonly ChangeResult[]): (string | undefined)[] =>
  changes.filter(({ outcome }) => outcome === 'failed').map(({ attendee }) => attendee?.id);

/** Batches that are refused for some of their entries. */
export function partial(fixture: Fixture): void {
  const [first] = fixture.entryCodes;
  if (first === undefined) throw new RangeError('no code for a bad entry');
  const scenes = [{ id: 'a_0', seats: [{ id: 'stays' }], crowd: 8 }];

  const named = deviates(fixture, 'removing-call') ? (['add'] as const) : (['remove', 'add'] as const);
  describe.each(named)('a batch to %s that is refused for an entry', (operation) => {
    const everybody = (count: number): ReturnType<typeof wants> =>
      operation === 'remove'
        ? wants(fixture, 'a_0', ['stays'])
        : wants(fixture, 'a_0', ['stays', ...crowds(1, count)]);
    const sceneOf = (count: number) =>
      operation === 'remove'
        ? [{ id: 'a_0', seats: [{ id: 'stays' }], crowd: count }]
        : [{ id: 'a_0', seats: [{ id: 'stays' }] }];

    it.each(fixture.entryCodes)('with $code is halved until the bad one is alone', async (refusal) => {
      await using stage = await openStage(
        fixture,
        { scenes: sceneOf(8) },
        { script: refusing(fixture, operation, [crowd(5)], refusal) },
      );
      const { result, writes } = await stage.run([everybody(8)]);
      const event = resultOf(result, 'a_0');
      expect(event.outcome).toBe('partial');
      expect(failedOf(event.changes)).toEqual([fixture.user(crowd(5))]);
      expect(event.changes.filter(({ outcome }) => outcome === 'done')).toHaveLength(7);
      expect(event.changes.find(({ outcome }) => outcome === 'failed')?.error).toMatchObject({
        code: refusal.code,
        hint: expect.stringMatching(/\w/),
        ...(deviates(fixture, 'log-ids') ? {} : { logId: `log-${refusal.code}` }),
      });
      expect(writes.length).toBeLessThanOrEqual(7);
      expect(result.exitCode).toBe(4);
    });

    it('leaves the bad one alone to the next plan', async () => {
      await using stage = await openStage(
        fixture,
        { scenes: sceneOf(8) },
        { script: refusing(fixture, operation, [crowd(1)], first) },
      );
      await stage.run([everybody(8)]);
      const again = await stage.run([everybody(8)]);
      expect(
        planOf(again.planned, 'a_0').changes.map((change) => [
          change.action,
          'attendee' in change ? change.attendee.id : '',
        ]),
      ).toEqual([[operation, fixture.user(crowd(1))]]);
      expect(resultOf(again.result, 'a_0').outcome).toBe('failed');
      expect(again.writes).toHaveLength(1);
    });

    it.each([
      ['one of five hundred', 500, [crowd(333)]],
      ['the first and the last of sixty', 60, [crowd(1), crowd(60)]],
    ])('finds %s within the extra calls', async (_which, count, bad) => {
      await using stage = await openStage(
        fixture,
        { scenes: sceneOf(count) },
        { script: refusing(fixture, operation, bad, first) },
      );
      const { result, writes } = await stage.run([everybody(count)]);
      const event = resultOf(result, 'a_0');
      expect(new Set(failedOf(event.changes))).toEqual(new Set(bad.map((name) => fixture.user(name))));
      expect(writes.length).toBeLessThanOrEqual(1 + extraCalls);
    });

    it('gives up what is not settled after the extra calls', async () => {
      const bad = crowds(1, 200);
      await using stage = await openStage(
        fixture,
        { scenes: sceneOf(200) },
        { script: refusing(fixture, operation, bad, first) },
      );
      const { result, writes } = await stage.run([everybody(200)]);
      const event = resultOf(result, 'a_0');
      expect(event.outcome).toBe('failed');
      expect(failedOf(event.changes)).toHaveLength(200);
      expect(event.changes.every(({ error }) => error?.code === first.code)).toBe(true);
      expect(writes).toHaveLength(1 + extraCalls);
    });
  });

  it('removals go on where additions failed, as long as the guards hold without them', async () => {
    await using stage = await openStage(
      fixture,
      { scenes },
      { script: refusing(fixture, 'add', ['new'], first) },
    );
    const desired = wants(fixture, 'a_0', ['stays', 'new']);
    const open = await stage.run([desired]);
    expect(open.result.summary).toMatchObject({ removed: 8, failedChanges: 1 });
  });

  it('removals stop where nobody would be left because the additions failed', async () => {
    await using stage = await openStage(
      fixture,
      { scenes: [{ id: 'a_0', seats: [], crowd: 2 }] },
      { script: refusing(fixture, 'add', ['new'], first) },
    );
    const desired = wants(fixture, 'a_0', ['new']);
    const guarded = { ...desired, guards: { ...desired.guards, allowEmpty: false } };
    const { result, writes } = await stage.run([guarded]);
    expect(resultOf(result, 'a_0').violations.map(({ code }) => code)).toEqual(['empty']);
    expect([...new Set(writes.map(({ operation }) => operation))]).toEqual(allSentAs(fixture, 'add'));
  });

  it('somebody who left on their own meanwhile is no failure', async () => {
    await using stage = await openStage(fixture, {
      scenes,
      behaviour: { unknownAttendee: 'ignored' },
    });
    const planned = await stage.plan([wants(fixture, 'a_0', ['stays'])]);
    await stage.run([wants(fixture, 'a_0', ['stays', ...crowds(2, 8)])]);
    const result = await stage.apply(planned, 'saved');
    expect(resultOf(result, 'a_0').outcome).toBe('converged');
    expect(resultOf(result, 'a_0').changes.filter(({ outcome }) => outcome === 'already')).toHaveLength(1);
    await rests(stage, [wants(fixture, 'a_0', ['stays'])]);
  });
}
