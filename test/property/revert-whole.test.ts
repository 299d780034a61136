import { test } from 'vitest';
import { replaceLists } from '../support/whole-row.ts';
import { scheduleOf } from './apply-schedule.ts';
import { hold } from './revert-hold.ts';
import { overSeeds, seedsOf } from './seeds.ts';

replaceLists();

const seeds = seedsOf(25);

test.each([
  ['revert where lists are replaced is the start', false],
  ['revert where lists are replaced, after calls and kills got in the way, is the start', true],
])(`%s, over ${seeds.count} schedules`, { timeout: 3_600_000 }, (_what, faulty) =>
  overSeeds('revert-whole.test.ts', seeds, (seed) => hold(scheduleOf(seed), faulty)),
);
