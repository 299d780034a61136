import { expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';

async function ran(...args: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const sink = { write: (part: string) => (text += part) };
  const { signal } = new AbortController();
  const surroundings = { env: {}, stdin: process.stdin, stdout: sink, stderr: sink, signal };
  return { code: await runProgram(surroundings, args), text };
}

it.each([
  ['plan', '--format', 'text', '--format', 'json'],
  ['plan', '--as-of', '2026-01-01', '--as-of=2026-01-02'],
  ['apply', '--plan', 'a.json', '--plan', 'b.json'],
  ['revert', 'run.ndjson', '--max-removals', '1', '--max-removals', '2'],
])('refuses an option with one value that is given twice: %s %s', async (...args) => {
  const { code, text } = await ran(...args);
  expect(code).toBe(1);
  expect(text).toMatch(/option '--[a-z-]+ <[a-z]+>' is given twice/);
});

it('says that several selectors have to fit together', async () => {
  expect((await ran('plan', '--help')).text).toMatch(/--selector [^]*all\s+must\s+match/);
});
