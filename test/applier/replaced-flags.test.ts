import { expect, test } from 'vitest';
import { applied, faults, newWorld, only, outcomes, planned, wanted } from './scenario.ts';

test('nothing is read between the two halves of a flag where the first was answered', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b?']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b']));
  const before = world.feishu.calls.length;
  await applied(world, plan);
  expect(world.feishu.calls.slice(before).map(({ kind }) => kind)).toEqual(['list', 'remove', 'add', 'list']);
});

test('readings that fail after a lost answer do not keep whoever was taken off for a new flag from coming back', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b?']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b']));
  faults(world.feishu, 'remove', { error: 'lost', effect: 'all' });
  const failed = { unreadable: 'list-failed' } as const;
  faults(world.feishu, 'list', undefined, failed, failed, failed, failed);
  const { result } = await applied(world, plan);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b']);
  expect(only(result).outcome).toBe('converged');
});

test('who was taken off for a new flag stays in doubt where nothing can be read, and nobody is added blindly', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b?']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b']));
  let listed = 0;
  world.feishu.onCall = ({ kind }) => {
    if (kind === 'list') return (listed += 1) > 1 ? { unreadable: 'list-failed' } : undefined;
    return kind === 'remove' ? { error: 'lost' } : undefined;
  };
  const { result } = await applied(world, plan, { verifyTimeoutMs: 10_000 });
  expect(world.feishu.writes.map(({ kind }) => kind)).toEqual(['remove']);
  expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'unknown', 'add ou_b': 'not-attempted' });
  expect(result.exitCode).toBe(4);
});

test.each<['remove' | 'add', string, string]>([
  ['remove', 'failed', 'not-attempted'],
  ['add', 'done', 'failed'],
])(
  'nothing further of an event is done where a flag could not be replaced: %s',
  async (kind, removed, added) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b?'], 'oc_meet');
    const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
    const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b'], { unbindChat }));
    faults(world.feishu, kind, { error: 'event' });
    const { result } = await applied(world, plan);
    expect(outcomes(only(result))).toEqual({
      'remove ou_b': removed,
      'add ou_b': added,
      'unbind-chat': 'not-attempted',
    });
    expect(world.feishu.chatOf('weekly')).toBe('oc_meet');
    expect(result.exitCode).toBe(kind === 'add' ? 4 : 1);
  },
);
