import type { Diagnostic } from '../model/diagnostic.ts';
import type { Desired, DesiredEvent } from '../model/event.ts';
import { compareCodePoints } from '../model/order.ts';
import { isCalendarDay } from '../model/day.ts';
import { catalogue, peopleOf } from './resolve/catalog.ts';
import { marker } from './read/classify.ts';
import { collectDiagnostics, errorAt, type Report } from './diagnostics.ts';
import { findFiles, type FoundFile, readText } from './read/find-files.ts';
import type { Person } from './resolve/people.ts';
import {
  type LostManifest,
  type ReadManifest,
  readManifests,
  type ReadText,
  type TextFile,
} from './read/read-manifests.ts';
import { idKindFor } from './resolve/ids.ts';
import { resolveEvent, settler } from './resolve/resolve-event.ts';
import { type Resolver, rosterResolver } from './resolve/resolve-roster.ts';

export interface LoadOptions {
  /** The day that `until` is judged by, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** The folder that relative paths start from. By default the process's own. */
  readonly cwd?: string;
}

/** What manifests say. */
export interface Loaded {
  /** The events without errors. */
  readonly desired: Desired;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents and files that were left out because they are no manifests. */
  readonly skipped: number;
}

/**
 * Reads, checks and resolves the manifests in files and folders; no path means the current folder. All errors are
 * found in one run, and an event with an error is left out of `desired`.
 *
 * @throws RangeError where `asOf` is no calendar day.
 */
export function loadManifests(paths: readonly string[], { asOf, cwd = '.' }: LoadOptions): Loaded {
  const { report, list } = collectDiagnostics();
  const found = findTexts(paths.length === 0 ? ['.'] : paths, cwd, report);
  const { desired, skipped } = resolveTexts(found.texts(), asOf, report);
  return { desired, diagnostics: list(), skipped: skipped + found.unread() };
}

/** As {@link loadManifests}, from texts. */
export function loadTexts(files: Iterable<TextFile>, asOf: string): Loaded {
  const { report, list } = collectDiagnostics();
  const { desired, skipped } = resolveTexts(files, asOf, report);
  return { desired, diagnostics: list(), skipped };
}

/** The people of the Directories in files and folders; other manifests there are read and not resolved. */
export interface LoadedPeople {
  readonly people: ReadonlyMap<string, Person>;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents and files that were left out because they are no manifests. */
  readonly skipped: number;
}

/** Reads the Directories in files and folders. Without a path there is nobody. */
export function loadPeople(paths: readonly string[], cwd: string = '.'): LoadedPeople {
  const { report, list } = collectDiagnostics();
  const found = findTexts(paths, cwd, report);
  const { manifests, lost, skipped } = readTexts(found.texts(), report);
  const people = peopleOf(manifests, lost, report);
  return { people, diagnostics: list(), skipped: skipped + found.unread() };
}

/** The texts under these paths, each read when it is asked for, and how many files were no text of ours so far. */
function findTexts(
  paths: readonly string[],
  cwd: string,
  report: Report,
): { readonly texts: () => Generator<TextFile>; readonly unread: () => number } {
  const { files, diagnostics } = findFiles(paths, cwd);
  for (const diagnostic of diagnostics) report(diagnostic);
  let unread = 0;
  function* texts(): Generator<TextFile> {
    for (const file of files) {
      const text = textOf(file, report);
      if (text === null) unread += 1;
      else if (text !== undefined) yield { file: file.file, text, named: file.named };
    }
  }
  return { texts, unread: () => unread };
}

/** A file's text; `null`: it is to be left out; `undefined`: it cannot be read, which is reported. */
function textOf(file: FoundFile, report: Report): string | null | undefined {
  const read = readText(file);
  if (read.text === null) {
    if (read.problem === null) return null;
    report(read.problem);
    return undefined;
  }
  if (read.valid) return read.text;
  if (!file.named && !read.text.includes(marker)) return null;
  const source = { file: file.file, line: 1, column: 1 };
  report(errorAt(source, 'not-utf8', `${file.file} is not UTF-8 text`, 'save the file as UTF-8'));
  return undefined;
}

function resolveTexts(
  files: Iterable<TextFile>,
  asOf: string,
  report: Report,
): { readonly desired: Desired; readonly skipped: number } {
  if (!isCalendarDay(asOf)) throw new RangeError(`asOf ${JSON.stringify(asOf)} is no calendar day`);
  const { manifests, lost, skipped } = readTexts(files, report);
  return { desired: { asOf, events: resolveEvents(manifests, lost, asOf, report) }, skipped };
}

function readTexts(files: Iterable<TextFile>, report: Report): ReadText {
  const manifests: ReadManifest[] = [];
  const lost: LostManifest[] = [];
  let skipped = 0;
  for (const file of files) {
    const read = readManifests(file, report);
    for (const manifest of read.manifests) manifests.push(manifest);
    for (const manifest of read.lost) lost.push(manifest);
    skipped += read.skipped;
  }
  return { manifests, lost, skipped };
}

function resolveEvents(
  manifests: readonly ReadManifest[],
  lost: readonly LostManifest[],
  asOf: string,
  report: Report,
): DesiredEvent[] {
  const catalog = catalogue(manifests, lost, report);
  const settle = settler();
  const resolvers = new Map<string, Resolver>();
  const events = catalog.events.flatMap((event) => {
    // Which ids it uses is not known, so all would seem wrong.
    if (event.wrongKeys.has('userIdType')) return [];
    const kind = idKindFor(event.manifest.spec.provider, event.manifest.spec.userIdType);
    const key = `${kind.provider} ${kind.userIdType}`;
    const resolver = resolvers.get(key) ?? rosterResolver(catalog, kind, asOf, report);
    resolvers.set(key, resolver);
    const desired = resolveEvent(event, resolver, settle, report);
    return desired === null || event.broken ? [] : [desired];
  });
  return events.sort((a, b) => compareCodePoints(a.name, b.name));
}
