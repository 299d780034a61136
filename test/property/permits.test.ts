import { expect, it } from 'vitest';
import { holdPermitLaws } from './permit-schedule.ts';
import { overSeeds, seedsOf } from './seeds.ts';

it('processes that share windows keep them, whoever is stopped, killed or cut off from the store', async () => {
  const seeds = seedsOf(20);
  await overSeeds('permits.test.ts', seeds, holdPermitLaws);
  expect(seeds.count).toBeGreaterThan(0);
}, 60_000);
