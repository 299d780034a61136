import { test } from 'vitest';
import { replaceLists } from '../support/whole-row.ts';
import { hold } from './apply-hold.ts';
import { scheduleOf } from './apply-schedule.ts';
import { overSeeds, seedsOf } from './seeds.ts';

replaceLists();

const seeds = seedsOf(60);

test(
  `apply keeps its laws over ${seeds.count} schedules where lists are replaced`,
  { timeout: 3_600_000 },
  () => overSeeds('apply-whole.test.ts', seeds, (seed) => hold(scheduleOf(seed))),
);
