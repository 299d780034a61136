import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { plain } from '../../model/say.ts';
import { errorAt, type Report } from '../diagnostics.ts';
import { marker } from './classify.ts';
import { attempt, type FoundFile, findFiles } from './find-files.ts';
import type { TextFile } from './read-manifests.ts';

/** The largest file that is read, in bytes: 4 MiB, a hundred thousand attendees. YAML takes 200 times its size in memory. */
export const largestFile: number = 4 * 1024 * 1024;

/** What a file is to us: text to read, something else to be left out, or a problem to report. */
export type FileText =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'foreign' }
  | { readonly is: 'problem'; readonly problem: Diagnostic };

const foreign: FileText = { is: 'foreign' };

/**
 * Reads a file as UTF-8, without a byte order mark. One that cannot be read so, because it is too large or in another
 * encoding, is a problem where it is named or ours, and foreign elsewhere.
 */
export function readText({ file, real, named }: FoundFile): FileText {
  let bytes: Buffer = Buffer.alloc(0);
  let isFile = true;
  const unreadable = attempt(file, () => {
    const read = readRegular(real);
    if (read === null) isFile = false;
    else bytes = read;
  });
  const problem = (code: string, message: string, hint: string): FileText => ({
    is: 'problem',
    problem: errorAt({ file, line: 1, column: 1 }, code, plain(message), plain(hint)),
  });
  if (unreadable !== null) return { is: 'problem', problem: unreadable };
  if (!isFile) return problem('not-a-file', `${file} is not a regular file`, 'write it to a file first');
  if (bytes.length > largestFile) {
    if (!named && !isOurs(bytes)) return foreign;
    const message = `${file} is larger than ${largestFile / 1024 / 1024} MiB, the limit for a manifest file`;
    return problem('file-too-large', message, 'split it into several files');
  }
  const utf16 = isUtf16(bytes);
  const text = utf16 ? null : decoded(bytes);
  if (text !== null) return { is: 'text', text };
  if (!named && !isOurs(bytes)) return foreign;
  const message = utf16 ? `${file} is UTF-16 text, but rollcall reads UTF-8` : `${file} is not UTF-8 text`;
  return problem('not-utf8', message, 'save the file as UTF-8');
}

function decoded(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The bytes of a file, of one that is too large the first and one more; null where it is something else than a file.
 * A pipe or a device never ends, and may never begin, so that neither is read.
 */
function readRegular(path: string): Buffer | null {
  // Without O_NONBLOCK opening a pipe waits for somebody to write into it.
  const handle = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(handle);
    if (!stats.isFile()) return null;
    const bytes = Buffer.alloc(Math.min(stats.size, largestFile + 1));
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(handle, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(handle);
  }
}

const markers: readonly Buffer[] = [
  Buffer.from(marker),
  Buffer.from(marker, 'utf16le'),
  Buffer.from(marker, 'utf16le').swap16(),
];

function isOurs(bytes: Buffer): boolean {
  return markers.some((mark) => bytes.includes(mark));
}

/** By its byte order mark; without one, by our own words in it. */
function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return markers.slice(1).some((mark) => bytes.includes(mark));
}

/** The texts under these paths, each read when it is asked for. */
export function* textsIn(paths: readonly string[], cwd: string, report: Report): Generator<TextFile> {
  const { files, diagnostics } = findFiles(paths, cwd);
  for (const diagnostic of diagnostics) {
    report(diagnostic);
    report.partUnread();
  }
  for (const found of files) {
    const { file, named } = found;
    const read = readText(found);
    if (read.is === 'problem') {
      report(read.problem);
      report.partUnread();
    } else yield { file, named, text: read.is === 'text' ? read.text : null };
  }
}
