import { test } from 'vitest';
import { hold } from './apply-hold.ts';
import { scheduleOf } from './apply-schedule.ts';
import { overSeeds, seedsOf } from './seeds.ts';

const seeds = seedsOf(100);

test(`apply keeps its laws over ${seeds.count} schedules`, { timeout: 3_600_000 }, () =>
  overSeeds('apply.test.ts', seeds, (seed) => hold(scheduleOf(seed))),
);

// One of these takes as long as a hundred of the others.
const crowds = { ...seeds, count: Math.ceil(seeds.count / 100) };

test(
  `apply keeps its laws over ${crowds.count} schedules of hundreds of events at work`,
  { timeout: 3_600_000 },
  () => overSeeds('apply.test.ts', crowds, (seed) => hold(scheduleOf(seed, 300))),
);
