import { mkdirSync, mkdtempSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { lastCrash } from '../../src/store/crash.ts';
import { openJournal } from '../../src/store/journal.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crash-'));
});

/** A journal whose last change was at a time, in seconds. */
async function journal(name: string, changedAt: number, ended: boolean): Promise<void> {
  const opened = openJournal(folder, name, () => 0);
  await opened.append({ kind: 'run-done', exitCode: 4, requests: 1 });
  writeFileSync(
    opened.path,
    `{"kind":"batch-started"}
`,
  );
  if (ended) await opened.append({ kind: 'run-done', exitCode: 0, requests: 1 });
  opened.close();
  utimesSync(opened.path, changedAt, changedAt);
}

test('is when the newest run that never ended wrote its last line', async () => {
  await journal('a', 1000, false);
  await journal('b', 1005, false);
  await journal('c', 1009, true);
  expect(lastCrash(folder, 0)).toBe(1_005_000);
  expect(lastCrash(folder, 1_004_000)).toBe(1_005_000);
});

test('is none where it is long ago, all runs ended, or there is no folder', async () => {
  await journal('a', 1000, false);
  await journal('b', 1009, true);
  writeFileSync(join(folder, 'notes.txt'), 'no journal');
  expect(lastCrash(folder, 1_000_000)).toBeNull();
  expect(lastCrash(join(folder, 'missing'), 0)).toBeNull();
});

test('a last line that was cut off is no end', async () => {
  await journal('a', 1000, false);
  writeFileSync(join(folder, 'a.ndjson'), '{"kind":"run-started"}\n{"kind":"run-d');
  utimesSync(join(folder, 'a.ndjson'), 1000, 1000);
  expect(lastCrash(folder, 0)).toBe(1_000_000);
});

test('what is no file is no journal: a link to nowhere, a folder', async () => {
  symlinkSync(join(folder, 'missing'), join(folder, 'a.ndjson'));
  mkdirSync(join(folder, 'b.ndjson'));
  expect(lastCrash(folder, 0)).toBeNull();
});
