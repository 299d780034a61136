import { isObject, type JsonObject, textOf } from '../../../http/json.ts';
import { addressOf } from '../../../model/attendee.ts';
import type { Found, FoundPerson } from '../../../model/found.ts';
import { pathOf } from '../../client.ts';
import { type Gathering, gathering, holdsText, kindOfText, nobody, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { PlatformError } from '../../provider.ts';
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

async function byAddress(search: Search, gathered: Gathering<FoundPerson>, address: string): Promise<void> {
  const person = await gathered.ask(userAt(search, address));
  if (person === undefined) return;
  const found = person === null ? await membersAt(search, address) : [person];
  if (found === null) gathered.missing.push({ query: address, reason: 'not-visible' });
  else gathered.items.push(...found);
}

/**
 * People by their addresses, aliases too, and whoever is in a group by that of the group; by a part of their name among
 * all of the organisation (page: `users/list`).
 */
export async function findPeople(search: Search): Promise<Found<FoundPerson>> {
  const { texts } = search.query;
  const gathered = gathering<FoundPerson>(search);
  const addresses = texts.filter((text) => kindOfText(text) === 'email');
  const names = texts.filter((text) => kindOfText(text) !== 'email');
  for (const address of addresses) await byAddress(search, gathered, address);
  if (names.length === 0 && addresses.length > 0) return gathered.found();
  const all = await gathered.read(
    listing(search, {
      api: 'users.list',
      path: `${directoryRoot}/users`,
      query: { customer: 'my_customer', maxResults: '500' },
      as: forDirectory('find-people', search.client.account),
      rows: 'users',
      read: personOf,
      keyOf: ({ email }) => email ?? '',
    }),
    'people',
  );
  const named = new Set<string>();
  for (const person of all) {
    const asked = names.filter((text) => holdsText(person.name, text) || person.email === addressOf(text));
    for (const text of asked) named.add(text);
    if (names.length === 0 || asked.length > 0) gathered.items.push({ ...person, asked });
  }
  const reason = gathered.isWhole ? 'not-found' : 'not-visible';
  gathered.missing.push(
    ...names.filter((text) => !named.has(text)).map((query) => ({ query, reason }) as const),
  );
  return gathered.found();
}
