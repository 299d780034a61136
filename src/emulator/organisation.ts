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
 * Somebody of the organisation, by the ids that each platform knows them under. `left`: their last day. `departments`:
 * ids of `departments`; absent, the root. `visible: false`: outside what the app may see of the contacts.
 * `accessLimited`: listed only where such people are asked for. `superior`: the openId of whoever events are handed over to.
 */
export interface TenantPerson {
  readonly name?: string;
  readonly openId?: string;
  readonly unionId?: string;
  readonly userId?: string;
  readonly dingtalk?: string;
  readonly dingtalkUserId?: string;
  /** The address on Google, where it is not `email`. */
  readonly google?: string;
  readonly email?: string;
  readonly mobile?: string;
  readonly employeeNo?: string;
  readonly left?: string;
  readonly departments?: readonly string[];
  readonly visible?: boolean;
  readonly accessLimited?: boolean;
  readonly superior?: string;
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

/** The department that all others are below. */
export const root = { id: '0', number: 1, name: 'Organisation' };

const day = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' };
const ids = {
  openId: text,
  unionId: text,
  userId: text,
  dingtalk: text,
  dingtalkUserId: text,
  google: text,
  email: text,
  mobile: text,
  employeeNo: text,
} as const;

const departmentIds = { id: text, dingtalk: { type: 'integer', minimum: 2 } } as const;

const person = record(
  {
    name: text,
    ...ids,
    left: day,
    departments: list(text),
    visible: flag,
    accessLimited: flag,
    superior: text,
  },
  [],
  {
    name: ['The name.', '李四 Li Si'],
    openId: ['The open_id on Feishu.', 'ou_lisi'],
    unionId: ['The union_id on Feishu.', 'on_lisi'],
    userId: ['The user_id on Feishu.', '3e3cf96b'],
    dingtalk: ['The unionId on DingTalk.', 'unionLisi'],
    dingtalkUserId: ['The userid on DingTalk; made up where it is absent.', 'manager01'],
    google: ['The address on Google, where it is not `email`.', 'li.si@example.com'],
    email: ['The address.', 'lisi@example.com'],
    mobile: ['The mobile number.', '+8613800000002'],
    employeeNo: ['The job number.', '00712'],
    left: ['The last day in the organisation.', '2024-06-28'],
    departments: ['Ids of `departments`; absent, the root.', ['od-platform']],
    visible: ['False: the app may not see this person among the contacts.'],
    accessLimited: ['True: DingTalk lists this person only where such people are asked for.'],
    superior: ['The openId of whoever events are handed over to.', 'ou_zhangsan'],
  },
);
const department = record({ ...departmentIds, name: text, parent: text, visible: flag }, ['id', 'name'], {
  id: ['The id on Feishu.', 'od-platform'],
  dingtalk: ['The number on DingTalk.', 12],
  name: ['The name.', '平台组 Platform team'],
  parent: ['The id of the one above it; absent, the root.', 'od-platform'],
  visible: ['False: the app may see neither it nor those below it.'],
});
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
export const organisationSchemas: Readonly<Record<string, object>> = {
  people: list(person),
  departments: list(department),
  groups: list(group),
  roles: list(role),
  chats: list(chat),
};

export const organisationWords: Words = {
  people: [
    'Who there is, on each platform that they have an id of. Whom an event alone names is there too.',
    [{ name: '李四 Li Si', openId: 'ou_lisi', dingtalk: 'unionLisi', email: 'lisi@example.com' }],
  ],
  departments: [
    'The departments below the root.',
    [{ id: 'od-platform', dingtalk: 12, name: 'Platform team' }],
  ],
  groups: ['User groups of Feishu.', [{ id: 'g193821', name: 'Oncall', members: ['ou_lisi'] }]],
  roles: ['Roles: of Feishu and DingTalk.', [{ id: 7023, name: 'Duty', members: ['ou_lisi'] }]],
  chats: ['Group chats of Feishu.', [{ id: 'oc_platform', members: ['ou_lisi', 'ou_alice'] }]],
};

interface Parts {
  readonly people: readonly TenantPerson[];
  readonly departments: readonly TenantDepartment[];
  readonly chats: readonly TenantChat[];
  readonly groups: readonly TenantGroup[];
  readonly roles: readonly TenantRole[];
}

/** These parts of a tenant file that was checked. */
export function organisationPart(tenant: Tenant): Parts {
  // The tenant file was checked against the schemas above, which mirror the types.
  const { people = [], departments = [], chats = [], groups = [], roles = [] } = tenant as Partial<Parts>;
  return { people, departments, chats, groups, roles };
}

/** Reports what is wrong beyond the schemas. */
export function checkOrganisation(tenant: Tenant, report: Report): void {
  const { people, departments, chats, groups, roles } = organisationPart(tenant);
  checkPeople(people, departments, report);
  checkDepartments(departments, report);
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
  report: Report,
): void {
  // The literal above has these keys and no others.
  for (const key of Object.keys(ids) as (keyof typeof ids)[])
    checkDuplicates(people, key, ['people'], report);
  people.forEach((person, index) => {
    const { openId, unionId, userId, dingtalk, google, left } = person;
    if ((openId ?? unionId ?? userId ?? dingtalk ?? google) === undefined) {
      report(['people', index], 'a person has one of openId, unionId, userId, dingtalk and google');
    }
    if (person.dingtalkUserId !== undefined && dingtalk === undefined) {
      report(['people', index, 'dingtalkUserId'], 'dingtalkUserId needs dingtalk, the unionId, beside it');
    }
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

/** When somebody is gone whose last day this was, in milliseconds since the epoch. */
export function goneFrom(left: string): number {
  return Date.parse(left) + 86_400_000;
}

/** A number as one calls it: digits alone, without the country code of the mainland. */
export function dialled(mobile: string): string {
  return mobile.replaceAll(/[\s()-]/g, '').replace(/^(\+|00)86/, '');
}
