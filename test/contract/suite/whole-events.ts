import { describe, expect, it } from 'vitest';

import { wanted } from '../../support/manifest-builders.ts';
import type { Fixture } from './fixture.ts';
import { planOf, resultOf } from './ground.ts';
import { openStage, sentAs } from './stage.ts';
import { on } from './topics.ts';
import { rests, step, wants, wantsGone, wantsUnbound } from './wants.ts';

const scene = { id: 'a_0', seats: [{ id: 'a' }] };

/** Deleting events, unbinding their chats, and rooms in the mode for administrators. */
export function wholeEvents(fixture: Fixture): void {
  describe('deleting an event', () => {
    it('asks once whether it is there, and lists nobody', async () => {
      await using stage = await openStage(fixture, { scenes: [scene] });
      const run = await step(stage, [wantsGone(fixture, 'a_0')]);
      expect(run.writes.map(({ operation }) => operation)).toEqual(['delete']);
      const looks = sentAs(fixture, 'look') === 'list';
      expect(run.calls.filter(({ operation }) => operation === 'list' && !looks)).toEqual([]);
    });

    it.each([true, false])('tells people as notify %s says', async (notify) => {
      await using stage = await openStage(fixture, { scenes: [scene] });
      const run = await step(stage, [wantsGone(fixture, 'a_0', { notify })]);
      expect(run.writes.map(fixture.notice)).toEqual([notify]);
    });

    it.each(['not-found', 'cancelled'])(
      'one that is deleted already is in sync (%s)',
      async (deletedEvent) => {
        await using stage = await openStage(fixture, {
          scenes: [{ ...scene, deleted: true }],
          behaviour: { deletedEvent },
        });
        await rests(stage, [wantsGone(fixture, 'a_0')]);
      },
    );
  });

  on(fixture, 'meeting-chat', 'unbinding a meeting chat', () => {
    const bound = { ...scene, meetingChat: { id: 'oc_meet' } };

    it('that is bound is done and seen', async () => {
      await using stage = await openStage(fixture, { scenes: [bound] });
      const run = await step(stage, [wantsUnbound(fixture, 'a_0')]);
      expect(run.writes.map(({ operation, query }) => [operation, query['meeting_chat_id']])).toEqual([
        ['unbind', 'oc_meet'],
      ]);
      expect(planOf(run.planned, 'a_0').changes).toMatchObject([{ action: 'unbind-chat', certain: true }]);
    });

    it('that is not bound is in sync', async () => {
      await using stage = await openStage(fixture, { scenes: [scene] });
      await rests(stage, [wantsUnbound(fixture, 'a_0')]);
    });

    it('of several events of a calendar is asked about in one call', async () => {
      await using stage = await openStage(fixture, { scenes: [bound, { ...bound, id: 'b_0' }] });
      const planned = await stage.plan([wantsUnbound(fixture, 'a_0'), wantsUnbound(fixture, 'b_0')]);
      expect(stage.wire.filter(({ operation }) => operation === 'other')).toHaveLength(1);
      expect(planned.plan.summary.unbindChats).toBe(2);
    });

    it.each([{ mgetMeetingChat: 'not-found' }, { mgetMeetingChat: 'refused' }])(
      'where nobody can be asked (%o) is uncertain, done once, and done already the second time',
      async (behaviour) => {
        await using stage = await openStage(fixture, { scenes: [bound], behaviour });
        const first = await stage.run([wantsUnbound(fixture, 'a_0')]);
        expect(planOf(first.planned, 'a_0').changes).toMatchObject([{ certain: false }]);
        expect(resultOf(first.result, 'a_0')).toMatchObject({
          outcome: 'converged',
          changes: [{ outcome: 'done' }],
        });
        const second = await stage.run([wantsUnbound(fixture, 'a_0')]);
        expect(resultOf(second.result, 'a_0')).toMatchObject({
          outcome: 'unchanged',
          changes: [{ outcome: 'already' }],
        });
        expect(second.result.exitCode).toBe(0);
      },
    );

    it('of somebody else fails and says that the caller must own it', async () => {
      const scenes = [{ ...bound, meetingChat: { id: 'oc_meet', owner: false } }];
      await using stage = await openStage(fixture, { scenes });
      const { result } = await stage.run([wantsUnbound(fixture, 'a_0')]);
      expect(resultOf(result, 'a_0')).toMatchObject({
        outcome: 'failed',
        changes: [{ error: { code: '195107', hint: expect.stringContaining('own') } }],
      });
    });

    it('goes with other changes of the event, after them', async () => {
      await using stage = await openStage(fixture, { scenes: [bound] });
      const run = await step(stage, [
        wantsUnbound(fixture, 'a_0', { attendees: [wanted(fixture.user('b'))] }),
      ]);
      expect(run.writes.map(({ operation }) => operation)).toEqual(['add', 'remove', 'unbind']);
    });
  });

  on(fixture, 'room-admin', 'rooms in admin mode', () => {
    const start = '1647320400';
    const rooms = [
      { type: 'room' as const, id: 'omm_1' },
      { type: 'room' as const, id: 'omm_2' },
    ];
    const wantsRooms = (id: string, instanceStartTime?: string) => ({
      ...wants(fixture, id, [wanted('omm_1', { type: 'room' }), wanted('omm_3', { type: 'room' })]),
      ref: { ...fixture.ref(id), admin: instanceStartTime === undefined ? {} : { instanceStartTime } },
    });

    it('of a single event change, and nobody else does', async () => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: [{ id: 'a' }, ...rooms] }],
      });
      const run = await step(stage, [wantsRooms('a_0')]);
      expect(run.writes.map(({ body }) => body)).toEqual([
        expect.objectContaining({ is_enable_admin: true }),
        expect.objectContaining({
          is_enable_admin: true,
          delete_ids: [{ type: 'resource', room_id: 'omm_2' }],
        }),
      ]);
      const live = stage.emulator.attendees('a_0').map(({ id }) => id);
      expect(live.sort()).toEqual([fixture.organizer, fixture.user('a'), 'omm_1', 'omm_3'].sort());
    });

    it.each([
      ['its own list', { adminOccurrence: 'occurrence', unlistedOccurrence: 'absent' }],
      ['the list of the series before', { adminOccurrence: 'occurrence', unlistedOccurrence: 'answered' }],
      ['the list of the series throughout', { adminOccurrence: 'series', unlistedOccurrence: 'absent' }],
    ])('of one occurrence change and are seen on %s', async (_where, behaviour) => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: rooms, recurring: true }],
        behaviour,
      });
      const run = await step(stage, [wantsRooms('a_0', start)]);
      expect(run.writes.map(({ body }) => body)).toEqual([
        expect.objectContaining({ instance_start_time_admin: start }),
        expect.objectContaining({ instance_start_time_admin: start }),
      ]);
    });
  });
}
