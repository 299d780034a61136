import type { Answer, Route } from '../../route.ts';
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
export const oapiRoutes: readonly Route<Answer>[] = [
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
