import { flagOf, objectOf, textsOf } from '../body.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import { may, type Caller } from '../tokens.ts';
import { departmentId, departmentIdTypeOf, type DepartmentIdType, userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { pageOf, type PageTerms } from './page.ts';
import { hasLeft, userIdScope, type FeishuPerson, type UserIdType } from './people.ts';
import { feishuOf } from './world.ts';

/**
 * Who has these addresses and numbers, at most 50 of each; a row for each, without an id where nobody is found. Those
 * who have left are found only with `include_resigned`, those whom the app may not see never.
 * https://open.feishu.cn/document/server-docs/contact-v3/user/batch_get_id
 */
export function findUsers(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call, 40001);
  const body = objectOf(call.body);
  const emails = textsOf(body, 'emails');
  const mobiles = textsOf(body, 'mobiles');
  const withLeft = flagOf(body, 'include_resigned', false);
  for (const [field, { length }] of Object.entries({ emails, mobiles })) {
    if (length > 50) throw new FeishuRefusal(99992402, `${field}: at most 50`);
  }
  const { people } = feishuOf(context.world);
  const row = (key: object, person: FeishuPerson | undefined): object => {
    if (person === undefined || person.external || !sees(caller, person, context)) return key;
    if (hasLeft(person, context.now) && !withLeft) return key;
    return { ...key, ...idView(person, type, caller), status: statusView(person, context) };
  };
  return success({
    user_list: [
      ...emails.map((email) => row({ email }, people.withEmail(email))),
      ...mobiles.map((mobile) => row({ mobile }, people.withMobile(mobile))),
    ],
  });
}

function idView(person: FeishuPerson, type: UserIdType, caller: Caller): object {
  return type === 'user_id' && !may(caller, userIdScope) ? {} : { user_id: person.ids[type] };
}

/**
 * Up to 50 users by their ids. Users whom the app may not see are left out, without a word.
 * https://open.feishu.cn/document/server-docs/contact-v3/user/batch
 */
export function batchUsers(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call, 40001);
  const departmentType = departmentIdTypeOf(call);
  const ids = call.query.getAll('user_ids');
  if (ids.length < 1 || ids.length > 50) throw new FeishuRefusal(40001, 'user_ids: 1 to 50');
  const found = ids.flatMap((id) => {
    const person = contactOf(type, id, context);
    if (person === undefined && type === 'open_id' && context.behaviour.unknownContact === 'refused') {
      throw new FeishuRefusal(99992351, id);
    }
    return person ?? [];
  });
  const shown = found.filter(
    (person) =>
      sees(caller, person, context) &&
      !(context.behaviour.leftContact === 'left-out' && hasLeft(person, context.now)),
  );
  return success({ items: shown.map((person) => userView(person, departmentType, caller, context)) });
}

/**
 * One user, also one who has left.
 * https://open.feishu.cn/document/server-docs/contact-v3/user/get
 */
export function getUser(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call, 40001);
  const person = contactOf(type, param(call, 'userId'), context);
  if (person === undefined) throw new FeishuRefusal(41012);
  if (!sees(caller, person, context)) throw new FeishuRefusal(41050);
  return success({ user: userView(person, departmentIdTypeOf(call), caller, context) });
}

/**
 * The names of up to ten users, as far as the app may see them.
 * https://open.feishu.cn/document/contact-v3/user/basic_batch
 */
export function basicUsers(call: Call, context: Context): Answer {
  const type = userIdTypeOf(call, 40001);
  const ids = textsOf(objectOf(call.body), 'user_ids');
  if (ids.length < 1 || ids.length > 10) throw new FeishuRefusal(40001, 'user_ids: 1 to 10');
  const users = ids.flatMap((id) => {
    const person = contactOf(type, id, context);
    if (person === undefined) return [];
    return [
      { user_id: id, name: nameOf(person), i18n_name: { zh_cn: nameOf(person), en_us: '', ja_jp: '' } },
    ];
  });
  return success({ users });
}

const searchTerms: PageTerms = {
  least: 1,
  usual: 20,
  most: 200,
  badSize: 99992402,
  badToken: 99992402,
  expired: 99992402,
};

/**
 * Users by a part of their name, or their address; nobody who has left or is of another tenant.
 * https://open.feishu.cn/document/server-docs/contact-v3/user/search-users
 */
export function searchUsers(call: Call, context: Context, caller: Caller): Answer {
  const query = (call.query.get('query') ?? '').toLowerCase();
  if (query === '') throw new FeishuRefusal(99992402, 'query is missing');
  const found = staff(context).filter(
    (person) => nameOf(person).toLowerCase().includes(query) || person.email?.toLowerCase() === query,
  );
  const { items, more } = pageOf(found, call, context, searchTerms);
  return success({
    users: items.map((person) => ({
      avatar: {},
      department_ids: person.departments.map((id) => departmentId(id, 'open_department_id')),
      name: nameOf(person),
      open_id: person.ids.open_id,
      ...(may(caller, userIdScope) ? { user_id: person.ids.user_id } : {}),
    })),
    ...more,
  });
}

/** Everybody of the own tenant who has not left. */
export function staff(context: Context): readonly FeishuPerson[] {
  return feishuOf(context.world)
    .people.all()
    .filter((person) => !person.external && !hasLeft(person, context.now));
}

/** Those of them who are right in a department. */
export function membersOf(department: string, context: Context): readonly FeishuPerson[] {
  return feishuOf(context.world)
    .people.within(department)
    .filter((person) => !person.external && !hasLeft(person, context.now));
}

/** Whether a caller may see somebody among the contacts: an app whom its range holds, a user everybody. */
export function sees(caller: Caller, person: FeishuPerson, context: Context): boolean {
  if (!caller.app) return true;
  return person.visible ?? feishuOf(context.world).departments.seen(person.departments);
}

/** Contacts hold nobody of another tenant. */
function contactOf(type: UserIdType, id: string, context: Context): FeishuPerson | undefined {
  const { person, known } = feishuOf(context.world).people.find(type, id);
  return known && !person.external ? person : undefined;
}

export function nameOf(person: FeishuPerson): string {
  return person.name ?? person.ids.open_id;
}

/** A user as contacts answer it; what the app lacks the permission for is left out. */
export function userView(
  person: FeishuPerson,
  departmentType: DepartmentIdType,
  caller: Caller,
  context: Context,
): object {
  const gated = (scope: string, fields: object): object => (may(caller, scope) ? fields : {});
  return {
    open_id: person.ids.open_id,
    union_id: person.ids.union_id,
    ...gated(userIdScope, { user_id: person.ids.user_id }),
    ...gated('contact:user.base:readonly', { name: nameOf(person), en_name: '' }),
    ...gated('contact:user.email:readonly', { email: person.email ?? '' }),
    ...gated('contact:user.phone:readonly', { mobile: person.mobile ?? '' }),
    department_ids: person.departments.map((id) => departmentId(id, departmentType)),
    ...gated('contact:user.employee:readonly', {
      employee_no: person.employeeNo ?? '',
      status: statusView(person, context),
    }),
  };
}

function statusView(person: FeishuPerson, context: Context): object {
  const left = hasLeft(person, context.now);
  return {
    is_frozen: false,
    is_resigned: left,
    is_activated: !left,
    is_exited: false,
    is_unjoin: false,
  };
}
