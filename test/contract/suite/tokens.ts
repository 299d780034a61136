import { describe, expect, it } from 'vitest';

import type { Fixture } from './fixture.ts';
import { resultOf } from './ground.ts';
import { allSentAs, openStage, sentAs, type Stage } from './stage.ts';
import { deviates, on } from './topics.ts';
import { step, wants } from './wants.ts';

const scenes = ['a_0', 'b_0', 'c_0'].map((id) => ({ id, seats: [{ id: 'a' }, { id: 'b' }] }));
const tokenCalls = ({ wire }: Stage): number => wire.filter(({ operation }) => operation === 'token').length;

/** Tokens that end, and the end of the month's calls. */
export function tokens(fixture: Fixture): void {
  const desired = scenes.map(({ id }) => wants(fixture, id, ['a', 'c']));
  const given = { [fixture.tokenVariable]: fixture.tokens.given };
  const removing = sentAs(fixture, 'remove');
  /** Of what was begun before the first removal something is done, where additions have a call of their own. */
  const half = deviates(fixture, 'removing-call') ? 1 : 4;

  describe('a token', () => {
    it('is fetched once for a whole run', async () => {
      await using stage = await openStage(fixture, { scenes });
      await step(stage, desired);
      expect(tokenCalls(stage)).toBe(1);
    });

    it.each(allSentAs(fixture, 'list', 'look', 'add', 'remove'))(
      'that ends before a call to %s is renewed once, and the call made again',
      async (operation) => {
        let ended = false;
        await using stage = await openStage(
          fixture,
          { scenes: scenes.slice(0, 1) },
          {
            script: (call) => {
              if (call.operation !== operation || ended) return undefined;
              ended = true;
              return { kind: 'run', run: (): void => stage.emulator.revokeTokens() };
            },
          },
        );
        await step(stage, desired.slice(0, 1));
        expect(tokenCalls(stage)).toBe(2);
        const [before, again] = stage.wire.filter((call) => call.operation === operation);
        expect(again?.body).toEqual(before?.body);
      },
    );

    it.each(
      fixture.errors.filter(({ on, meaning }) => meaning === 'renew' && (on === 'list' || on === removing)),
    )('that is refused once with $code on a call to $on is renewed', async ({ on, code, status }) => {
      await using stage = await openStage(
        fixture,
        { scenes: scenes.slice(0, 1) },
        {
          script: ({ operation, nth }) =>
            operation === on && nth === 1 ? fixture.refusal(code, status) : undefined,
        },
      );
      await step(stage, desired.slice(0, 1));
      expect(tokenCalls(stage)).toBe(2);
    });

    it('of short life is renewed before it ends, so that no call is refused', async () => {
      await using stage = await openStage(fixture, { scenes, behaviour: { tokenLifetime: '10m' } });
      for (let hour = 0; hour < 3; hour += 1) {
        await stage.run(desired);
        await stage.clock.sleep(3_600_000);
      }
      expect(tokenCalls(stage)).toBe(3);
      expect(stage.emulator.requests.filter(({ status }) => (status ?? 500) >= 400)).toEqual([]);
    });

    it('that is refused again after it was renewed stops the run', async () => {
      await using stage = await openStage(
        fixture,
        { scenes },
        { script: ({ operation }) => (operation === 'add' ? fixture.expiredToken : undefined) },
      );
      const { result, writes } = await stage.run(desired);
      // The events were all at their first write when the first of them was refused for good.
      expect(writes.length).toBeLessThanOrEqual(2 * desired.length);
      expect(writes.filter(({ operation }) => operation !== 'add')).toEqual([]);
      expect(result.events.map(({ outcome }) => outcome)).not.toContain('converged');
      expect(result.exitCode).not.toBe(0);
    });

    it('that was given is used as it is', async () => {
      await using stage = await openStage(fixture, { scenes }, { env: given });
      await step(stage, desired);
      expect(tokenCalls(stage)).toBe(0);
    });

    it('that was given and has ended stops the run before anything is planned', async () => {
      await using stage = await openStage(
        fixture,
        { scenes },
        { env: { [fixture.tokenVariable]: fixture.tokens.unknown } },
      );
      const { planned, result, writes } = await stage.run(desired);
      for (const { status, problem } of planned.plan.events) {
        expect(status).toBe('unknown');
        expect(problem?.code).toBe('credentials');
        expect(problem?.hint).toContain(fixture.tokenVariable);
      }
      expect(writes).toEqual([]);
      expect(tokenCalls(stage)).toBe(0);
      expect(result.exitCode).toBe(1);
    });

    it('that was given and ends on the way stops the run cleanly', async () => {
      let ended = false;
      await using stage = await openStage(
        fixture,
        { scenes },
        {
          env: given,
          script: ({ operation }) => {
            ended ||= operation === removing;
            return ended ? fixture.expiredToken : undefined;
          },
        },
      );
      const run = await stage.run(desired);
      expect(run.result.events.map(({ outcome }) => outcome)).not.toContain('converged');
      // Those in flight were refused too; nothing was begun after that.
      expect(run.writes.filter(({ operation }) => operation === removing).length).toBeLessThanOrEqual(3);
      expect(run.calls.at(-1)?.operation).not.toBe('list');
      expect(run.result.exitCode).toBe(half);
    });
  });

  it('a secret that is wrong stops the run with one call, and is not shown', async () => {
    await using stage = await openStage(fixture, { scenes }, { env: fixture.wrong.env });
    const { planned, result, calls } = await stage.run(desired);
    const text = JSON.stringify([planned.plan, result]);
    expect(planned.plan.events.map(({ problem }) => [problem?.code, problem?.platformCode])).toEqual(
      desired.map(() => ['credentials', fixture.wrongSecret]),
    );
    expect(planned.plan.events[0]?.problem?.hint).toMatch(fixture.wrong.hint);
    expect(calls.map(({ operation }) => operation)).toEqual(['token']);
    expect(text).not.toContain(fixture.wrong.canary);
  });

  describe("the month's calls, used up", () => {
    it('while planning leaves every event unknown and makes no further call', async () => {
      await using stage = await openStage(fixture, { scenes }, { script: spent(fixture, 'list') });
      const { planned, calls } = await stage.run(desired);
      expect(planned.plan.events.map(({ status, problem }) => [status, problem?.code])).toEqual(
        desired.map(() => ['unknown', 'quota']),
      );
      expect(calls.filter(({ operation }) => operation !== 'token').length).toBeLessThanOrEqual(
        desired.length,
      );
    });

    on(fixture, 'removing-call', 'while removing', () => {
      it('stops the run: what is done stays told, and nothing more is sent', async () => {
        await using stage = await openStage(fixture, { scenes }, { script: spent(fixture, 'remove') });
        const { result, writes, calls } = await stage.run(desired);
        const last = calls.findIndex(({ operation }) => operation === 'remove');
        expect(calls.slice(last).filter(({ operation }) => operation === 'list')).toEqual([]);
        expect(writes.filter(({ operation }) => operation === 'remove').length).toBeLessThanOrEqual(3);
        for (const { outcome, changes } of result.events) {
          expect(outcome).toBe('partial');
          expect(changes.find(({ action }) => action === 'add')?.outcome).toBe('done');
        }
        const removals = result.events
          .flatMap(({ changes }) => changes)
          .filter(({ action }) => action === 'remove');
        expect(new Set(removals.map(({ outcome }) => outcome)).has('done')).toBe(false);
        expect(result.exitCode).toBe(4);
      });
    });

    it('before the first write leaves the later events not attempted', async () => {
      const many = Array.from({ length: 20 }, (_, index) => ({ id: `e${index}_0`, seats: [{ id: 'a' }] }));
      await using stage = await openStage(fixture, { scenes: many }, { script: spent(fixture, 'add') });
      const { result, writes } = await stage.run(many.map(({ id }) => wants(fixture, id, ['a', 'b'])));
      expect(writes.length).toBeLessThanOrEqual(8);
      expect(
        result.events.filter(({ outcome }) => outcome === 'not-attempted').length,
      ).toBeGreaterThanOrEqual(12);
      expect(resultOf(result, 'e0_0')).toMatchObject({ outcome: 'failed', changes: [{ outcome: 'failed' }] });
    });
  });
}

/** Every call from the first of this kind on finds the quota used up. */
function spent(fixture: Fixture, operation: 'list' | 'add' | 'remove') {
  let over = false;
  return (call: { readonly operation: string }) => {
    over ||= call.operation === operation;
    return over && call.operation !== 'token' ? fixture.quotaUsedUp : undefined;
  };
}
