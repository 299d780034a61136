import { expect, test } from 'vitest';
import { applied, newWorld, planned, wanted } from './scenario.ts';

test('of two applies at once both may add, and neither removes whom the manifests want', async () => {
  const world = newWorld();
  world.feishu.callMs = () => 100;
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b', 'ou_n']));
  const results = await Promise.all([applied(world, plan), applied(world, plan)]);
  const added = world.feishu.writes.filter(({ kind }) => kind === 'add');
  expect(added.map(({ identities }) => identities)).toEqual([['user:ou_n'], ['user:ou_n']]);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b', 'user:ou_n']);
  expect(results.map(({ result }) => result.exitCode)).toEqual([0, 0]);
});
