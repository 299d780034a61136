import { describe, expect, test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import {
  type World,
  applied,
  faults,
  newWorld,
  only,
  onDingTalk,
  outcomes,
  planRun,
  planned,
  wanted,
} from './scenario.ts';

/** Removals that the guards let pass only because of additions: those are seen before the removals start. */

const guarded = { guards: { maxRemovals: '100%', allowEmpty: false } } as const;
const others = wanted('weekly', ['ou_x', 'ou_y', 'ou_z'], guarded);

function replaced(): World {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  return world;
}

function kinds(world: World): string[] {
  return world.feishu.calls.map(({ kind }) => kind);
}

describe('where everybody is to be replaced', () => {
  test('one listing between additions and removals shows the additions, as the plan counts', async () => {
    const world = replaced();
    const { plan } = await planRun(world, [others]);
    const before = world.feishu.calls.length;
    const { result } = await applied(world, plan);
    expect(kinds(world).slice(before)).toEqual(['list', 'add', 'list', 'remove', 'list']);
    expect(plan.requests.needed).toBe(world.feishu.calls.length - before);
    expect(only(result).outcome).toBe('converged');
  });

  test('it waits until reads show the additions, and then for as long as verifying may take', async () => {
    const world = replaced();
    world.feishu.lagMs = 7000;
    const plan = await planned(world, others);
    const { result } = await applied(world, plan, { verify: false });
    const [added, removed] = world.feishu.writes;
    expect((removed?.at ?? 0) - (added?.at ?? 0)).toBeGreaterThanOrEqual(7000);
    expect(world.feishu.calls.filter(({ kind }) => kind === 'list')[2]?.at).toBe((added?.at ?? 0) + 2000);
    expect(only(result).outcome).toBe('applied');
  });

  test('additions without effect leave everybody there, and the event is refused', async () => {
    const world = replaced();
    const plan = await planned(world, others);
    faults(world.feishu, 'add', { drops: 'all' });
    const { result } = await applied(world, plan);
    expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b']);
    expect(only(result)).toMatchObject({ outcome: 'refused', violations: [{ code: 'empty' }] });
    expect(only(result).notes).toEqual([
      'The platform accepted the additions but does not list them, so nobody was removed.',
    ]);
    expect(outcomes(only(result))).toEqual({
      'remove ou_a': 'not-attempted',
      'remove ou_b': 'not-attempted',
      'add ou_x': 'unknown',
      'add ou_y': 'unknown',
      'add ou_z': 'unknown',
    });
    expect(only(result).changes.at(-1)?.error?.code).toBe('not-seen');
    expect(result.exitCode).toBe(4);
  });

  test('additions of which some are there are enough, and the event is not as planned', async () => {
    const world = replaced();
    const plan = await planned(world, others);
    faults(world.feishu, 'add', { drops: 'half' });
    const { result } = await applied(world, plan);
    expect(world.feishu.live('weekly')).toEqual(['user:ou_x']);
    expect(only(result).outcome).toBe('not-converged');
  });

  test('a listing that fails until the time is over removes nobody', async () => {
    const world = replaced();
    const plan = await planned(world, others);
    let lists = 0;
    world.feishu.onCall = ({ kind }) =>
      kind === 'list' && (lists += 1) > 1 ? { unreadable: 'list-failed' } : undefined;
    const { result } = await applied(world, plan);
    expect(only(result)).toMatchObject({ outcome: 'not-converged', problem: { code: 'list-failed' } });
    expect(world.feishu.writes.map(({ kind }) => kind)).toEqual(['add']);
    expect(result.exitCode).toBe(4);
  });

  test('a stop meanwhile removes nobody', async () => {
    const world = replaced();
    const plan = await planned(world, others);
    const controller = new AbortController();
    faults(world.feishu, 'add', { drops: 'all' });
    let lists = 0;
    world.feishu.onCall = ((before) => (call) => {
      if (call.kind === 'list' && (lists += 1) === 3) controller.abort(new Error('stop'));
      return before(call);
    })(world.feishu.onCall);
    const { result } = await applied(world, plan, { signal: controller.signal });
    expect(only(result).outcome).toBe('interrupted');
    expect(world.feishu.writes.map(({ kind }) => kind)).toEqual(['add']);
    expect(result.exitCode).toBe(130);
  });
});

describe('no listing is needed between', () => {
  test.each<[string, readonly string[], DesiredEvent]>([
    ['somebody stays', ['ou_a', 'ou_b'], wanted('weekly', ['ou_a', 'ou_x'], guarded)],
    ['the event may be empty', ['ou_a', 'ou_b'], wanted('weekly', ['ou_x'])],
    ['nobody is removed', ['ou_a'], wanted('weekly', ['ou_a', 'ou_x'], guarded)],
    ['only a flag is replaced', ['ou_a'], wanted('weekly', ['ou_a?'], guarded)],
  ])('where %s', async (_why, live, event) => {
    const world = newWorld();
    world.feishu.create('weekly', live);
    const { plan } = await planRun(world, [event]);
    const before = world.feishu.calls.length;
    const { result } = await applied(world, plan);
    expect(result.exitCode).toBe(0);
    expect(
      kinds(world)
        .slice(before)
        .filter((kind) => kind === 'list'),
    ).toHaveLength(2);
    expect(plan.requests.needed).toBe(world.feishu.calls.length - before);
  });

  test('on a platform whose reads do not lag there is no wait', async () => {
    const world = newWorld();
    world.dingtalk.create('weekly', ['a', 'b']);
    const plan = await planned(world, onDingTalk(wanted('weekly', ['x'], guarded)));
    await applied(world, plan);
    expect(new Set(world.dingtalk.calls.map(({ at }) => at)).size).toBe(1);
  });
});

test('where the removals have to come first, nobody is removed on the strength of additions', async () => {
  const world = newWorld();
  const live = Array.from({ length: 2000 }, (_, index) => `ou_a${index}`);
  world.feishu.create('weekly', live);
  const wants = Array.from({ length: 2000 }, (_, index) => `ou_b${index}`);
  const plan = await planned(world, wanted('weekly', wants, guarded));
  expect(plan.events[0]).toMatchObject({ order: 'removes-first', status: 'refused' });
  expect(plan.events[0]?.violations.map(({ code }) => code)).toEqual(['empty']);
  const stays = await planned(world, wanted('weekly', [...wants, 'ou_a0'], guarded));
  expect(stays.events[0]).toMatchObject({ order: 'removes-first', status: 'changed' });
});
