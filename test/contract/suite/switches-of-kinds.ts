import { expect, it } from 'vitest';

import { wanted } from '../../support/manifest-builders.ts';
import type { Fixture } from './fixture.ts';
import { resultOf } from './ground.ts';
import { openStage } from './stage.ts';
import { deviates, on } from './topics.ts';
import { onEvent, rests, step, wants } from './wants.ts';

/** What becomes of guests from outside, of addresses, of rooms and of request keys. */
export function switchesOf(fixture: Fixture, inert: ReadonlySet<string>): void {
  /** Tests of a switch, where it means something. */
  const about = (name: string, group: () => void): void => {
    if (!inert.has(name)) group();
  };

  about('addExternal', () => {
    on(fixture, 'external', 'whatever the platform does with people of another tenant', () => {
      it.each(['removed', 'refused'])('removeExternal %s', async (removeExternal) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }, { id: 'guest', external: true }] }],
          behaviour: { removeExternal },
        });
        const { result } = await stage.run([wants(fixture, 'a_0', ['stays'], { external: 'remove' })]);
        expect(resultOf(result, 'a_0').outcome).toBe(removeExternal === 'removed' ? 'converged' : 'failed');
      });

      it.each(['refused', 'added'])('addExternal %s', async (addExternal) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }] }],
          people: [{ id: 'guest', external: true }, { id: 'new' }],
          behaviour: { addExternal },
        });
        const { result } = await stage.run([wants(fixture, 'a_0', ['stays', 'guest', 'new'])]);
        expect(resultOf(result, 'a_0').outcome).toBe(addExternal === 'added' ? 'converged' : 'partial');
        expect(onEvent(stage, 'a_0')).toContain(fixture.user('new'));
      });
    });
  });

  about('tenantEmail', () => {
    on(fixture, 'emails', 'whatever becomes of the address of somebody in the tenant', () => {
      it.each(['kept', 'user'])('tenantEmail %s', async (tenantEmail) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [] }],
          people: [{ id: 'new', email: 'new@example.com' }],
          behaviour: { tenantEmail },
        });
        const desired = wants(fixture, 'a_0', [wanted('new@example.com', { type: 'email' })]);
        const { result } = await stage.run([desired]);
        const kept = tenantEmail === 'kept';
        expect(resultOf(result, 'a_0')).toMatchObject(
          kept
            ? { outcome: 'converged' }
            : {
                outcome: 'not-converged',
                changes: [{ error: { hint: expect.stringContaining('as a user') } }],
              },
        );
      });
    });
  });

  on(fixture, 'rooms', 'however the booking of a room ends', () => {
    const pending = [`booking-pending: ${fixture.others.room('1').id}`];
    const cases = [
      ['accept', 'converged', []],
      ['pending', 'converged', pending],
      ['decline', 'failed', []],
    ] as const;

    it.each(cases)('roomBooking %s', async (roomBooking, outcome, notes) => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [] }],
        behaviour: { roomBooking, bookingTime: '0ms' },
      });
      const { result } = await stage.run([wants(fixture, 'a_0', [fixture.others.room('1')])]);
      // Where the answer to the write is what is seen, the room has not answered yet.
      const early = deviates(fixture, 'read-back');
      expect(resultOf(result, 'a_0')).toMatchObject(
        early ? { outcome: 'converged', notes: pending } : { outcome, notes },
      );
    });

    if (inert.has('roomContact')) return;
    it.each(['optional', 'required'])('roomContact %s', async (roomContact) => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [] }],
        behaviour: { roomContact },
      });
      const desired = wants(fixture, 'a_0', [fixture.others.room('1')]);
      const bare = await stage.run([desired]);
      expect(resultOf(bare.result, 'a_0').outcome).toBe(roomContact === 'optional' ? 'converged' : 'failed');
      const named = { ...desired, ref: { ...desired.ref, roomContact: fixture.user('contact') } };
      await stage.run([named]);
      await rests(stage, [named]);
      // The contact is not made an attendee.
      expect(onEvent(stage, 'a_0')).toEqual([fixture.others.room('1').id]);
    });
  });

  on(fixture, 'idempotency-key', 'whatever a finished request key does', () => {
    it.each([
      { clientTokenReplay: 'swallowed' },
      { clientTokenReplay: 'repeated' },
      { clientTokenReuse: 'mismatch' },
    ])('%o: the same change in a later run is made again', async (behaviour) => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [{ id: 'stays' }, { id: 'b' }] }],
        behaviour,
      });
      const without = wants(fixture, 'a_0', ['stays']);
      await step(stage, [without]);
      await step(stage, [wants(fixture, 'a_0', ['stays', 'b'])]);
      await step(stage, [without]);
    });
  });
}
