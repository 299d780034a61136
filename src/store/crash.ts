import { closeSync, fstatSync, openSync, readSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * When the last line was written by a run that never came to its end, among the journals that changed after `since`;
 * null where there is none. Both are epoch milliseconds. A folder that is not there holds none.
 */
export function lastCrash(directory: string, since: number): number | null {
  let last: number | null = null;
  for (const name of journalsIn(directory)) {
    const path = join(directory, name);
    const mtimeMs = mtimeOf(path);
    if (mtimeMs <= since || mtimeMs <= (last ?? 0)) continue;
    if (!endOf(path).includes('"kind":"run-done"')) last = mtimeMs;
  }
  return last;
}

/** When a journal in the folder was last written to, in epoch milliseconds; 0 where there is none. */
export function lastWritten(directory: string): number {
  return journalsIn(directory).reduce((last, name) => Math.max(last, mtimeOf(join(directory, name))), 0);
}

/** Files alone: a folder that came with a checkout may hold links to anywhere, or to nowhere. */
export function journalsIn(directory: string): string[] {
  try {
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ndjson'))
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

function mtimeOf(path: string): number {
  return statSync(path).mtimeMs;
}

/** The last line's beginning is not needed: a run's last line is short, and journals can be large. */
const endBytes = 4096;

function endOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, endBytes));
    readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').trimEnd().split('\n');
    return lines.at(-1) ?? '';
  } finally {
    closeSync(file);
  }
}
