import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planFormats } from '../../src/cli/formats.ts';
import { runProgram } from '../../src/cli/program.ts';
import { sealed } from '../../src/planner/plan-events.ts';
import { planJson } from '../../src/report/json.ts';
import { UsageError } from '../../src/run/usage-error.ts';
import { folderWith } from '../support/cli.ts';
import { refused } from '../support/plan-fixtures.ts';

const { digest: _, ...body } = refused;
const folder = folderWith({ 'plan.json': planJson(sealed(body)), summary: 'before\n' });
const file = join(folder, 'plan.json');

interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function show(
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Printed> {
  let out = '';
  let err = '';
  const code = await runProgram(
    {
      env,
      stdin: process.stdin,
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      signal: new AbortController().signal,
    },
    ['show', file, ...options],
  );
  return { code, out, err };
}

describe('--format', () => {
  it.each([
    ['text', /^all-hands \(Feishu\): refused/],
    ['json', /^\{\n {2}"formatVersion": "1"/],
    ['markdown', /^## rollcall plan\n/],
    ['github', /^::error title=/],
    ['gitlab', /^\{"create":0,"update":0,"delete":0\}\n$/],
  ])('%s prints a saved plan so', async (format, beginning) => {
    const { code, out, err } = await show(['--format', format]);
    expect(code).toBe(0);
    expect(out).toMatch(beginning);
    expect(err).toBe('');
  });

  it('takes what there is a renderer for', () => {
    expect(planFormats).toEqual(expect.arrayContaining(['text', 'json', 'markdown', 'github', 'gitlab']));
  });
});

describe('the summary of a job on GitHub', () => {
  const summary = join(folder, 'summary');

  it('is the plan in Markdown, added to what is there, beside annotations alone', async () => {
    await show(['--format', 'markdown'], { GITHUB_STEP_SUMMARY: summary });
    expect(readFileSync(summary, 'utf8')).toBe('before\n');
    await show(['--format', 'github'], { GITHUB_STEP_SUMMARY: summary });
    const { out } = await show(['--format', 'markdown']);
    expect(readFileSync(summary, 'utf8')).toBe(`before\n${out}\n`);
  });

  it('that cannot be written is a warning', async () => {
    const { code, out, err } = await show(['--format', 'github'], { GITHUB_STEP_SUMMARY: folder });
    expect(code).toBe(0);
    expect(out).toContain('::error');
    expect(err).toMatch(/^warning: .*GITHUB_STEP_SUMMARY \(EISDIR\)/);
  });
});

describe('--max-bytes', () => {
  it('shortens Markdown and says which file holds the whole plan', async () => {
    const { out } = await show(['--format', 'markdown', '--max-bytes', '1000']);
    expect(Buffer.byteLength(out)).toBeLessThanOrEqual(1000);
    expect(out).toContain('plan.json');
  });

  it.each(['text', 'json', 'gitlab'])('beside --format %s is bad usage', async (format) => {
    await expect(show(['--format', format, '--max-bytes', '1000'])).rejects.toThrow(UsageError);
  });
});
