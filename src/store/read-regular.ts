import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** The largest plan or journal that is read, in bytes: far beyond any run, and still a text that fits into memory. */
const largestFile = 256 * 1024 * 1024;

/** A file that is not read, because it is none or too large. The message says which. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/**
 * The bytes of a regular file, of which there may be `largest`. A pipe or a device would be read for ever, and a file without end fills the memory: both
 * are known before a byte is read.
 *
 * @throws UnreadableFile, or what the system says of the path.
 */
export function readRegularFile(path: string, largest: number = largestFile): Buffer {
  // Opening a pipe for reading waits for its other end unless it is told not to.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) throw new UnreadableFile('it is not a regular file');
    if (stat.size > largest) {
      throw new UnreadableFile(`it has ${stat.size} bytes, more than the limit of ${largest}`);
    }
    const bytes = Buffer.alloc(stat.size);
    let read = 0;
    while (read < bytes.length) {
      const more = readSync(file, bytes, read, bytes.length - read, read);
      if (more === 0) break;
      read += more;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}
