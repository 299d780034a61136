import { helpEntry } from '../behaviour.ts';
import { apiNames } from '../platforms.ts';
import { kinds, matchingKeys } from './keys.ts';

/** The faults file for `rollcall emulator --help`: which calls a rule hits, and what may happen to them. */
export function faultsHelp(): string {
  const conditions = Object.entries(matchingKeys).flatMap(([name, { usage, help }]) =>
    help === undefined ? [`  ${name}: ${usage}`] : helpEntry(`${name}: ${usage}`, help),
  );
  const happenings = Object.entries(kinds).flatMap(([name, { keys, help }]) => [
    `  fault: ${name}`,
    ...Object.entries(keys).map(([key, { usage }]) => `    ${key}: ${usage}`),
    ...helpEntry('', help).slice(1),
  ]);
  return [
    'Faults, in the file of --faults: `seed: N`, and under `faults:` a list of rules. The first rule that',
    'hits a call decides. A rule hits the calls for which all of these hold; without any, every call:',
    ...conditions,
    ...helpEntry('The APIs:', apiNames.join(', ')),
    'Like this:',
    '  seed: 1',
    '  faults:',
    '    - { fault: reset, when: after, api: feishu.attendees.delete, calls: 1 }',
    '    - { fault: error, body: html, api: "*.list", chance: 0.1 }',
    'What happens then (the first value is the default):',
    ...happenings,
  ].join('\n');
}
