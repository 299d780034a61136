import type { Diagnostic } from '../../model/diagnostic.ts';
import { collectDiagnostics } from '../diagnostics.ts';
import type { Person } from '../resolve/people.ts';
import { readManifests } from '../read/read-manifests.ts';
import { idKindFor } from '../ids.ts';
import { resolveEvent, wantsOncePerResolution } from '../resolve/resolve-event.ts';
import { RosterResolver } from '../resolve/resolve-roster.ts';

/** The errors of a text that should be one Event without rosters, its people found in Directories. */
export function errorsInEvent(text: string, people: ReadonlyMap<string, Person>): readonly Diagnostic[] {
  const { report, list } = collectDiagnostics();
  const read = readManifests({ file: 'event.yaml', text, named: true }, report);
  for (const { manifest, ...rest } of read.manifests) {
    if (manifest.kind !== 'Event' || rest.broken) continue;
    const catalog = { events: [], rosters: new Map(), people };
    // No entry has an `until`, so any day does.
    const resolver = new RosterResolver(
      catalog,
      idKindFor(manifest.spec.provider, manifest.spec.userIdType),
      '2000-01-01',
      report,
    );
    resolveEvent({ ...rest, manifest }, resolver, wantsOncePerResolution(), report);
  }
  return list().filter(({ severity }) => severity === 'error');
}
