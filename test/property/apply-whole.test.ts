import { test, vi } from 'vitest';
import type * as Platforms from '../../src/platforms/index.ts';
import { hold } from './apply-hold.ts';
import { scheduleOf } from './apply-schedule.ts';
import { overSeeds, seedsOf } from './seeds.ts';

vi.mock('../../src/platforms/index.ts', async (original) => {
  const { withWhole } = await import('../support/whole-row.ts');
  return withWhole(await original<typeof Platforms>());
});

const seeds = seedsOf(300);

test(
  `apply keeps its laws over ${seeds.count} schedules where lists are replaced`,
  { timeout: 3_600_000 },
  () => overSeeds('apply-whole.test.ts', seeds, (seed) => hold(scheduleOf(seed))),
);
