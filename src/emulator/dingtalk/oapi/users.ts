import { flagOf, objectOf, textOf, WrongField, type Json } from '../../body.ts';
import { root } from '../../organisation.ts';
import type { Answer, Call, Context } from '../../route.ts';
import { may, type Caller } from '../../tokens.ts';
import { hasLeft, type DingtalkPerson } from '../people.ts';
import { dingtalkOf, membersOf, sees, staff } from '../world.ts';
import { found, OapiRefusal } from './answer.ts';
import { departmentOf, numberOf } from './departments.ts';

/** The permissions for fields, as the console names them; a field without its permission is left out. */
const fieldScopes = { email: '邮箱等个人信息', mobile: '企业员工手机号信息' };

/**
 * Somebody by userid; nobody who has left.
 * https://open.dingtalk.com/document/development/query-user-details
 */
export function getUser(call: Call, context: Context, caller: Caller): Answer {
  const userId = textOf(objectOf(call.body), 'userid');
  if (userId === undefined) throw new OapiRefusal(33012);
  return found(
    userView(present(dingtalkOf(context.world).people.withUserId(userId), context), caller, context),
    context,
  );
}

/**
 * The userid of the person with this mobile number; nobody who has left.
 * https://open.dingtalk.com/document/development/query-users-by-phone-number
 */
export function userByMobile(call: Call, context: Context): Answer {
  const mobile = textOf(objectOf(call.body), 'mobile') ?? '';
  if (!/^\+?[\d -]{5,20}$/.test(mobile)) throw new OapiRefusal(40104);
  return found(
    { userid: present(dingtalkOf(context.world).people.withMobile(mobile), context).userId },
    context,
  );
}

/**
 * The userid behind a unionId.
 * https://open.dingtalk.com/document/development/query-a-user-by-the-union-id
 */
export function userByUnionId(call: Call, context: Context): Answer {
  const unionId = textOf(objectOf(call.body), 'unionid');
  if (unionId === undefined) throw new OapiRefusal(400002, 'unionid is missing');
  const person = dingtalkOf(context.world).people.get(unionId);
  const resolves = context.behaviour.leftUnionId === 'resolves';
  if (person !== undefined && resolves && hasLeft(person, context.now) && sees(context.world, person)) {
    return found({ contact_type: 0, userid: person.userId }, context);
  }
  return found({ contact_type: 0, userid: present(person, context).userId }, context);
}

/**
 * How many people the organisation has, whatever the app may see.
 * https://open.dingtalk.com/document/development/obtain-the-number-of-employees-v2
 */
export function countUsers(call: Call, context: Context): Answer {
  if (objectOf(call.body)['only_active'] === undefined) throw new WrongField('only_active', 'a boolean');
  flagOf(objectOf(call.body), 'only_active', false);
  return found({ count: staff(context).length }, context);
}

/**
 * A page of the people right in a department: 1 to 100. People with limited access come only where
 * `contain_access_limit` asks for them.
 * https://open.dingtalk.com/document/development/queries-the-complete-information-of-a-department-user
 */
export function departmentUsers(call: Call, context: Context, caller: Caller): Answer {
  const body = objectOf(call.body);
  const department = departmentOf(required(body, 'dept_id'), context);
  const cursor = required(body, 'cursor');
  const size = required(body, 'size');
  if (size < 1 || size > 100) throw new WrongField('size', '1 to 100');
  const limited = flagOf(body, 'contain_access_limit', false);
  if (!department.visible) throw new OapiRefusal(50004);
  const members = membersOf(department.id, context).filter(
    (person) => sees(context.world, person) && (limited || !person.limited),
  );
  const end = cursor + size;
  return found(
    {
      has_more: end < members.length,
      ...(end < members.length ? { next_cursor: end } : {}),
      list: members.slice(cursor, end).map((person) => userView(person, caller, context)),
    },
    context,
  );
}

/**
 * The userids of everybody right in a department, whatever the app may see.
 * https://open.dingtalk.com/document/development/query-the-list-of-department-userids
 */
export function departmentUserIds(call: Call, context: Context): Answer {
  const department = departmentOf(required(objectOf(call.body), 'dept_id'), context);
  return found({ userid_list: membersOf(department.id, context).map(({ userId }) => userId) }, context);
}

/** Somebody who is there and may be seen. */
function present(person: DingtalkPerson | undefined, context: Context): DingtalkPerson {
  if (person === undefined || hasLeft(person, context.now)) throw new OapiRefusal(60121);
  if (sees(context.world, person)) return person;
  throw new OapiRefusal(context.behaviour.hiddenUser === 'refused' ? 50002 : 60121);
}

function required(body: Json, field: string): number {
  const value = numberOf(body, field);
  if (value === undefined) throw new WrongField(field, 'a number');
  return value;
}

function userView(person: DingtalkPerson, caller: Caller, context: Context): object {
  const { departments } = dingtalkOf(context.world);
  const numbers = person.departments.flatMap((id) =>
    id === root.id ? root.number : (departments.find(id)?.number ?? []),
  );
  return {
    userid: person.userId,
    unionid: person.unionId,
    name: person.name ?? person.userId,
    ...(may(caller, fieldScopes.mobile) ? { mobile: person.mobile } : {}),
    ...(may(caller, fieldScopes.email) && person.email !== '' ? { email: person.email, org_email: '' } : {}),
    job_number: person.jobNumber,
    dept_id_list: numbers,
    active: true,
    leader: false,
    title: '',
    exclusive_account: false,
  };
}
