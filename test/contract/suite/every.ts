import { describe, expect, it } from 'vitest';

import { platforms } from '../../../src/platforms/index.ts';
import { wanted } from '../../support/manifest-builders.ts';
import type { Place, Seat } from './fixture.ts';
import { planOf, resultOf, type Open } from './ground.ts';
import { deviates, on } from './topics.ts';
import { crowds, onEvent, rests, step, users, wants, wantsGone } from './wants.ts';

const seats = (...ids: readonly string[]): Seat[] => ids.map((id) => ({ id }));
const scene = { id: 'a_0', seats: seats('a') };

/** What every platform does, whatever is between: nothing here looks at a wire. */
export function everyPlatform(place: Place, open: Open): void {
  describe('attendees', () => attendees(place, open));
  describe('the organizer', () => organizer(place, open));
  describe('a plan', () => plans(place, open));
  describe('deleting an event', () => deletions(place, open));
  describe('trouble', () => trouble(place, open));
}

function attendees(place: Place, open: Open): void {
  it.each(['fresh', 'saved'] as const)('some are removed, of a %s plan', async (how) => {
    await using ground = await open({ scenes: [{ id: 'a_0', seats: seats('a', 'b', 'c', 'd') }] });
    const { result } = await step(ground, [wants(place, 'a_0', ['a', 'c'])], how);
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', 'c'));
    expect(result.summary).toMatchObject({ removed: 2, added: 0, converged: 1 });
    expect(result.exitCode).toBe(0);
  });

  it.each(['fresh', 'saved'] as const)('some are added, optional ones as such, of a %s plan', async (how) => {
    await using ground = await open({ scenes: [scene] });
    const maybe = wanted(place.user('c'), { optional: true });
    await step(ground, [wants(place, 'a_0', ['a', 'b', maybe])], how);
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', 'b', 'c'));
    const optional = ground.attendees('a_0').filter((live) => live.optional);
    expect(optional.map(({ id }) => id)).toEqual([place.user('c')]);
  });

  it('the first are added to an event with nobody', async () => {
    await using ground = await open({ scenes: [{ id: 'a_0', seats: [], bare: true }] });
    await step(ground, [wants(place, 'a_0', ['a', 'b'])]);
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', 'b'));
  });

  it('somebody who was removed before comes back', async () => {
    await using ground = await open({
      scenes: [{ id: 'a_0', seats: [{ id: 'a' }, { id: 'b', removed: true }] }],
    });
    const { planned } = await step(ground, [wants(place, 'a_0', ['a', 'b'])]);
    const [change] = planOf(planned, 'a_0').changes;
    const marked = change?.action === 'add' && change.wasRemoved === true;
    expect(marked).toBe(!deviates(place, 'removed-rows'));
  });

  it('of several events change side by side', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `e${index}_0`);
    await using ground = await open({ scenes: names.map((id) => ({ id, seats: seats('a', 'b') })) });
    await step(
      ground,
      names.map((name) => wants(place, name, ['b', 'c'])),
    );
    for (const name of names) expect(onEvent(ground, name)).toEqual(users(ground, 'b', 'c'));
  });

  it('have an optional flag that is replaced where that is wanted, and left alone by default', async () => {
    const scenes = [{ id: 'a_0', seats: [{ id: 'a', optional: true }, { id: 'b' }] }];
    await using ground = await open({ scenes });
    const { planned } = await rests(ground, [wants(place, 'a_0', ['a', 'b'])]);
    expect(planOf(planned, 'a_0').drift).toHaveLength(1);
    await step(ground, [wants(place, 'a_0', ['a', 'b'], { optionalDrift: 'replace' })]);
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', 'b'));
    expect(ground.attendees('a_0').filter(({ optional }) => optional)).toEqual([]);
  });

  on(place, 'external', 'from another tenant', () => {
    const scenes = [{ id: 'a_0', seats: [{ id: 'a' }, { id: 'guest', external: true }] }];

    it('are kept by default, and removed where that is wanted', async () => {
      await using ground = await open({ scenes });
      await rests(ground, [wants(place, 'a_0', ['a'])]);
      await step(ground, [wants(place, 'a_0', ['a'], { external: 'remove' })]);
      expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a'));
    });
  });
}

function organizer(place: Place, open: Open): void {
  it('alone is left where nobody else is wanted', async () => {
    await using ground = await open({ scenes: [{ id: 'a_0', seats: seats('a', 'b') }] });
    await step(ground, [wants(place, 'a_0', [])]);
    expect(ground.attendees('a_0').map(({ id }) => id)).toEqual([place.organizer]);
  });

  it('is never removed, and says why', async () => {
    await using ground = await open({ scenes: [scene] });
    const { planned } = await step(ground, [wants(place, 'a_0', ['b'])]);
    expect(planOf(planned, 'a_0').kept).toMatchObject([
      { attendee: { id: place.organizer }, reason: 'organizer' },
    ]);
    expect(ground.attendees('a_0').map(({ id }) => id)).toContain(place.organizer);
  });

  it('is never added', async () => {
    await using ground = await open({ scenes: [{ ...scene, bare: !deviates(place, 'external') }] });
    await rests(ground, [wants(place, 'a_0', ['a'])]);
  });

  on(place, 'handed-over', 'who was handed the event', () => {
    it('is not removed either', async () => {
      await using ground = await open({
        scenes: [{ id: 'a_0', seats: seats('a', 'heir', 'b'), handedTo: 'heir' }],
      });
      const run = await ground.run([wants(place, 'a_0', ['a', wanted(place.organizer)])]);
      expect(resultOf(run.result, 'a_0').outcome).toBe('converged');
      expect(planOf(run.planned, 'a_0').kept).toMatchObject([
        { attendee: { id: place.user('heir') }, reason: 'organizer' },
      ]);
      expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', 'heir'));
    });
  });
}

function plans(place: Place, open: Open): void {
  it('writes nothing', async () => {
    await using ground = await open({ scenes: [scene] });
    const { plan } = await ground.plan([wants(place, 'a_0', ['b'])]);
    expect(plan.summary).toMatchObject({ add: 1, remove: 1 });
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a'));
  });

  it('that was saved leaves newcomers alone and names them', async () => {
    await using ground = await open({ scenes: [{ id: 'a_0', seats: seats('a', 'b') }] });
    const planned = await ground.plan([wants(place, 'a_0', ['a'])]);
    await ground.run([wants(place, 'a_0', ['a', 'b', 'late'])]);
    const result = await ground.apply(planned, 'saved');
    expect(resultOf(result, 'a_0')).toMatchObject({
      outcome: 'converged',
      newcomers: [{ type: platforms[place.provider].event.people, id: place.user('late') }],
    });
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', 'late'));
  });

  it('that was saved drops what somebody else has done since', async () => {
    await using ground = await open({ scenes: [{ id: 'a_0', seats: seats('a', 'b', 'c') }] });
    const planned = await ground.plan([wants(place, 'a_0', ['a'])]);
    await ground.run([wants(place, 'a_0', ['a', 'c'])]);
    const result = await ground.apply(planned, 'saved');
    expect(resultOf(result, 'a_0').outcome).toBe('converged');
    expect(
      resultOf(result, 'a_0')
        .changes.map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['already', 'done']);
    await rests(ground, [wants(place, 'a_0', ['a'])]);
  });
}

function deletions(place: Place, open: Open): void {
  it.each(['fresh', 'saved'] as const)('is done once, of a %s plan', async (how) => {
    await using ground = await open({ scenes: [scene] });
    const run = await step(ground, [wantsGone(place, 'a_0')], how);
    expect(run.writes).toHaveLength(1);
    expect(run.result.summary.eventsDeleted).toBe(1);
    expect(ground.attendees('a_0')).toEqual([]);
  });

  it('that is deleted already is in sync', async () => {
    await using ground = await open({ scenes: [{ ...scene, deleted: true }] });
    await rests(ground, [wantsGone(place, 'a_0')]);
  });

  it('that never was there is in sync, with a warning', async () => {
    await using ground = await open({ scenes: [scene] });
    const { planned } = await rests(ground, [wantsGone(place, 'never_0')]);
    expect(planned.plan.diagnostics).toMatchObject([{ severity: 'warning', code: 'event-not-found' }]);
  });

  it('that somebody else deletes meanwhile is done already', async () => {
    await using ground = await open({ scenes: [scene] });
    const planned = await ground.plan([wantsGone(place, 'a_0')]);
    await step(ground, [wantsGone(place, 'a_0')]);
    const result = await ground.apply(planned);
    expect(resultOf(result, 'a_0')).toMatchObject({
      outcome: 'unchanged',
      changes: [{ action: 'delete-event', outcome: 'already' }],
    });
    expect(result.exitCode).toBe(0);
  });

  it('leaves an event unknown that is to have attendees, and the others go on', async () => {
    await using ground = await open({
      scenes: [
        { ...scene, deleted: true },
        { ...scene, id: 'b_0' },
      ],
    });
    const run = await ground.run([wants(place, 'a_0', ['b']), wants(place, 'b_0', ['b'])]);
    expect(planOf(run.planned, 'a_0')).toMatchObject({ status: 'unknown', changes: [] });
    expect(planOf(run.planned, 'a_0').problem?.code).toMatch(/^event-(deleted|not-found)$/);
    expect(resultOf(run.result, 'b_0').outcome).toBe('converged');
  });
}

function trouble(place: Place, open: Open): void {
  it('with a list that cannot be read leaves its event unknown, and the others go on', async () => {
    await using ground = await open({ scenes: [scene, { ...scene, id: 'b_0' }] }, { unreadable: 'a_0' });
    const run = await ground.run([wants(place, 'a_0', ['b']), wants(place, 'b_0', ['b'])]);
    expect(planOf(run.planned, 'a_0')).toMatchObject({ status: 'unknown', changes: [] });
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a'));
    expect(onEvent(ground, 'b_0')).toEqual(users(ground, 'b'));
    expect(run.result.exitCode).toBe(4);
  });

  it('with somebody whom the platform refuses costs nobody else', async () => {
    await using ground = await open({ scenes: [scene] }, { refused: 'crowd3' });
    const { result } = await ground.run([wants(place, 'a_0', ['a', ...crowds(1, 6)])]);
    const { outcome, changes } = resultOf(result, 'a_0');
    expect(outcome).toBe('partial');
    const failed = changes.filter((change) => change.outcome === 'failed');
    expect(failed.map(({ attendee }) => attendee?.id)).toEqual([place.user('crowd3')]);
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', ...crowds(1, 2), ...crowds(4, 6)));
  });

  it('with an answer that is lost costs no second write', async () => {
    await using ground = await open({ scenes: [scene] }, { loses: true });
    const run = await step(ground, [wants(place, 'a_0', ['a', 'b'])]);
    expect(run.writes).toHaveLength(1);
    expect(onEvent(ground, 'a_0')).toEqual(users(ground, 'a', 'b'));
  });
}
