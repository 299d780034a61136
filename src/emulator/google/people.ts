import { createHash } from 'node:crypto';

import { goneFrom, organisationPart } from '../organisation.ts';
import type { Tenant } from '../tenant-parts.ts';
import { type GoogleIds, googlePart, type TenantGoogleGroup, type TenantGuest } from './tenant.ts';

/** Somebody of the organisation, by the primary address. */
export interface GoogleUser {
  readonly email: string;
  readonly name: string | null;
  readonly employeeNo: string | null;
  readonly mobile: string | null;
  /** When this person has left, in milliseconds since the epoch. */
  readonly goneFrom: number | null;
}

/** What rooms and calendars beside the primary ones are called. */
const resources = '@resource.calendar.google.com';
const ofGoogle = /@(group\.calendar\.google\.com|[\w.-]+\.gserviceaccount\.com)$/;

export function isRoom(address: string): boolean {
  return folded(address).endsWith(resources);
}

/** An address as addresses are compared. */
export function folded(address: string): string {
  return address.toLowerCase();
}

/** A number that stands for an address. */
export function profileId(address: string): string {
  return `1${BigInt(`0x${createHash('sha256').update(folded(address)).digest('hex').slice(0, 16)}`)}`.slice(
    0,
    21,
  );
}

/** Each row of the tenant file, `generate` carried out. */
export function spread<Row extends TenantGuest>(rows: readonly Row[]): readonly Row[] {
  return rows.flatMap((row) => {
    const { generate, ...one } = row;
    if (generate === undefined) return [row];
    return Array.from({ length: generate }, (_, index) => {
      const fill = (text: string): string => text.replaceAll('{}', String(index + 1));
      const { email, name } = one;
      // What was taken out has no part in a row that is not generated.
      return { ...one, email: fill(email), ...(name === undefined ? {} : { name: fill(name) }) } as Row;
    });
  });
}

/** Everybody whom a tenant file names in the organisation's domains, the aliases, and the groups. */
export class GooglePeople {
  readonly #users = new Map<string, GoogleUser>();
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #groups: ReadonlyMap<string, TenantGoogleGroup>;
  readonly #domains: ReadonlySet<string>;

  constructor(tenant: Tenant) {
    const part = googlePart(tenant);
    const { calendars = [], groups = [], aliases = {} } = part;
    const owners = calendars.flatMap(({ id, owner = id }) => (ofGoogle.test(owner) ? [] : [owner]));
    this.#domains = new Set((part.domains ?? owners.map(domainOf)).map(folded));
    this.#aliases = new Map(Object.entries(aliases).map(([alias, of]) => [folded(alias), folded(of)]));
    this.#groups = new Map(groups.map((group) => [folded(group.email), group]));
    const { people } = organisationPart<GoogleIds>(tenant);
    for (const { email: other, google: email = other, name, employeeNo, mobile, left } of people) {
      this.#keep({
        ...nobody,
        email: email ?? '',
        name: name ?? null,
        employeeNo: employeeNo ?? null,
        mobile: mobile ?? null,
        goneFrom: left === undefined ? null : goneFrom(left),
      });
    }
    const events = calendars.flatMap(({ events = [] }) => events);
    const rows = events.flatMap(({ attendees = [], exceptions = [] }) => [
      ...spread(attendees),
      ...exceptions.flatMap((one) => spread(one.attendees ?? [])),
    ]);
    for (const { email, name = null, resource } of [
      ...rows.filter(({ name }) => name !== undefined),
      ...rows,
    ]) {
      if (resource !== true && !isRoom(email)) this.#keep({ ...nobody, email, name });
    }
    const named = [
      ...owners,
      ...events.flatMap(({ organizer }) => organizer ?? []),
      ...Object.values(aliases),
      ...groups.flatMap(({ members = [] }) => members),
      ...(part.subject === undefined ? [] : [part.subject]),
    ];
    for (const email of named) this.#keep({ ...nobody, email });
  }

  /** The address that an address stands for, in lower case: an alias is its owner. */
  resolve(address: string): string {
    const lower = folded(address);
    return this.#aliases.get(lower) ?? lower;
  }

  /** Somebody of the organisation by any address. */
  user(address: string): GoogleUser | undefined {
    return this.#users.get(this.resolve(address));
  }

  aliasesOf(email: string): readonly string[] {
    return [...this.#aliases].flatMap(([alias, of]) => (of === folded(email) ? [alias] : []));
  }

  /** All users, in the order of the tenant file. */
  all(): readonly GoogleUser[] {
    return [...this.#users.values()];
  }

  group(address: string): TenantGoogleGroup | undefined {
    return this.#groups.get(folded(address));
  }

  groups(): readonly TenantGoogleGroup[] {
    return [...this.#groups.values()];
  }

  /** The members of a group, those of the groups in it too; each once. */
  members(address: string, seen: Set<string> = new Set()): readonly string[] {
    const { members = [] } = this.group(address) ?? {};
    return members.flatMap((member) => {
      const lower = this.resolve(member);
      if (seen.has(lower)) return [];
      seen.add(lower);
      return [member, ...this.members(member, seen)];
    });
  }

  /** Whether an address is of another organisation. */
  isOutside(address: string): boolean {
    return !isRoom(address) && !this.#domains.has(domainOf(this.resolve(address)));
  }

  #keep(user: GoogleUser): void {
    const email = this.resolve(user.email);
    if (email === '' || this.isOutside(email) || this.#groups.has(email) || this.#users.has(email)) return;
    this.#users.set(email, { ...user, email: this.#aliases.has(folded(user.email)) ? email : user.email });
  }
}

const nobody: Omit<GoogleUser, 'email'> = { name: null, employeeNo: null, mobile: null, goneFrom: null };

export function domainOf(address: string): string {
  return folded(address.slice(address.lastIndexOf('@') + 1));
}
