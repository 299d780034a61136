import { isObject, type JsonObject, textOf } from '../../http/json.ts';
import { addressOf, type ObservedAttendee } from '../../model/attendee.ts';
import { pathOf, type Client } from '../client.ts';
import { failureOf, malformed } from '../problem.ts';
import type { AliasQuery, Organisation } from '../provider.ts';
import { directoryRoot, forDirectory } from './dialect.ts';
import { domainOf } from './event.ts';
import { listing } from './find/page.ts';

/** How many people are asked for one by one: for one event, and in a run. For more the list of all is read. */
const mostSingly = 50;
const mostInRun = 500;
/** Pages of 500 people that are read of that list. What it has beyond is not known. */
const mostPages = 20;

const fields = 'primaryEmail,aliases,nonEditableAliases';

/** All addresses of somebody as the Directory API has them, the primary one first. */
export function addressesOf(row: JsonObject): readonly string[] {
  const primary = textOf(row['primaryEmail']);
  if (primary === undefined) throw malformed('somebody has no address');
  const others = [row['aliases'], row['nonEditableAliases']].flatMap((list: unknown) =>
    Array.isArray(list) ? list.flatMap((one: unknown) => textOf(one) ?? []) : [],
  );
  return [...new Set([primary, ...others].map(addressOf))];
}

/**
 * Whose addresses are, by Directory API v1, where its scope is granted (pages: `users/get`, `users/list`). Of those that an
 * event names and those that it lists whichever are fewer are asked for, and addresses of the organisation's own domains
 * alone. What fails is silent: nothing is known then, and nobody is asked for any more.
 */
export function aliasesBy(client: Client): NonNullable<Organisation['aliases']> {
  const directory = new Directory(client);
  return async ({ event, named, listed }, signal): Promise<ReadonlyMap<string, string>> => {
    const isOwn = ownTest(event, listed, client.account.domains);
    const wants = named.filter((address) => isOwn(address));
    const rows = listed.filter(isInternal).map(({ id }) => id);
    if (wants.length === 0 || rows.length === 0) return new Map();
    const people = await directory.people(wants.length <= rows.length ? wants : rows, signal);
    const of = people.flatMap(([primary, ...others]) =>
      primary === undefined ? [] : [primary, ...others].map((address) => [address, primary] as const),
    );
    return new Map(of);
  };
}

function isInternal({ type, external }: ObservedAttendee): boolean {
  return type === 'email' && !external;
}

/** Whether an address is of a domain of the organisation: one that is said to be, or that somebody listed has who is not external. */
function ownTest(
  { internalDomains = [] }: AliasQuery['event'],
  listed: readonly ObservedAttendee[],
  domains: readonly string[] = [],
): (address: string) => boolean {
  const own = new Set([...internalDomains, ...domains].map((domain) => domainOf(`@${domain}`)));
  for (const row of listed) if (isInternal(row)) own.add(domainOf(row.id));
  return (address) => own.has(domainOf(address));
}

/** What a run has learnt of people's addresses. */
class Directory {
  readonly #client: Client;
  /** By any address, all of the same person; empty where nobody is known. */
  readonly #known = new Map<string, Promise<readonly string[]>>();
  /** The first question: where it is refused there is no other. */
  #first: Promise<unknown> | null = null;
  #all: Promise<void> | null = null;
  #isClosed = false;
  #calls = 0;
  #hasAnswered = false;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Everybody with one of these addresses. Rejects for an abort alone. */
  async people(addresses: readonly string[], signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    const open = addresses.filter((address) => !this.#known.has(address));
    if (open.length > mostSingly || this.#calls + open.length > mostInRun) {
      this.#all ??= this.#readAll(signal);
      await this.#all;
      return Promise.all(addresses.flatMap((address) => this.#known.get(address) ?? []));
    }
    return Promise.all(addresses.map((address) => this.#personAt(address, signal)));
  }

  #personAt(address: string, signal: AbortSignal): Promise<readonly string[]> {
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const asked = this.#first === null ? this.#ask(address, signal) : this.#askLater(address, signal);
    this.#first ??= asked;
    this.#known.set(address, asked);
    return asked;
  }

  async #askLater(address: string, signal: AbortSignal): Promise<readonly string[]> {
    await this.#first;
    return this.#ask(address, signal);
  }

  async #ask(address: string, signal: AbortSignal): Promise<readonly string[]> {
    if (this.#isClosed) return [];
    this.#calls += 1;
    try {
      const { body } = await this.#client.ask({
        api: 'users.get',
        method: 'GET',
        path: `${directoryRoot}/users/${pathOf('address', address)}`,
        query: { fields },
        as: this.#use,
        operation: 'read',
        aside: true,
        signal,
      });
      if (!isObject(body)) throw malformed('there is nobody in it');
      this.#hasAnswered = true;
      return addressesOf(body);
    } catch (error) {
      const { kind, code } = failureOf(error, signal);
      // Of somebody in another organisation nothing is told, to those who may ask of their own.
      const isOfAnother = code === 'forbidden' && this.#hasAnswered;
      if (kind === 'absent') this.#hasAnswered = true;
      else if (!isOfAnother) this.#isClosed = true;
      return [];
    }
  }

  /** Reads the list of everybody, as far as it goes. */
  async #readAll(signal: AbortSignal): Promise<void> {
    if (this.#isClosed) return;
    const pages = listing<readonly string[]>(
      {
        client: { account: this.#client.account, ask: (call) => this.#client.ask({ ...call, aside: true }) },
        signal,
      },
      {
        api: 'users.list',
        path: `${directoryRoot}/users`,
        query: { customer: 'my_customer', maxResults: '500', fields: `nextPageToken,users(${fields})` },
        as: this.#use,
        rows: 'users',
        read: addressesOf,
        keyOf: ([primary = '']) => primary,
      },
    );
    try {
      let token: string | null = null;
      for (let page = 1; page <= mostPages; page += 1) {
        this.#calls += 1;
        const { rows, next }: Awaited<ReturnType<typeof pages.fetchPage>> = await pages.fetchPage(token);
        for (const own of rows) for (const address of own) this.#known.set(address, Promise.resolve(own));
        token = next;
        if (token === null) return;
      }
    } catch (error) {
      failureOf(error, signal);
      this.#isClosed = true;
    }
  }

  get #use(): ReturnType<typeof forDirectory> {
    return { ...forDirectory('find-people', this.#client.account), aside: true };
  }
}
