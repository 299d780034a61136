import { given } from '../model/given.ts';
import type { CallsOf } from '../model/calls.ts';
import { shellWord } from '../report/view/event.ts';
import type { ViewOptions } from '../report/view/plan.ts';
import { timeZoneOf } from '../run/day.ts';
import type { Surroundings } from './surroundings.ts';

/** Options that have no bearing on what a plan is, and the value that follows some of them. */
const asides: ReadonlyMap<string, 0 | 1> = new Map([
  ['--out', 1],
  ['--format', 1],
  ['--max-bytes', 1],
  ['--link-base', 1],
  ['--changed-from', 1],
  ['--detailed-exitcode', 0],
  ['--redact', 0],
  ['--full', 0],
  ['--quiet', 0],
  ['--verbose', 0],
  ['--no-color', 0],
  ['--no-progress', 0],
]);

/** How plans are shown to the user: in which zone, and which command lifts a guard. */
export function viewOptions({ env, args = [] }: Surroundings, format: string, calls?: CallsOf): ViewOptions {
  // A saved plan was made by another command, and is lifted where it is made.
  const own = (args[0] === 'plan' || args[0] === 'apply' || args[0] === 'revert') && !args.some(isPlanOption);
  // Readers of a comment are elsewhere, and have no use for the files of a job.
  const words = format === 'text' ? args : withoutAsides(args);
  const command = own ? { command: ['rollcall', ...words.map(shellWord)].join(' ') } : {};
  return { timeZone: timeZoneOf(env), ...given({ calls }), ...command };
}

function isPlanOption(word: string): boolean {
  return word === '--plan' || word.startsWith('--plan=');
}

function withoutAsides(args: readonly string[]): string[] {
  let skip = 0;
  return args.filter((word) => {
    if (skip > 0) {
      skip -= 1;
      return false;
    }
    const [name = '', ...value] = word.split('=');
    const following = asides.get(name);
    if (following !== undefined && value.length === 0) skip = following;
    return following === undefined;
  });
}
