import { Document, isSeq, type Node } from 'yaml';
import { type Attendee, foreignIdType } from '../model/attendee.ts';
import type { EventFacts, EventRef } from '../model/event.ts';
import { compareAttendees, compareCodePoints } from '../model/order.ts';
import { platforms } from '../model/platform.ts';
import { apiVersion } from './manifest.ts';
import { type Person, personId } from './people.ts';

/** Somebody who is live on an event, all rows of one identity taken together. */
export interface LiveEntry extends Attendee {
  readonly name: string | undefined;
  readonly optional: boolean;
  readonly organizer: boolean;
  /** From another tenant. */
  readonly external: boolean;
}

/** An event as it is, for a manifest that wants just that. */
export interface FoundEvent {
  /** `metadata.name` */
  readonly name: string;
  readonly ref: EventRef;
  readonly facts: EventFacts | null;
  readonly attendees: readonly LiveEntry[];
  /** From Directories, by handle. */
  readonly people: ReadonlyMap<string, Person>;
}

/** A manifest, and what it leaves out or cannot say; the notes stand in its comment too. */
export interface WrittenManifest {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * The Event that wants who is live, so that planning it changes nothing. The organizer is left out, who is never
 * removed, and so are external users by an id of another kind than the event's, who are kept by default. Names stand
 * in comments, people from Directories by their handles, all in the order of plans.
 */
export function writeManifest(found: FoundEvent): WrittenManifest {
  const { ref } = found;
  const handles = handlesOf(found.people, ref);
  const others = found.attendees.filter((entry) => !isOrganizer(entry, found));
  const listed = others.filter((entry) => !isCovered(entry, ref)).sort(compareAttendees);
  const notes = notesOf(found, listed, handles);
  const document = new Document(
    {
      apiVersion,
      kind: 'Event',
      metadata: { name: found.name },
      spec: {
        provider: ref.provider,
        ...(ref.provider === 'dingtalk' && ref.calendarId === 'primary'
          ? {}
          : { calendarId: ref.calendarId }),
        eventId: ref.eventId,
        ...(ref.organizer === undefined ? {} : { organizer: ref.organizer }),
        ...(ref.provider === 'dingtalk' ? {} : { userIdType: ref.userIdType }),
        attendees: [],
      },
    },
    // Texts that YAML 1.1 would take for something else are quoted too, for other programs that read the file.
    { schema: 'core', compat: 'yaml-1.1' },
  );
  const attendees = document.getIn(['spec', 'attendees']);
  // Made so a few lines above; what the library finds has no type.
  if (!isSeq<Node>(attendees)) throw new RangeError('the attendees are a list');
  for (const entry of listed) attendees.add(entryNode(document, entry, handles.get(entry.id)));
  const head = [titleOf(found), ...notes].map((line) => ` ${oneLine(line)}`).join('\n');
  return { text: `${head.replaceAll(/^/gm, '#')}\n${document.toString({ lineWidth: 0 })}`, notes };
}

function isOrganizer({ type, id, organizer }: LiveEntry, { ref, facts }: FoundEvent): boolean {
  if (organizer) return true;
  const looked = facts?.state === 'present' ? facts.organizer : undefined;
  return type === 'user' && (id === ref.organizer || id === looked);
}

/** An external user whom the platform names by another kind of id than was asked for: listing such an id is no use. */
function isCovered({ type, id, external }: LiveEntry, ref: EventRef): boolean {
  return type === 'user' && external && foreignIdType(ref.provider, ref.userIdType, id) !== null;
}

/** Handles by user id; the first by code point where people share one. */
function handlesOf(people: ReadonlyMap<string, Person>, ref: EventRef): ReadonlyMap<string, Person> {
  const handles = new Map<string, Person>();
  for (const person of [...people.values()].sort((a, b) => compareCodePoints(a.handle, b.handle))) {
    const id = person.broken ? undefined : personId(person, ref);
    if (id !== undefined && !handles.has(id)) handles.set(id, person);
  }
  return handles;
}

function entryNode(document: Document, entry: LiveEntry, person: Person | undefined): Node {
  const { type, id } = entry;
  const known = type === 'user' ? person : undefined;
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
  // Beside a block map of one pair there is no line of its own but its value's.
  const [pair] = node.items;
  const place: Node = optional || pair === undefined ? node : (pair.value as Node);
  place.comment = ` ${comment}`;
  return node;
}

function shownName(entry: LiveEntry, person: Person | undefined): string | undefined {
  const name = entry.name ?? person?.name;
  return name === entry.id ? undefined : name;
}

function titleOf({ ref, facts, attendees }: FoundEvent): string {
  const { summary, start } = facts?.state === 'present' ? facts : {};
  const title = summary === undefined ? '' : ` "${summary}"`;
  const when = start === undefined ? '' : `, starts ${start}`;
  return `${platforms[ref.provider].title} event${title}${when}: ${attendees.length} live.`;
}

function notesOf(
  found: FoundEvent,
  listed: readonly LiveEntry[],
  handles: ReadonlyMap<string, Person>,
): string[] {
  const { ref, facts, attendees, people } = found;
  const organizers = attendees.filter((entry) => isOrganizer(entry, found));
  const covered = attendees.filter((entry) => !isOrganizer(entry, found) && isCovered(entry, ref));
  const unknown = listed.filter(({ type, id }) => type === 'user' && !handles.has(id)).length;
  const looked = facts?.state === 'present' ? facts.organizer : undefined;
  const notes: string[] = [];
  if (ref.organizer !== undefined && looked !== undefined && looked !== ref.organizer) {
    notes.push(
      `The platform names another organizer than ${ref.organizer}: ${looked}. Name the one who can change the event.`,
    );
  }
  if (organizers.length > 0) {
    notes.push(`The organizer is left out, who is never removed: ${labels(organizers)}.`);
  }
  if (covered.length > 0) {
    notes.push(
      `From another tenant, without a ${ref.userIdType}, left out and kept (external: keep): ${labels(covered)}.`,
    );
  }
  if (people.size > 0 && unknown > 0) {
    notes.push(`Not in the Directories, listed by id: ${unknown} ${unknown === 1 ? 'user' : 'users'}.`);
  }
  if (listed.some(({ type }) => type === 'room')) {
    notes.push(
      'The list does not tell who books the rooms: set roomContact before adding one, and use an Event with admin for those that an admin booked.',
    );
  }
  if (facts?.state === 'present' && facts.recurring) {
    notes.push('This is a series: occurrences that were changed need an Event each.');
  }
  return notes;
}

function labels(entries: readonly LiveEntry[]): string {
  return [...entries]
    .sort(compareAttendees)
    .map((entry) => {
      const name = shownName(entry, undefined);
      return name === undefined ? entry.id : `${name} (${entry.id})`;
    })
    .join(', ');
}

/** Text from outside within a comment: nothing in it may end the line or act on whoever looks at it. */
function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu, ' ').trim();
}
