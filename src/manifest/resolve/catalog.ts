import type { Report } from '../diagnostics.ts';
import { reportDuplicateEvents, reportDuplicateNames } from './duplicates.ts';
import type { DirectoryManifest, EventManifest, RosterManifest } from '../manifest.ts';
import { collectPeople, type Person } from './people.ts';
import type { LostManifest, ReadManifest } from '../read/read-manifests.ts';
import { referenceChecker } from './references.ts';
import { entriesOf, soundRosters } from './roster-graph.ts';

/** All manifests of a run put together. */
export interface Catalog {
  /** The events, those with mistakes among them marked as broken. */
  readonly events: readonly ReadManifest<EventManifest>[];
  /** The rosters that can be resolved. */
  readonly rosters: ReadonlyMap<string, ReadManifest<RosterManifest>>;
  readonly people: ReadonlyMap<string, Person>;
}

/** Puts manifests together; reports names that are there twice, or not at all, and rosters that contain each other. */
export function catalogue(
  manifests: readonly ReadManifest[],
  lost: readonly LostManifest[],
  report: Report,
): Catalog {
  const { events, rosters } = byKind(manifests);
  const people = peopleOf(manifests, lost, report);
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
    const known = check([...attendees, ...ignore], event.locate);
    const unique = eventOf.get(event.manifest.metadata.name) === event && !repeated.has(event);
    return known && unique ? event : { ...event, broken: true };
  });
  for (const { entries, locate } of lost) check(entries, locate);
  return { events: checkedEvents, rosters: sound, people };
}

/** Everybody in the Directories among manifests; reports names and handles that are there twice. */
export function peopleOf(
  manifests: readonly ReadManifest[],
  lost: readonly LostManifest[],
  report: Report,
): ReadonlyMap<string, Person> {
  const { directories } = byKind(manifests);
  reportDuplicateNames(directories, report);
  return collectPeople(directories, lost, report);
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
    }
  }
  return kinds;
}
