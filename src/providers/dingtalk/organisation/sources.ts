import { isObject, type JsonObject } from '../../../http/json.ts';
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
import type { Page } from '../../pages.ts';
import { malformed } from '../../problem.ts';
import { countOf, flagOf, idOf, idsOf, legacy, objectOf, objectsOf } from '../find/legacy.ts';
import { peoplePage, rowOf as userRow } from '../find/staff.ts';

const range = 'Widen the contact range of the app in the developer console.';

/** What one department has: its people, and the ids of the departments right below it. */
interface Department {
  readonly people: readonly Row[];
  readonly below: readonly number[];
  /** Whether both lists of ids were there: one that is left out may be empty, or may not be told. */
  readonly isListed: boolean;
}

interface Row {
  readonly userId: string;
  readonly member: Member;
}

/** A list of ids in an answer, whatever the app may see; null where it is left out. */
async function idsIn(
  search: SourceSearch,
  api: string,
  path: string,
  id: number,
  key: string,
): Promise<readonly string[] | null> {
  const answer = await legacy(search, api, path, { dept_id: id });
  const ids = objectOf(answer)[key] ?? null;
  return ids === null ? null : idsOf(ids, key);
}

/**
 * One department. What the app may see of it (page: `user/list`) is held against the ids of all who are in it (page:
 * `user/listid`), and the departments below it are those of the page that hides none (`department/listsubid`).
 */
async function departmentOf(search: SourceSearch, id: number): Promise<Department> {
  const [rows, everybody, below] = await allOf([
    allRows(
      {
        fetchPage: async (cursor): Promise<Page<Row>> => {
          const { rows, ...page } = await peoplePage(search, id, cursor);
          return { ...page, rows: rows.map(({ row }) => rowOf(row)) };
        },
        keyOf: ({ userId }: Row) => userId,
      },
      'people',
    ),
    idsIn(search, 'users.ids', 'user/listid', id, 'userid_list'),
    idsIn(search, 'departments.ids', 'v2/department/listsubid', id, 'dept_id_list'),
  ]);
  const seen = new Set(rows.map(({ userId }) => userId));
  const found = (everybody ?? []).filter((one) => seen.has(one)).length;
  checkCount(found, everybody?.length ?? 0, `people in department ${id}`, range);
  return {
    people: rows,
    below: (below ?? []).map(Number),
    isListed: everybody !== null && below !== null,
  };
}

function rowOf(row: unknown): Row {
  const userId = idOf(isObject(row) ? row['userid'] : undefined);
  const id = textIn(row, 'unionid');
  if (userId === undefined) throw malformed('somebody in a department has no userid');
  if (id === null) throw incomplete('the platform does not give the unionId of its people', range);
  return { userId, member: memberOf(id, textIn(row, 'name')) };
}

/** A department, and all below it where they are asked for, level by level. */
async function treeOf(search: SourceSearch): Promise<readonly Department[]> {
  const { id, recursive } = search.source;
  const all = new Map<number, Department>();
  let level = [Number(id)];
  while (level.length > 0) {
    const read = await allOf(
      level.map(async (one) => {
        const key = JSON.stringify(['department', one]);
        return [one, await search.once(key, () => departmentOf(search, one))] as const;
      }),
    );
    for (const [one, found] of read) all.set(one, found);
    const below = recursive ? read.flatMap(([, found]) => found.below) : [];
    level = [...new Set(below)].filter((one) => !all.has(one));
  }
  return [...all.values()];
}

/** Everybody in a department, and in all below it where they are asked for. None of it counts in the month. */
async function department(search: SourceSearch): Promise<Everybody> {
  const [tree, head] = await allOf([
    treeOf(search),
    legacy(search, 'departments.get', 'v2/department/get', { dept_id: Number(search.source.id) }),
  ]);
  checkCounted(search, tree, objectOf(head));
  const members = tree.flatMap(({ people }) => people.map(({ member }) => member));
  return { name: textIn(objectOf(head), 'name'), members };
}

/**
 * Holds who was found against the numbers of the department. That of all below it may count somebody twice, so it has a
 * say only where nothing else proves the lists.
 */
function checkCounted({ source }: SourceSearch, tree: readonly Department[], head: JsonObject): void {
  const distinct = (departments: readonly Department[]): number =>
    new Set(departments.flatMap(({ people }) => people.map(({ userId }) => userId))).size;
  const own = countOf(head['owning_member_count']);
  checkCount(distinct(tree.slice(0, 1)), own ?? 0, 'people', range);
  if (tree.every(({ isListed }) => isListed)) return;
  const all = source.recursive ? countOf(head['member_count']) : own;
  if (all === null) throw incomplete('the platform does not say how many people are in it', range);
  checkCount(distinct(tree), all, 'people', range);
}

/** The name of a role (page: `role/list`), or null. */
async function roleName(search: SourceSearch): Promise<string | null> {
  const names = await search.once('roles', async () => {
    const groups = await allRows(
      pagesOf(search, {
        api: 'roles.list',
        path: 'role/list',
        size: 200,
        read: (row) => row,
        keyOf: (row) => idOf(row['groupId']) ?? '',
      }),
      'roles',
    );
    const roles = groups.flatMap((one) => objectsOf(one['roles'], 'roles'));
    return new Map(roles.map((one) => [idOf(one['id']), textIn(one, 'name')]));
  });
  return names.get(search.source.id) ?? null;
}

/** The people of a role (page: `role/simplelist`), each asked for by itself: the list has no unionIds. */
async function role(search: SourceSearch): Promise<Everybody> {
  const role_id = Number(search.source.id);
  const users = await allRows(
    pagesOf(search, {
      api: 'roles.users',
      path: 'role/simplelist',
      query: { role_id },
      size: 100,
      read: (row) => idOf(row['userid']) ?? '',
      keyOf: (id) => id,
    }),
    'people',
  );
  checkSomebody(users);
  const members = await allOf(
    users.map((userid) => search.once(`user ${userid}`, () => userOf(search, userid))),
  );
  return { name: await roleName(search), members };
}

async function userOf(search: SourceSearch, userid: string): Promise<Member> {
  const row = await userRow(search, userid);
  const id = textIn(row, 'unionid');
  // Who is not found may have left, or may be somebody whom the app may not see: the platform says neither.
  if (id === null) throw incomplete('somebody in it was not found', range);
  return memberOf(id, textIn(row, 'name'));
}

interface LegacyList<T> {
  readonly api: string;
  readonly path: string;
  readonly query?: object;
  /** Rows a page. */
  readonly size: number;
  readonly read: (row: Readonly<Record<string, unknown>>) => T;
  readonly keyOf: (row: T) => string;
}

/**
 * What this half of the API lists by an offset. Each page begins with the last row of the one before: where it does not, rows
 * have moved, and one of them may stand on neither.
 */
function pagesOf<T>(
  search: SourceSearch,
  { api, path, query = {}, size, read, keyOf }: LegacyList<T>,
): { readonly fetchPage: (token: string | null) => Promise<Page<T>>; readonly keyOf: (row: T) => string } {
  let last: T | undefined;
  return {
    fetchPage: async (token) => {
      const offset = Number(token ?? 0);
      const result = objectOf(await legacy(search, api, path, { ...query, size, offset }));
      const rows = objectsOf(result['list'], 'rows').map(read);
      const more = flagOf(result['hasMore']);
      if (more === undefined) throw malformed('a page does not say whether there are more');
      const [first] = rows;
      if (token !== null && (first === undefined || last === undefined || keyOf(first) !== keyOf(last))) {
        throw incomplete('the list changed while it was being read', 'Try again.');
      }
      last = rows.at(-1);
      return {
        rows: token === null ? rows : rows.slice(1),
        next: more ? String(offset + size - 1) : null,
        size: JSON.stringify(result).length,
      };
    },
    keyOf,
  };
}

/** What Rosters are expanded from on DingTalk: people and departments by the older half of the API. */
export const sources: SourceReads = { department, role };
