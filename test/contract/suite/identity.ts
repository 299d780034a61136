import { describe, expect, it } from 'vitest';

import type { UserIdType } from '../../../src/model/platform.ts';
import { wanted } from '../../support/manifest-builders.ts';
import type { Fixture } from './fixture.ts';
import { planOf } from './ground.ts';
import { openStage, sentAs } from './stage.ts';
import { deviates, on } from './topics.ts';
import { onEvent, rests, step, users, wants, wantsGone, wantsUnbound } from './wants.ts';

/** What URLs are made of, and what people call things. */
const anyNames = [
  'a/b',
  'c+d',
  'e==',
  'f g',
  '%',
  '50%25',
  '../g',
  'h?i=j&k#l',
  '会议 张三',
  'm;n:o@p',
  '"q"',
];

/** Who is who: the organizer, and ids that have to survive the journey. */
export function identity(fixture: Fixture): void {
  const awkward = anyNames.filter((name) => fixture.takesName?.(name) ?? true);

  describe('the organizer', () => {
    const scene = { id: 'a_0', seats: [{ id: 'a' }] };

    it.each([{ removeOrganizer: 'refused' }, { removeOrganizer: 'removed' }])(
      'is never removed and never named in a removal (%o)',
      async (behaviour) => {
        await using stage = await openStage(fixture, { scenes: [scene], behaviour });
        const run = await step(stage, [wants(fixture, 'a_0', ['b'])]);
        const removal = run.writes.find(({ operation }) => operation === sentAs(fixture, 'remove'));
        // One that is written whole names whoever stays.
        expect(fixture.named(removal?.body)).toEqual(
          deviates(fixture, 'removing-call')
            ? [fixture.organizer, fixture.user('b')]
            : [fixture.nameOf('a_0', fixture.user('a'), 'remove')],
        );
        expect(planOf(run.planned, 'a_0').kept).toMatchObject([
          { attendee: { id: fixture.organizer }, reason: 'organizer' },
        ]);
        expect(stage.emulator.attendees('a_0').map(({ id }) => id)).toContain(fixture.organizer);
      },
    );

    it('is never added', async () => {
      await using stage = await openStage(fixture, {
        scenes: [scene],
        behaviour: { organizerListed: 'never' },
      });
      const organizer = wanted(fixture.organizer);
      await rests(stage, [wants(fixture, 'a_0', ['a', organizer])]);
    });
  });

  describe('an id', () => {
    it(`of an attendee survives: ${awkward.join(' ')}`, async () => {
      const seats = awkward.map((id) => ({ id }));
      await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats }] });
      const half = awkward.slice(0, 5);
      const coming = awkward.map((name) => `${name}2`);
      await step(stage, [wants(fixture, 'a_0', [...half, ...coming])]);
      expect(onEvent(stage, 'a_0')).toEqual(users(stage, ...half, ...coming));
    });

    it(`of an event survives: ${awkward.join(' ')}`, async () => {
      const ids = awkward.map((name) => `${name}_0`);
      await using stage = await openStage(fixture, {
        scenes: ['other_0', ...ids].map((id) => ({ id, seats: [{ id: 'a' }] })),
      });
      await step(
        stage,
        ids.map((id) => wants(fixture, id, ['b'])),
      );
      for (const id of ids) expect(onEvent(stage, id)).toEqual(users(stage, 'b'));
      await step(
        stage,
        ids.map((id) => wantsGone(fixture, id)),
      );
      expect(onEvent(stage, 'other_0')).toEqual(users(stage, 'a'));
    });

    it.each(awkward)('%s of a calendar or an organizer survives', async (name) => {
      const place = fixture.placeOf(name);
      await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: [{ id: 'a' }] }], place });
      await step(stage, [wants(fixture, 'a_0', ['b'], { place })]);
    });

    it.each(['.', '..'])('%s of an event is refused without a call', async (id) => {
      await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: [] }] });
      const planned = await stage.plan([wants(fixture, id, ['a'])]);
      expect(planOf(planned, id)).toMatchObject({
        status: 'unknown',
        problem: { code: 'list-refused', platformCode: 'bad-id', hint: expect.stringContaining('eventId') },
      });
      expect(stage.wire).toEqual([]);
    });
  });

  on(fixture, 'meeting-chat', 'the id of a meeting chat', () => {
    it(`survives: ${awkward.join(' ')}`, async () => {
      const scenes = awkward.map((name, n) => ({
        id: `e${n}_0`,
        seats: [],
        meetingChat: { id: `oc_${name}` },
      }));
      await using stage = await openStage(fixture, { scenes });
      const desired = scenes.map(({ id, meetingChat }) => {
        const event = wantsUnbound(fixture, id);
        return { ...event, unbindChat: { chatId: meetingChat.id, source: event.source } };
      });
      await step(stage, desired);
    });
  });

  on(fixture, 'user-id-types', 'the kind of user id', () => {
    const prefixes: readonly (readonly [UserIdType, string])[] = [
      ['open_id', 'ou_'],
      ['union_id', 'on_'],
      ['user_id', ''],
    ];

    it.each(prefixes)('%s reaches every call', async (type, prefix) => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [{ id: 'a' }, { id: 'b' }] }],
      });
      const desired = {
        ...wants(fixture, 'a_0', [wanted(`${prefix}b`), wanted(`${prefix}c`)]),
        ref: { ...fixture.ref('a_0'), userIdType: type },
      };
      const run = await step(stage, [desired]);
      const asked = run.calls.filter(({ operation }) => operation !== 'token');
      expect(asked.map(({ query }) => query['user_id_type'])).toEqual(asked.map(() => type));
      expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'b', 'c'));
    });

    it.each(['open_id', 'union_id'])(
      'of people from another tenant may be another one (%s), and they are not removed by mistake',
      async (externalIdType) => {
        await using stage = await openStage(fixture, {
          scenes: [{ id: 'a_0', seats: [{ id: 'a' }, { id: 'guest', external: true }] }],
          behaviour: { externalIdType },
        });
        const shown = externalIdType === 'open_id' ? 'ou_guest' : 'on_guest';
        const ref = { ...fixture.ref('a_0'), userIdType: 'user_id' as const };
        await rests(stage, [{ ...wants(fixture, 'a_0', [wanted('a')]), ref }]);
        // Wanted by the id that is answered, it is matched; nobody is removed or added.
        await rests(stage, [
          { ...wants(fixture, 'a_0', [wanted('a'), wanted(shown)]), ref, external: 'remove' },
        ]);
      },
    );
  });
}
