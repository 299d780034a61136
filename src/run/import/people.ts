import { idKindFor } from '../../manifest/ids.ts';
import type { PersonManifest } from '../../manifest/manifest.ts';
import { type Person, personId } from '../../manifest/resolve/people.ts';
import { handleFor, personEntry } from '../../manifest/write/found-yaml.ts';
import { addressOf } from '../../model/attendee.ts';
import type { Found, FoundPerson } from '../../model/found.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import type { Finder } from '../../providers/provider.ts';
import type { ReadEvent } from './read.ts';

/** Where people are looked for beside the platform of the events, by their addresses. */
export interface OtherPlatform {
  readonly provider: ProviderId;
  readonly finder: Finder;
}

export interface NamedPeople {
  /** Those who are new, by handle. */
  readonly people: ReadonlyMap<string, Person>;
  /** What could not be had. */
  readonly notes: readonly string[];
}

/**
 * Directory entries for everybody on the events whom no Directory has yet: once each, with the address and the ids that
 * the platforms tell. People who cannot be looked up are named as on the event, with the one id that is known.
 */
export async function namePeople(
  events: readonly ReadEvent[],
  known: ReadonlyMap<string, Person>,
  finder: Finder,
  others: readonly OtherPlatform[],
  signal: AbortSignal,
): Promise<NamedPeople> {
  const [first] = events;
  if (first === undefined) return { people: new Map(), notes: [] };
  const { provider, userIdType } = first.ref;
  const kind = idKindFor(provider, userIdType);
  const knownIds = new Set([...known.values()].map((person) => personId(person, kind)));
  const names = new Map<string, string | undefined>();
  for (const { type, id, name, external, organizer } of events.flatMap(({ attendees }) => attendees)) {
    if (type !== platforms[provider].event.people || external || organizer || knownIds.has(id)) continue;
    names.set(id, names.get(id) ?? name);
  }
  const ids = [...names.keys()];
  if (ids.length === 0) return { people: new Map(), notes: [] };
  const found = await finder.find('people', { texts: ids, idType: userIdType ?? null }, signal);
  const notes = notesOn(provider, found);
  const byId = new Map(found.items.flatMap((person) => person.asked.map((id) => [id, person] as const)));
  const elsewhere = await Promise.all(
    others.map(async (other) => ({
      provider: other.provider,
      ...(await byAddress(other, found.items, signal)),
    })),
  );
  const taken = new Set(known.keys());
  const addresses = new Set(
    [...known.values()].flatMap(({ ids: { email } }) => (email === undefined ? [] : [addressOf(email)])),
  );
  const people = new Map<string, Person>();
  for (const [id, name] of names) {
    const own = personOf(provider, userIdType, id, name, byId.get(id));
    // A Directory has them by address: a second entry would be the same person twice. The event names them by id.
    if (own.email !== null && addresses.has(addressOf(own.email))) continue;
    let entry: PersonManifest = personEntry(provider, own);
    for (const { provider: other, byEmail } of elsewhere) {
      const there = own.email === null ? undefined : byEmail.get(own.email);
      if (there !== undefined) entry = { ...entry, [other]: personEntry(other, there)[other] };
    }
    const handle = handleFor(own, taken);
    people.set(handle, { handle, name: entry.name, source: nowhere, broken: false, ids: entry, locked: [] });
  }
  return { people, notes: [...notes, ...elsewhere.flatMap((one) => one.notes)] };
}

/** A Directory that is being written has no lines yet. */
const nowhere = { file: 'new', line: 1, column: 1 };

/** Somebody with at least the id and the name that the event shows. */
function personOf(
  provider: ProviderId,
  userIdType: string | undefined,
  id: string,
  name: string | undefined,
  found: FoundPerson | undefined,
): FoundPerson {
  const key = userIdType ?? platforms[provider].title;
  return {
    name: found?.name ?? name ?? null,
    ids: { [key]: id, ...found?.ids, ...(userIdType === undefined ? {} : { [userIdType]: id }) },
    email: found?.email ?? null,
    mobile: null,
    employeeNo: null,
    status: found?.status ?? null,
    asked: [id],
  };
}

async function byAddress(
  { provider, finder }: OtherPlatform,
  people: readonly FoundPerson[],
  signal: AbortSignal,
): Promise<{ readonly byEmail: ReadonlyMap<string, FoundPerson>; readonly notes: readonly string[] }> {
  const texts = people.flatMap(({ email }) => email ?? []);
  if (texts.length === 0) return { byEmail: new Map(), notes: [] };
  const found = await finder.find('people', { texts }, signal);
  const byEmail = new Map(found.items.flatMap((person) => person.asked.map((email) => [email, person])));
  return { byEmail, notes: notesOn(provider, found) };
}

function notesOn(provider: ProviderId, found: Found<FoundPerson>): string[] {
  const { title } = platforms[provider];
  if (!found.complete) return [`People could not all be looked up on ${title}: ${found.problem.message}.`];
  const lost = found.missing.length;
  return lost === 0 ? [] : [`Not found on ${title}, or not visible to the app: ${lost}.`];
}
