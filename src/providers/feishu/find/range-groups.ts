import { textOf } from '../../../http/json.ts';
import type { Asker, Gathering } from '../../find.ts';
import type { Listing } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { listing, paths } from './page.ts';
import type { VisibleRange } from './range.ts';

/** The members of user groups, by the two kinds of them. */
export interface GroupMembers {
  readonly users: readonly string[];
  readonly departments: readonly string[];
}

/** The members of a group that are of one kind (page: `group-member/simplelist`): a listing has the other not. */
export function groupMembers(
  asker: Asker,
  group: string,
  kind: 'user' | 'department',
  idType: string,
): Listing<string> {
  return listing(
    asker,
    {
      api: 'groups.members',
      method: 'GET',
      path: paths.groupMembers(group),
      query: { member_type: kind, member_id_type: idType },
    },
    100,
    { rows: 'memberlist', read: (row) => memberId(row['member_id']), keyOf: (id) => id },
  );
}

/** The id of somebody in a list of members. */
export function memberId(value: unknown): string {
  const id = textOf(value);
  if (id === undefined) throw malformed('a member has no id of the kind that was asked for');
  return id;
}

/** Who the app may see through user groups alone. */
export async function membersOfGroups<T>(
  asker: Asker,
  gathered: Gathering<T>,
  { groups }: VisibleRange,
): Promise<GroupMembers> {
  const members = (group: string, kind: 'user' | 'department', idType: string): Promise<readonly string[]> =>
    gathered.read(groupMembers(asker, group, kind, idType), 'members of groups');
  const [users, departments] = await Promise.all([
    Promise.all(groups.map((group) => members(group, 'user', 'open_id'))),
    Promise.all(groups.map((group) => members(group, 'department', 'open_department_id'))),
  ]);
  return { users: users.flat(), departments: departments.flat() };
}
