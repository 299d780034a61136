import { byDepartment } from '../departments.ts';
import {
  dialled,
  goneFrom,
  idsElsewhere,
  organisationPart,
  root,
  type TenantPerson,
} from '../organisation.ts';
import type { Tenant, TenantAttendee } from '../tenant-parts.ts';
import { type FeishuIds, feishuOrganisation, feishuPart, type TenantFeishuPerson } from './tenant.ts';

/** Which of a user's ids is meant. https://open.feishu.cn/document/home/user-identity-introduction/introduction */
export type UserIdType = 'open_id' | 'union_id' | 'user_id';

/** The permission that user_ids need wherever they stand. */
export const userIdScope = 'contact:user.employee_id:readonly';

/** A user's three ids. */
export type UserIds = Readonly<Record<UserIdType, string>>;

/** A user as the tenant knows it. */
export interface FeishuPerson {
  readonly ids: UserIds;
  readonly name: string | undefined;
  readonly email: string | undefined;
  readonly external: boolean;
  /** When this user has left, in milliseconds since the epoch. */
  readonly goneFrom: number | null;
  readonly mobile: string | undefined;
  readonly employeeNo: string | undefined;
  readonly departments: readonly string[];
  /** Whether the app may see this user, where that does not follow from the departments. */
  readonly visible: boolean | undefined;
}

/** Whether a user has left the organisation. */
export function hasLeft(person: FeishuPerson, now: number): boolean {
  return person.goneFrom !== null && now >= person.goneFrom;
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
function idsOf(given: {
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

/** The users that a tenant file names, as people, on an event or in a chat, found by any of their ids. */
export class People {
  readonly #byId = new Map<string, FeishuPerson>();
  readonly #byEmail = new Map<string, FeishuPerson>();
  readonly #all: FeishuPerson[] = [];
  #members: ReadonlyMap<string, readonly FeishuPerson[]> | undefined;

  constructor(tenant: Tenant) {
    const { people, chats, groups, roles } = organisationPart<FeishuIds>(tenant);
    for (const person of people) this.#registerPerson(person);
    const part = feishuPart(tenant);
    for (const person of part.people ?? []) this.#register(person);
    const rows = (part.calendars ?? [])
      .flatMap((calendar) => calendar.events ?? [])
      .flatMap((event) => [event, ...(event.exceptions ?? [])])
      .flatMap(({ attendees }) => attendees ?? []);
    // Rows that name more than one id come first: what they say holds where another row gives one id alone.
    const named = rows.filter((row) => row.unionId !== undefined || row.userId !== undefined);
    for (const row of [...named, ...rows]) this.#registerRow(row);
    // Anyone who is in only one of these is there all the same; ids of another platform are nobody's here.
    const others = new Set(people.flatMap((person) => idsElsewhere(person, feishuOrganisation)));
    const inside = [...chats, ...groups, ...roles].flatMap(({ members = [] }) => members);
    for (const user of inside) if (!others.has(user)) this.#register({ user });
  }

  /** The user with this id of this kind; one that nobody named gets the ids that follow from it. */
  find(type: UserIdType, id: string): { readonly person: FeishuPerson; readonly known: boolean } {
    const known = this.#byId.get(`${type} ${id}`);
    if (known !== undefined) return { person: known, known: true };
    return { person: { ...nothing, ids: idsOf({ user: id }) }, known: false };
  }

  /** Those of these ids, of any kind, who are users of this platform and have not left. */
  present(ids: readonly string[] = [], now: number): readonly FeishuPerson[] {
    return ids
      .map((id) => this.find(shownIdType(id), id))
      .flatMap(({ person, known }) => (known && !hasLeft(person, now) ? person : []));
  }

  /** All of them, in the order of the tenant file. */
  all(): readonly FeishuPerson[] {
    return this.#all;
  }

  /** The user with this address. */
  withEmail(email: string): FeishuPerson | undefined {
    return this.#byEmail.get(email.toLowerCase());
  }

  /** Those right in a department, also who has left. */
  within(department: string): readonly FeishuPerson[] {
    this.#members ??= byDepartment(this.#all);
    return this.#members.get(department) ?? [];
  }

  /** The user with this number, however it is written. */
  withMobile(mobile: string): FeishuPerson | undefined {
    const digits = dialled(mobile);
    return this.#all.find((person) => person.mobile !== undefined && dialled(person.mobile) === digits);
  }

  #registerRow(row: TenantAttendee): void {
    if (row.user === undefined) return;
    for (let n = 1; n <= (row.generate ?? 1); n += 1) {
      const numbered = { ...row, user: row.user.replaceAll('{}', String(n)) };
      if (row.name !== undefined) numbered.name = row.name.replaceAll('{}', String(n));
      this.#register(numbered);
    }
  }

  /** Somebody who is on another platform alone has no id here. */
  #registerPerson(given: TenantPerson & FeishuIds): void {
    const { openId, unionId, userId, left, name, email } = given;
    const user = openId ?? unionId ?? userId;
    if (user === undefined) return;
    this.#keep({
      ...nothing,
      ids: idsOf({
        user,
        ...(unionId === undefined ? {} : { unionId }),
        ...(userId === undefined ? {} : { userId }),
      }),
      name,
      email,
      mobile: given.mobile,
      employeeNo: given.employeeNo,
      goneFrom: left === undefined ? null : goneFrom(left),
      departments: given.departments ?? nothing.departments,
      visible: given.visible,
    });
  }

  #register(given: TenantFeishuPerson): void {
    const { name, email, external = false, gone = false } = given;
    this.#keep({ ...nothing, ids: idsOf(given), name, email, external, goneFrom: gone ? 0 : null });
  }

  /** The first who has an id keeps it. */
  #keep(person: FeishuPerson): void {
    if (idTypes.some((type) => this.#byId.has(`${type} ${person.ids[type]}`))) return;
    for (const type of idTypes) this.#byId.set(`${type} ${person.ids[type]}`, person);
    if (person.email !== undefined) this.#byEmail.set(person.email.toLowerCase(), person);
    this.#all.push(person);
  }
}

/** A user of whom nothing is known but an id. */
const nothing: Omit<FeishuPerson, 'ids'> = {
  name: undefined,
  email: undefined,
  external: false,
  goneFrom: null,
  mobile: undefined,
  employeeNo: undefined,
  departments: [root.id],
  visible: undefined,
};
