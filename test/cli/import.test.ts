import { expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

/** Runs a command line without credentials: a call would be an error of its own. */
function run(args: readonly string[]): Promise<number> {
  const nowhere = { write: () => true };
  return runProgram(
    {
      env: {},
      stdin: process.stdin,
      stdout: {
        write: (text) => {
          throw new Error(`printed ${text}`);
        },
      },
      stderr: nowhere,
      signal: new AbortController().signal,
    },
    ['import', ...args],
  );
}

const feishu = ['--provider', 'feishu', '--calendar', 'c', '--event', 'e'];
const dingtalk = ['--provider', 'dingtalk', '--event', 'e'];

it.each([
  [dingtalk, /--provider dingtalk needs --organizer/],
  [['--provider', 'feishu', '--calendar', 'c'], /import needs --event or --all/],
  [[...feishu, '--organizer', 'u'], /--organizer does not apply to Feishu/],
  [['--provider', 'lark', '--event', 'e'], /--provider lark needs --calendar/],
  [[...dingtalk, '--organizer', 'u', '--user-id-type', 'user_id'], /--user-id-type does not apply/],
])('refuses %j', async (args, message) => {
  await expect(run(args)).rejects.toThrow(message);
});

it.each([
  [[...feishu, '--name', 'a b'], /^metadata\.name "a b" is not a name/],
  [['--provider', 'feishu', '--calendar', 'a b', '--event', 'e'], /^spec\.calendarId "a b" is not an id/],
  [[...dingtalk, '--organizer', ''], /^spec\.organizer "" is not an id/],
])('refuses %j by the rule of the manifest that it would print', async (args, detail) => {
  await expect(run(args)).rejects.toMatchObject({ details: [expect.stringMatching(detail)] });
});

it.each([
  [['--event', 'e']],
  [['--provider', 'outlook', '--event', 'e']],
  [[...feishu, '--user-id-type', 'email']],
  [[...feishu, '--concurrency', '0']],
  [[...feishu, 'nowhere']],
])('ends with 1 for %j', async (args) => {
  expect(await run(args)).toBe(1);
});

it('asks for credentials once everything else is right', async () => {
  await expect(run(feishu)).rejects.toThrow(/FEISHU_APP_ID and FEISHU_APP_SECRET/);
});
