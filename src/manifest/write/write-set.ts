import { Document, isSeq, type Node } from 'yaml';
import { compareAttendees, compareCodePoints } from '../../model/order.ts';
import type { IdKind } from '../ids.ts';
import { apiVersion } from '../manifest.ts';
import type { Person } from '../resolve/people.ts';
import { flowBelow } from './found-yaml.ts';
import type { LiveEntry } from './found-event.ts';
import { entryNode, handlesOf, oneLine } from './write-manifest.ts';

const options = { schema: 'core', compat: 'yaml-1.1' } as const;

/** A Directory with these people, a line each. */
export function writeDirectory(name: string, people: ReadonlyMap<string, Person>): string {
  const entries = [...people.values()]
    .sort((one, other) => compareCodePoints(one.handle, other.handle))
    .map(({ handle, ids }) => [handle, ids] as const);
  const document = new Document(
    { apiVersion, kind: 'Directory', metadata: { name }, spec: { people: Object.fromEntries(entries) } },
    options,
  );
  flowBelow(document.getIn(['spec', 'people']));
  return document.toString({ lineWidth: 0 });
}

/** A Roster of these people, by handle where they have one. */
export function writeRoster(
  name: string,
  members: readonly LiveEntry[],
  events: readonly string[],
  people: ReadonlyMap<string, Person>,
  idKind: IdKind,
): string {
  const document = new Document(
    { apiVersion, kind: 'Roster', metadata: { name }, spec: { members: [] } },
    options,
  );
  const list = document.getIn(['spec', 'members']);
  // Made so a line above; what the library finds has no type.
  if (!isSeq<Node>(list)) throw new RangeError('the members are a list');
  const handles = handlesOf(people, idKind);
  for (const entry of [...members].sort(compareAttendees)) {
    list.add(entryNode(document, entry, handles.get(entry.id)));
  }
  return `# On ${oneLine(events.join(', '))}.\n${document.toString({ lineWidth: 0 })}`;
}
