import { isObject, type JsonObject, textOf } from '../../http/json.ts';
import { addressOf, type GivenReply, type ObservedAttendee } from '../../model/attendee.ts';
import type { Problem } from '../../model/diagnostic.ts';
import type { Basis, EventFacts, EventRef, Observed } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import { ownCalendarOf } from '../../platforms/index.ts';
import { malformed } from '../problem.ts';

/** What a write stands on: the event's version, and its rows just as they were read. */
export interface Version {
  readonly etag: string;
  readonly rows: readonly JsonObject[];
  /** Who organizes it, for messages. */
  readonly organizer: string;
  /** The rows whose replies the write before it cost, as they were. */
  readonly lost?: readonly JsonObject[];
}

/** The organisation's domains, where the environment says so. */
export type Domains = readonly string[] | undefined;

function basisOf(version: Version): Basis {
  // Opaque to all but this folder.
  return version as unknown as Basis;
}

export function versionOf(basis: Basis | undefined): Version | null {
  // Made above, and nowhere else.
  return basis === undefined ? null : (basis as unknown as Version);
}

/** An event as the API has it. @throws PlatformError where it is none, or another one */
export function eventIn(body: unknown, { eventId }: EventRef): JsonObject {
  if (!isObject(body)) throw malformed('there is no event in it');
  if (body['id'] !== eventId) throw malformed('it is about another event');
  return body;
}

/** Its rows as they were read. @throws PlatformError where they are none */
export function rowsIn(event: JsonObject): readonly JsonObject[] {
  const { attendees = [] } = event;
  if (!Array.isArray(attendees)) throw malformed('the attendees are not a list');
  return attendees.map((row: unknown) => {
    if (!isObject(row) || textOf(row['email']) === undefined) throw malformed('an attendee has no address');
    return row;
  });
}

/** The address of a row, as addresses are compared. */
export function keyOf(row: JsonObject): string {
  return addressOf(textOf(row['email']) ?? '');
}

function organizerOf(event: JsonObject): { readonly email: string | undefined; readonly self: boolean } {
  const organizer = event['organizer'];
  if (!isObject(organizer)) return { email: undefined, self: false };
  return { email: textOf(organizer['email']), self: organizer['self'] === true };
}

/** Types of event that take attendees: a list of those that do, so that a new one is none of them. */
const withAttendees: ReadonlySet<unknown> = new Set([undefined, 'default']);

/** Why its list may not be whole, or is not the caller's to change; null where it may be written. */
function faultOf(event: JsonObject): Problem | null {
  if (event['status'] === 'cancelled') {
    return {
      code: 'event-deleted',
      message: 'the event is cancelled',
      hint: 'Use the event that replaced it, or set state: absent.',
    };
  }
  if (event['privateCopy'] === true) {
    return {
      code: 'not-organizer',
      message: "the event is a private copy without the original's attendees",
      hint: "Name the organizer's own event: its `eventId`, and the organizer's address as `organizer:`.",
    };
  }
  const { email, self } = organizerOf(event);
  if (!self) {
    const who = email ?? 'somebody else';
    return {
      code: 'not-organizer',
      message: `the event is organized by ${who}, and only the organizer's calendar has all of its attendees`,
      hint: 'Write the address of the organizer as `organizer:`, and leave `calendarId` out or write that of the organizer.',
    };
  }
  if (event['attendeesOmitted'] === true) {
    return {
      code: 'list-partial',
      message: 'the platform returned only some of the attendees',
      hint: 'Check `organizer:`: it has to be the one who organizes the event.',
    };
  }
  if (event['locked'] === true) {
    return {
      code: 'list-refused',
      message: 'the event is locked',
      hint: 'Change the event that it is a copy of.',
    };
  }
  if (!withAttendees.has(event['eventType'])) {
    const type = textOf(event['eventType']) ?? 'unknown';
    return {
      code: 'list-refused',
      message: `the event is of type ${type}, which takes no attendees`,
      hint: 'Name an ordinary event.',
    };
  }
  if (!isExact(event['attendees'])) {
    return {
      code: 'list-partial',
      message: 'an attendee has a number that is too large to be sent back as it was read',
      hint: 'Change the attendees of this event in the calendar.',
    };
  }
  return null;
}

/** False: something in it is a number whose last digits were lost when it was read. */
function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact);
}

/**
 * What an event answers: its attendees, its facts and what a write stands on, or why nothing of it is to be trusted.
 * `lost`: the rows whose replies it is without, as they were.
 */
export function observedOf(
  event: JsonObject,
  ref: EventRef,
  domains: Domains,
  lost: readonly JsonObject[] = [],
): Observed {
  const problem = faultOf(event);
  if (problem !== null) return { complete: false, problem };
  const rows = rowsIn(event);
  const etag = textOf(event['etag']);
  if (etag === undefined) throw malformed('the event has no version');
  const isExternal = externalTest(event, ref, domains);
  const organizer = organizerOf(event).email ?? '';
  const read = (row: JsonObject): ObservedAttendee => attendeeOf(row, organizer, isExternal);
  return {
    complete: true,
    attendees: rows.map(read),
    facts: presentFacts(event, { etag, rows, organizer }),
    basis: basisOf({ etag, rows, organizer, lost }),
    ...(lost.length === 0 ? {} : { lost: lost.flatMap((row) => withReply(read(row), givenReply(row))) }),
  };
}

type Replied = ObservedAttendee & { readonly reply: GivenReply };

function withReply(attendee: ObservedAttendee, reply: GivenReply | undefined): readonly Replied[] {
  return reply === undefined ? [] : [{ ...attendee, reply }];
}

/** The event itself. A cancelled one is deleted. */
export function factsOf(event: JsonObject): EventFacts {
  if (event['status'] === 'cancelled') return { state: 'deleted' };
  const problem = faultOf(event);
  if (problem !== null) return { state: 'unknown', problem };
  const etag = textOf(event['etag']);
  if (etag === undefined) throw malformed('the event has no version');
  return presentFacts(event, { etag, rows: rowsIn(event), organizer: organizerOf(event).email ?? '' });
}

function presentFacts(event: JsonObject, version: Version): EventFacts {
  const { recurrence } = event;
  const organizer = version.organizer === '' ? undefined : addressOf(version.organizer);
  return {
    state: 'present',
    ...given({
      summary: textOf(event['summary']),
      start: timeOf(event['start']),
      end: lastOf(event['end']),
    }),
    recurring: Array.isArray(recurrence) && recurrence.length > 0,
    ...given({ organizer }),
    basis: basisOf(version),
  };
}

/** An instant in ISO 8601, a day as it is, or nothing where there is none. */
export function timeOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw malformed('a time is not an object');
  const instant = textOf(value['dateTime']);
  if (instant !== undefined) {
    const ms = Date.parse(instant);
    if (Number.isNaN(ms)) throw malformed('a time is not valid');
    return new Date(ms).toISOString().replace('.000Z', 'Z');
  }
  const date = textOf(value['date']);
  if (date !== undefined && !isDay(date)) throw malformed('a date is not valid');
  return date;
}

function isDay(date: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(date) && !Number.isNaN(Date.parse(date));
}

/** When it ends; of a whole day the last one, since the platform names the day after. */
function lastOf(value: unknown): string | undefined {
  const end = timeOf(value);
  if (end === undefined || !isDay(end)) return end;
  return new Date(Date.parse(end) - 86_400_000).toISOString().slice(0, 10);
}

const replies: ReadonlyMap<unknown, GivenReply> = new Map([
  ['accepted', 'accepted'],
  ['tentative', 'tentative'],
  ['declined', 'declined'],
]);

/** What the guest of this row has answered. */
export function givenReply(row: JsonObject): GivenReply | undefined {
  return replies.get(row['responseStatus']);
}

/** Whether a row is the organizer's: as it is marked, as the calendar's own, or by its address. */
export function isOrganizers(row: JsonObject, organizer: string): boolean {
  return row['organizer'] === true || row['self'] === true || keyOf(row) === addressOf(organizer);
}

function attendeeOf(
  row: JsonObject,
  organizer: string,
  isExternal: (address: string) => boolean,
): ObservedAttendee {
  const id = keyOf(row);
  const isRoom = row['resource'] === true;
  return {
    // A list of a group's members that is being made tells that it is one; nothing else does.
    type: isRoom ? 'room' : textOf(row['asyncOperation']) === undefined ? 'email' : 'group',
    id,
    ...given({ name: textOf(row['displayName']) }),
    optional: row['optional'] === true,
    organizer: isOrganizers(row, organizer),
    external: !isRoom && isExternal(id),
    reply: givenReply(row) ?? 'none',
  };
}

/**
 * Who is external: anybody outside the domains that the manifest names, else the environment, else the organizer's
 * domain. If none is known everybody is, so that `external: keep` keeps everybody.
 */
function externalTest(event: JsonObject, ref: EventRef, domains: Domains): (address: string) => boolean {
  const said = ref.internalDomains ?? domains ?? [];
  const own = [ref.organizer, ownCalendarOf(ref), organizerOf(event).email].map((one) => domainOf(one ?? ''));
  const guessed = own.find((domain) => domain !== '' && !domain.endsWith('calendar.google.com'));
  const internal = new Set((said.length > 0 ? said : [guessed ?? '']).map((one) => domainOf(`@${one}`)));
  return (address) => !internal.has(domainOf(address));
}

export function domainOf(address: string): string {
  const at = address.lastIndexOf('@');
  return at === -1 ? '' : addressOf(address).slice(addressOf(address).lastIndexOf('@') + 1);
}

/** What an occurrence has from its series unless it was changed. Its times and its identity are its own. */
const inherited = ['summary', 'description', 'location', 'status', 'visibility', 'transparency'] as const;

/** Whether an occurrence is otherwise than its series would have it: a reply to it alone is enough. */
export function isChanged(event: JsonObject, series: JsonObject): boolean {
  const isMoved = timeOf(event['start']) !== timeOf(event['originalStartTime']);
  if (isMoved || lengthOf(event) !== lengthOf(series)) return true;
  if (inherited.some((key) => event[key] !== series[key])) return true;
  const rows = (of: JsonObject): string =>
    rowsIn(of)
      .map((row) => JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1))))
      .sort()
      .join();
  return rows(event) !== rows(series);
}

function lengthOf(event: JsonObject): number | null {
  const [start, end] = [timeOf(event['start']), timeOf(event['end'])];
  return start === undefined || end === undefined ? null : Date.parse(end) - Date.parse(start);
}
