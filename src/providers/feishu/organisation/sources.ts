import { textOf } from '../../../http/json.ts';
import type { Member } from '../../../model/organisation.ts';
import { textIn } from '../../find.ts';
import {
  type Everybody,
  type SourceReads,
  allOf,
  allRows,
  checkCount,
  checkSomebody,
  incomplete,
  memberOf,
  type SourceSearch,
} from '../../organisation.ts';
import { malformed } from '../../problem.ts';
import { countIn } from '../find/groups.ts';
import { ask, listing, paths } from '../find/page.ts';
import { groupMembers, memberId } from '../find/range-groups.ts';
import { peopleOfDepartment } from './departments.ts';

const again = 'Try again: people may have come or gone meanwhile.';
const missing = 'The app may not see them: widen its contact range in the developer console and publish it.';

/** A user group, of those that people were put into (1) or those that follow a rule (2). */
interface Group {
  readonly id: string;
  readonly name: string | null;
  readonly users: number | null;
  readonly departments: number | null;
}

/** All user groups of a type (page: `group/simplelist`): the only call that counts the members of one. */
function groupsOf(search: SourceSearch, type: 1 | 2): Promise<readonly Group[]> {
  return search.once(`groups ${type}`, () =>
    allRows(
      listing(
        search,
        { api: 'groups.list', method: 'GET', path: paths.groups, query: { type: String(type) } },
        100,
        {
          rows: 'grouplist',
          read: (row): Group => {
            const id = textOf(row['id']);
            if (id === undefined) throw malformed('a group has no id');
            return {
              id,
              name: textIn(row, 'name'),
              users: countIn(row, 'member_user_count'),
              departments: countIn(row, 'member_department_count'),
            };
          },
          keyOf: ({ id }) => id,
        },
      ),
      'groups',
    ),
  );
}

/** The people of a user group, and all those of its departments. */
async function group(search: SourceSearch): Promise<Everybody> {
  const { id, userIdType } = search.source;
  const own = (groups: readonly Group[]): Group | undefined => groups.find((one) => one.id === id);
  const head = own(await groupsOf(search, 1)) ?? own(await groupsOf(search, 2));
  if (head === undefined) {
    throw incomplete('there is no such user group, or the app may not see it', `Check the id. ${missing}`);
  }
  const [users, departments] = await allOf([
    allRows(groupMembers(search, id, 'user', userIdType ?? 'open_id'), 'members'),
    allRows(groupMembers(search, id, 'department', 'open_department_id'), 'members'),
  ]);
  if (head.users === null || head.departments === null) {
    throw incomplete('the platform does not say how many members it has', missing);
  }
  checkCount(new Set(users).size, head.users, 'people', missing);
  checkCount(new Set(departments).size, head.departments, 'departments', missing);
  const below = await allOf(departments.map((one) => peopleOfDepartment(search, one, true)));
  const members: Member[] = users.map((user) => ({ id: user }));
  return { name: head.name, members: [...below.flatMap((one) => one.members), ...members] };
}

/** The people of a role (page: `functional_role-member/list`). Nothing counts them: the last page has to be read. */
async function role(search: SourceSearch): Promise<Everybody> {
  const { id, userIdType } = search.source;
  const users = await allRows(
    listing(
      search,
      {
        api: 'roles.members',
        method: 'GET',
        path: paths.roleMembers(id),
        query: { user_id_type: userIdType ?? 'open_id', department_id_type: 'open_department_id' },
      },
      100,
      { rows: 'members', read: (row) => memberId(row['user_id']), keyOf: (user) => user },
    ),
    'members',
  );
  checkSomebody(users);
  return { name: null, members: users.map((user) => ({ id: user })) };
}

/** The people in a chat that the app is in, without bots (page: `chat-member/get`). Pages are of any length. */
async function chat(search: SourceSearch): Promise<Everybody> {
  const { id, userIdType } = search.source;
  const head = await ask(search, { api: 'chats.get', method: 'GET', path: paths.chat(id) });
  const state = textIn(head, 'chat_status');
  if (state !== null && state !== 'normal') {
    throw incomplete('the chat was dissolved', 'Remove it from the Roster.');
  }
  let total: number | null = null;
  const rows = await allRows(
    listing(
      search,
      {
        api: 'chats.members',
        method: 'GET',
        path: paths.chatMembers(id),
        query: { member_id_type: userIdType ?? 'open_id' },
      },
      100,
      {
        rows: 'items',
        read: (row) => memberOf(memberId(row['member_id']), textIn(row, 'name')),
        keyOf: (member) => member.id,
        see: (page) => {
          const counted = countIn(page, 'member_total');
          if (counted !== null) total = Math.max(total ?? 0, counted);
        },
      },
    ),
    'members',
  );
  if (total === null) throw incomplete('the platform does not say how many people are in it', again);
  checkCount(new Set(rows.map((member) => member.id)).size, total, 'people', again);
  return { name: textIn(head, 'name'), members: rows };
}

/** What Rosters are expanded from on Feishu and Lark. Contact v3, im v1. */
export const sources: SourceReads = {
  department: (search) => peopleOfDepartment(search, search.source.id, search.source.recursive),
  group,
  role,
  chat,
};
