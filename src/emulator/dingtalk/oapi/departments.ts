import { objectOf, WrongField, type Json } from '../../body.ts';
import { headcount, type Department } from '../../departments.ts';
import { root } from '../../organisation.ts';
import type { Answer, Call, Context } from '../../route.ts';
import type { DingtalkPerson } from '../people.ts';
import { dingtalkOf, membersOf, sees } from '../world.ts';
import { found, OapiRefusal, plain } from './answer.ts';

/**
 * The departments right below one that the app may see; the root's, too, where it may not see that itself.
 * https://open.dingtalk.com/document/development/obtain-the-department-list-v2
 */
export function subDepartments(call: Call, context: Context): Answer {
  const department = departmentOf(numberOf(objectOf(call.body), 'dept_id') ?? root.number, context);
  if (!department.visible && department.id !== root.id) throw new OapiRefusal(50004);
  const shown = below(department, context).filter(({ visible }) => visible);
  return found(
    shown.map(({ number, name }) => ({ dept_id: number, name, parent_id: department.number })),
    context,
  );
}

/**
 * The ids of the departments right below one, whatever the app may see.
 * https://open.dingtalk.com/document/development/obtain-a-sub-department-id-list-v2
 */
export function subDepartmentIds(call: Call, context: Context): Answer {
  const department = departmentOf(numberOf(objectOf(call.body), 'dept_id') ?? root.number, context);
  return found({ dept_id_list: below(department, context).map(({ number }) => number) }, context);
}

/**
 * A department, with how many people it has: all below it, and those right in it.
 * https://open.dingtalk.com/document/development/query-department-details0-v2
 */
export function departmentHead(call: Call, context: Context): Answer {
  const id = numberOf(objectOf(call.body), 'dept_id');
  if (id === undefined) throw new WrongField('dept_id', 'a number');
  const department = departmentOf(id, context);
  if (!department.visible) throw new OapiRefusal(50004);
  const { departments } = dingtalkOf(context.world);
  const inside = [department, ...departments.tree(department.id)];
  const members = (id: string): readonly DingtalkPerson[] => membersOf(id, context);
  const own = membersOf(department.id, context).filter(
    (person) => context.behaviour.owningCount === 'all' || sees(context.world, person),
  );
  return found(
    {
      dept_id: department.number,
      name: department.name,
      ...(department.id === root.id
        ? {}
        : { parent_id: departments.find(department.parent)?.number ?? root.number }),
      dept_manager_userid_list: [],
      member_count: headcount(inside, members, context.behaviour.memberCount),
      owning_member_count: own.length,
      from_union_org: false,
    },
    context,
  );
}

/**
 * What the app was given: departments with all below them, and people one by one.
 * https://open.dingtalk.com/document/development/obtain-corpsecret-authorization-scope
 */
export function grantedScopes(_call: Call, context: Context): Answer {
  const { departments, people } = dingtalkOf(context.world);
  const whole = departments.find(root.id)?.visible === true;
  const given = departments
    .all()
    .filter(({ visible, parent }) => visible && departments.find(parent)?.visible !== true)
    .flatMap(({ number }) => number ?? []);
  const single = people
    .all()
    .filter((person) => person.visible === true && !departments.seen(person.departments));
  return plain({
    auth_user_field: ['name', 'mobile', 'email'],
    auth_org_scopes: {
      authed_dept: whole ? [root.number] : given,
      authed_user: single.map(({ userId }) => userId),
    },
  });
}

/** A department by its number. */
export function departmentOf(number: number, context: Context): Department {
  const department = dingtalkOf(context.world).departments.numbered(number);
  if (department === undefined) throw new OapiRefusal(60003);
  return department;
}

/** A whole number, which this API takes in quotes as well; undefined where it is absent. */
export function numberOf(body: Json, field: string): number | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (!/^\d{1,15}$/.test(text)) throw new WrongField(field, 'a number');
  return Number(text);
}

function below(department: Department, context: Context): readonly Department[] {
  const { departments } = dingtalkOf(context.world);
  return departments.below(department.id).filter(({ number }) => number !== null);
}
