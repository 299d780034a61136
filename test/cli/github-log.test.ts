import { describe, expect, it } from 'vitest';
import { githubLog } from '../../src/cli/github-log.ts';
import { runnerCommands } from '../support/github-runner.ts';

/** What a sink for GitHub's log lets through of texts that are written one after the other. */
function logged(texts: readonly string[]): string {
  let log = '';
  const sink = githubLog(() => ({ write: (text) => (log += text) }));
  for (const text of texts) sink.write(text);
  return log;
}

const hostile = [
  'Zhang ##[set-output name=code]0',
  '::add-mask::a.yaml:2:1: error',
  ' \t\u00a0::stop-commands::x\r::error::y',
  'fine\n::set-env name=PATH::/tmp\n##[add-matcher]/tmp/m.json',
  '###[error]x ##[##[warning]y',
  '::error::::x',
];

describe('a log that GitHub reads', () => {
  it.each(hostile)('holds no command of %j, however it is cut into writes', (text) => {
    expect(runnerCommands(text)).not.toEqual([]);
    const whole = logged([text]);
    expect(runnerCommands(whole)).toEqual([]);
    expect(logged(text.split(''))).toBe(whole);
    for (let at = 0; at <= text.length; at += 1) {
      expect(logged([text.slice(0, at), text.slice(at)])).toBe(whole);
    }
  });

  it('shows what was written, with the characters that would be obeyed spelled out', () => {
    expect(logged(['::add-mask::a.yaml:2:1 ##[error]x\n'])).toBe(
      ':\\u003aadd-mask::a.yaml:2:1 ##\\u005berror]x\n',
    );
    expect(logged(['weekly: 2 removed ## [see] a::b\n'])).toBe('weekly: 2 removed ## [see] a::b\n');
  });

  it('leaves JSON the value that it has', () => {
    const value = { name: '##[set-output name=code]0', more: ['::error::x'] };
    const log = logged([JSON.stringify(value, null, 2)]);
    expect(runnerCommands(log)).toEqual([]);
    expect(JSON.parse(log)).toEqual(value);
  });
});
