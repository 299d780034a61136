import { describe, expect, it } from 'vitest';

import { behaviourSchema } from '../../../src/emulator/behaviour.ts';
import type { DesiredEvent } from '../../../src/model/event.ts';
import { wanted } from '../../support/manifest-builders.ts';
import type { Fixture, World } from './fixture.ts';
import { planOf, resultOf, running } from './ground.ts';
import { openStage, type Stage } from './stage.ts';
import { deviates, on } from './topics.ts';
import { crowds, onEvent, rests, step, users, wants, wantsGone } from './wants.ts';
import { addition, removal } from '../../support/edits.ts';

/** Each switch of the server with each of its answers, from the schema, so that a new one is held to this too. */
function answers(): (readonly [string, string])[] {
  // The schema is built from the table of switches: an object whose choices have an enum.
  const { properties } = behaviourSchema as {
    properties: Record<string, { readonly enum?: readonly string[] }>;
  };
  return Object.entries(properties).flatMap(([name, { enum: values = [] }]) =>
    values.map((value) => [name, value] as const),
  );
}

/** The first answer of each switch is the server's own: it holds wherever nothing is said, so the others are tried. */
function others(): (readonly [string, string])[] {
  return answers().filter(([name], index, all) => all[index - 1]?.[0] === name);
}

const people = [{ id: 'back' }, { id: 'new' }, { id: 'late' }];

/** One of everything that all platforms do; the list is longer than a page where pages are what it is about. */
function ordinary(
  fixture: Fixture,
  name = '',
): { readonly world: World; readonly desired: readonly DesiredEvent[] } {
  const crowd = name === 'largePage' ? fixture.caps.page + 5 : 3;
  return {
    world: {
      people,
      scenes: [
        {
          id: 'mixed_0',
          seats: [
            { id: 'stays' },
            { id: 'leaves' },
            { id: 'maybe', optional: true },
            { id: 'back', removed: true },
          ],
          crowd,
        },
        { id: 'over_0', seats: [{ id: 'stays' }] },
      ],
    },
    desired: [
      wants(fixture, 'mixed_0', ['stays', 'maybe', 'back', 'new', ...crowds(1, crowd)], {
        optionalDrift: 'replace',
      }),
      wantsGone(fixture, 'over_0'),
    ],
  };
}

/** Somebody else's hand on the same event, between the plan and the write. */
async function meanwhile(
  stage: Stage,
  eventId: string,
  action: 'add' | 'remove',
  name: string,
): Promise<void> {
  const { fixture, session } = stage;
  const entry = { type: 'user', id: fixture.user(name), optional: true } as const;
  const writer = session.writer();
  const ref = fixture.ref(eventId);
  const edit = action === 'add' ? addition([entry]) : removal([entry]);
  await writer.edit(ref, edit, undefined, { notify: false, key: `other${action}` }, running);
}

/** What the API pages leave open: whatever the platform does, the client ends up right. */
export function switches(fixture: Fixture): void {
  describe('whatever the platform answers', () => {
    it.each([['nothing', 'said'] as const, ...others()])(
      'with %s %s, ordinary changes converge and rest',
      async (name, value) => {
        const { world, desired } = ordinary(fixture, name);
        const behaviour = name === 'nothing' ? {} : { [name]: value };
        await using stage = await openStage(fixture, { ...world, behaviour });
        await step(stage, desired);
        expect(onEvent(stage, 'mixed_0')).toEqual(
          desired[0]?.attendees?.map(({ id }) => id).sort((a, b) => (a < b ? -1 : 1)),
        );
      },
    );

    it.each(answers().filter(([name]) => name === 'unknownAttendee'))(
      'with %s %s, somebody who left between plan and write is no failure',
      async (name, value) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }], crowd: 6 }],
          behaviour: { [name]: value },
        });
        const desired = wants(fixture, 'a_0', ['stays']);
        const planned = await stage.plan([desired]);
        await meanwhile(stage, 'a_0', 'remove', 'crowd4');
        const result = await stage.apply(planned);
        const event = resultOf(result, 'a_0');
        expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'stays'));
        expect(event.changes.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
        expect(event.outcome).toBe('converged');
        await rests(stage, [desired]);
      },
    );

    it.each(answers().filter(([name]) => name === 'duplicateAdd'))(
      'with %s %s, somebody who came between plan and write is not added twice',
      async (name, value) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }] }],
          behaviour: { [name]: value },
        });
        const desired = wants(fixture, 'a_0', ['stays', 'late', 'new']);
        const planned = await stage.plan([desired]);
        await meanwhile(stage, 'a_0', 'add', 'late');
        const result = await stage.apply(planned);
        expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'stays', 'late', 'new'));
        // Somebody else made it optional: only a platform that takes the flag over shows what was asked for.
        const outcome = { ignored: 'not-converged', updates: 'converged', refused: 'partial' }[value];
        expect(resultOf(result, 'a_0').outcome).toBe(outcome);
        await rests(stage, [desired]);
      },
    );

    it.each(answers().filter(([name]) => name === 'unknownUser'))(
      'with %s %s, a user whom the platform does not know is added or named',
      async (name, value) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'stays' }] }],
          people: [{ id: 'new' }],
          behaviour: { [name]: value },
        });
        const { result } = await stage.run([wants(fixture, 'a_0', ['stays', 'new', 'nobody'])]);
        const refused = value === 'refused';
        expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'stays', 'new', ...(refused ? [] : ['nobody'])));
        const failed = resultOf(result, 'a_0').changes.filter(({ outcome }) => outcome === 'failed');
        expect(failed.map(({ attendee }) => attendee?.id)).toEqual(refused ? [fixture.user('nobody')] : []);
      },
    );

    it.each(answers().filter(([name]) => name === 'capCode'))(
      'with %s %s, an event that others filled meanwhile keeps its attendees',
      async (name, value) => {
        const crowd = fixture.caps.event - 2;
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [], crowd }],
          behaviour: { [name]: value },
        });
        const planned = await stage.plan([wants(fixture, 'a_0', ['new', ...crowds(1, crowd)])]);
        await meanwhile(stage, 'a_0', 'add', 'late');
        const result = await stage.apply(planned);
        expect(resultOf(result, 'a_0')).toMatchObject({
          outcome: 'failed',
          changes: [{ action: 'add', outcome: 'failed', error: { hint: expect.stringMatching(/\w/) } }],
        });
        expect(stage.emulator.attendees('a_0')).toHaveLength(fixture.caps.event);
      },
    );

    it.each(['ignored', 'refused'])(
      'with reads that lag, a change is waited for (%s)',
      async (unknownAttendee) => {
        const { world, desired } = ordinary(fixture);
        await using stage = await openStage(fixture, {
          ...world,
          behaviour: { readLag: '1500ms', unknownAttendee },
        });
        const run = await stage.run(desired);
        expect(run.result.events.map(({ outcome }) => outcome)).toEqual(desired.map(() => 'converged'));
      },
    );

    it('with reads that lag longer than verifying, the event is not converged and says what is not seen', async () => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [{ id: 'stays' }, { id: 'leaves' }] }],
        behaviour: { readLag: '5m' },
      });
      const { result } = await stage.run([wants(fixture, 'a_0', ['stays'])]);
      expect(resultOf(result, 'a_0')).toMatchObject({
        outcome: 'not-converged',
        changes: [{ outcome: 'unknown', error: { code: 'not-seen' } }],
      });
      expect(result.exitCode).toBe(4);
    });
  });

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

  on(fixture, 'rooms', 'however the booking of a room ends', () => {
    const cases = [
      ['accept', 'converged', []],
      ['pending', 'converged', ['booking-pending: omm_1']],
      ['decline', 'failed', []],
    ] as const;

    it.each(cases)('roomBooking %s', async (roomBooking, outcome, notes) => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [] }],
        behaviour: { roomBooking, bookingTime: '0ms' },
      });
      const { result } = await stage.run([wants(fixture, 'a_0', [wanted('omm_1', { type: 'room' })])]);
      expect(resultOf(result, 'a_0')).toMatchObject({ outcome, notes });
    });

    it.each(['optional', 'required'])('roomContact %s', async (roomContact) => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [] }],
        behaviour: { roomContact },
      });
      const desired = wants(fixture, 'a_0', [wanted('omm_1', { type: 'room' })]);
      const bare = await stage.run([desired]);
      expect(resultOf(bare.result, 'a_0').outcome).toBe(roomContact === 'optional' ? 'converged' : 'failed');
      const named = { ...desired, ref: { ...desired.ref, roomContact: fixture.user('contact') } };
      await stage.run([named]);
      await rests(stage, [named]);
      // The contact is not made an attendee.
      expect(onEvent(stage, 'a_0')).toEqual(['omm_1']);
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

  it('the organizer, listed or not, is no change', async () => {
    for (const organizerListed of ['always', 'never']) {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [{ id: 'stays' }], bare: !deviates(fixture, 'external') }],
        behaviour: { organizerListed },
      });
      const { planned } = await rests(stage, [wants(fixture, 'a_0', ['stays'])]);
      expect(planOf(planned, 'a_0').observed?.managed).toBe(1);
    }
  });
}
