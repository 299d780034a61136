import { lstatSync } from 'node:fs';
import { reasonOf } from '../model/diagnostic.ts';
import { writeWhole } from './write-whole.ts';

/** A lock that cannot be written. */
export class LockFileError extends Error {
  override readonly name = 'LockFileError';
  readonly hint = 'Make it a file that can be written. What was there is unchanged.';
}

/** Writes a lock in place of what is there, whole or not at all. @throws LockFileError */
export function writeLock(path: string, text: string): void {
  try {
    if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) {
      throw new LockFileError(`${path} is not a regular file, so that no lock is written there`);
    }
    // It is committed, and read by all who plan.
    writeWhole(path, [text], 0o644);
  } catch (error) {
    if (error instanceof LockFileError) throw error;
    throw new LockFileError(`${path} cannot be written (${reasonOf(error)})`);
  }
}
