import { errorAt, type Report } from '../diagnostics.ts';
import { type Entry, referenceOf, type RosterManifest } from '../manifest.ts';
import type { ReadManifest } from '../read/read-manifests.ts';

/** How deep rosters may be nested. */
export const maxNesting = 50;

/**
 * The rosters that can be resolved: those whose nested rosters, however deep, are all there, not `broken` and without
 * a cycle. Reports cycles and too deep nesting at the entry that makes them.
 */
export function soundRosters(
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
      const message = `rosters contain each other: ${[...path.slice(start), id].join(' > ')}`;
      report(errorAt(roster.locate(entry), 'roster-cycle', message, 'remove one of these entries'));
      return null;
    }
    const below = path.length > maxNesting ? maxNesting : visit(id, path);
    if (below === null || below < maxNesting) return below;
    const message = `roster ${JSON.stringify(id)} is nested more than ${maxNesting} deep`;
    report(errorAt(roster.locate(entry), 'too-deep', message, 'list the people in fewer rosters'));
    return null;
  }

  for (const name of rosters.keys()) visit(name, []);
  return new Map([...rosters].filter(([name]) => heights.get(name) !== null));
}

/** What a roster names, its exclusions included. */
export function entriesOf({ spec }: RosterManifest): readonly Entry[] {
  return [...spec.members, ...(spec.exclude ?? [])];
}
