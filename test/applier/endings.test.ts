import { expect, test } from 'vitest';
import type { ApplyEvent } from '../../src/model/result.ts';
import {
  type World,
  applied,
  at,
  faults,
  newWorld,
  only,
  onlyPlan,
  outcomes,
  planRun,
  planned,
  wanted,
} from './scenario.ts';

type Done = ApplyEvent & { readonly kind: 'event-done' };

function weekly(...attendees: readonly string[]): World {
  const world = newWorld();
  world.feishu.create('weekly', attendees);
  return world;
}

function endOf(items: readonly ApplyEvent[]): Done | undefined {
  return items.find((item) => item.kind === 'event-done');
}

const end = {
  kind: 'event-done',
  name: 'weekly',
  settled: [],
  newcomers: [],
  notes: [],
  violations: [],
} as const;

test('an event that is in sync ends without a call', async () => {
  const world = weekly('ou_a');
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const before = world.feishu.calls.length;
  const { items } = await applied(world, plan);
  expect(endOf(items)).toStrictEqual({ ...end, outcome: 'unchanged' });
  expect(world.feishu.calls).toHaveLength(before);
});

test.each<[string, boolean]>([
  ['a saved plan', false],
  ["the plan's own readings", true],
])('an event that is done ends with nothing to add, after %s', async (_what, fresh) => {
  const world = weekly('ou_a', 'ou_b');
  const { plan, readings } = await planRun(world, [wanted('weekly', ['ou_a'])]);
  const { items } = await applied(world, plan, fresh ? { readings } : {});
  expect(endOf(items)).toStrictEqual({ ...end, outcome: 'converged' });
});

test('an event whose chat alone is unbound ends with nothing to add', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a'], 'oc_meet');
  const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
  const plan = await planned(world, wanted('weekly', ['ou_a'], { unbindChat }));
  const { items } = await applied(world, plan, { verify: false });
  expect(endOf(items)).toStrictEqual({ ...end, outcome: 'applied' });
});

test('an event that the plan does not know ends as it began', async () => {
  const world = weekly('ou_a');
  faults(world.feishu, 'list', { unreadable: 'list-failed' });
  const plan = await planned(world, wanted('weekly', ['ou_b']));
  const { items } = await applied(world, plan);
  expect(endOf(items)).toStrictEqual({ ...end, outcome: 'unknown', problem: onlyPlan(plan).problem });
});

test('an event that is refused says what was not attempted, and why', async () => {
  const world = weekly('ou_a');
  const plan = await planned(world, wanted('weekly', [], { guards: { allowEmpty: false } }));
  const { items, result } = await applied(world, plan);
  const { settled, ...rest } = endOf(items) ?? { ...end, outcome: 'unknown' };
  const { settled: _none, ...ending } = end;
  expect(rest).toStrictEqual({ ...ending, outcome: 'refused', violations: onlyPlan(plan).violations });
  expect(settled).toHaveLength(1);
  expect(result.exitCode).toBe(3);
});

test.each(['entry', 'event'] as const)(
  'an addition that is refused (%s) trips no guard where nobody is to go',
  async (error) => {
    const world = weekly('ou_a');
    const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b']));
    faults(world.feishu, 'add', { error });
    const { result } = await applied(world, plan);
    expect(only(result)).toMatchObject({ outcome: 'failed', violations: [], notes: [] });
  },
);

test('a removal that is refused with its event is not read again', async () => {
  const world = weekly('ou_a', 'ou_b');
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const before = world.feishu.calls.length;
  faults(world.feishu, 'remove', { error: 'event' });
  await applied(world, plan);
  expect(world.feishu.calls.slice(before).map(({ kind }) => kind)).toEqual(['list', 'remove']);
});

test('a problem that a later reading made good is not told', async () => {
  const world = weekly('ou_a', 'ou_b');
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  faults(world.feishu, 'remove', { error: 'lost', effect: 'all' });
  faults(world.feishu, 'list', undefined, { unreadable: 'list-failed' });
  const { items } = await applied(world, plan);
  expect(endOf(items)).toMatchObject({ outcome: 'converged' });
  expect(endOf(items)).not.toHaveProperty('problem');
});

test('what is not seen is told without a note on others, where no manifest says what they may do', async () => {
  const world = weekly('ou_a', 'ou_b');
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  world.feishu.lagMs = 100_000;
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({ outcome: 'not-converged', notes: [] });
});

test('a stop at the last write of all leaves nothing open where nothing is verified', async () => {
  const world = weekly('ou_a', 'ou_b');
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const controller = new AbortController();
  at(world.feishu, 'remove', () => {
    controller.abort();
  });
  const { result } = await applied(world, plan, { signal: controller.signal, verify: false });
  expect(only(result).outcome).toBe('applied');
  expect(result.exitCode).toBe(0);
});

test('a stop at a write that is refused leaves the rest of the event open', async () => {
  const world = weekly('ou_a', 'ou_b');
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_c']));
  const controller = new AbortController();
  faults(world.feishu, 'add', { error: 'event' });
  at(world.feishu, 'add', () => {
    controller.abort();
  });
  const { result } = await applied(world, plan, { signal: controller.signal });
  expect(only(result).outcome).toBe('interrupted');
  expect(outcomes(only(result))).toEqual({ 'add ou_c': 'failed', 'remove ou_b': 'not-attempted' });
  expect(result.exitCode).toBe(130);
});
