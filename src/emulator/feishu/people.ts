import type { TenantAttendee } from '../tenant-parts.ts';
import type { TenantFeishu, TenantFeishuPerson } from './tenant.ts';

/** Which of a user's ids is meant. https://open.feishu.cn/document/home/user-identity-introduction/introduction */
export type UserIdType = 'open_id' | 'union_id' | 'user_id';

/** A user's three ids. */
export type UserIds = Readonly<Record<UserIdType, string>>;

/** A user as the tenant knows it. */
export interface Person {
  readonly ids: UserIds;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly external: boolean;
  readonly gone: boolean;
}

const idTypes: readonly UserIdType[] = ['open_id', 'union_id', 'user_id'];

/** The kind of id that a prefix shows: `ou_` open_id, `on_` union_id, anything else user_id. */
export function shownIdType(id: string): UserIdType {
  if (id.startsWith('ou_')) return 'open_id';
  return id.startsWith('on_') ? 'union_id' : 'user_id';
}

/**
 * The three ids of a user. What is not given follows from what is: the same stem with the other prefix, so `ou_zhang`
 * has the union_id `on_zhang` and the user_id `zhang`.
 */
export function idsOf(given: {
  readonly user: string;
  readonly unionId?: string;
  readonly userId?: string;
}): UserIds {
  const kind = shownIdType(given.user);
  const stem = kind === 'user_id' ? given.user : given.user.slice(3);
  const derived = { open_id: `ou_${stem}`, union_id: `on_${stem}`, user_id: stem };
  return {
    ...derived,
    union_id: given.unionId ?? derived.union_id,
    user_id: given.userId ?? derived.user_id,
  };
}

/** The users that a tenant file names, in `people` or on an event, found by any of their ids. */
export class People {
  readonly #byId = new Map<string, Person>();
  readonly #byEmail = new Map<string, Person>();

  constructor(tenant: TenantFeishu) {
    for (const person of tenant.people ?? []) this.#register(person);
    const rows = (tenant.calendars ?? [])
      .flatMap((calendar) => calendar.events ?? [])
      .flatMap((event) => event.attendees ?? []);
    // Rows that name more than one id come first: what they say holds where another row gives one id alone.
    const named = rows.filter((row) => row.unionId !== undefined || row.userId !== undefined);
    for (const row of [...named, ...rows]) this.#registerRow(row);
  }

  /** The user with this id of this kind; one that nobody named gets the ids that follow from it. */
  find(type: UserIdType, id: string): { readonly person: Person; readonly known: boolean } {
    const known = this.#byId.get(`${type} ${id}`);
    if (known !== undefined) return { person: known, known: true };
    const person = {
      ids: idsOf({ user: id }),
      name: undefined,
      email: undefined,
      external: false,
      gone: false,
    };
    return { person, known: false };
  }

  /** The user with this address. */
  withEmail(email: string): Person | undefined {
    return this.#byEmail.get(email.toLowerCase());
  }

  #registerRow(row: TenantAttendee): void {
    if (row.user === undefined) return;
    for (let n = 1; n <= (row.generate ?? 1); n += 1) {
      const numbered = { ...row, user: row.user.replaceAll('{}', String(n)) };
      if (row.name !== undefined) numbered.name = row.name.replaceAll('{}', String(n));
      this.#register(numbered);
    }
  }

  #register(given: Omit<TenantFeishuPerson, 'email'> & { readonly email?: string }): void {
    const { name, email, external = false, gone = false } = given;
    const person: Person = { ids: idsOf(given), name, email, external, gone };
    if (idTypes.some((type) => this.#byId.has(`${type} ${person.ids[type]}`))) return;
    for (const type of idTypes) this.#byId.set(`${type} ${person.ids[type]}`, person);
    if (email !== undefined) this.#byEmail.set(email.toLowerCase(), person);
  }
}
