import { countOf } from '../body.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import { departmentId, departmentIdTypeOf, userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { pageOf, type PageTerms } from './page.ts';
import { feishuOf } from './world.ts';

const terms: PageTerms = { least: 1, usual: 50, most: 100, badSize: 40011, badToken: 40012, expired: 40012 };
const roleTerms: PageTerms = { ...terms, usual: 20, badSize: 40001, badToken: 40001, expired: 40001 };

/**
 * A page of the user groups: 1 to 100, 50 unless asked for otherwise. `type`: 1 those that people were put into, 2 those
 * that follow a rule.
 * https://open.feishu.cn/document/server-docs/contact-v3/group/simplelist
 */
export function listGroups(call: Call, context: Context): Answer {
  const type = countOf(call.query, 'type', 0);
  const { groups, people } = feishuOf(context.world);
  const found = [...groups.values()]
    .map((group) => ({ ...group, type: group.dynamic === true ? 2 : 1 }))
    .filter((group) => type === 0 || group.type === type);
  const { items, more } = pageOf(found, call, context, terms);
  return success({
    grouplist: items.map(({ id, name, type, members, departments = [] }) => ({
      id,
      name,
      description: '',
      type,
      member_user_count: people.present(members, context.now).length,
      member_department_count: departments.length,
    })),
    ...more,
  });
}

/**
 * A page of a group's members of one kind, users unless `member_type` says department: 1 to 100, 50 unless asked for
 * otherwise.
 * https://open.feishu.cn/document/server-docs/contact-v3/group-member/simplelist
 */
export function listGroupMembers(call: Call, context: Context): Answer {
  const { groups, people } = feishuOf(context.world);
  const group = groups.get(param(call, 'groupId'));
  if (group === undefined) throw new FeishuRefusal(42002);
  const kind = call.query.get('member_type') ?? 'user';
  if (kind !== 'user' && kind !== 'department') throw new FeishuRefusal(40001, 'member_type');
  const idType =
    kind === 'user'
      ? userIdTypeOf(call, 40001, 'member_id_type')
      : departmentIdTypeOf(call, 'member_id_type');
  const ids =
    idType === 'open_department_id' || idType === 'department_id'
      ? (group.departments ?? []).map((id) => departmentId(id, idType))
      : people.present(group.members, context.now).map((person) => person.ids[idType]);
  const { items, more } = pageOf(ids, call, context, terms);
  return success({
    memberlist: items.map((id) => ({ member_id: id, member_type: kind, member_id_type: idType })),
    ...more,
  });
}

/**
 * A page of the people of a role: up to 100, 20 unless asked for otherwise.
 * https://open.feishu.cn/document/server-docs/contact-v3/functional_role-member/list
 */
export function listRoleMembers(call: Call, context: Context): Answer {
  const type = userIdTypeOf(call, 40001);
  const { roles, people } = feishuOf(context.world);
  const role = roles.get(param(call, 'roleId'));
  if (role === undefined) throw new FeishuRefusal(41202);
  const { items, more } = pageOf(people.present(role.members, context.now), call, context, roleTerms);
  return success({
    members: items.map((person) => ({
      user_id: person.ids[type],
      scope_type: 'All',
      department_ids: [],
    })),
    ...more,
  });
}
