import { errorAt, type Report } from '../diagnostics.ts';
import type { Locate } from '../read/places.ts';
import { type Ignored, referenceOf } from '../manifest.ts';
import type { Person } from './people.ts';

/** Whether all persons and rosters that entries name are there. */
export type ReferenceCheck = (entries: readonly Ignored[], locate: Locate) => boolean;

/** Makes the check. It reports what is not there; `lostRosters` are there, but with mistakes reported already. */
export function referenceChecker(
  rosters: ReadonlySet<string>,
  lostRosters: ReadonlySet<string | null>,
  people: ReadonlyMap<string, Person>,
  report: Report,
): ReferenceCheck {
  function isKnown(entry: Ignored, locate: Locate): boolean {
    if (entry.type !== undefined) return true;
    const { kind, id } = referenceOf(entry);
    if (kind !== 'person' && kind !== 'roster') return true;
    const known: ReadonlySet<string> | ReadonlyMap<string, Person> = kind === 'person' ? people : rosters;
    if (known.has(id)) return true;
    if (kind === 'roster' && lostRosters.has(id)) return false;
    const where = kind === 'person' ? 'no Directory has the person' : 'there is no Roster';
    const hint =
      report.suggest(id, known.keys()) ??
      `add it, or give the path of its ${kind === 'person' ? 'Directory' : 'file'} too`;
    report(errorAt(locate(entry), `unknown-${kind}`, `${where} ${JSON.stringify(id)}`, hint));
    return false;
  }
  return (entries, locate) => entries.filter((entry) => !isKnown(entry, locate)).length === 0;
}
