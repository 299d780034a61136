import { describe, expect, it } from 'vitest';

import { wanted } from '../../support/manifest-builders.ts';
import type { Fixture, Seat } from './fixture.ts';
import { allSentAs, openStage } from './stage.ts';
import { deviates, on } from './topics.ts';
import { crowds, onEvent, step, users, wants } from './wants.ts';

const seats = (...ids: readonly string[]): Seat[] => ids.map((id) => ({ id }));

/** Removals, additions and both, with the calls that they take. */
export function changes(fixture: Fixture): void {
  const { others, caps } = fixture;

  describe('removals', () => {
    it('are one call where a batch holds them', async () => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: seats('a', 'b', 'c', 'd') }],
      });
      const run = await step(stage, [wants(fixture, 'a_0', ['a', 'c'])]);
      expect(run.writes.map(({ operation }) => operation)).toEqual(allSentAs(fixture, 'remove'));
    });
  });

  describe('additions', () => {
    it('are one call where a batch holds them', async () => {
      await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: seats('a') }] });
      const run = await step(stage, [wants(fixture, 'a_0', ['a', 'b', 'c'])]);
      expect(run.writes.map(({ operation }) => operation)).toEqual(['add']);
    });
  });

  describe('additions and removals together', () => {
    it('additions come first', async () => {
      await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: seats('a', 'b') }] });
      const run = await step(stage, [wants(fixture, 'a_0', ['b', 'c'])]);
      expect(run.writes.map(({ operation }) => operation)).toEqual(allSentAs(fixture, 'add', 'remove'));
      expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'b', 'c'));
    });
  });

  describe('an optional flag', () => {
    const scenes = [{ id: 'a_0', seats: [{ id: 'a', optional: true }, { id: 'b' }] }];

    it('is replaced by a removal and an addition', async () => {
      await using stage = await openStage(fixture, { scenes });
      const run = await step(stage, [wants(fixture, 'a_0', ['a', 'b'], { optionalDrift: 'replace' })]);
      expect(run.writes.map(({ operation }) => operation)).toEqual(allSentAs(fixture, 'remove', 'add'));
      const live = stage.emulator.attendees('a_0').filter(({ id }) => id !== fixture.organizer);
      expect(live.map(({ optional }) => optional)).toEqual([false, false]);
    });
  });

  describe('telling people', () => {
    it.each([true, false])('notify %s stands in each call that has a switch', async (notify) => {
      await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: seats('a', 'b') }] });
      const run = await step(stage, [wants(fixture, 'a_0', ['b', 'c'], { notify })]);
      const silent = deviates(fixture, 'removal-notice') ? undefined : notify;
      const told = allSentAs(fixture, 'add', 'remove').map((call) => (call === 'add' ? notify : silent));
      expect(run.writes.map(fixture.notice)).toEqual(told);
    });
  });

  describe('the request key', () => {
    it('is another one for each request', async () => {
      await using stage = await openStage(fixture, {
        scenes: [{ id: 'a_0', seats: seats('stays'), crowd: caps.remove + 1 }],
      });
      await step(stage, [wants(fixture, 'a_0', ['stays', 'new'])]);
      const { add, remove } = fixture.routes;
      const writes = stage.emulator.requests.filter(({ api }) => api === add || api === remove);
      const keys = new Set(writes.map(({ headers }) => headers['x-client-token']));
      expect(keys.size).toBe(deviates(fixture, 'idempotency-key') ? 1 : writes.length);
    });
  });

  on(fixture, 'rooms', 'chats, rooms and addresses', () => {
    it('are removed and added beside users', async () => {
      await using stage = await openStage(fixture, {
        scenes: [
          {
            id: 'a_0',
            seats: [
              { id: 'a' },
              others.team('old'),
              others.room('old'),
              { type: 'email', id: 'Old@Example.com' },
              { type: 'email', id: 'stays@example.com' },
            ],
          },
        ],
      });
      const run = await step(stage, [
        wants(
          fixture,
          'a_0',
          [
            'a',
            others.team('new'),
            others.room('new'),
            wanted('new@example.com', { type: 'email' }),
            wanted('stays@example.com', { type: 'email' }),
          ],
          { external: 'remove' },
        ),
      ]);
      expect(run.writes.map(({ operation }) => operation)).toEqual(allSentAs(fixture, 'add', 'remove'));
      expect(onEvent(stage, 'a_0')).toEqual(
        [
          'new@example.com',
          others.team('new').id,
          others.room('new').id,
          fixture.user('a'),
          'stays@example.com',
        ].sort(),
      );
    });
  });

  on(fixture, 'batches', 'a batch', () => batches(fixture));

  it('a plan makes no call that writes', async () => {
    await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: seats('a') }] });
    const planned = await stage.plan([wants(fixture, 'a_0', ['b'])]);
    expect(planned.plan.summary).toMatchObject({ add: 1, remove: 1 });
    expect(stage.wire.map(({ operation }) => operation)).toEqual([
      'token',
      ...allSentAs(fixture, 'list', 'look'),
    ]);
  });
}

/** What a call and an event hold at most. */
function batches(fixture: Fixture): void {
  const { caps } = fixture;

  it('one more than a batch are removed in two calls', async () => {
    await using stage = await openStage(fixture, {
      scenes: [{ id: 'a_0', seats: seats('stays'), crowd: caps.remove + 1 }],
    });
    const run = await step(stage, [wants(fixture, 'a_0', ['stays'])]);
    expect(run.writes.map(({ body }) => fixture.named(body).length)).toEqual([caps.remove, 1]);
    expect(new Set(run.writes.flatMap(({ body }) => fixture.named(body))).size).toBe(caps.remove + 1);
    expect(onEvent(stage, 'a_0')).toEqual(users(stage, 'stays'));
  });

  it('one more than a batch are added in two calls', async () => {
    await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: [] }] });
    const run = await step(stage, [wants(fixture, 'a_0', crowds(1, caps.add + 1))]);
    expect(run.writes.map(({ body }) => fixture.named(body).length)).toEqual([caps.add, 1]);
  });

  it('removals come first where the additions would pass the cap of the event', async () => {
    const crowd = caps.event - 2;
    await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: seats('old'), crowd }] });
    const run = await step(stage, [wants(fixture, 'a_0', ['new', ...crowds(1, crowd)])]);
    expect(run.writes.map(({ operation }) => operation)).toEqual(['remove', 'add']);
  });

  on(fixture, 'rooms', 'of rooms', () => {
    it('more rooms than a call takes are added in two calls', async () => {
      await using stage = await openStage(fixture, { scenes: [{ id: 'a_0', seats: [] }] });
      const rooms = Array.from({ length: 101 }, (_, index) => fixture.others.room(String(index)));
      const run = await step(stage, [wants(fixture, 'a_0', rooms)]);
      expect(run.writes.map(({ body }) => fixture.named(body).length)).toEqual([100, 1]);
    });
  });
}
