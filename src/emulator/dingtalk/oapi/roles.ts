import { objectOf, WrongField, type Json } from '../../body.ts';
import type { Answer, Call, Context } from '../../route.ts';
import { dingtalkOf } from '../world.ts';
import { found, OapiRefusal } from './answer.ts';
import { numberOf } from './departments.ts';

/**
 * A page of the roles, in the one group that this server puts them in: 1 to 200, 20 unless asked for otherwise.
 * https://open.dingtalk.com/document/development/queries-roles
 */
export function listRoles(call: Call, context: Context): Answer {
  const { offset, size } = pageOf(objectOf(call.body), 200);
  const { roles } = dingtalkOf(context.world);
  const shown = roles.slice(offset, offset + size).map(({ id, name }) => ({ id, name }));
  return found(
    {
      hasMore: offset + size < roles.length,
      list: shown.length === 0 ? [] : [{ groupId: 1, name: '默认', roles: shown }],
    },
    context,
  );
}

/**
 * A page of the people of a role, without unionIds: 1 to 100, 20 unless asked for otherwise.
 * https://open.dingtalk.com/document/development/obtain-the-list-of-employees-of-a-role
 */
export function roleUsers(call: Call, context: Context): Answer {
  const body = objectOf(call.body);
  const { offset, size } = pageOf(body, 100);
  const id = numberOf(body, 'role_id');
  if (id === undefined) throw new WrongField('role_id', 'a number');
  const { roles, people } = dingtalkOf(context.world);
  const role = roles.find((role) => role.id === id);
  if (role === undefined) throw new OapiRefusal(33011);
  const members = people.present(role.members, context.now);
  const end = offset + size;
  return found(
    {
      hasMore: end < members.length,
      ...(end < members.length ? { nextCursor: end } : {}),
      list: members.slice(offset, end).map(({ userId, name }) => ({ userid: userId, name: name ?? userId })),
    },
    context,
  );
}

function pageOf(body: Json, most: number): { readonly offset: number; readonly size: number } {
  const size = numberOf(body, 'size') ?? 20;
  if (size < 1 || size > most) throw new WrongField('size', `1 to ${String(most)}`);
  return { offset: numberOf(body, 'offset') ?? 0, size };
}
