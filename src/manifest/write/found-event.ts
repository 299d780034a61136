import { type Attendee, identityOf } from '../../model/attendee.ts';
import type { EventFacts, EventRef } from '../../model/event.ts';
import { compareAttendees } from '../../model/order.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { type Insert, joined, plain, type Said, say, who } from '../../model/say.ts';
import { platforms } from '../../platforms/index.ts';
import { idFault, idKindFor } from '../ids.ts';
import type { Person } from '../resolve/people.ts';

/** Somebody who is live on an event, all rows of one identity taken together. */
export interface LiveEntry extends Attendee {
  readonly name: string | undefined;
  readonly optional: boolean;
  readonly organizer: boolean;
  /** From another tenant. */
  readonly external: boolean;
}

/** An event as it is, for a manifest that wants just that. */
export interface LiveEvent {
  /** `metadata.name` */
  readonly name: string;
  readonly ref: EventRef;
  readonly facts: EventFacts | null;
  readonly attendees: readonly LiveEntry[];
  /** From Directories, by handle. */
  readonly people: ReadonlyMap<string, Person>;
  /** Rosters that bring in some of the attendees, all of whose members are on the event. */
  readonly rosters?: readonly { readonly name: string; readonly members: readonly LiveEntry[] }[];
}

/** An organizer of the event: as the list marks them, the event itself names them, or the person who imports it. */
export function isOrganizer({ type, id, organizer }: LiveEntry, found: LiveEvent): boolean {
  const { people } = platforms[found.ref.provider].event;
  return organizer || (type === people && namedOrganizers(found).some((one) => isSame(type, one, id)));
}

function isSame(type: AttendeeType, one: string, other: string): boolean {
  return identityOf({ type, id: one }) === identityOf({ type, id: other });
}

function namedOrganizers({ ref, facts }: LiveEvent): string[] {
  const looked = facts?.state === 'present' ? facts.organizer : undefined;
  return [...new Set([ref.organizer, looked])].filter((id) => id !== undefined);
}

/** An external user whom the platform names by another kind of id than was asked for: such an id cannot be listed. */
export function isCovered({ type, id, external }: LiveEntry, ref: EventRef): boolean {
  return type === 'user' && external && idFault('user', id, idKindFor(ref.provider, ref.userIdType)) !== null;
}

/** A display name that says more than the id. */
export function shownName(entry: LiveEntry, person: Person | undefined): string | undefined {
  const name = entry.name ?? person?.name;
  return name === entry.id ? undefined : name;
}

/** What the manifest of an event leaves out or cannot say. `byId`: how many users are listed without a handle. */
export function notesOf(found: LiveEvent, listed: readonly LiveEntry[], byId: number): Said[] {
  const { ref, facts, attendees, people } = found;
  const { keys } = platforms[ref.provider].event;
  const [given, other] = namedOrganizers(found);
  const organizers = organizerLabels(found);
  const covered = attendees.filter((entry) => !isOrganizer(entry, found) && isCovered(entry, ref));
  const notes: Said[] = [];
  if (other !== undefined) {
    notes.push(
      say`The platform names ${who('user', other)} as the organizer, not ${who('user', given ?? '')}. Use the one who can change the event.`,
    );
  }
  if (organizers.length > 0) {
    notes.push(
      say`The organizer is left out, since organizers are never removed: ${joined(organizers, ', ')}.`,
    );
  }
  if (covered.length > 0) {
    notes.push(
      say`From another tenant, without a ${plain(String(ref.userIdType))}, left out and kept (external: keep): ${joined(labels(covered), ', ')}.`,
    );
  }
  if (people.size > 0 && byId > 0) {
    notes.push(say`Not in the Directories, listed by id: ${byId} ${plain(byId === 1 ? 'user' : 'users')}.`);
  }
  if (keys.includes('roomContact') && listed.some(({ type }) => type === 'room')) {
    notes.push(
      say`The list does not say who books the rooms: set roomContact before adding one, and use an Event with admin for rooms that an admin booked.`,
    );
  }
  if (facts?.state === 'present' && facts.recurring) {
    notes.push(say`This is a series: each changed occurrence needs an Event of its own.`);
  }
  return notes;
}

function organizerLabels(found: LiveEvent): Insert[] {
  const listed = found.attendees.filter((entry) => isOrganizer(entry, found));
  const unlisted = namedOrganizers(found).filter((id) => !listed.some((entry) => entry.id === id));
  return [...labels(listed), ...unlisted.map((id) => who('user', id))];
}

function labels(entries: readonly LiveEntry[]): Insert[] {
  return [...entries].sort(compareAttendees).map((entry) => {
    const name = shownName(entry, undefined);
    const { type, id } = entry;
    return name === undefined ? who(type, id) : say`${who(type, id, name)} (${who(type, id)})`;
  });
}
