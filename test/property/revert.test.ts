import { test } from 'vitest';
import { scheduleOf } from './apply-schedule.ts';
import { hold } from './revert-hold.ts';
import { overSeeds, seedsOf } from './seeds.ts';

const seeds = seedsOf(60);

test.each([
  ['revert after apply is the start', false],
  ['revert after an apply that calls and kills got in the way of is the start', true],
])(`%s, over ${seeds.count} schedules`, { timeout: 3_600_000 }, (_what, faulty) =>
  overSeeds('revert.test.ts', seeds, (seed) => hold(scheduleOf(seed), faulty)),
);
