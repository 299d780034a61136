import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import type { Desired, DesiredEvent } from '../model/event.ts';
import { given } from '../model/given.ts';
import type { LockLine } from '../model/lock.ts';
import { compareCodePoints } from '../model/order.ts';
import { isCalendarDay } from '../model/day.ts';
import { type Catalog, catalogue, peopleOf } from './resolve/catalog.ts';
import { type Collected, collectDiagnostics, type Report } from './diagnostics.ts';
import type { Kind } from './manifest.ts';
import { textsIn } from './read/read-file.ts';
import { type Person, personAt } from './resolve/people.ts';
import {
  type LostManifest,
  type ReadManifest,
  readManifests,
  type ReadText,
  type TextFile,
} from './read/read-manifests.ts';
import { idKindFor } from './ids.ts';
import { type Lock, lockName, lockOf, noLock, readLock } from './lock/read-lock.ts';
import type { ResolveTerms } from './resolve/resolve-entry.ts';
import { resolveEvent, wantsOncePerResolution } from './resolve/resolve-event.ts';
import { reportTenants, type Scope, tenantScopes } from './tenants.ts';
import { type Expansion, RosterResolver } from './resolve/resolve-roster.ts';
import { withReadGroups, type TakenFor } from './resolve/resolve-source.ts';

export interface LoadOptions {
  /** The day that `until` is judged by, `YYYY-MM-DD`. */
  readonly asOf: string;
  /** The folder that relative paths start from, and that has `rollcall.lock`. By default the process's own. */
  readonly cwd?: string;
  /** Where `rollcall.lock` is, if not there. */
  readonly lockIn?: string;
  /** Lines that are taken beside those of `rollcall.lock`. */
  readonly lines?: readonly LockLine[];
  /**
   * Whether the manifests of each Tenant are held apart, as `rollcall fleet` reads them. Else those of one Tenant are manifests
   * like others, and those of several together are an error.
   */
  readonly apart?: boolean;
  /** What somebody is whom the lock lacks. An error, unless it is given; else the event is told as `unresolved`. */
  readonly unlocked?: ResolveTerms['unlocked'];
}

/** What was read, whatever came of it. */
export interface ReadCounts {
  /** YAML files, those that were left out among them. */
  readonly files: number;
  readonly rosters: number;
  readonly directories: number;
  readonly tenants: number;
  /** Values looked at, entries resolved and names compared: what the work grows with. */
  readonly steps: number;
}

/** What manifests say. */
export interface Loaded {
  /** The events without errors. */
  readonly desired: Desired;
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents (`file:line`) and files that were left out because they are not manifests. */
  readonly skipped: readonly string[];
  readonly read: ReadCounts;
  /** What `rollcall.lock` says. */
  readonly lock: readonly LockLine[];
  /** Where it was read; none: texts. */
  readonly paths?: readonly string[];
}

/**
 * Reads, checks and resolves the manifests in files and folders; no path means the current folder. All errors are
 * found in one run, and an event with an error is left out of `desired`.
 *
 * @throws RangeError where `asOf` is not a calendar day.
 */
export function loadManifests(paths: readonly string[], options: LoadOptions): Loaded {
  const { asOf, cwd = '.', lockIn = cwd, lines = [], unlocked, apart = false } = options;
  const collected = collectDiagnostics();
  const { lines: own, broken } = readLock(lockIn, collected.report);
  const lock = lockOf([...own, ...lines.map((line) => ({ ...line, source: foundNow }))], broken);
  const texts = textsIn(paths.length === 0 ? ['.'] : paths, cwd, collected.report);
  const scopes = apart ? (read: ReadTexts) => tenantScopes(read, cwd, collected.report) : undefined;
  return { ...loadTexts(texts, asOf, { ...collected, lock, ...given({ unlocked, scopes }) }), paths };
}

/** A line that is in no file yet. */
const foundNow = { file: lockName, line: 1, column: 1 };

/** As {@link loadManifests}, from texts. */
export function loadTexts(
  files: Iterable<TextFile>,
  asOf: string,
  from: Collected & {
    readonly lock?: Lock;
    readonly unlocked?: ResolveTerms['unlocked'];
    /** Divides manifests into what is resolved together. */
    readonly scopes?: (read: ReadTexts) => readonly Scope[];
  } = collectDiagnostics(),
): Loaded {
  const { report, list, steps, lock = noLock, unlocked = 'error' } = from;
  if (!isCalendarDay(asOf)) throw new RangeError(`asOf ${JSON.stringify(asOf)} is not a calendar day`);
  const texts = readTexts(files, report);
  const { manifests, skipped, files: count, whole } = texts;
  const ofKind = (kind: Kind): number => manifests.filter(({ manifest }) => manifest.kind === kind).length;
  const tenants = ofKind('Tenant');
  const scopes = tenants === 0 ? undefined : from.scopes;
  const parts: readonly Scope[] = scopes === undefined ? [texts] : scopes(texts);
  // What is not known because it was not read would seem wrong.
  const sound = whole && (scopes !== undefined || !reportTenants(manifests, report));
  const resolved = (sound ? parts : []).map((part) =>
    resolveEvents(part.manifests, part.lost, part.lock ?? lock, { asOf, unlocked }, report),
  );
  const [all = { events: [] }, ...others] = resolved;
  const own = others.length === 0 ? all : { events: resolved.flatMap(({ events }) => events) };
  const read = {
    files: count,
    rosters: ofKind('Roster'),
    directories: ofKind('Directory'),
    tenants,
    steps: steps(),
  };
  return { desired: { asOf, ...own }, diagnostics: list(), skipped, read, lock: lock.lines };
}

/** The people of the Directories in files and folders; other manifests there are read and not resolved. */
export interface LoadedPeople {
  readonly people: ReadonlyMap<string, Person>;
  /** Those whom the lock has by an address, and who need no Directory. */
  readonly lockedOnly: readonly Person[];
  /** What Directories and Rosters are called. */
  readonly names: readonly string[];
  /** By file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** Documents and files that were left out because they are not manifests. */
  readonly skipped: readonly string[];
}

/** Reads the Directories in files and folders. Without a path there is nobody. */
export function loadPeople(paths: readonly string[]): LoadedPeople {
  const cwd = '.';
  const { report, list } = collectDiagnostics();
  const { manifests, lost, skipped } = readTexts(textsIn(paths, cwd, report), report);
  const lock = readLock(cwd, report);
  const people = peopleOf(manifests, lost, lock, report);
  const names = manifests
    .filter(({ manifest }) => manifest.kind !== 'Event')
    .map(({ manifest }) => manifest.metadata.name);
  return { people, lockedOnly: lockedOnly(lock), names, diagnostics: list(), skipped };
}

/** Those whom the lock has by an address. */
function lockedOnly({ byPerson }: Lock): Person[] {
  return [...byPerson].flatMap(([address, lines]) => {
    const [first] = lines;
    return first === undefined || !address.includes('@') ? [] : [personAt(address, first.source, lines)];
  });
}

/** What files hold, put together. */
export interface ReadTexts extends ReadText {
  readonly files: number;
  /** No file was left unread for the mistakes in others. */
  readonly whole: boolean;
}

function readTexts(files: Iterable<TextFile>, report: Report): ReadTexts {
  const manifests: ReadManifest[] = [];
  const lost: LostManifest[] = [];
  const skipped: string[] = [];
  let count = 0;
  let whole = true;
  for (const file of files) {
    whole = !report.endsBefore(file.file);
    if (!whole) break;
    const read = readManifests(file, report);
    for (const manifest of read.manifests) manifests.push(manifest);
    for (const manifest of read.lost) lost.push(manifest);
    for (const name of read.skipped) skipped.push(name);
    count += 1;
  }
  return { manifests, lost, skipped, files: count, whole };
}

/** What the manifests want, offline: nobody of what rosters are expanded from. */
function resolveEvents(
  manifests: readonly ReadManifest[],
  lost: readonly LostManifest[],
  lock: Lock,
  terms: ResolveTerms,
  report: Report,
): Omit<Desired, 'asOf'> {
  const catalog = catalogue(manifests, lost, lock, report);
  const takenFor: TakenFor = new Map();
  const resolve = resolving(catalog, terms, { memberships: null, takenFor }, report);
  const events = catalog.events.flatMap((event) => {
    // Which ids it uses is not known, so all would seem wrong.
    if (event.wrongKeys.has('userIdType')) return [];
    const desired = resolve(event);
    return desired === null || event.broken ? [] : [withGroups(desired, catalog.groups)];
  });
  events.sort((a, b) => compareCodePoints(a.name, b.name));
  if (events.every(({ sources }) => sources === undefined)) return { events };
  return { events, expand: (memberships) => expanding(catalog, terms, { memberships, takenFor }) };
}

/** What resolves each event of a run, all of one kind of id by one resolver. */
function resolving(
  catalog: Catalog,
  terms: ResolveTerms,
  expansion: Expansion,
  report: Report,
): (event: Catalog['events'][number]) => DesiredEvent | null {
  const wantsOf = wantsOncePerResolution();
  const resolvers = new Map<string, RosterResolver>();
  return (event) => {
    const kind = idKindFor(event.manifest.spec.provider, event.manifest.spec.userIdType);
    const key = `${kind.provider} ${kind.userIdType}`;
    const resolver = resolvers.get(key) ?? new RosterResolver(catalog, kind, terms, expansion, report);
    resolvers.set(key, resolver);
    return resolveEvent(event, resolver, wantsOf, report);
  };
}

/**
 * Resolves events once more with what was read of the organisation, so that everything holds for its people that holds
 * for those who are written down. Mistakes were told before; what is one only now is the event's problem.
 */
function expanding(
  catalog: Catalog,
  terms: ResolveTerms,
  expansion: Expansion,
): (event: DesiredEvent) => DesiredEvent {
  const { report } = collectDiagnostics();
  let error: Diagnostic | undefined;
  const noted: Report = Object.assign((one: Diagnostic): void => {
    if (one.severity === 'error') error = one;
    report(one);
  }, report);
  const resolve = resolving(catalog, { ...terms, unlocked: 'silent' }, expansion, noted);
  const byName = new Map(catalog.events.map((event) => [event.manifest.metadata.name, event]));
  return (event) => {
    const read = byName.get(event.series?.name ?? event.name);
    if (event.sources === undefined || read === undefined) return event;
    error = undefined;
    const expanded = resolve(read);
    if (expanded === null) return { ...event, unknown: tooMany(error) };
    const { attendees, unwanted, ignore, unknown } = expanded;
    const { unknown: _, ...rest } = event;
    const groups = withReadGroups(catalog.groups, expansion.memberships);
    return withGroups({ ...rest, attendees, unwanted, ignore, ...given({ unknown }) }, groups);
  };
}

function withGroups(event: DesiredEvent, groups: Catalog['groups']): DesiredEvent {
  return groups.size === 0 ? event : { ...event, groups };
}

/** Expanded rosters can only be too large: all else was seen before. */
function tooMany(error: Diagnostic | undefined): Problem {
  const { message = 'its expanded rosters are too large', hint } = error ?? {};
  return { code: 'over-max', message, ...given({ hint }) };
}
