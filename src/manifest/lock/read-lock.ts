import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter } from 'yaml';
import { addressOf } from '../../model/attendee.ts';
import type { Source } from '../../model/diagnostic.ts';
import { isBy, lockKey, type LockLine, lockPlace } from '../../model/lock.ts';
import { plain, quoted, say, who } from '../../model/say.ts';
import { platforms } from '../../platforms/index.ts';
import { validate } from '../../validators/lock.js';
import { explain } from '../check/explain.ts';
import { errorAt, placeText, type Report } from '../diagnostics.ts';
import { idFault, idTypesOf, kindOf } from '../ids.ts';
import { parseEach, type ParsedDocument } from '../read/parse.ts';
import { Places, sourceAt } from '../read/places.ts';
import { readText } from '../read/read-file.ts';
import { readValue, startIn, startOf } from '../read/read-value.ts';
import { excerptAt, explainSyntax } from '../read/syntax.ts';
import { schemaOf } from '../schemas.ts';

/** The name of the file, which stands in the working directory. */
export const lockName = 'rollcall.lock';

/** A `rollcall.lock` that its schema has accepted. */
export interface LockFile {
  readonly formatVersion: '1';
  readonly entries: readonly LockLine[];
}

/** A line, and where it stands. */
export type PlacedLine = LockLine & { readonly source: Source };

/** What `rollcall.lock` says, whether there is one or not. */
export interface Lock {
  readonly lines: readonly PlacedLine[];
  readonly byPerson: ReadonlyMap<string, readonly PlacedLine[]>;
  /** It has mistakes: what it lacks may stand in what could not be read. */
  readonly broken: boolean;
}

/** A lock of these lines. */
export function lockOf(lines: readonly PlacedLine[], broken: boolean = false): Lock {
  const byPerson = new Map<string, PlacedLine[]>();
  for (const line of lines) byPerson.set(line.person, [...(byPerson.get(line.person) ?? []), line]);
  return { lines, byPerson, broken };
}

export const noLock: Lock = lockOf([]);

/** Reads the lock of a folder; reports what is wrong with it. */
export function readLock(folder: string, report: Report): Lock {
  const real = join(folder, lockName);
  const stats = lstatSync(real, { throwIfNoEntry: false });
  if (stats === undefined) return noLock;
  if (stats.isSymbolicLink()) {
    const message = plain(`${lockName} is a symbolic link, which rollcall lock would replace`);
    report(errorAt(start, 'not-a-file', message, say`replace it with a regular file`));
    return brokenLock;
  }
  const read = readText({ file: lockName, real, named: true });
  if (read.is === 'text') return lockIn(read.text, report);
  if (read.is === 'problem') report(read.problem);
  return brokenLock;
}

const start: Source = { file: lockName, line: 1, column: 1 };
const brokenLock: Lock = lockOf([], true);

/** What the text of a lock says; reports what is wrong with it. */
export function lockIn(text: string, report: Report): Lock {
  const lineCounter = new LineCounter();
  const place = (offset: number): Source => sourceAt(lockName, lineCounter, offset);
  const documents: ParsedDocument[] = [];
  const { givenUp } = parseEach(text, lineCounter, (document) => documents.push(document));
  const [first, second] = documents;
  if (givenUp !== null) {
    report(
      errorAt(
        place(givenUp.offset),
        'file-too-large',
        say`the lock is larger than any that rollcall writes`,
        anew,
      ),
    );
    return brokenLock;
  }
  if (first === undefined || first.document.contents === null) {
    report(errorAt(start, 'bad-lock', plain(`${lockName} is empty`), anew));
    return brokenLock;
  }
  const [from] = first.document.range;
  for (const { offset, code, message, hint } of explainSyntax(text, from, first.document.errors)) {
    report({ ...errorAt(place(offset), code, message, hint), ...excerptAt(text, offset) });
  }
  if (first.document.errors.length > 0) return brokenLock;
  if (second !== undefined) {
    const { contents, range } = second.document;
    const at = contents === null ? range[0] : startOf(contents);
    report(errorAt(place(at), 'bad-lock', say`a lock file holds one document; another begins here`, anew));
    return brokenLock;
  }
  return linesIn(first, text, place, report);
}

const anew = plain(`delete the file and run: rollcall lock`);

function linesIn(
  { document }: ParsedDocument,
  text: string,
  place: (offset: number) => Source,
  report: Report,
): Lock {
  const read = readValue(document, text);
  for (const { offset, code, message, hint } of read.faults)
    report(errorAt(place(offset), code, message, hint));
  const { value } = read;
  if (!validate(value)) {
    const places = new Places(document, read);
    explain(value, schemaOf('Lock'), places, report, (_path, mistake) => {
      const { offset, code, message, hint } = mistake();
      report(errorAt(place(offset), code, message, hint));
    });
    return brokenLock;
  }
  const lines = value.entries.map((line): PlacedLine => {
    const source = place(startIn(line));
    const person = line.person.includes('@') ? addressOf(line.person) : line.person;
    return { ...line, ...lockKey(line.by, line.value), person, source };
  });
  const sound = lines.filter((line) => isSound(line, report));
  const once = withoutRepeats(sound, report);
  return lockOf(once, once.length < lines.length || read.faults.length > 0);
}

/** Whether the id can be one of the platform and of the kind that the line says. */
function isSound({ person, provider, idType, id, source, ...key }: PlacedLine, report: Report): boolean {
  const hint = say`delete the line and run: rollcall lock`;
  const kind = kindOf(provider, idType);
  if (kind === undefined) {
    const message = say`${plain(platforms[provider].title)} has no kind of id ${quoted('user', idType)}; its kinds are ${plain(idTypesOf(provider).join(', '))}`;
    report(errorAt(source, 'bad-lock', message, hint));
    return false;
  }
  const fault = idFault('user', id, kind);
  if (fault?.severity === 'error') {
    const message = say`${who('user', person)}: ${quoted('user', id)} cannot be the ${plain(idType)} of a person on ${plain(platforms[provider].title)}`;
    report(errorAt(source, fault.code, message, hint));
    return false;
  }
  if (!person.includes('@') || isBy(key, [lockKey('email', person)])) return true;
  const message = say`${who('user', person)} is an address, but was found by another: ${quoted('user', key.value)}`;
  report(errorAt(source, 'bad-lock', message, hint));
  return false;
}

/** The lines without those of a person, platform and kind of id that a line before has; reports them. */
function withoutRepeats(lines: readonly PlacedLine[], report: Report): PlacedLine[] {
  const first = new Map<string, PlacedLine>();
  for (const line of lines) {
    const { person, provider, idType, source } = line;
    const key = lockPlace(line);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, line);
      continue;
    }
    const message = say`${who('user', person)} has two lines for the ${plain(platforms[provider].title)} ${plain(idType)}: also at ${placeText(other.source)}`;
    report(errorAt(source, 'duplicate-line', message, say`delete both and run: rollcall lock`));
  }
  return [...first.values()];
}
