import { isObject, type JsonObject, textOf } from '../../../http/json.ts';
import { addressOf } from '../../../model/attendee.ts';
import type { Found, FoundPerson } from '../../../model/found.ts';
import { pathOf } from '../../client.ts';
import { type Gathering, gathering, holdsText, kindOfText, nobody, type Search, textIn } from '../../find.ts';
import type { Listing } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { PlatformError } from '../../provider.ts';
import { addressesOf } from '../aliases.ts';
import { directoryRoot, forDirectory } from '../dialect.ts';
import { membersListing } from '../sources.ts';
import { listing } from './page.ts';

/** Somebody as the Directory API has them. */
function personOf(row: JsonObject): FoundPerson {
  const email = textOf(row['primaryEmail']);
  if (email === undefined) throw malformed('somebody has no address');
  const name = row['name'];
  const inactive = row['suspended'] === true || row['archived'] === true;
  return {
    ...nobody,
    name: isObject(name) ? textIn(name, 'fullName') : null,
    ids: { email: addressOf(email) },
    email: addressOf(email),
    status: inactive ? 'inactive' : 'active',
  };
}

/** Somebody by any of their addresses (page: `users/get`); null where there is nobody. */
async function userAt(search: Search, address: string): Promise<FoundPerson | null> {
  try {
    const { body } = await search.client.ask({
      api: 'users.get',
      method: 'GET',
      path: `${directoryRoot}/users/${pathOf('address', address)}`,
      as: forDirectory('find-people', search.client.account),
      operation: 'read',
      signal: search.signal,
    });
    if (!isObject(body)) throw malformed('there is nobody in it');
    return { ...personOf(body), asked: [address] };
  } catch (error) {
    if (error instanceof PlatformError && error.kind === 'absent') return null;
    throw error;
  }
}

/** The members of a group (page: `members/list`); null where there is no such group. */
async function membersAt(search: Search, address: string): Promise<readonly FoundPerson[] | null> {
  const members = gathering<FoundPerson>({
    problemOf: (error) => {
      if (error instanceof PlatformError && error.kind === 'absent') throw error;
      return search.problemOf(error);
    },
  });
  try {
    const rows = await members.read(membersListing(search, address), 'members');
    return rows.map(({ email }) => ({
      ...nobody,
      ids: email === null ? {} : { email },
      email,
      asked: [address],
    }));
  } catch {
    return null;
  }
}

/** Of whom a list has all addresses, by any of them. */
function byAnyAddress(all: readonly Listed[]): ReadonlyMap<string, FoundPerson> {
  return new Map(
    all.flatMap(({ person, addresses }) => addresses.map((address) => [address, person] as const)),
  );
}

/** The person with an address, or the members of a group; null if it is neither. */
async function at(search: Search, address: string): Promise<readonly FoundPerson[] | null> {
  const person = await userAt(search, address);
  return person === null ? membersAt(search, address) : [person];
}

/** Above so many addresses the list of everybody is read first: it takes a call for 500 people. */
const mostSingly = 50;

/** Somebody in the list of everybody. */
interface Listed {
  readonly person: FoundPerson;
  readonly addresses: readonly string[];
}

/**
 * People by their addresses, aliases included, and the members of a group by the group's; or by a part of their name among
 * everybody in the organisation (page: `users/list`), which resolves addresses in the same calls.
 */
export async function findPeople(search: Search): Promise<Found<FoundPerson>> {
  const { texts } = search.query;
  const gathered = gathering<FoundPerson>(search);
  const addresses = texts.filter((text) => kindOfText(text) === 'email');
  const names = texts.filter((text) => kindOfText(text) !== 'email');
  const isListed = names.length > 0 || addresses.length === 0 || addresses.length > mostSingly;
  const all = isListed ? await gathered.read(everybody(search), 'people') : [];
  const known = byAnyAddress(all);
  // Where the list is refused so is each of them.
  const found = await Promise.all(
    addresses.map(async (address) => {
      const person = known.get(addressOf(address));
      if (person !== undefined) return [{ ...person, asked: [address] }];
      return gathered.isWhole ? gathered.ask(at(search, address)) : undefined;
    }),
  );
  found.forEach((people, index) => {
    const query = addresses[index] ?? '';
    if (people === null) gathered.missing.push({ query, reason: 'not-visible' });
    else gathered.items.push(...(people ?? []));
  });
  if (names.length > 0 || addresses.length === 0) keepByName(gathered, all, names);
  return gathered.found();
}

function everybody(search: Search): Listing<Listed> {
  return listing(search, {
    api: 'users.list',
    path: `${directoryRoot}/users`,
    query: { customer: 'my_customer', maxResults: '500' },
    as: forDirectory('find-people', search.client.account),
    rows: 'users',
    read: (row) => ({ person: personOf(row), addresses: addressesOf(row) }),
    keyOf: ({ person }) => person.email ?? '',
  });
}

/** Those of everybody whose names hold a text; all where there is none. */
function keepByName(
  gathered: Gathering<FoundPerson>,
  all: readonly Listed[],
  names: readonly string[],
): void {
  const named = new Set<string>();
  for (const { person } of all) {
    const asked = names.filter((text) => holdsText(person.name, text) || person.email === addressOf(text));
    for (const text of asked) named.add(text);
    if (names.length === 0 || asked.length > 0) gathered.items.push({ ...person, asked });
  }
  const reason = gathered.isWhole ? 'not-found' : 'not-visible';
  gathered.missing.push(
    ...names.filter((text) => !named.has(text)).map((query) => ({ query, reason }) as const),
  );
}
