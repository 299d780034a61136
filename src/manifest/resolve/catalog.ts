import { addressOf, type Identity } from '../../model/attendee.ts';
import { given } from '../../model/given.ts';
import { plain, quoted, say } from '../../model/say.ts';
import { errorAt, placeText, type Report } from '../diagnostics.ts';
import { meant } from '../nearest.ts';
import {
  type DirectoryManifest,
  type Entry,
  type EventManifest,
  type Ignored,
  type Manifest,
  type MemberEntry,
  referenceOf,
  type RosterManifest,
  sourceIn,
} from '../manifest.ts';
import { placeOf, seriesOf } from '../../platforms/index.ts';
import type { Lock } from '../lock/read-lock.ts';
import type { Locate } from '../read/places.ts';
import type { LostManifest, ReadManifest } from '../read/read-manifests.ts';
import { groupsIn } from './resolve-source.ts';
import { collectPeople, type Person } from './people.ts';

/** All manifests of a run put together. */
export interface Catalog {
  /** The events, those with mistakes among them marked as broken. */
  readonly events: readonly ReadManifest<EventManifest>[];
  /** The rosters that can be resolved. */
  readonly rosters: ReadonlyMap<string, ReadManifest<RosterManifest>>;
  readonly people: ReadonlyMap<string, Person>;
  /** Those who have an address in a Directory, by it; `null`: several have it. */
  readonly addresses: ReadonlyMap<string, Person | null>;
  readonly lock: Lock;
  /** The addresses that manifests call groups, by identity. */
  readonly groups: ReadonlySet<Identity>;
}

/** Puts manifests together; reports names that are there twice, or not at all, and rosters that contain each other. */
export function catalogue(
  manifests: readonly ReadManifest[],
  lost: readonly LostManifest[],
  lock: Lock,
  report: Report,
): Catalog {
  const { events, rosters } = byKind(manifests);
  const people = peopleOf(manifests, lost, lock, report);
  const rosterOf = reportDuplicateNames(rosters, report);
  const lostRosters = lost.filter(({ kind }) => kind === 'Roster').map(({ name }) => name);
  const check = referenceChecker(new Set(rosterOf.keys()), new Set(lostRosters), people, report);

  const broken = new Set<string>();
  for (const { manifest, locate, broken: ownMistakes } of rosters) {
    if (!check(entriesOf(manifest), locate) || ownMistakes) broken.add(manifest.metadata.name);
  }
  const sound = soundRosters(rosterOf, broken, report);

  const eventOf = reportDuplicateNames(events, report);
  const repeated = reportDuplicateEvents(events, report);
  const checkedEvents = events.map((event) => {
    const { attendees = [], ignore = [] } = event.manifest.spec;
    const known = [attendees, ignore].filter((list) => !check(list, event.locate)).length === 0;
    const unique = eventOf.get(event.manifest.metadata.name) === event && !repeated.has(event);
    return known && unique ? event : { ...event, broken: true };
  });
  for (const { entries, locate } of lost) check(entries, locate);
  const addresses = addressesOf(people);
  const groups = groupsIn([
    ...events.flatMap(({ manifest: { spec } }) => [spec.attendees ?? [], spec.ignore ?? []]),
    ...rosters.map(({ manifest }) => entriesOf(manifest)),
  ]);
  return { events: checkedEvents, rosters: sound, people, addresses, lock, groups };
}

/** Everybody in the Directories among manifests; reports names and handles that are there twice. */
export function peopleOf(
  manifests: readonly ReadManifest[],
  lost: readonly LostManifest[],
  lock: Lock,
  report: Report,
): ReadonlyMap<string, Person> {
  const { directories } = byKind(manifests);
  reportDuplicateNames(directories, report);
  return collectPeople(directories, lost, lock, report);
}

function addressesOf(people: ReadonlyMap<string, Person>): ReadonlyMap<string, Person | null> {
  const addresses = new Map<string, Person | null>();
  for (const person of people.values()) {
    const { email } = person.ids;
    if (email === undefined) continue;
    const address = addressOf(email);
    addresses.set(address, addresses.has(address) ? null : person);
  }
  return addresses;
}

interface ByKind {
  readonly events: ReadManifest<EventManifest>[];
  readonly rosters: ReadManifest<RosterManifest>[];
  readonly directories: ReadManifest<DirectoryManifest>[];
}

function byKind(manifests: readonly ReadManifest[]): ByKind {
  const kinds: ByKind = { events: [], rosters: [], directories: [] };
  for (const read of manifests) {
    const { manifest } = read;
    switch (manifest.kind) {
      case 'Event':
        kinds.events.push({ ...read, manifest });
        break;
      case 'Roster':
        kinds.rosters.push({ ...read, manifest });
        break;
      case 'Directory':
        kinds.directories.push({ ...read, manifest });
        break;
      case 'Tenant':
        // Of a fleet: it says nothing of an event.
        break;
    }
  }
  return kinds;
}

/** Whether all persons and rosters that entries name are there. */
export type ReferenceCheck = (entries: readonly (Ignored | MemberEntry)[], locate: Locate) => boolean;

/**
 * Makes the check. It reports what is not there, unless that may stand in what could not be read; `lostRosters` are
 * there, but with mistakes reported already.
 */
function referenceChecker(
  rosters: ReadonlySet<string>,
  lostRosters: ReadonlySet<string | null>,
  people: ReadonlyMap<string, Person>,
  report: Report,
): ReferenceCheck {
  function isKnown(entry: Ignored & MemberEntry, locate: Locate): boolean {
    const { person, roster } = entry;
    const kind = person === undefined ? 'roster' : 'person';
    const id = person ?? roster;
    // An address needs no Directory.
    if (id === undefined || id.includes('@')) return true;
    const known: ReadonlySet<string> | ReadonlyMap<string, Person> = kind === 'person' ? people : rosters;
    if (known.has(id)) return true;
    if ((kind === 'roster' && lostRosters.has(id)) || !report.isWhole()) return false;
    // The name of a Roster that is there tells of nobody; what stands in place of one may.
    const near = report.suggest(id, known.keys());
    const name =
      near === undefined ? undefined : kind === 'person' ? quoted('user', near) : plain(JSON.stringify(near));
    const [where, file] =
      kind === 'person' ? ['no Directory has the person', 'Directory'] : ['there is no Roster', 'file'];
    const hint = name === undefined ? say`add it, or give the path of its ${plain(file)} too` : meant(name);
    report(errorAt(locate(entry), `unknown-${kind}`, say`${plain(where)} ${quoted('user', id)}`, hint));
    return false;
  }
  return (entries, locate) => entries.filter((entry) => !isKnown(entry, locate)).length === 0;
}

/** Manifests of one kind by name, the first of each; reports the others. */
export function reportDuplicateNames<M extends Manifest>(
  manifests: readonly ReadManifest<M>[],
  report: Report,
): ReadonlyMap<string, ReadManifest<M>> {
  const first = new Map<string, ReadManifest<M>>();
  for (const read of manifests) {
    const { kind, metadata } = read.manifest;
    const other = first.get(metadata.name);
    if (other === undefined) {
      first.set(metadata.name, read);
      continue;
    }
    const place = placeText(other.locate(other.manifest.metadata, 'name'));
    const message = say`the ${plain(kind)} ${plain(JSON.stringify(metadata.name))} is defined twice: also at ${place}`;
    report(errorAt(read.locate(metadata, 'name'), 'duplicate-name', message, say`rename one of the two`));
  }
  return first;
}

/** The Events that name a platform event which an Event before them names already; reports them. */
function reportDuplicateEvents(
  events: readonly ReadManifest<EventManifest>[],
  report: Report,
): ReadonlySet<ReadManifest<EventManifest>> {
  const first = new Map<string, ReadManifest<EventManifest>>();
  const repeated = new Set<ReadManifest<EventManifest>>();
  for (const event of events) {
    const key = platformEventOf(event.manifest);
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, event);
      continue;
    }
    repeated.add(event);
    const { name } = other.manifest.metadata;
    const place = placeText(other.locate(other.manifest.spec, 'eventId'));
    const message = say`the Event ${plain(JSON.stringify(name))} at ${place} already manages this platform event; only one Event may`;
    const source = event.locate(event.manifest.spec, 'eventId');
    report(errorAt(source, 'duplicate-event', message, say`keep one of the two, or correct the id`));
  }
  for (const event of events) {
    const series = seriesOf(event.manifest.spec.provider, event.manifest.spec.eventId);
    const other = series === null ? undefined : first.get(platformEventOf(event.manifest, series.eventId));
    if (other?.manifest.spec.exceptions !== 'follow' || repeated.has(event)) continue;
    repeated.add(event);
    const { name } = other.manifest.metadata;
    const place = placeText(other.locate(other.manifest.spec, 'exceptions'));
    const message = say`this occurrence follows the Event ${plain(JSON.stringify(name))}, which has \`exceptions: follow\` at ${place}; it may not have an Event of its own`;
    const source = event.locate(event.manifest.spec, 'eventId');
    const hint = say`remove this Event, or write \`exceptions: report\` there`;
    report(errorAt(source, 'duplicate-event', message, hint));
  }
  return repeated;
}

function platformEventOf({ spec }: EventManifest, series?: string): string {
  const { provider, calendarId = 'primary', organizer, eventId, admin } = spec;
  return placeOf({
    provider,
    calendarId,
    eventId: series ?? eventId,
    ...given({ organizer, admin: series === undefined ? admin : undefined }),
  });
}

/** How deep rosters may be nested. */
const maxNesting = 50;

/**
 * The rosters that can be resolved: those whose nested rosters, however deep, are all there, not `broken` and without
 * a cycle. Reports cycles and too deep nesting at the entry that makes them.
 */
function soundRosters(
  rosters: ReadonlyMap<string, ReadManifest<RosterManifest>>,
  broken: ReadonlySet<string>,
  report: Report,
): ReadonlyMap<string, ReadManifest<RosterManifest>> {
  /** Levels below and with a roster; `null`: it cannot be resolved. */
  const heights = new Map<string, number | null>();

  function visit(name: string, path: readonly string[]): number | null {
    const known = heights.get(name);
    if (known !== undefined) return known;
    const roster = rosters.get(name);
    if (roster === undefined) return null;
    let height: number | null = broken.has(name) ? null : 1;
    for (const entry of entriesOf(roster.manifest)) {
      if (sourceIn(entry) !== null) continue;
      const { kind, id } = referenceOf(entry);
      if (kind !== 'roster') continue;
      const below = visitEntry(roster, entry, id, [...path, name]);
      height = height === null || below === null ? null : Math.max(height, below + 1);
    }
    heights.set(name, height);
    return height;
  }

  function visitEntry(
    roster: ReadManifest<RosterManifest>,
    entry: Entry,
    id: string,
    path: readonly string[],
  ): number | null {
    const start = path.indexOf(id);
    if (start !== -1) {
      const message = say`rosters contain each other: ${plain([...path.slice(start), id].join(' > '))}`;
      report(errorAt(roster.locate(entry), 'roster-cycle', message, say`remove one of these entries`));
      return null;
    }
    const below = path.length > maxNesting ? maxNesting : visit(id, path);
    if (below === null || below < maxNesting) return below;
    const message = say`roster ${plain(JSON.stringify(id))} is nested more than ${maxNesting} deep`;
    report(errorAt(roster.locate(entry), 'too-deep', message, say`list the people in fewer rosters`));
    return null;
  }

  for (const name of rosters.keys()) visit(name, []);
  return new Map([...rosters].filter(([name]) => heights.get(name) !== null));
}

/** What a roster names, its exclusions included. */
function entriesOf({ spec }: RosterManifest): readonly MemberEntry[] {
  return [...spec.members, ...(spec.exclude ?? [])];
}

/** What entries and the rosters behind them say, as a text: another one where they say something else. */
export function shapeOf(entries: readonly Entry[], rosters: Catalog['rosters']): string {
  const used = new Map<string, RosterManifest['spec'] | undefined>();
  const visit = (list: readonly MemberEntry[]): void => {
    for (const { roster } of list) {
      if (roster === undefined || used.has(roster)) continue;
      const manifest = rosters.get(roster)?.manifest;
      used.set(roster, manifest?.spec);
      if (manifest !== undefined) visit(entriesOf(manifest));
    }
  };
  visit(entries);
  return JSON.stringify([entries, [...used]]);
}
