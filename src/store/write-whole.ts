import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { reasonOf } from '../model/diagnostic.ts';

/**
 * Writes a file in place of what is there: it appears whole or not at all. Throws what the system says of the path.
 *
 * @param mode who may read it
 */
export function writeWhole(path: string, parts: Iterable<string>, mode: number): void {
  const temporary = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  writeParts(temporary, parts, mode);
  try {
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Makes a new file: one that is there already, a link above all, is not written through. */
function writeParts(path: string, parts: Iterable<string>, mode: number): void {
  const file = openSync(path, 'wx', mode);
  let written = false;
  try {
    for (const part of parts) writeFileSync(file, part);
    fsyncSync(file);
    written = true;
  } finally {
    closeSync(file);
    if (!written) rmSync(path, { force: true });
  }
}

/** A lock that cannot be written. */
export class LockFileError extends Error {
  override readonly name = 'LockFileError';
  readonly hint = 'Make it a file that can be written. What was there is unchanged.';
}

/** Writes a lock in place of what is there, whole or not at all. @throws LockFileError */
export function writeLock(path: string, text: string): void {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) {
      throw new LockFileError(`${path} is not a regular file, so no lock is written there`);
    }
    // It is committed, and read by all who plan.
    writeWhole(path, [text], 0o644);
  } catch (error) {
    if (error instanceof LockFileError) throw error;
    throw new LockFileError(`${path} cannot be written (${reasonOf(error)})`);
  }
}
