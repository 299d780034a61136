import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';

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
