import type { Grants } from '../../model/grants.ts';
import type { GrantSearch } from '../find.ts';
import { PlatformError } from '../provider.ts';
import { readGrant } from './find/departments.ts';
import { legacy } from './find/legacy.ts';

/** A call that costs nothing of the month, for each permission that one can show; of a department that the app has. */
const probes: readonly (readonly [code: string, path: string, more: object])[] = [
  ['qyapi_get_department_list', 'v2/department/get', {}],
  ['qyapi_get_member', 'user/listid', {}],
  ['qyapi_get_department_member', 'v2/user/list', { cursor: 0, size: 1 }],
];

/**
 * What the app may see (page: `auth/scopes`). The platform lists no permissions: those that a free call shows are tried,
 * where they are wanted.
 */
export async function grants(search: GrantSearch): Promise<Grants> {
  const { departments, users, isWhole } = await readGrant(search);
  const told = new Map<string, boolean>();
  const [department] = departments;
  let problem = null;
  for (const [code, path, more] of department === undefined ? [] : probes) {
    if (!search.wanted.has(code)) continue;
    try {
      await legacy(search, `probe.${code}`, path, { dept_id: department, ...more });
      told.set(code, true);
    } catch (error) {
      problem ??= search.problemOf(error);
      if (error instanceof PlatformError && error.code === '60011') told.set(code, false);
    }
  }
  const part = { whole: false as const, departments: departments.length, users: users.length, groups: 0 };
  return { told, listed: false, range: isWhole ? { whole: true } : part, problem };
}
