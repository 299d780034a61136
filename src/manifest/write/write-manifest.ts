import { Document, isSeq, type Node } from 'yaml';
import { type Identity, identityOf } from '../../model/attendee.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import { compareAttendees, compareCodePoints } from '../../model/order.ts';
import { type Part, partText, type Said, who } from '../../model/say.ts';
import { platforms } from '../../platforms/index.ts';
import { collectDiagnostics } from '../diagnostics.ts';
import { type IdKind, idKindFor } from '../ids.ts';
import { apiVersion } from '../manifest.ts';
import { noLock } from '../lock/read-lock.ts';
import { readManifests } from '../read/read-manifests.ts';
import { type Person, personId } from '../resolve/people.ts';
import { resolveEvent, wantsOncePerResolution } from '../resolve/resolve-event.ts';
import { RosterResolver } from '../resolve/resolve-roster.ts';
import { type LiveEvent, isCovered, isOrganizer, type LiveEntry, notesOf, shownName } from './found-event.ts';

/** A manifest, and what it leaves out or cannot say; the notes stand in its comment too. */
export interface WrittenManifest {
  readonly text: string;
  readonly notes: readonly Said[];
}

/**
 * The Event that wants who is live, so that planning it changes nothing. The organizer is left out, who is never
 * removed, and so are external users by an id of another kind than the event's, who are kept by default. Names stand
 * in comments, people from Directories by their handles, all in the order of plans.
 *
 * @param shown how ids are written, for a look at it without people
 */
export function writeManifest(found: LiveEvent, shown: (part: Part) => string = partText): WrittenManifest {
  const { ref } = found;
  const { calendarId } = platforms[ref.provider].event;
  const idKind = idKindFor(ref.provider, ref.userIdType);
  const handles = handlesOf(found.people, idKind);
  const listed = listedOf(found);
  const { people } = platforms[ref.provider].event;
  const byId = listed.filter(({ type, id }) => type === people && !handles.has(id)).length;
  const notes = notesOf(found, listed, byId);
  const document = new Document(
    {
      apiVersion,
      kind: 'Event',
      metadata: { name: found.name },
      spec: {
        provider: ref.provider,
        ...(calendarId === 'primary' && ref.calendarId === 'primary' ? {} : { calendarId: ref.calendarId }),
        eventId: ref.eventId,
        ...given({ organizer: ref.organizer && shown(who('user', ref.organizer)) }),
        ...(idKind.userIdType === null ? {} : { userIdType: idKind.userIdType }),
        attendees: [],
      },
    },
    // Texts that YAML 1.1 would take for something else are quoted too, for other programs that read the file.
    { schema: 'core', compat: 'yaml-1.1' },
  );
  const attendees = document.getIn(['spec', 'attendees']);
  // Made so a few lines above; what the library finds has no type.
  if (!isSeq<Node>(attendees)) throw new RangeError('the attendees are a list');
  const { rosters = [] } = found;
  for (const { name } of rosters) attendees.add(document.createNode({ roster: name }));
  const through = new Set(rosters.flatMap(({ members }) => members.map(identityOf)));
  for (const entry of listed) {
    if (through.has(identityOf(entry))) continue;
    const id = shown(who(entry.type, entry.id));
    attendees.add(entryNode(document, { ...entry, id }, handles.get(entry.id)));
  }
  const said = notes.map(({ parts }) => parts.map(shown).join(''));
  const head = [titleOf(found), ...said].map((line) => ` ${oneLine(line)}`).join('\n');
  return { text: `${head.replaceAll(/^/gm, '#')}\n${document.toString({ lineWidth: 0 })}`, notes };
}

/** Whom the manifest of an event names, in the order of plans. */
export function listedOf(found: LiveEvent): LiveEntry[] {
  return found.attendees
    .filter((entry) => !isOrganizer(entry, found) && !isCovered(entry, found.ref))
    .sort(compareAttendees);
}

/** Handles by user id; the first by code point where people share one. */
export function handlesOf(people: ReadonlyMap<string, Person>, idKind: IdKind): ReadonlyMap<string, Person> {
  const handles = new Map<string, Person>();
  for (const person of [...people.values()].sort((a, b) => compareCodePoints(a.handle, b.handle))) {
    const id = person.broken ? undefined : personId(person, idKind);
    if (id !== undefined && !handles.has(id)) handles.set(id, person);
  }
  return handles;
}

export function entryNode(document: Document, entry: LiveEntry, person: Person | undefined): Node {
  const { type, id } = entry;
  const known = type === 'user' || type === 'email' ? person : undefined;
  const optional = entry.optional && type !== 'room';
  const reference = known === undefined ? { [type]: id } : { person: known.handle };
  const node = document.createNode({ ...reference, ...(optional ? { optional } : {}) });
  node.flow = optional;
  const remarks = [
    shownName(entry, known) ?? '',
    entry.external && type !== 'email' ? '(from another tenant)' : '',
  ];
  const comment = oneLine(remarks.join(' '));
  if (comment === '') return node;
  // A block map of one pair has no line but its value's; the library makes a node of every value.
  const [pair] = node.items;
  const place: Node = optional || pair === undefined ? node : (pair.value as Node);
  place.comment = ` ${comment}`;
  return node;
}

function titleOf({ ref, facts, attendees }: LiveEvent): string {
  const { summary, start } = facts?.state === 'present' ? facts : {};
  const title = summary === undefined ? '' : ` "${summary}"`;
  const when = start === undefined ? '' : `, starts ${start}`;
  return `${platforms[ref.provider].title} event${title}${when}: ${attendees.length} live.`;
}

/** Text from outside within a comment: nothing in it may end the line or act on anyone who looks at it. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu, ' ').trim();
}

const foreign = /[^\p{L}\p{M}\p{Nd}._-]+/gu;
const longest = 63;

/**
 * A valid `metadata.name` out of the first text that leaves one: lower case, everything that a name cannot hold as
 * `-`, at most 63 characters. `event` where none does.
 */
export function eventNameFrom(texts: readonly (string | undefined)[]): string {
  for (const text of texts) {
    const kept = trimmed((text ?? '').normalize('NFC').toLowerCase().replace(foreign, '-'));
    const name = trimmed(Array.from(kept).slice(0, longest).join(''));
    if (name !== '') return name;
  }
  return 'event';
}

/** A name that begins with `-` would read as an option where a command takes it. */
function trimmed(text: string): string {
  return text.replace(/^[-._]+|[-._]+$/g, '');
}

/** The errors of a text that should be one Event without rosters, its people found in Directories. */
export function errorsInEvent(text: string, people: ReadonlyMap<string, Person>): readonly Diagnostic[] {
  const { report, list } = collectDiagnostics();
  const read = readManifests({ file: 'event.yaml', text, named: true }, report);
  for (const { manifest, ...rest } of read.manifests) {
    if (manifest.kind !== 'Event' || rest.broken) continue;
    const catalog = {
      events: [],
      rosters: new Map(),
      people,
      addresses: new Map(),
      lock: noLock,
      groups: new Set<Identity>(),
    };
    // No entry has an `until`, so any day does.
    const resolver = new RosterResolver(
      catalog,
      idKindFor(manifest.spec.provider, manifest.spec.userIdType),
      { asOf: '2000-01-01', unlocked: 'error' },
      { memberships: null, takenFor: new Map() },
      report,
    );
    resolveEvent({ ...rest, manifest }, resolver, wantsOncePerResolution(), report);
  }
  return list().filter(({ severity }) => severity === 'error');
}
