import { run } from './001-run.ts';
import { permits } from './002-permits.ts';
import { lease } from './003-lease.ts';
import { claim } from './004-claim.ts';
import { plans } from './005-plans.ts';

/**
 * What makes the store, in order. A number stands for its text for good: what has to change is added, under the next
 * number. Functions carry a number of their own (`permits_1`), because older versions go on calling theirs.
 */
export const migrations: ReadonlyMap<number, string> = new Map([
  [1, run],
  [2, permits],
  [3, lease],
  [4, claim],
  [5, plans],
]);
