import { type LiveAttendee, liveOf } from '../diff/live.ts';
import { idKindFor } from '../manifest/ids.ts';
import { type Person, personId } from '../manifest/resolve/people.ts';
import { addressOf, type Attendee } from '../model/attendee.ts';
import type { Problem, Source } from '../model/diagnostic.ts';
import type { DesiredEvent } from '../model/event.ts';
import { type ProviderId, providerIds } from '../platforms/index.ts';
import type { Reader, Turn } from '../providers/provider.ts';
import { type Beside, sideBySide } from '../providers/side-by-side.ts';
import type { Standings } from '../providers/standings.ts';

/** Somebody by all that they go by. */
export interface Somebody {
  /** From a Directory; absent for someone who is only known by the query. */
  readonly person: Person | null;
  /** What was asked: an id, an address or a handle. */
  readonly text: string;
}

/** An event that wants somebody, or does not want them any more, and the line that says so. */
export interface WantedOn {
  readonly event: string;
  readonly source: Source;
  readonly via: readonly string[];
  readonly how: 'wanted' | 'optional' | 'excluded' | 'expired' | 'organizer';
}

/** An event that somebody is on now. */
export interface LiveOn {
  readonly event: string;
  readonly attendee: LiveAttendee;
}

export interface LiveReading {
  readonly on: readonly LiveOn[];
  readonly unread: readonly { readonly event: string; readonly problem: Problem }[];
}

/** Everybody who has this handle, id, address or number: in a Directory, else in the lock. */
export function somebody(
  text: string,
  people: ReadonlyMap<string, Person>,
  lockedOnly: readonly Person[] = [],
): Somebody {
  const wanted = normal(text);
  const person =
    people.get(text) ?? [...people.values(), ...lockedOnly].find((one) => textsOf(one).includes(wanted));
  return { person: person ?? null, text };
}

/** Everything that a Directory and the lock have of a person: ids of every kind, address and numbers. */
function textsOf({ ids, locked }: Person): string[] {
  const given = providerIds.flatMap((provider) => {
    const own = ids[provider] ?? [];
    return typeof own === 'string' ? [own] : Object.values(own);
  });
  const { email, mobile, employeeNo } = ids;
  return [
    ...given,
    ...locked.map(({ id }) => id),
    ...(email === undefined ? [] : [addressOf(email)]),
    ...[mobile, employeeNo].flatMap((one) => one ?? []),
  ];
}

/** All that attendees of events may be called by who are this person. */
export function idsOf({ person, text }: Somebody): readonly string[] {
  return [...new Set([normal(text), ...(person === null ? [] : textsOf(person))])];
}

function normal(text: string): string {
  return text.includes('@') ? addressOf(text) : text;
}

/** Whether an attendee of an event is this person. */
function isThem({ type, id }: Attendee, { person, text }: Somebody, event: DesiredEvent): boolean {
  if (id === normal(text)) return true;
  if (person === null) return false;
  if (type === 'email' && person.ids.email !== undefined && addressOf(person.ids.email) === id) return true;
  return (
    (type === 'user' || type === 'email') &&
    personId(person, idKindFor(event.ref.provider, event.ref.userIdType)) === id
  );
}

/** Where somebody is wanted, and where the manifests speak of them and do not want them. */
export function wantedOn(who: Somebody, events: readonly DesiredEvent[]): WantedOn[] {
  return events.flatMap((event): WantedOn[] => {
    const { name, attendees, unwanted, ref, source } = event;
    const wanted = (attendees ?? [])
      .filter((one) => isThem(one, who, event))
      .map((one): WantedOn => {
        const how = one.optional ? 'optional' : 'wanted';
        return { event: name, source: one.source, via: one.via, how };
      });
    const past = [...unwanted].flatMap(([identity, { reason, source: line, via }]): WantedOn[] => {
      const at = identity.indexOf(':');
      // The identity is the type and the id, as `identityOf` puts them together.
      const attendee = { type: identity.slice(0, at) as Attendee['type'], id: identity.slice(at + 1) };
      return isThem(attendee, who, event) ? [{ event: name, source: line, via, how: reason }] : [];
    });
    const organizes =
      ref.organizer !== undefined && isThem({ type: 'user', id: ref.organizer }, who, event)
        ? [{ event: name, source, via: [], how: 'organizer' as const }]
        : [];
    return [...organizes, ...wanted, ...past];
  });
}

/** The platforms that say of somebody that they have left. Only ids that events know them under are asked about. */
export async function leftFrom(
  who: Somebody,
  events: readonly DesiredEvent[],
  on: readonly LiveOn[],
  standings: Standings,
): Promise<readonly ProviderId[]> {
  const isOn = new Set(on.map(({ event }) => event));
  const asked = events.map((event) => {
    const { ref, attendees } = event;
    const known = isOn.has(event.name) || (attendees ?? []).some((one) => isThem(one, who, event));
    const { person, text } = who;
    const id = person === null ? text : personId(person, idKindFor(ref.provider, ref.userIdType));
    return [ref, known && id !== undefined && !id.includes('@') ? [id] : []] as const;
  });
  await standings.ask(asked);
  const left = asked.filter(([ref, ids]) => ids.some((id) => standings.of(ref)(id) === 'left'));
  return [...new Set(left.map(([{ provider }]) => provider))];
}

export interface WhoTools extends Beside {
  readonly readerOf: (provider: ProviderId, turn: Turn) => Reader;
  readonly onRead: (done: number, total: number) => void;
}

/** Where somebody is now, of the events that the manifests name. */
export async function liveOn(
  who: Somebody,
  events: readonly DesiredEvent[],
  tools: WhoTools,
): Promise<LiveReading> {
  let done = 0;
  const on: LiveOn[] = [];
  const unread: { readonly event: string; readonly problem: Problem }[] = [];
  const answers = await sideBySide(
    events,
    ({ ref }) => ref,
    tools,
    async (event, { turn }) => {
      const observed = await tools
        .readerOf(event.ref.provider, turn)
        .read(event.ref, 'attendees', tools.signal);
      done += 1;
      tools.onRead(done, events.length);
      if (!observed.complete) return { event, problem: observed.problem };
      const live = [...liveOf(observed.attendees).attendees.values()];
      return { event, attendees: live.filter((one) => isThem(one, who, event)) };
    },
  );
  for (const answer of answers) {
    const event = answer.event.name;
    if (answer.problem !== undefined) unread.push({ event, problem: answer.problem });
    else on.push(...answer.attendees.map((attendee) => ({ event, attendee })));
  }
  return { on, unread };
}
