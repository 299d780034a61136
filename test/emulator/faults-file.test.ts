import { describe, expect, it } from 'vitest';

import { faultsHelp, kinds, matchingKeys } from '../../src/emulator/faults/keys.ts';
import { FaultsError, parseFaults } from '../../src/emulator/faults/parse.ts';
import { startEmulator } from '../../src/emulator/server.ts';

function problemsOf(text: string): readonly string[] {
  try {
    parseFaults(text, 'f.yaml');
  } catch (error) {
    if (error instanceof FaultsError) return error.problems;
    throw error;
  }
  return [];
}

describe('a faults file', () => {
  it.each([
    ['an unknown key', 'fault: []', 'f.yaml:1:1: unknown key "fault"; did you mean "faults"?'],
    [
      'an unknown fault',
      'faults: [{ fault: resets }]',
      'f.yaml:1:19: fault is one of reset, hang, drip, error, rate-limit, expired-token, expired-page-token, stale, moving-rows, others, half-done; it is "resets"; did you mean "reset"?',
    ],
    ['no fault', 'faults: [{ api: "*" }]', 'f.yaml:1:10: "fault" is missing'],
    [
      'a key of another fault',
      'faults:\n  - { fault: drip, when: after }',
      'f.yaml:2:20: unknown key "when"; the keys here are api,',
    ],
    [
      'a value outside its set',
      'faults: [{ fault: hang, when: later }]',
      'f.yaml:1:31: when is one of before, after; it is "later"',
    ],
    ['a missing key', 'faults: [{ fault: stale }]', 'f.yaml:1:10: "for" is missing'],
    ['a status that is no error', 'faults: [{ fault: error, status: 200 }]', 'status must be >= 400'],
    ['a chance above 1', 'faults: [{ fault: hang, chance: 2 }]', 'chance must be <= 1'],
    ['calls that are none', 'faults: [{ fault: hang, calls: "0" }]', 'calls must match'],
    ['a half call', 'faults: [{ fault: hang, calls: 1.5 }]', 'calls must be integer,string; it is 1.5'],
    [
      'calls the wrong way round',
      'faults: [{ fault: hang, calls: 3-2 }]',
      'f.yaml:1:32: 3-2 covers no call; give the smaller number first',
    ],
    [
      'an API that is not served',
      'faults: [{ fault: hang, api: feishu.attendees.lists }]',
      'f.yaml:1:30: no API is called feishu.attendees.lists; did you mean "feishu.attendees.list"?',
    ],
    [
      'an API far from any',
      'faults: [{ fault: hang, api: ["*.list", lark] }]',
      'f.yaml:1:41: no API is called lark; there are feishu.token,',
    ],
    ['somebody else who does nothing', 'faults: [{ fault: others }]', 'others must add or remove someone'],
    [
      'somebody else who adds nobody known',
      'faults: [{ fault: others, add: [{ name: X }] }]',
      'f.yaml:1:33: an attendee has exactly one of user, chat, room and email',
    ],
    [
      'a status of a connection that is cut',
      'faults: [{ fault: half-done, status: 500 }]',
      'f.yaml:1:38: status works only with "end: error"',
    ],
    ['broken YAML', 'faults: [', 'f.yaml:1:10:'],
    ['a list at the top', '[]', 'f.yaml:1:1: the file must be object'],
  ])('with %s is refused with its place', (_, text, message) => {
    expect(problemsOf(text).join('\n')).toContain(message);
  });

  it('gets one problem for each mistake', () => {
    expect(problemsOf('faults: [{ fault: x }, { fault: hang, api: y }, {}]')).toHaveLength(2);
    expect(problemsOf('faults: [{ fault: hang, api: y }, { fault: hang, api: z }]')).toHaveLength(2);
  });

  it('may be empty', () => {
    expect(parseFaults('', 'f.yaml')).toEqual({ seed: 0, rules: [] });
  });

  it('is checked before a port is taken', async () => {
    await expect(startEmulator({ tenant: '', faults: 'x: 1', faultsFile: 'f.yaml' })).rejects.toThrow(
      /^f\.yaml:1:1: unknown key/,
    );
  });
});

describe('the help on faults', () => {
  it('names every fault and every key, in lines of at most 100 columns', () => {
    const help = faultsHelp();
    for (const name of Object.keys(matchingKeys)) expect(help).toContain(`\n  ${name}: `);
    for (const [name, { keys }] of Object.entries(kinds)) {
      expect(help).toContain(`\n  fault: ${name}\n`);
      for (const key of Object.keys(keys)) expect(help).toContain(`\n    ${key}: `);
    }
    expect(help.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });

  it('shows an example that can be used', () => {
    const [, example = ''] = /Like this:\n((?: .*\n)+)/.exec(faultsHelp()) ?? [];
    expect(problemsOf(example)).toEqual([]);
    expect(parseFaults(example, 'f.yaml').rules).toHaveLength(2);
  });
});
