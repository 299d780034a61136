import { isObject } from '../../../http/json.ts';
import type { FoundGroup } from '../../../model/found.ts';
import type { Member } from '../../../model/organisation.ts';
import { type Asker, gathering } from '../../find.ts';
import {
  type Everybody,
  allOf,
  allRows,
  checkCount,
  checkWhole,
  incomplete,
  memberOf,
  type SourceSearch,
} from '../../organisation.ts';
import { ask, paths, rowsIn } from '../find/page.ts';
import { childrenOf, departmentOf, departmentsBelow } from '../find/groups.ts';
import { departmentUsers, idKinds, personOf } from '../find/users.ts';

const root = '0';
const range =
  'The contact range of the app may leave some out: widen it in the developer console and publish it. Who is in several departments may be counted in each.';
const idPermission =
  'Grant contact:user.employee_id:readonly for user_ids, or use another userIdType for the event.';

/** Somebody of a department, with the id that all see them by. */
interface Row {
  readonly key: string;
  readonly member: Member | null;
  readonly left: boolean;
}

/** A department with all below it. */
interface Tree {
  readonly name: string | null;
  /** Right in it. */
  readonly own: readonly Row[];
  /** In it and in all below it, each once. */
  readonly all: readonly Row[];
}

/** The people right in one department. */
async function membersOf(search: SourceSearch, id: string): Promise<readonly Row[]> {
  const kind = search.source.userIdType ?? 'open_id';
  return allRows(
    departmentUsers(search, id, kind, {
      read: (row): Row => {
        const { ids, name, status } = personOf(row);
        const key = idKinds.map((one) => ids[one]).find((one) => one !== undefined);
        const own = ids[kind];
        const member = own === undefined ? null : memberOf(own, name);
        return { key: key ?? JSON.stringify(row), member, left: status === 'left' };
      },
      keyOf: ({ key }) => key,
    }),
    'people',
  );
}

/** A department by either of its ids (page: `department/batch`). */
async function headOf(asker: Asker, id: string): Promise<FoundGroup> {
  const data = await ask(asker, {
    api: 'departments.batch',
    method: 'GET',
    path: paths.departments,
    query: {
      department_ids: [id],
      department_id_type: id.startsWith('od-') ? 'open_department_id' : 'department_id',
    },
  });
  const [row] = rowsIn(data, 'items');
  if (row === undefined) {
    throw incomplete('there is no such department, or the app may not see it', `Check the id. ${range}`);
  }
  const { status } = row;
  // It would be one with nobody in it.
  if (isObject(status) && status['is_deleted'] === true) {
    throw incomplete('the department was deleted', 'Remove it from the Roster.');
  }
  return departmentOf(row);
}

/** All departments below one. */
async function below(search: SourceSearch, id: string): Promise<readonly FoundGroup[]> {
  const gathered = gathering<never>(search);
  const departments = await departmentsBelow(search, gathered, id);
  const found = gathered.found();
  checkWhole(found.complete ? null : found.problem);
  return departments;
}

/**
 * A department with all below it, proved by the number of people that the platform has in them together. Those who
 * left are not in it; those who are frozen or have not signed in yet are.
 */
async function treeOf(search: SourceSearch, head: FoundGroup): Promise<Tree> {
  const departments = await below(search, head.id);
  const [own = [], ...others] = await allOf(
    [head, ...departments].map(async ({ id }) => (await membersOf(search, id)).filter(({ left }) => !left)),
  );
  const all = distinct([own, ...others].flat());
  if (head.members === null) {
    throw incomplete(
      'the platform does not say how many people are in it',
      'Grant contact:department.organize:readonly.',
    );
  }
  checkCount(all.length, head.members, 'people', range);
  return { name: head.name, own, all };
}

/**
 * The whole organisation has no number of its own. The platform answers for it only where the app may see all, and each
 * department right below it is proved.
 */
async function wholeTree(search: SourceSearch): Promise<Tree> {
  const heads = await allRows(childrenOf(search, root, false), 'departments');
  const [own, ...trees] = await allOf([
    membersOf(search, root),
    ...heads.map(async (head) => (await treeOf(search, head)).all),
  ]);
  const right = own.filter(({ left }) => !left);
  return { name: null, own: right, all: distinct([right, ...trees].flat()) };
}

function distinct(rows: readonly Row[]): Row[] {
  return [...new Map(rows.map((row) => [row.key, row])).values()];
}

/**
 * Everybody in a department, and in those below it where they are asked for: also where they are not they are read,
 * because what proves the list is a number for all of them.
 */
export async function peopleOfDepartment(
  search: SourceSearch,
  id: string,
  recursive: boolean,
): Promise<Everybody> {
  const key = JSON.stringify(['department', id, search.source.userIdType]);
  const { name, own, all } = await search.once(key, async () =>
    id === root ? wholeTree(search) : treeOf(search, await headOf(search, id)),
  );
  const members = (recursive ? all : own).map(({ member }) => {
    if (member === null) throw incomplete('the platform does not give the ids of its people', idPermission);
    return member;
  });
  return { name, members };
}
