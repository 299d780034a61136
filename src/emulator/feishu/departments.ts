import { objectOf, switchOf, textOf } from '../body.ts';
import { headcount, type Department } from '../departments.ts';
import { root } from '../organisation.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import { may, type Caller } from '../tokens.ts';
import { departmentId, departmentIdTypeOf, type DepartmentIdType, userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { pageOf, type PageTerms } from './page.ts';
import { hasLeft, type FeishuPerson } from './people.ts';
import { membersOf, sees, userView } from './users.ts';
import { feishuOf } from './world.ts';

const terms: PageTerms = { least: 1, usual: 10, most: 50, badSize: 40011, badToken: 40012, expired: 40012 };

/** The permissions of which one shows how many people a department has. */
const countScopes = [
  'contact:department.organize:readonly',
  'contact:contact:access_as_app',
  'contact:contact:readonly_as_app',
];

/**
 * A page of the departments right below one, or with `fetch_child` of all below it: 1 to 50, 10 unless asked for
 * otherwise. Those that the app may not see are left out, without a word.
 * https://open.feishu.cn/document/server-docs/contact-v3/department/children
 */
export function listChildren(call: Call, context: Context, caller: Caller): Answer {
  const type = departmentIdTypeOf(call);
  const deep = switchOf(call.query, 'fetch_child', false);
  const id = param(call, 'departmentId');
  const hidden = context.behaviour.unknownDepartment === 'hidden';
  const department = readable(id, type, caller, context, hidden ? 40004 : 43007);
  const { departments } = feishuOf(context.world);
  const all = deep ? departments.tree(department.id) : departments.below(department.id);
  if (deep && !caller.app && all.length > 1000) throw new FeishuRefusal(43010);
  const shown = all.filter(({ visible }) => visible || !caller.app);
  const { items, more } = pageOf(shown, call, context, terms);
  return success({ items: items.map((one) => departmentView(one, type, caller, context)), ...more });
}

/**
 * Up to 50 departments by their ids.
 * https://open.feishu.cn/document/contact-v3/department/batch
 */
export function batchDepartments(call: Call, context: Context, caller: Caller): Answer {
  const type = departmentIdTypeOf(call);
  const ids = call.query.getAll('department_ids');
  if (ids.length < 1 || ids.length > 50) throw new FeishuRefusal(40001, 'department_ids: 1 to 50');
  const found = ids.flatMap((id) => departmentOf(id, type, context) ?? []);
  const shown = found.filter(({ visible }) => visible || !caller.app);
  return success({ items: shown.map((one) => departmentView(one, type, caller, context)) });
}

/**
 * Departments by a part of their name, among those that the user may see.
 * https://open.feishu.cn/document/server-docs/contact-v3/department/search
 */
export function searchDepartments(call: Call, context: Context, caller: Caller): Answer {
  const type = departmentIdTypeOf(call);
  const query = textOf(objectOf(call.body), 'query')?.toLowerCase();
  if (query === undefined) throw new FeishuRefusal(40001, 'query is missing');
  const found = feishuOf(context.world).departments.all();
  const named = found.filter(({ name }) => name.toLowerCase().includes(query));
  const { items, more } = pageOf(named, call, context, terms);
  return success({ items: items.map((one) => departmentView(one, type, caller, context)), ...more });
}

/**
 * A page of the users right in a department, not of those below it: 1 to 50, 10 unless asked for otherwise.
 * https://open.feishu.cn/document/server-docs/contact-v3/user/find_by_department
 */
export function departmentUsers(call: Call, context: Context, caller: Caller): Answer {
  userIdTypeOf(call, 40001);
  const type = departmentIdTypeOf(call);
  const id = call.query.get('department_id') ?? '';
  if (id === '') throw new FeishuRefusal(40001, 'department_id is missing');
  const department = readable(id, type, caller, context, 40004);
  const members = membersOf(department.id, context).filter((person) => sees(caller, person, context));
  const { items, more } = pageOf(members, call, context, terms);
  return success({ items: items.map((person) => userView(person, type, caller, context)), ...more });
}

const scopeTerms: PageTerms = { ...terms, usual: 50, most: 100 };

/** Something that an app may see. */
interface Granted {
  readonly department?: string;
  readonly user?: string;
  readonly group?: string;
}

/**
 * A page of what an app may see of the contacts: the topmost departments, users who are in none of them, and groups.
 * https://open.feishu.cn/document/server-docs/contact-v3/scope/list
 */
export function listScopes(call: Call, context: Context, caller: Caller): Answer {
  const userType = userIdTypeOf(call, 40001);
  const type = departmentIdTypeOf(call);
  const { departments, people, groups } = feishuOf(context.world);
  const tops = departments
    .all()
    .filter(
      ({ visible, parent }) => visible && !(parent !== root.id && departments.find(parent)?.visible === true),
    );
  const users = people
    .all()
    .filter(
      (person) =>
        !person.external &&
        !hasLeft(person, context.now) &&
        sees(caller, person, context) &&
        !person.departments.some((id) => id !== root.id && departments.find(id)?.visible === true),
    );
  const rows: readonly Granted[] = [
    ...tops.map(({ id }) => ({ department: departmentId(id, type) })),
    ...users.map(({ ids }) => ({ user: ids[userType] })),
    ...[...groups.keys()].map((group) => ({ group })),
  ];
  const { items, more } = pageOf(rows, call, context, scopeTerms);
  return success({
    department_ids: items.flatMap(({ department }) => department ?? []),
    user_ids: items.flatMap(({ user }) => user ?? []),
    group_ids: items.flatMap(({ group }) => group ?? []),
    ...more,
  });
}

/** A department that a caller names: an app one of its range, and the root where nothing is outside of that. */
function readable(
  id: string,
  type: DepartmentIdType,
  caller: Caller,
  context: Context,
  unknown: 40004 | 43007,
): Department {
  const department = departmentOf(id, type, context);
  if (department === undefined) throw new FeishuRefusal(unknown);
  if (caller.app && !department.visible) throw new FeishuRefusal(40004);
  return department;
}

function departmentOf(id: string, type: DepartmentIdType, context: Context): Department | undefined {
  const { departments } = feishuOf(context.world);
  if (id === root.id) return departments.find(id);
  return departments.all().find((one) => departmentId(one.id, type) === id);
}

function departmentView(
  department: Department,
  type: DepartmentIdType,
  caller: Caller,
  context: Context,
): object {
  const { departments } = feishuOf(context.world);
  const inside = [department, ...departments.tree(department.id)];
  const members = (id: string): readonly FeishuPerson[] => membersOf(id, context);
  return {
    name: department.name,
    department_id: departmentId(department.id, 'department_id'),
    open_department_id: department.id,
    parent_department_id: departmentId(department.parent, type),
    leader_user_id: '',
    chat_id: '',
    ...(may(caller, ...countScopes)
      ? {
          member_count: headcount(inside, members, context.behaviour.memberCount),
          primary_member_count: headcount(inside, members, 'people'),
        }
      : {}),
    status: { is_deleted: false },
  };
}
