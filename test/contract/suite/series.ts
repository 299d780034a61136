import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../src/emulator/intercept.ts';
import type { Occurrences, Window } from '../../../src/model/occurrence.ts';
import { platforms } from '../../../src/platforms/index.ts';
import type { Fixture, Scene, World } from './fixture.ts';
import { planOf, resultOf, running } from './ground.ts';
import { openStage, type Script, type Stage, type Wire, writesOf } from './stage.ts';
import { on } from './topics.ts';
import { onEvent, wants } from './wants.ts';

const first = '2026-12-07T02:00:00Z';
const second = '2026-12-14T02:00:00Z';
const third = '2026-12-21T02:00:00Z';
const window: Window = { fromMs: Date.UTC(2026, 10, 20), toMs: Date.UTC(2027, 10, 21) };

/** A weekly series of which one occurrence was moved, one is attended by others, and one was cancelled. */
function weekly(id: string): Scene {
  return {
    id,
    seats: [{ id: 'a' }, { id: 'b' }],
    series: {
      rule: 'FREQ=WEEKLY',
      start: '2026-11-02T02:00:00Z',
      exceptions: [
        { original: first, start: '2026-12-08T06:00:00Z' },
        { original: second, seats: [{ id: 'a' }, { id: 'x' }] },
        { original: third, cancelled: true },
      ],
    },
  };
}

const seriesCalls = ({ series }: Fixture, calls: readonly Wire[]): readonly Wire[] =>
  calls.filter(({ api }) => api === series.one || api === series.several);

async function read(stage: Stage, ...ids: string[]): Promise<ReadonlyMap<string, Occurrences>> {
  const refs = ids.map((id) => stage.fixture.ref(id));
  return stage.session.reader().occurrences(refs, window, running);
}

/** The occurrences of several series, and the calls that it took to find them. */
export function series(fixture: Fixture): void {
  const follows = platforms[fixture.provider].event.exceptions.cannotFollow === null;
  const world: World = { scenes: [weekly('w_0')] };

  it('are found in one call, with what they were to be, and without those that are cancelled', async () => {
    await using stage = await openStage(fixture, world);
    const found = (await read(stage, 'w_0')).get('w_0');
    expect(found).toMatchObject({
      complete: true,
      occurrences: [
        { eventId: fixture.series.idOf('w_0', first), original: first, start: '2026-12-08T06:00:00Z' },
        { eventId: fixture.series.idOf('w_0', second), original: second, start: second },
      ].toSorted((one, other) => one.start.localeCompare(other.start)),
    });
    expect(seriesCalls(fixture, stage.wire).map(({ api }) => api)).toEqual([fixture.series.one]);
  });

  it('are none where a series has none, and where an event is no series', async () => {
    await using stage = await openStage(fixture, {
      scenes: [
        { ...weekly('w_0'), series: { rule: 'FREQ=WEEKLY', start: '2026-11-02T02:00:00Z' } },
        { id: 'single_0', seats: [] },
      ],
    });
    const none = { complete: true, occurrences: [] };
    expect((await read(stage, 'w_0')).get('w_0')).toEqual(none);
    expect((await read(stage, 'single_0')).get('single_0')).toEqual(none);
  });

  on(fixture, 'series-together', 'of several series', () => {
    it('are found together, in fewer calls than series', async () => {
      await using stage = await openStage(fixture, { scenes: ['u_0', 'v_0', 'w_0'].map(weekly) });
      const found = await read(stage, 'u_0', 'v_0', 'w_0');
      expect([...found.values()].map((one) => one.complete && one.occurrences.length)).toEqual([2, 2, 2]);
      const apis = seriesCalls(fixture, stage.wire).map(({ api }) => api);
      expect(new Set(apis)).toEqual(new Set([fixture.series.several]));
      expect(apis.length).toBeLessThan(3);
    });
  });

  it('are read to the last page', async () => {
    const last = '2027-10-01T02:00:00Z';
    const daily: Scene = {
      id: 'd_0',
      seats: [{ id: 'a' }],
      series: {
        rule: 'FREQ=DAILY',
        start: '2026-08-01T02:00:00Z',
        exceptions: [{ original: last, seats: [{ id: 'x' }] }],
      },
    };
    await using stage = await openStage(fixture, { scenes: [daily] });
    const found = (await read(stage, 'd_0')).get('d_0');
    expect(found).toMatchObject({ complete: true, occurrences: [{ original: last }] });
    expect(seriesCalls(fixture, stage.wire).length).toBeGreaterThanOrEqual(
      Math.ceil((window.toMs - window.fromMs) / 86_400_000 / fixture.series.page),
    );
  });

  describe('that cannot be read are not complete, whatever was found until then', () => {
    const html: Fault = { kind: 'answer', status: 200, body: '<html>please sign in</html>' };
    const always =
      (fault: Fault): Script =>
      ({ api }) =>
        api === fixture.series.one || api === fixture.series.several ? fault : undefined;
    it.each<[string, Script, string]>([
      ['failing calls', always(fixture.serverError), 'list-failed'],
      ['HTML instead of JSON', always(html), 'list-malformed'],
      ['calls that are used up', always(fixture.quotaUsedUp), 'quota'],
    ])('%s', async (_what, script, code) => {
      await using stage = await openStage(fixture, world, { script });
      expect((await read(stage, 'w_0')).get('w_0')).toMatchObject({ complete: false, problem: { code } });
    });

    it('for want of a permission', async () => {
      await using stage = await openStage(fixture, { ...world, scopes: [] });
      expect((await read(stage, 'w_0')).get('w_0')).toMatchObject({
        complete: false,
        problem: {
          // Where a permission is part of the credentials, these are not taken.
          code: expect.stringMatching(/^(list-refused|credentials)$/),
          hint: expect.any(String),
        },
      });
    });

    it('and the series is planned all the same', async () => {
      await using stage = await openStage(fixture, world, { script: always(fixture.serverError) });
      const { planned } = await stage.run([wants(fixture, 'w_0', ['a'], { exceptions: 'report' })]);
      expect(planOf(planned, 'w_0')).toMatchObject({ status: 'changed' });
      expect(planOf(planned, 'w_0@*')).toMatchObject({ status: 'unknown', problem: { code: 'list-failed' } });
      expect(onEvent(stage, 'w_0')).toHaveLength(1);
    });
  });

  it('that are reported are compared with the manifest of the series, and written to by nobody', async () => {
    await using stage = await openStage(fixture, world);
    const { planned, writes } = await stage.run([
      wants(fixture, 'w_0', ['a', 'b'], { exceptions: 'report' }),
    ]);
    expect(planOf(planned, 'w_0')).toMatchObject({
      status: 'in-sync',
      occurrences: [
        { name: 'w_0@2026-12-07', differs: { changes: [] } },
        { name: 'w_0@2026-12-14', differs: { changes: [{ action: 'remove' }, { action: 'add' }] } },
      ],
    });
    expect(writes).toEqual([]);
  });

  if (follows) following(fixture, world);
}

/** What only platforms do whose occurrences can be changed apart. */
function following(fixture: Fixture, world: World): void {
  const of = (original: string): string => fixture.series.idOf('w_0', original);

  it.each(['fresh', 'saved'] as const)('that are followed are made so, one by one (%s)', async (how) => {
    await using stage = await openStage(fixture, world);
    const desired = [wants(fixture, 'w_0', ['a', 'b', 'c'], { exceptions: 'follow' })];
    const { result, writes } = await stage.run(desired, how);
    expect(resultOf(result, 'w_0@2026-12-14').outcome).toBe('converged');
    const all = ['a', 'b', 'c'].map((name) => fixture.user(name));
    for (const id of ['w_0', of(first), of(second)]) expect(onEvent(stage, id)).toEqual(all);
    expect(new Set(writes.map(({ eventId }) => eventId))).toEqual(new Set(['w_0', of(first), of(second)]));
    expect((await stage.run(desired)).writes).toEqual([]);
  });

  it('that a write to the series reaches as well end as they should', async () => {
    await using stage = await openStage(fixture, { ...world, behaviour: { seriesWrites: 'all' } });
    const desired = [wants(fixture, 'w_0', ['a', 'c'], { exceptions: 'follow' })];
    await stage.run(desired);
    const all = ['a', 'c'].map((name) => fixture.user(name));
    for (const id of ['w_0', of(first), of(second)]) expect(onEvent(stage, id)).toEqual(all);
  });

  const moves: readonly (readonly [string, 'cancelled' | 'restored', string])[] = [
    ['cancelled', 'cancelled', 'event-deleted'],
    ['as the series has them again', 'restored', 'list-moved'],
  ];
  it.each(moves.filter(([, change]) => change === 'cancelled' || fixture.series.mute !== true))(
    'that are %s by the time a saved plan is applied are left alone',
    async (_what, change, code) => {
      await using stage = await openStage(fixture, {
        ...world,
        behaviour: { unlistedOccurrence: 'answered' },
      });
      const planned = await stage.plan([wants(fixture, 'w_0', ['a', 'b'], { exceptions: 'follow' })]);
      stage.emulator.reschedule(of(second), change);
      const result = await stage.apply(planned, 'saved');
      expect(resultOf(result, 'w_0@2026-12-14')).toMatchObject({ outcome: 'unknown', problem: { code } });
      expect(writesOf(stage.wire).filter(({ eventId }) => eventId === of(second))).toEqual([]);
    },
  );
}
