import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JournalError, defaultJournalDir, openJournal } from '../../src/store/journal.ts';
import { readPlan, writePlan } from '../../src/store/plan-file.ts';
import { readJournal } from '../../src/store/read-journal.ts';

let folder = '';
const before = process.cwd();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-files-'));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(before);
});

/** Made without a byte on disk. */
function sparse(bytes: number): void {
  writeFileSync('large', '');
  truncateSync('large', bytes);
}

describe.each([
  ['a plan', readPlan],
  ['a journal', readJournal],
] as const)('%s', (_what, read) => {
  it('is not read from a pipe or a device', () => {
    execFileSync('mkfifo', ['pipe']);
    expect(() => read('pipe')).toThrow(/not a regular file/);
    expect(() => read('/dev/zero')).toThrow(/not a regular file/);
    expect(() => read('.')).toThrow(/not a regular file/);
  });

  it('is not read where it is larger than any run makes one', () => {
    sparse(600 * 1024 * 1024);
    expect(() => read('large')).toThrow(/629145600 bytes/);
  });
});

it('refuses a journal of line ends at its first', () => {
  writeFileSync('ends', '\n'.repeat(50_000_000));
  expect(() => readJournal('ends')).toThrow(/line 1/);
});

it('saves a plan beside whatever lies there, and through nothing', () => {
  writeFileSync('victim', 'safe');
  for (const name of [`plan.json.${process.pid}.tmp`, 'plan.json.tmp']) symlinkSync('victim', name);
  writePlan('plan.json', '{}');
  expect(readFileSync('victim', 'utf8')).toBe('safe');
  expect(readFileSync('plan.json', 'utf8')).toBe('{}');
  expect(statSync('plan.json').mode & 0o777).toBe(0o600);
  expect(readdirSync('.').filter((name) => name.startsWith('plan.json')).length).toBe(3);
});

it('follows no link in the place of the default folder', () => {
  mkdirSync('elsewhere');
  symlinkSync('elsewhere', '.rollcall');
  expect(() => openJournal(defaultJournalDir, 'run', () => 0)).toThrow(JournalError);
  expect(readdirSync('elsewhere')).toEqual([]);
});

it('writes no file through a link that leads nowhere', () => {
  mkdirSync('.rollcall');
  symlinkSync('../outside', join('.rollcall', '.gitignore'));
  openJournal(defaultJournalDir, 'run', () => 0).close();
  expect(existsSync('outside')).toBe(false);
});
