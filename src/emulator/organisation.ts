import { checkDuplicates, flag, list, record, text, type Report, type Tenant } from './tenant-parts.ts';

/**
 * Somebody of the organisation, by the ids that each platform knows them under. `left`: their last day. `departments`:
 * ids of `departments`; absent, the root. `visible: false`: outside what the app may see of the contacts.
 * `accessLimited`: listed only where such people are asked for.
 */
export interface TenantPerson {
  readonly name?: string;
  readonly openId?: string;
  readonly unionId?: string;
  readonly userId?: string;
  readonly dingtalk?: string;
  readonly dingtalkUserId?: string;
  readonly email?: string;
  readonly mobile?: string;
  readonly employeeNo?: string;
  readonly left?: string;
  readonly departments?: readonly string[];
  readonly visible?: boolean;
  readonly accessLimited?: boolean;
}

/** A department. `visible` holds for those below it too, until one says otherwise. */
export interface TenantDepartment {
  readonly id: string;
  readonly dingtalk?: number;
  readonly name: string;
  readonly parent?: string;
  readonly visible?: boolean;
}

/** A group chat. `bot: false`: the app is not inside. */
export interface TenantChat {
  readonly id: string;
  readonly name?: string;
  readonly members?: readonly string[];
  readonly bot?: boolean;
}

/** The department that all others are below. */
export const root = { id: '0', number: 1 };

const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const ids = {
  openId: text,
  unionId: text,
  userId: text,
  dingtalk: text,
  dingtalkUserId: text,
  email: text,
  mobile: text,
  employeeNo: text,
} as const;

const departmentIds = { id: text, dingtalk: { type: 'integer', minimum: 2 } } as const;

/** The parts of a tenant file that are of no single platform. */
export const organisationSchemas: Readonly<Record<string, object>> = {
  people: list(
    record({
      name: text,
      ...ids,
      left: day,
      departments: list(text),
      visible: flag,
      accessLimited: flag,
    }),
  ),
  departments: list(record({ ...departmentIds, name: text, parent: text, visible: flag }, ['id', 'name'])),
  chats: list(record({ id: text, name: text, members: list(text), bot: flag }, ['id'])),
};

interface Parts {
  readonly people: readonly TenantPerson[];
  readonly departments: readonly TenantDepartment[];
  readonly chats: readonly TenantChat[];
}

/** These parts of a tenant file that was checked. */
export function organisationPart(tenant: Tenant): Parts {
  // The tenant file was checked against the schemas above, which mirror the types.
  const { people = [], departments = [], chats = [] } = tenant as Partial<Parts>;
  return { people, departments, chats };
}

/** Reports what is wrong beyond the schemas. */
export function checkOrganisation(tenant: Tenant, report: Report): void {
  const { people, departments, chats } = organisationPart(tenant);
  checkPeople(people, departments, report);
  checkDepartments(departments, report);
  checkDuplicates(chats, 'id', ['chats'], report);
}

function checkPeople(
  people: readonly TenantPerson[],
  departments: readonly TenantDepartment[],
  report: Report,
): void {
  // The literal above has these keys and no others.
  for (const key of Object.keys(ids) as (keyof typeof ids)[])
    checkDuplicates(people, key, ['people'], report);
  const known = new Set([root.id, ...departments.map(({ id }) => id)]);
  people.forEach((person, index) => {
    const { openId, unionId, userId, dingtalk, left } = person;
    if ((openId ?? unionId ?? userId ?? dingtalk) === undefined) {
      report(['people', index], 'a person has one of openId, unionId, userId and dingtalk');
    }
    if (person.dingtalkUserId !== undefined && dingtalk === undefined) {
      report(['people', index, 'dingtalkUserId'], 'dingtalkUserId needs dingtalk, the unionId, beside it');
    }
    if (left !== undefined && Number.isNaN(Date.parse(left))) {
      report(['people', index, 'left'], `${left} is no day of the calendar`);
    }
    person.departments?.forEach((id, at) => {
      if (!known.has(id)) report(['people', index, 'departments', at], `there is no department ${id}`);
    });
  });
}

function checkDepartments(departments: readonly TenantDepartment[], report: Report): void {
  // As above.
  for (const key of Object.keys(departmentIds) as (keyof typeof departmentIds)[]) {
    checkDuplicates(departments, key, ['departments'], report);
  }
  const parents = new Map(departments.map(({ id, parent = root.id }) => [id, parent]));
  departments.forEach(({ id, parent = root.id }, index) => {
    if (id === root.id) report(['departments', index, 'id'], `${root.id} is the root, which is always there`);
    else if (parent !== root.id && !parents.has(parent)) {
      report(['departments', index, 'parent'], `there is no department ${parent}`);
    } else if (isBelowItself(id, parents)) {
      report(['departments', index, 'parent'], `${id} is below itself`);
    }
  });
}

function isBelowItself(id: string, parents: ReadonlyMap<string, string>): boolean {
  const seen = new Set<string>();
  for (let at = parents.get(id); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}

/** A department as the platforms have it. */
export interface Department {
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly parent: string;
  readonly visible: boolean;
}

/** The departments of a tenant file, and what of them an app may see. */
export class Departments {
  readonly #all: ReadonlyMap<string, Department>;
  /** Nothing is outside what the app may see. */
  readonly #whole: boolean;

  constructor(tenant: Tenant) {
    const { departments, people } = organisationPart(tenant);
    const given = new Map(departments.map((department) => [department.id, department]));
    const visible = (id: string): boolean => {
      const one = given.get(id);
      return one === undefined || (one.visible ?? visible(one.parent ?? root.id));
    };
    this.#all = new Map(
      departments.map(({ id, dingtalk: number = null, name, parent = root.id }) => [
        id,
        { id, number, name, parent, visible: visible(id) },
      ]),
    );
    this.#whole = [...departments, ...people].every(({ visible }) => visible !== false);
  }

  /** A department by its id; the root is one as well. */
  find(id: string): Department | undefined {
    if (id !== root.id) return this.#all.get(id);
    return { ...root, name: '', parent: '', visible: this.#whole };
  }

  /** A department by its number. */
  numbered(number: number): Department | undefined {
    if (number === root.number) return this.find(root.id);
    return [...this.#all.values()].find((department) => department.number === number);
  }

  /** All but the root. */
  all(): readonly Department[] {
    return [...this.#all.values()];
  }

  below(id: string): readonly Department[] {
    return [...this.#all.values()].filter(({ parent }) => parent === id);
  }

  /** All departments under this one, each after its parent. */
  tree(id: string): readonly Department[] {
    return this.below(id).flatMap((department) => [department, ...this.tree(department.id)]);
  }

  /** Whether an app may see who is in one of these departments. */
  seen(departments: readonly string[]): boolean {
    return departments.some((id) => id === root.id || this.#all.get(id)?.visible === true);
  }
}

/** People by the departments that they are right in. */
export function byDepartment<Person extends { readonly departments: readonly string[] }>(
  people: readonly Person[],
): ReadonlyMap<string, readonly Person[]> {
  const members = new Map<string, Person[]>();
  for (const person of people) {
    for (const id of new Set(person.departments)) {
      const own = members.get(id) ?? [];
      members.set(id, own);
      own.push(person);
    }
  }
  return members;
}

/**
 * How many people there are in these departments together, each counted once or once for each membership; `members`
 * tells who is right in one.
 */
export function headcount(
  departments: readonly Department[],
  members: (id: string) => readonly object[],
  counted: 'people' | 'memberships',
): number {
  const all = departments.flatMap(({ id }) => members(id));
  return counted === 'people' ? new Set(all).size : all.length;
}

/** When somebody is gone whose last day this was, in milliseconds since the epoch. */
export function goneFrom(left: string): number {
  return Date.parse(left) + 86_400_000;
}

/** A number as one calls it: digits alone, without the country code of the mainland. */
export function dialled(mobile: string): string {
  return mobile.replaceAll(/[\s()-]/g, '').replace(/^(\+|00)86/, '');
}
