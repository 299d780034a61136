import { textOf } from '../../../http/json.ts';
import { type Gathering, type Search } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { listing, paths } from './page.ts';
import type { VisibleRange } from './range.ts';

/** The members of user groups, by the two kinds of them. */
export interface GroupMembers {
  readonly users: readonly string[];
  readonly departments: readonly string[];
}

/**
 * Who the app may see through user groups alone (page: `group-member/simplelist`); a listing has members of one kind.
 */
export async function membersOfGroups<T>(
  search: Search,
  gathered: Gathering<T>,
  { groups }: VisibleRange,
): Promise<GroupMembers> {
  const members = (group: string, kind: 'user' | 'department', idType: string): Promise<readonly string[]> =>
    gathered.read(
      listing(
        search,
        {
          api: 'groups.members',
          method: 'GET',
          path: paths.groupMembers(group),
          query: { member_type: kind, member_id_type: idType },
        },
        100,
        {
          rows: 'memberlist',
          read: (row) => {
            const id = textOf(row['member_id']);
            if (id === undefined) throw malformed('a member of a group has no id');
            return id;
          },
          keyOf: (id) => id,
        },
      ),
      'members of groups',
    );
  const [users, departments] = await Promise.all([
    Promise.all(groups.map((group) => members(group, 'user', 'open_id'))),
    Promise.all(groups.map((group) => members(group, 'department', 'open_department_id'))),
  ]);
  return { users: users.flat(), departments: departments.flat() };
}
