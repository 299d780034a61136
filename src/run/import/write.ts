import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { collectDiagnostics } from '../../manifest/diagnostics.ts';
import { loadTexts } from '../../manifest/load.ts';
import { lockOf } from '../../manifest/lock/read-lock.ts';
import { idKindFor } from '../../manifest/ids.ts';
import type { Person } from '../../manifest/resolve/people.ts';
import type { LiveEvent } from '../../manifest/write/found-event.ts';
import { eventNameFrom, listedOf, writeManifest } from '../../manifest/write/write-manifest.ts';
import { writeDirectory, writeRoster } from '../../manifest/write/write-set.ts';
import { type Attendee, identityOf } from '../../model/attendee.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { reasonOf } from '../../model/diagnostic.ts';
import { platforms } from '../../platforms/index.ts';
import { modeline } from '../modeline.ts';
import { UsageError, exitCodes } from '../usage-error.ts';
import type { ReadEvent } from './read.ts';
import { sharedRosters } from './rosters.ts';

/** A file to be written, whose text has passed as a manifest. */
export interface NewFile {
  readonly path: string;
  readonly kind: 'event' | 'roster' | 'directory';
  readonly name: string;
  readonly text: string;
  /** What the manifest leaves out or cannot say. */
  readonly notes: readonly string[];
}

export interface ImportSet {
  readonly events: readonly ReadEvent[];
  /** Whom manifests have already, by handle. */
  readonly known: ReadonlyMap<string, Person>;
  /** Those of the new Directory. */
  readonly people: ReadonlyMap<string, Person>;
  /** Absent, they are printed together, and nobody knows where they will be. */
  readonly outDir: string | undefined;
  readonly directory: string | undefined;
  readonly rosters: boolean;
  /** Names of manifests that are taken. */
  readonly taken: ReadonlySet<string>;
  /** What the one event is called, where that was asked for. */
  readonly name: string | undefined;
}

/** The manifests of what was read, ready to be written: together they want just who is there. */
export function newFiles(set: ImportSet): NewFile[] {
  const { outDir = '.', directory } = set;
  const people = new Map([...set.known, ...set.people]);
  const names = new Set(set.taken);
  const isFree = (name: string): boolean => !names.has(name) && !existsSync(join(outDir, `${name}.yaml`));
  const found = set.events.map(({ ref, facts, attendees }): LiveEvent => {
    const name = freeName(set.name ?? titleOf({ ref, facts, attendees }), isFree);
    names.add(name);
    return { name, ref, facts, attendees, people };
  });
  const listed = new Map(found.map((event) => [event.name, listedOf(event)]));
  const rosters = set.rosters ? sharedRosters(listed, names, kindOfPeople(found)) : [];
  const files = found.map((event): NewFile => {
    const own = rosters.filter(({ events }) => events.includes(event.name));
    const { text, notes: said } = writeManifest({ ...event, rosters: own });
    const notes = said.map((note) => note.text);
    return { path: join(outDir, `${event.name}.yaml`), kind: 'event', name: event.name, text, notes };
  });
  for (const { name, members, events } of rosters) {
    const kind = idKindFor(...kindOf(found));
    const text = writeRoster(name, members, events, people, kind);
    files.push({ path: join(outDir, `${name}.yaml`), kind: 'roster', name, text, notes: [] });
  }
  if (directory !== undefined && set.people.size > 0) {
    const name = freeName(directoryName(directory), (one) => !names.has(one));
    const text = writeDirectory(name, set.people);
    files.push({ path: directory, kind: 'directory', name, text, notes: [] });
  }
  checkTogether(files, listed, set.known);
  return files.map((file) => ({
    ...file,
    text: modeline(set.outDir === undefined ? undefined : file.path) + file.text,
  }));
}

function kindOf([first]: readonly LiveEvent[]): Parameters<typeof idKindFor> {
  if (first === undefined) throw new RangeError('there is a roster of no event');
  return [first.ref.provider, first.ref.userIdType];
}

/** Of a changed occurrence with the day that it is told apart by. */
function titleOf({ ref, facts }: ReadEvent): string {
  const { summary, start } = facts.state === 'present' ? facts : {};
  const occurrence = /_[1-9]\d{8,}$/.test(ref.eventId) && start !== undefined ? start.slice(0, 10) : '';
  return eventNameFrom([`${summary ?? ref.eventId} ${occurrence}`.trim(), ref.eventId]);
}

function freeName(wanted: string, isFree: (name: string) => boolean): string {
  let name = wanted;
  for (let count = 2; !isFree(name); count += 1) name = `${wanted.slice(0, 58)}-${count}`;
  return name;
}

function directoryName(file: string): string {
  return eventNameFrom([file.replace(/^.*[\\/]/, '').replace(/\.ya?ml$/, ''), 'people']);
}

/** What people are invited as on the platform of the events. */
function kindOfPeople([first]: readonly LiveEvent[]): AttendeeType {
  return first === undefined ? 'user' : platforms[first.ref.provider].event.people;
}

/** @throws UsageError where the texts are not manifests, or do not want exactly the attendees that they were made from */
function checkTogether(
  files: readonly NewFile[],
  listed: ReadonlyMap<string, readonly Attendee[]>,
  known: ReadonlyMap<string, Person>,
): void {
  const texts = files.map(({ path, text }) => ({ file: path, text, named: true }));
  const others = { file: 'Directories', text: writeDirectory('rollcall-known', known), named: true };
  // No entry has an `until`, so any day does.
  const lock = lockOf([...known.values()].flatMap(({ locked }) => locked));
  const { desired, diagnostics } = loadTexts(known.size === 0 ? texts : [...texts, others], '2000-01-01', {
    ...collectDiagnostics(),
    lock,
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first !== undefined) {
    const details = errors.slice(0, 10).map(({ message, source }) => `${source?.file ?? ''}: ${message}`);
    throw new UsageError(
      'the events have something that a manifest cannot express',
      first.hint,
      exitCodes.error,
      details,
    );
  }
  for (const { name, attendees } of desired.events) {
    const wanted = new Set((attendees ?? []).map(identityOf));
    const live = new Set((listed.get(name) ?? []).map(identityOf));
    const same = wanted.size === live.size && [...live].every((identity) => wanted.has(identity));
    if (!same)
      throw new UsageError(`the manifest of ${name} would change who is on it`, 'Please report this.');
  }
}

/** Writes files that are not there. @throws UsageError where one cannot be written, or exists by then */
export function writeNew(files: readonly NewFile[]): void {
  for (const { path, text } of files) {
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text, { flag: 'wx' });
    } catch (error) {
      throw new UsageError(
        `${path} cannot be written (${reasonOf(error)})`,
        'Files written before it are complete; next time, events that already have a manifest are left out.',
      );
    }
  }
}
