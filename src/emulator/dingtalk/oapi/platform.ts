import { WrongField } from '../../body.ts';
import type { EmulatedPlatform } from '../../platform.ts';
import type { Quota, Window } from '../../quota.ts';
import type { Answer, Call, Context, Route } from '../../route.ts';
import { may } from '../../tokens.ts';
import { lacksScope, OapiRefusal, refused } from './answer.ts';
import { departmentHead, grantedScopes, subDepartmentIds, subDepartments } from './departments.ts';
import { listRoles, roleUsers } from './roles.ts';
import {
  countUsers,
  departmentUserIds,
  departmentUsers,
  getUser,
  userByMobile,
  userByUnionId,
} from './users.ts';

/** The permissions that calls need, as their pages list them. */
const scopes = {
  user: ['qyapi_get_member'],
  mobile: ['qyapi_get_member_by_mobile'],
  members: ['qyapi_get_department_member'],
  departments: ['qyapi_get_department_list'],
};

const route = (
  api: string,
  path: string,
  needs: readonly string[] | null,
  handle: Route<Answer>['handle'],
): Route<Answer> => ({
  api: `dingtalk.${api}`,
  method: 'POST',
  path: `/topapi/${path}`,
  ...(needs === null ? {} : { scopes: needs }),
  handle,
});

/** The calls of the older API that are served. */
const oapiRoutes: readonly Route<Answer>[] = [
  { api: 'dingtalk.scopes', method: 'GET', path: '/auth/scopes', handle: grantedScopes },
  route('user.get', 'v2/user/get', scopes.user, getUser),
  route('user.mobile', 'v2/user/getbymobile', scopes.mobile, userByMobile),
  route('user.unionid', 'user/getbyunionid', scopes.user, userByUnionId),
  route('users.count', 'user/count', scopes.user, countUsers),
  route('users.department', 'v2/user/list', scopes.members, departmentUsers),
  route('users.ids', 'user/listid', scopes.user, departmentUserIds),
  route('department.get', 'v2/department/get', scopes.departments, departmentHead),
  route('departments.below', 'v2/department/listsub', scopes.departments, subDepartments),
  route('departments.ids', 'v2/department/listsubid', scopes.departments, subDepartmentIds),
  route('roles.list', 'role/list', null, listRoles),
  route('role.users', 'role/simplelist', null, roleUsers),
];

/** As in the newer API: https://open.dingtalk.com/document/development/call-frequency-limit */
const windows: readonly Window[] = [{ calls: 20, perMs: 1000 }];

/** Answers a call: the token of the query first, then the rate window, then the permissions, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    const caller = context.tokens.caller('dingtalk', call.query.get('access_token') ?? '', context.now);
    if (caller === undefined) throw new OapiRefusal(40014);
    if (quota?.take(`${route.api} ${caller.id}`, windows, context.now) !== undefined)
      throw new OapiRefusal(90006);
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) throw lacksScope(route.scopes, context);
    if (call.malformed) throw new OapiRefusal(400002, 'the body is not JSON');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof OapiRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new OapiRefusal(400002, error.message));
    throw error;
  }
}

/** DingTalk's older API, for people and departments: a host of its own there, paths of its own here. */
export const oapi: EmulatedPlatform = {
  id: 'oapi',
  routes: oapiRoutes,
  roots: ['/topapi/', '/auth/'],
  answer,
  unknown: () => refused(new OapiRefusal(404)),
  secretHeaders: [],
  secretQuery: ['access_token'],
  state: { schemas: {}, save: () => ({}), restore: () => undefined },
  live: () => [],
  reschedule: () => undefined,
  faults: {
    rateCodes: [90006],
    tooMany: () => refused(new OapiRefusal(90006)),
    internalError: () => refused(new OapiRefusal(-1)),
    pageToken: 'cursor',
    batches: [],
    withExpiredToken: (headers) => headers,
    hold: () => undefined,
    meddle: () => undefined,
  },
};
