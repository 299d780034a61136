import { liveOf } from '../../diff/live.ts';
import { dayStart, nextDay } from '../../model/day.ts';
import type { DesiredEvent, EventRef } from '../../model/event.ts';
import type { FindKind, FindQuery, Found, FoundEvent, FoundItems, ManagedEvent } from '../../model/found.ts';
import { given } from '../../model/given.ts';
import { compareCodePoints } from '../../model/order.ts';
import type { UserIdType } from '../../model/platform.ts';
import { placeOf, platforms, type ProviderId } from '../../platforms/index.ts';
import { holdsText } from '../../providers/find.ts';
import type { Finder, Reader, Turn } from '../../providers/provider.ts';
import { type Beside, sideBySide } from '../../providers/side-by-side.ts';
import type { FindRequest } from './request.ts';

/** With what events are found and counted. */
export interface FindTools extends Beside {
  readonly finder: Finder;
  readonly readerOf: (turn: Turn) => Reader;
  /** Told how many of how many events are counted. */
  readonly onCounted: (done: number, total: number) => void;
}

function queryOf({ texts, calendar, organizer, from, to, timeZone }: FindRequest): FindQuery {
  return given({
    texts,
    calendarId: calendar,
    organizer,
    fromMs: from === undefined ? undefined : dayStart(timeZone, from),
    toMs: to === undefined ? undefined : dayStart(timeZone, nextDay(to)),
  });
}

/** Whether an event takes place in the range. A series does from its first occurrence to its end, if it has one. */
export function isInRange(event: FoundEvent, { from, to, timeZone }: FindRequest): boolean {
  const at = (moment: string): number =>
    moment.includes('T') ? Date.parse(moment) : dayStart(timeZone, moment);
  const starts = event.start === null ? null : at(event.start);
  const last = event.recurring ? event.until : (event.end ?? event.start);
  // A day without a time lasts until the next one begins.
  const ends = last === null ? null : last.includes('T') ? at(last) : at(nextDay(last));
  if (to !== undefined && starts !== null && starts >= dayStart(timeZone, nextDay(to))) return false;
  return from === undefined || ends === null || ends > dayStart(timeZone, from);
}

function nameOf(item: FoundItems[FindKind]): string | null {
  return 'title' in item ? item.title : item.name;
}

function byName(one: FoundItems[FindKind], other: FoundItems[FindKind]): number {
  return compareCodePoints(nameOf(one) ?? '', nameOf(other) ?? '');
}

/** Looks for something of any kind but events. */
export async function find<K extends FindKind>(
  kind: K,
  request: FindRequest,
  { finder, signal }: Pick<FindTools, 'finder' | 'signal'>,
): Promise<Found<FoundItems[K]>> {
  const { match } = request;
  const found = await finder.find(kind, queryOf(request), signal);
  const items = found.items.filter((item) => match === undefined || holdsText(nameOf(item), match));
  return { ...found, items: items.sort(byName) };
}

/** Looks for events, and counts the attendees of those that do not show them. */
export async function findEvents(
  request: FindRequest,
  tools: FindTools,
  manifests: readonly DesiredEvent[],
): Promise<Found<ManagedEvent>> {
  const found = await find('events', request, tools);
  const inRange = found.items.filter((event) => isInRange(event, request)).sort(byStart);
  const own = manifests.filter(({ ref }) => ref.provider === request.provider);
  const names = [...own.map(({ ref }) => ref.calendarId), ...inRange.map(({ calendarId }) => calendarId)];
  const place = await placesOn(request.provider, names, tools.finder, tools.signal);
  let counted = 0;
  const items = await sideBySide(
    inRange,
    () => ({ provider: request.provider }),
    tools,
    async (event, { turn }): Promise<ManagedEvent> => {
      const reader = tools.readerOf(turn);
      const attendees = event.attendees ?? (await attendeeCount(event, request, reader, tools.signal));
      counted += 1;
      tools.onCounted(counted, inRange.length);
      return { ...event, attendees, managedBy: managerOf(event, request, own, place) };
    },
  );
  const uncounted = items.filter(({ attendees }) => attendees === null).length;
  const notes = uncounted === 0 ? [] : [`The attendees of ${uncounted} of them cannot be read.`];
  return { ...found, items, notes: [...found.notes, ...notes] };
}

function byStart(one: FoundEvent, other: FoundEvent): number {
  const start = compareCodePoints(one.start ?? '', other.start ?? '');
  return start || compareCodePoints(one.id, other.id);
}

/** The event as calls name it. */
export function refOfFound(
  event: FoundEvent,
  { provider, organizer }: FindRequest,
  userIdType?: UserIdType,
): EventRef {
  const kind = userIdType ?? platforms[provider].event.userIds[0]?.type;
  const { calendarId, id: eventId } = event;
  return given({ provider, calendarId, eventId, organizer, userIdType: kind });
}

async function attendeeCount(
  event: FoundEvent,
  request: FindRequest,
  reader: Reader,
  signal: AbortSignal,
): Promise<number | null> {
  const observed = await reader.read(refOfFound(event, request), 'attendees', signal);
  return observed.complete ? liveOf(observed.attendees).attendees.size : null;
}

/** The name of the manifest that has the event. */
function managerOf(
  event: FoundEvent,
  request: FindRequest,
  manifests: readonly DesiredEvent[],
  place: PlaceOf,
): string | null {
  const own = place(refOfFound(event, request));
  return manifests.find(({ ref }) => ref.admin === undefined && place(ref) === own)?.name ?? null;
}

/** What the account's own calendar may be called. */
const alias = 'primary';

/** Tells which event of a platform a reference means, whichever of its names the calendar goes by. */
export type PlaceOf = (ref: EventRef) => string;

/**
 * Where calendars have ids of their own, `primary` is the account's own by another name: which one is asked for, where
 * some of these are called so and others are not. Where it is not told, the two names are not taken for one.
 *
 * @param names what calendars are called, in manifests and in what was asked
 */
export async function placesOn(
  provider: ProviderId,
  names: Iterable<string>,
  finder: Finder,
  signal: AbortSignal,
): Promise<PlaceOf> {
  const called = new Set(names);
  const mixed = called.has(alias) && called.size > 1;
  if (platforms[provider].event.calendarId !== 'required' || !mixed) return placeOf;
  const { items } = await finder.find('calendars', { texts: [alias] }, signal);
  const [own] = items;
  if (own === undefined) return placeOf;
  return (ref) => placeOf(ref.calendarId === alias ? { ...ref, calendarId: own.id } : ref);
}
