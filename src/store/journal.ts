import { closeSync, fsync, lstatSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApplyEvent } from '../model/result.ts';

/** One line of a journal: an event of the run, with its place and time. */
export type JournalLine = ApplyEvent & {
  readonly formatVersion: '1';
  readonly runId: string;
  /** Counts the lines from 1. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
};

/** A line could not be brought to disk: the run must not go on. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  /** What to do, where that is another thing than for a file. */
  readonly hint: string | undefined;

  constructor(message: string, { hint, cause }: { readonly hint?: string; readonly cause: unknown }) {
    super(message, { cause });
    this.hint = hint;
  }
}

/** The line of an event. `now`: milliseconds since the epoch. */
export function lineIn(
  { kind, ...rest }: ApplyEvent,
  runId: string,
  seq: number,
  now: number,
): Record<string, unknown> {
  return { formatVersion: '1', runId, seq, at: new Date(now).toISOString(), kind, ...rest };
}

/** Where the lines of a run go. */
export interface Journal {
  /** The run whose lines these are. */
  readonly runId: string;
  readonly path: string;
  /** Resolves once the line is on disk. Rejects with {@link JournalError}. */
  append(event: ApplyEvent): Promise<void>;
  /** The same for several lines at once. */
  appendAll(events: readonly ApplyEvent[]): Promise<void>;
  close(): void;
}

/** The folder that journals go to unless another is named. */
export const defaultJournalDir = '.rollcall/runs';

/**
 * Opens the journal of one run: NDJSON, mode 0600, flushed to disk before an append returns. The default folder, also where it
 * has a folder for each tenant, gets a `.gitignore`, because a journal names people.
 *
 * @throws JournalError where the file cannot be made.
 */
export function openJournal(directory: string, runId: string, now: () => number): Journal {
  const path = join(directory, `${runId}.ndjson`);
  const base = dirname(directory) === defaultJournalDir ? defaultJournalDir : directory;
  const file = attempt(path, () => {
    // The default folder is in a checkout, which may have brought a link in its place: that leads anywhere.
    if (base === defaultJournalDir) for (const folder of [dirname(base), base, directory]) refuseLink(folder);
    mkdirSync(directory, { recursive: true });
    if (base === defaultJournalDir) ignoreInGit(dirname(base));
    return openSync(path, 'ax', 0o600);
  });
  let seq = 0;
  const lineOf = (event: ApplyEvent): string => {
    seq += 1;
    return `${JSON.stringify(lineIn(event, runId, seq, now()))}\n`;
  };
  // They are written before anything else can happen. A disk may take long to flush them: other events go on meanwhile.
  const appendAll = async (events: readonly ApplyEvent[]): Promise<void> => {
    const lines = events.map(lineOf).join('');
    attempt(path, () => {
      writeWhole(file, lines);
    });
    await flushed(file, path);
  };
  return {
    runId,
    path,
    append: (event) => appendAll([event]),
    appendAll,
    close: () => {
      closeSync(file);
    },
  };
}

function refuseLink(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new Error(
      `${path} is a link, which is not followed; remove it, or choose a folder with --journal-dir`,
    );
  }
}

/** Makes the file new, so that nothing is written through a link; whatever is there already is left as it is. */
function ignoreInGit(directory: string): void {
  try {
    writeFileSync(join(directory, '.gitignore'), '*\n', { flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}

function flushed(file: number, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    fsync(file, (error) => {
      if (error === null) resolve();
      else reject(unwritten(path, error));
    });
  });
}

function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unwritten(path, error);
  }
}

function unwritten(path: string, cause: unknown): JournalError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new JournalError(`the journal ${path} cannot be written: ${reason}`, { cause });
}
