import { describe, expect, test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import {
  type Applied,
  type World,
  applied,
  at,
  faults,
  newWorld,
  only,
  planRun,
  wanted,
} from './scenario.ts';

const changedMeanwhile = expect.stringContaining('someone else changed the event meanwhile');

/** Plans, then applies the manifests themselves, as they were planned or after one more reading. */
async function appliedFrom(
  world: World,
  event: DesiredEvent,
  more: { readonly rereads?: boolean; readonly verify?: boolean; readonly meanwhile?: () => void } = {},
): Promise<Applied> {
  const { plan, readings } = await planRun(world, [event]);
  more.meanwhile?.();
  const wants = new Map([[event.name, event]]);
  return applied(world, plan, {
    wants,
    verify: more.verify ?? true,
    ...(more.rereads === true ? {} : { readings }),
  });
}

describe('an event that somebody else changes while its manifest is applied', () => {
  test.each<[string, (world: World) => void, string]>([
    ['somebody who came', ({ feishu }) => feishu.join('weekly', 'ou_new'), '1 too many, 0 too few'],
    ['somebody who left', ({ feishu }) => feishu.leave('weekly', 'user:ou_a'), '0 too many, 1 too few'],
  ])('is not done for %s', async (_who, change, counts) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
    at(world.feishu, 'remove', () => {
      change(world);
    });
    const { result } = await appliedFrom(world, wanted('weekly', ['ou_a', 'ou_b']));
    expect(only(result)).toMatchObject({
      outcome: 'not-converged',
      changes: [{ outcome: 'done' }],
      notes: [expect.stringContaining(counts)],
    });
    expect(only(result).notes).toEqual([changedMeanwhile]);
    expect(result.exitCode).toBe(4);
  });

  test('is nobody but the run itself where its own changes are not seen yet', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    world.feishu.lagMs = 60_000;
    const { result } = await appliedFrom(world, wanted('weekly', ['ou_a', 'ou_c']));
    expect(only(result)).toMatchObject({
      outcome: 'not-converged',
      changes: [{ error: { code: 'not-seen' } }, { error: { code: 'not-seen' } }],
      notes: [],
    });
  });

  test('blames nobody else for an addition that came back as somebody else', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a']);
    at(world.feishu, 'add', () => {
      world.feishu.onEffect = () => {
        world.feishu.leave('weekly', 'user:ou_b');
        world.feishu.join('weekly', 'ou_z');
      };
    });
    const { result } = await appliedFrom(world, wanted('weekly', ['ou_a', 'ou_b']));
    expect(only(result)).toMatchObject({
      outcome: 'not-converged',
      changes: [{ attendee: { id: 'ou_b' }, outcome: 'unknown', error: { code: 'not-seen' } }],
      notes: ['not in the desired state: the last reading shows 1 too many, 0 too few. Plan again.'],
    });
  });

  test('is told by how its own changes ended, where one of them failed', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    faults(world.feishu, 'remove', { error: 'entry' });
    at(world.feishu, 'remove', () => {
      world.feishu.join('weekly', 'ou_new');
    });
    const { result } = await appliedFrom(world, wanted('weekly', ['ou_a', 'ou_c']));
    expect(only(result)).toMatchObject({ outcome: 'partial', notes: [] });
  });

  test('is applied where nothing is verified, whatever a reading in between showed', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    faults(world.feishu, 'remove', { error: 'lost', effect: 'all' });
    at(world.feishu, 'remove', () => {
      world.feishu.join('weekly', 'ou_new');
    });
    const { result } = await appliedFrom(world, wanted('weekly', ['ou_a']), { verify: false });
    expect(only(result).outcome).toBe('applied');
  });

  test('is not done where a reading before the first write shows it, and all else is so already', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const meanwhile = (): void => {
      world.feishu.leave('weekly', 'user:ou_b');
      world.feishu.join('weekly', 'ou_new');
    };
    const { result } = await appliedFrom(world, wanted('weekly', ['ou_a']), { rereads: true, meanwhile });
    expect(world.feishu.writes).toEqual([]);
    expect(only(result)).toMatchObject({ outcome: 'not-converged', newcomers: [{ id: 'ou_new' }] });
    expect(result.exitCode).toBe(1);
  });

  test.each<[string, Partial<DesiredEvent>, Parameters<World['feishu']['join']>[1]]>([
    ['add-only', { sync: 'add-only' }, 'ou_new'],
    ['remove-only', { sync: 'remove-only' }, 'ou_new'],
    ['the ignored', { ignore: [{ type: 'room' }] }, 'omm_new'],
    ['somebody from another tenant', {}, { id: 'ou_new', external: true }],
    ['an organizer', {}, { id: 'ou_new', organizer: true }],
  ])('is done where the manifest leaves that alone: %s', async (_what, more, newcomer) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const meanwhile = (): void => {
      world.feishu.join('weekly', newcomer);
    };
    const event = wanted('weekly', more.sync === 'add-only' ? ['ou_a', 'ou_c'] : ['ou_a'], more);
    const { result } = await appliedFrom(world, event, { meanwhile });
    expect(only(result)).toMatchObject({ outcome: 'converged', notes: [] });
  });

  test('is done where only a look can tell who organizes it', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_boss']);
    world.feishu.facts = { organizer: 'ou_boss' };
    expect((await appliedFrom(world, wanted('weekly', ['ou_a']))).result.exitCode).toBe(0);
    const other = newWorld();
    other.feishu.create('weekly', ['ou_a', 'ou_b']);
    other.feishu.facts = { organizer: 'ou_boss' };
    expect((await appliedFrom(other, wanted('weekly', ['ou_a', 'ou_boss']))).result.exitCode).toBe(0);
  });
});

test('what was so before the first write has to be so at the last reading', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const { plan } = await planRun(world, [wanted('weekly', ['ou_a'])]);
  world.feishu.leave('weekly', 'user:ou_b');
  at(world.feishu, 'remove', () => {
    world.feishu.join('weekly', 'ou_b');
  });
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({
    outcome: 'not-converged',
    changes: [
      { attendee: { id: 'ou_b' }, outcome: 'failed', error: { code: 'undone' } },
      { attendee: { id: 'ou_c' }, outcome: 'done' },
    ],
  });
  expect(result.exitCode).toBe(4);
});
