import {
  checkDuplicates,
  flag,
  list,
  record,
  text,
  type Path,
  type Report,
  type Tenant,
  type Words,
} from './tenant-parts.ts';

/**
 * Somebody of the organisation. `left`: their last day. `departments`: ids of `departments`; absent, the root.
 * `visible: false`: outside what the app may see of the contacts. `superior`: the openId of whoever events are handed over
 * to.
 */
export interface TenantPerson {
  readonly name?: string;
  readonly email?: string;
  readonly mobile?: string;
  readonly employeeNo?: string;
  readonly left?: string;
  readonly departments?: readonly string[];
  readonly visible?: boolean;
  readonly superior?: string;
  /** What each platform calls somebody by, and else knows of them. */
  readonly [own: string]: unknown;
}

/** A department. `visible` holds for those below it too, until one says otherwise. */
export interface TenantDepartment {
  readonly id: string;
  readonly name: string;
  readonly parent?: string;
  readonly visible?: boolean;
  /** What each platform calls it by. */
  readonly [own: string]: unknown;
}

/** A group chat. `bot: false`: the app is not inside. */
export interface TenantChat {
  readonly id: string;
  readonly name?: string;
  readonly members?: readonly string[];
  readonly bot?: boolean;
}

/** A user group: people, by any of their ids, and departments. */
export interface TenantGroup {
  readonly id: string;
  readonly name: string;
  readonly members?: readonly string[];
  readonly departments?: readonly string[];
  readonly dynamic?: boolean;
}

/** A role: people, by any of their ids. */
export interface TenantRole {
  readonly id: number;
  readonly name: string;
  readonly members?: readonly string[];
}

type Example = Readonly<Record<string, unknown>>;

/** Keys of the people and departments of a tenant file that are one platform's. */
export interface OrganisationKeys {
  /** Its ids of people: everybody has one, of whatever platform. */
  readonly ids: Words;
  /** Ids that somebody may have beside one of these. */
  readonly idsBeside?: Words;
  /** What may be true of somebody. */
  readonly flags?: Words;
  /** Its ids of departments. */
  readonly departmentIds?: { readonly schemas: Readonly<Record<string, object>>; readonly words: Words };
  /** What examples of a person and of a department have of it. */
  readonly examples?: { readonly person?: Example; readonly department?: Example };
  /** Reports what is wrong with a person beyond the schema. */
  readonly checkPerson?: (person: TenantPerson, path: Path, report: Report) => void;
}

/** The department that all others are below. */
export const root = { id: '0', number: 1, name: 'Organisation' };

const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const commonIds = { email: text, mobile: text, employeeNo: text };
const commonFacts = { left: day, departments: list(text), visible: flag };
const commonWords: Words = {
  name: ['The name.', '李四 Li Si'],
  email: ['The address.', 'lisi@example.com'],
  mobile: ['The mobile number.', '+8613800000002'],
  employeeNo: ['The job number.', '00712'],
  left: ['The last day in the organisation.', '2024-06-28'],
  departments: ['Ids of `departments`; absent, the root.', ['od-platform']],
  visible: ['False: the app may not see this person among the contacts.'],
  superior: ['The openId of whoever events are handed over to.', 'ou_zhangsan'],
};

type All = readonly OrganisationKeys[];
const merged = <T>(parts: readonly (Readonly<Record<string, T>> | undefined)[]): Record<string, T> =>
  Object.fromEntries(parts.flatMap((part = {}) => Object.entries(part)));
const ownIds = (all: All): Words => merged(all.flatMap(({ ids, idsBeside }) => [ids, idsBeside]));

function personOf(all: All): object {
  const ids = ownIds(all);
  const flags = merged(all.map((own) => own.flags));
  const each = (words: Words, schema: object): Record<string, object> =>
    Object.fromEntries(Object.keys(words).map((key) => [key, schema]));
  return record(
    { name: text, ...each(ids, text), ...commonIds, ...commonFacts, ...each(flags, flag), superior: text },
    [],
    { ...commonWords, ...ids, ...flags },
  );
}

function departmentOf(all: All): object {
  const ids = merged(all.map(({ departmentIds }) => departmentIds?.schemas));
  return record({ id: text, ...ids, name: text, parent: text, visible: flag }, ['id', 'name'], {
    id: ['{departmentId}', 'od-platform'],
    ...merged(all.map(({ departmentIds }) => departmentIds?.words)),
    name: ['The name.', '平台组 Platform team'],
    parent: ['The id of the one above it; absent, the root.', 'od-platform'],
    visible: ['False: the app may see neither it nor those below it.'],
  });
}

const group = record(
  { id: text, name: text, members: list(text), departments: list(text), dynamic: flag },
  ['id', 'name'],
  {
    id: ['The id.', 'g193821'],
    name: ['The name.', 'Oncall'],
    members: ['People, by any of their ids.', ['ou_lisi']],
    departments: ['Departments, by their ids.', ['od-infra']],
    dynamic: ['True: made by a rule, of people alone.'],
  },
);
const role = record(
  { id: { type: 'integer', minimum: 1 }, name: text, members: list(text) },
  ['id', 'name'],
  {
    id: ['The number.', 7023],
    name: ['The name.', 'Duty'],
    members: ['People, by any of their ids.', ['ou_lisi']],
  },
);
const chat = record({ id: text, name: text, members: list(text), bot: flag }, ['id'], {
  id: ['The chat id.', 'oc_platform'],
  name: ['The name.', '平台组 Platform team'],
  members: ['People, by their openIds.', ['ou_lisi', 'ou_alice']],
  bot: ['False: the app is not inside, and cannot list the members.'],
});

/** The parts of a tenant file that are of no single platform. */
export const organisationSchemas = (all: All): Readonly<Record<string, object>> => ({
  people: list(personOf(all)),
  departments: list(departmentOf(all)),
  groups: list(group),
  roles: list(role),
  chats: list(chat),
});

export function organisationWords(all: All): Words {
  const person = merged(all.map(({ examples }) => examples?.person));
  const department = merged(all.map(({ examples }) => examples?.department));
  return {
    people: [
      'Who there is, on each platform that they have an id of. Whom an event alone names is there too.',
      [{ name: '李四 Li Si', ...person, email: 'lisi@example.com' }],
    ],
    departments: [
      'The departments below the root.',
      [{ id: 'od-platform', ...department, name: 'Platform team' }],
    ],
    groups: ['User groups of {groups}.', [{ id: 'g193821', name: 'Oncall', members: ['ou_lisi'] }]],
    roles: ['Roles: of {roles}.', [{ id: 7023, name: 'Duty', members: ['ou_lisi'] }]],
    chats: ['Group chats of {chats}.', [{ id: 'oc_platform', members: ['ou_lisi', 'ou_alice'] }]],
  };
}

interface Parts<Person, Department> {
  readonly people: readonly (TenantPerson & Person)[];
  readonly departments: readonly (TenantDepartment & Department)[];
  readonly chats: readonly TenantChat[];
  readonly groups: readonly TenantGroup[];
  readonly roles: readonly TenantRole[];
}

/** These parts of a tenant file that was checked; people and departments with the keys that a platform has of them. */
export function organisationPart<Person = object, Department = object>(
  tenant: Tenant,
): Parts<Person, Department> {
  // The tenant file was checked against the schemas above, which mirror the types.
  const parts = tenant as Partial<Parts<Person, Department>>;
  const { people = [], departments = [], chats = [], groups = [], roles = [] } = parts;
  return { people, departments, chats, groups, roles };
}

/** What other platforms call somebody by. */
export function idsElsewhere(person: TenantPerson, own: OrganisationKeys): readonly string[] {
  const here = { ...own.ids, ...own.idsBeside };
  return Object.entries(person).flatMap(([key, id]) =>
    Object.hasOwn(commonWords, key) || Object.hasOwn(here, key) || typeof id !== 'string' ? [] : [id],
  );
}

/** Reports what is wrong beyond the schemas. */
export function checkOrganisation(tenant: Tenant, all: All, report: Report): void {
  const { people, departments, chats, groups, roles } = organisationPart(tenant);
  checkPeople(people, departments, all, report);
  checkDepartments(departments, all, report);
  checkDuplicates(chats, 'id', ['chats'], report);
  checkDuplicates(roles, 'id', ['roles'], report);
  checkDuplicates(groups, 'id', ['groups'], report);
  groups.forEach((group, index) => {
    const path = ['groups', index, 'departments'];
    if (group.dynamic === true && group.departments !== undefined) {
      report(path, 'a dynamic group holds people alone');
    }
    checkReferences(group.departments, departments, path, report);
  });
}

function checkPeople(
  people: readonly TenantPerson[],
  departments: readonly TenantDepartment[],
  all: All,
  report: Report,
): void {
  for (const key of Object.keys({ ...ownIds(all), ...commonIds })) {
    checkDuplicates(people, key, ['people'], report);
  }
  const ids = all.flatMap((own) => Object.keys(own.ids));
  people.forEach((person, index) => {
    const { left } = person;
    if (ids.every((key) => person[key] === undefined)) {
      report(['people', index], `a person has one of ${ids.slice(0, -1).join(', ')} and ${ids.at(-1) ?? ''}`);
    }
    for (const { checkPerson } of all) checkPerson?.(person, ['people', index], report);
    if (left !== undefined && Number.isNaN(Date.parse(left))) {
      report(['people', index, 'left'], `${left} is not a calendar day`);
    }
    checkReferences(person.departments, departments, ['people', index, 'departments'], report);
  });
}

function checkReferences(
  ids: readonly string[] = [],
  departments: readonly TenantDepartment[],
  path: Path,
  report: Report,
): void {
  ids.forEach((id, at) => {
    if (id === root.id || departments.some((department) => department.id === id)) return;
    report([...path, at], `there is no department ${id}`);
  });
}

function checkDepartments(departments: readonly TenantDepartment[], all: All, report: Report): void {
  const own = all.flatMap(({ departmentIds }) => Object.keys(departmentIds?.schemas ?? {}));
  for (const key of ['id', ...own]) checkDuplicates(departments, key, ['departments'], report);
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

/** When somebody is gone whose last day this was, in milliseconds since the epoch. */
export function goneFrom(left: string): number {
  return Date.parse(left) + 86_400_000;
}

/** A number as one calls it: digits alone, without the country code of the mainland. */
export function dialled(mobile: string): string {
  return mobile.replaceAll(/[\s()-]/g, '').replace(/^(\+|00)86/, '');
}
