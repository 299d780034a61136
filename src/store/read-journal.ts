import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import { placeOf } from '../platforms/index.ts';
import { reasonOf } from '../model/diagnostic.ts';
import { compareCodePoints } from '../model/order.ts';
import type { ApplyEvent } from '../model/result.ts';
import { batchDone, batchStarted, eventDone, runDone, runStarted } from '../validators/journal.js';
import { defaultJournalDir, type JournalLine } from './journal.ts';
import { versionWords } from './plan-file.ts';
import { UnreadableFile, readRegularFile } from './read-regular.ts';

/**
 * What is wrong with a journal.
 *
 * - `missing`: there is no such file, or it cannot be read.
 * - `size`: it is not a regular file, or larger than any run makes one.
 * - `malformed`: a line is not a line of a journal, or stands where it cannot stand.
 * - `version`: a line has a format that this version does not know.
 * - `gap`: lines are missing or out of order.
 * - `mixed`: the lines are of more than one run.
 * - `headless`: the first line is missing, and with it whose account the run used.
 */
export type JournalFault = 'missing' | 'size' | 'malformed' | 'version' | 'gap' | 'mixed' | 'headless';

/** A journal that cannot be relied on. The message names the file and, where there is one, the line. */
export class JournalFileError extends Error {
  override readonly name = 'JournalFileError';
  readonly fault: JournalFault;
  /** Counted from 1; null where the file as a whole is meant. */
  readonly line: number | null;
  readonly hint: string;

  constructor(fault: JournalFault, path: string, line: number | null, message: string, hint: string) {
    super(line === null ? `the journal ${path} ${message}` : `the journal ${path}, line ${line}, ${message}`);
    this.fault = fault;
    this.line = line;
    this.hint = hint;
  }
}

/** A journal as it was read. The lines are the events of the run, in order; `seq` is the number of the line. */
export interface StoredJournal {
  readonly path: string;
  readonly started: JournalLine & { readonly kind: 'run-started' };
  readonly lines: readonly JournalLine[];
  /**
   * The last line was cut off and is left out: the run ended while it was written, before the step that it is
   * about.
   */
  readonly torn: boolean;
}

/** The format that this version reads and writes. */
const formatVersion = '1';

const whole = 'Name the file as rollcall wrote it: one run, from its first line.';

/** @throws JournalFileError for a file that is missing or cannot be relied on. */
export function readJournal(path: string): StoredJournal {
  let bytes: Buffer;
  try {
    bytes = readRegularFile(path);
  } catch (error) {
    if (error instanceof UnreadableFile) {
      throw new JournalFileError('size', path, null, `cannot be read: ${error.message}`, whole);
    }
    const code = reasonOf(error);
    const message = code === 'ENOENT' ? 'is not there' : `cannot be read (${code})`;
    throw new JournalFileError('missing', path, null, message, whereJournalsAre());
  }
  return decodeJournal(path, bytes);
}

/** The newest journals of the folder that they are in by default: their names begin with the time. */
function whereJournalsAre(): string {
  try {
    const names = readdirSync(defaultJournalDir).filter((name) => name.endsWith('.ndjson'));
    const newest = names.sort(compareCodePoints).reverse().slice(0, 3);
    if (newest.length > 0)
      return `Journals here: ${newest.map((name) => join(defaultJournalDir, name)).join(', ')}`;
  } catch {
    // There is no such folder, or nobody may look into it.
  }
  return `The result of a run says where its journal is, by default in ${defaultJournalDir}.`;
}

/** Each kind of line by the schema's own part for it, so that a fault is named and not all kinds that do not fit. */
const validators: ReadonlyMap<string, ValidateFunction<JournalLine>> = new Map([
  ['run-started', runStarted],
  ['batch-started', batchStarted],
  ['batch-done', batchDone],
  ['event-done', eventDone],
  ['run-done', runDone],
]);

/**
 * Decodes a journal and checks every line. A last line that was cut off, anywhere, is left out: whatever it tells of
 * had not begun, because a line is on disk whole before its step is taken.
 *
 * @throws JournalFileError for a journal that cannot be relied on.
 */
export function decodeJournal(path: string, bytes: Uint8Array): StoredJournal {
  const decoder = new LineDecoder(path);
  // Line by line: a file of line ends alone is refused at its first, and no list of its lines is made.
  const tail = eachLine(bytes, (line) => {
    decoder.add(line);
  });
  const torn = tail.length > 0 && !isJson(tail);
  if (tail.length > 0 && !torn) decoder.add(tail);
  return storedJournal(path, decoder.lines, torn);
}

/**
 * Holds a journal that a program hands over to what {@link readJournal} checks in a file.
 *
 * @throws JournalFileError for a journal that cannot be relied on.
 */
export function checkJournal({ path, lines, torn }: StoredJournal): StoredJournal {
  return journalOf(path, lines, torn);
}

/** A journal of lines that come from elsewhere than a file. @throws JournalFileError */
export function journalOf(path: string, lines: readonly object[], torn: boolean = false): StoredJournal {
  const decoder = new LineDecoder(path);
  for (const line of lines) decoder.take(line);
  return storedJournal(path, decoder.lines, torn);
}

function storedJournal(path: string, lines: readonly JournalLine[], torn: boolean): StoredJournal {
  const [started] = lines;
  if (started?.kind !== 'run-started') {
    throw new JournalFileError('headless', path, null, 'has no first line: no account is known', whole);
  }
  return { path, started, lines, torn };
}

/**
 * Cuts at the line ends, before anything is decoded: a cut inside of a character spoils the last line alone. Answers
 * what is behind the last line end.
 */
function eachLine(bytes: Uint8Array, take: (line: Uint8Array) => void): Uint8Array {
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, start)) {
    take(bytes.subarray(start, end));
    start = end + 1;
  }
  return bytes.subarray(start);
}

/** Checks line after line, and each against those before it. */
class LineDecoder {
  readonly lines: JournalLine[] = [];
  readonly #path: string;
  /** Batches that were begun and have no end yet. */
  readonly #open = new Set<number>();
  #lastBatch = 0;
  /** By the name that batches give an event: which one of the platform it is. */
  readonly #places = new Map<string, string>();
  /** By the id that the platform gives an event: which one it is, with its calendar and its organizer. */
  readonly #owned = new Map<string, string>();
  /** By event of the platform: which kind of ids its batches use. */
  readonly #idTypes = new Map<string, string>();

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws JournalFileError */
  add(bytes: Uint8Array): void {
    this.take(this.#parse(bytes));
  }

  /** @throws JournalFileError */
  take(value: object): void {
    const version = 'formatVersion' in value ? value.formatVersion : undefined;
    if (version !== formatVersion && version !== undefined) {
      const known = `has ${versionWords(version)}; this rollcall knows ${formatVersion}`;
      throw this.#error('version', known, 'Use the version of rollcall that wrote it.');
    }
    const kind = 'kind' in value && typeof value.kind === 'string' ? value.kind : '';
    const validate = validators.get(kind);
    if (validate === undefined) throw this.#error('malformed', 'has an unknown kind');
    if (!validate(value)) {
      const [fault] = validate.errors ?? [];
      throw this.#error(
        'malformed',
        `does not fit the format: ${fault?.instancePath || '/'} ${fault?.message}`,
      );
    }
    this.#place(value);
    this.lines.push(value);
  }

  #parse(bytes: Uint8Array): object {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      throw this.#error('malformed', 'is not JSON');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw this.#error('malformed', 'is not a JSON object');
    }
    return value;
  }

  /** Holds a line against those before it. */
  #place(line: JournalLine): void {
    const before = this.lines.at(-1);
    if (before === undefined && line.kind !== 'run-started') {
      throw this.#error('headless', `is a ${line.kind} without a run-started before it: no account is known`);
    }
    if (before !== undefined && line.runId !== before.runId) {
      throw this.#error('mixed', 'belongs to another run than the one before it');
    }
    if (line.seq !== this.lines.length + 1) {
      const expected = this.lines.length + 1;
      throw this.#error(
        'gap',
        `has the number ${line.seq} where ${expected} was expected: lines are missing`,
      );
    }
    if (before !== undefined && (line.kind === 'run-started' || before.kind === 'run-done')) {
      throw this.#error('malformed', `is a ${line.kind} after a ${before.kind}`);
    }
    if (line.kind === 'batch-started') this.#checkEvent(line);
    if (!this.#isInTurn(line)) throw this.#error('malformed', `is a ${line.kind} of a batch out of order`);
  }

  /**
   * A name is one event, an id is one event of one calendar and one organizer, an event has ids of one kind, and by the
   * rights of an admin rooms alone are booked.
   */
  #checkEvent({ event, attendees }: JournalLine & { readonly kind: 'batch-started' }): void {
    const place = placeOf(event);
    if ((this.#places.get(event.name) ?? place) !== place) {
      throw this.#error(
        'malformed',
        `uses the name ${event.name} for another event than the lines before it`,
      );
    }
    this.#places.set(event.name, place);
    // A platform may find one event by several calendars or organizers, and the guards would count it once for each.
    const { admin: _occurrence, ...owned } = event;
    const id = `${event.provider} ${event.eventId}`;
    if ((this.#owned.get(id) ?? placeOf(owned)) !== placeOf(owned)) {
      throw this.#error(
        'malformed',
        `has the event of ${event.name} in another calendar, or of another organizer, than the lines before it`,
        'To undo a run whose manifests named one event in two ways, revert the manifests in git and apply those.',
      );
    }
    this.#owned.set(id, placeOf(owned));
    const idType = event.userIdType ?? '';
    if ((this.#idTypes.get(place) ?? idType) !== idType) {
      throw this.#error('malformed', `has ids of another kind for ${event.name} than the lines before it`);
    }
    this.#idTypes.set(place, idType);
    if (event.admin !== undefined && attendees.some(({ type }) => type !== 'room')) {
      throw this.#error('malformed', `changes attendees of ${event.name} other than rooms in admin mode`);
    }
  }

  /** Batches count up, and each has one end after its start. */
  #isInTurn(line: ApplyEvent): boolean {
    if (line.kind === 'batch-done') return this.#open.delete(line.batch);
    if (line.kind !== 'batch-started') return true;
    const next = line.batch === this.#lastBatch + 1;
    this.#lastBatch = line.batch;
    this.#open.add(line.batch);
    return next;
  }

  #error(fault: JournalFault, message: string, hint: string = whole): JournalFileError {
    return new JournalFileError(fault, this.#path, this.lines.length + 1, message, hint);
  }
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return true;
  } catch {
    return false;
  }
}
