import type { Found, FoundGroup } from '../../../model/found.ts';
import { type Asker, gathering, type Gathering, keepNamed, type Search, textIn } from '../../find.ts';
import { endsAll, failureOf, malformed } from '../../problem.ts';
import { countOf, idOf, idsOf, legacy, objectOf, objectsOf, scopesPath } from './legacy.ts';

/** The root department, which stands for the organisation. */
const rootDepartment = 1;

/** A department of the tree. */
export interface Department {
  readonly id: number;
  readonly name: string | null;
}

/** What the app was given of the organisation. */
export interface AppRange {
  readonly departments: readonly number[];
  /** userids of those who were given one by one. */
  readonly users: readonly string[];
  readonly isWhole: boolean;
}

/**
 * Where to start from: the root is refused to an app that was given only some departments. Where that is not answered,
 * the root is tried all the same.
 */
export async function appRangeOf(asker: Asker): Promise<AppRange> {
  try {
    return await readAppRange(asker);
  } catch (error) {
    if (endsAll(failureOf(error, asker.signal))) throw error;
    return everything;
  }
}

/** What the app was given (page: `auth/scopes`). Rejects with `PlatformError`. */
export async function readAppRange({ client, signal }: Asker): Promise<AppRange> {
  const { body } = await client.ask({
    api: 'scopes',
    method: 'GET',
    path: scopesPath,
    operation: 'read',
    signal,
  });
  const { authed_dept = [], authed_user = [] } = objectOf(objectOf(body)['auth_org_scopes']);
  const departments = idsOf(authed_dept, 'authed_dept').map(Number);
  if (departments.includes(rootDepartment)) return everything;
  return { departments, users: idsOf(authed_user, 'authed_user'), isWhole: false };
}

const everything: AppRange = { departments: [rootDepartment], users: [], isWhole: true };

/** The departments that the app was given and all below them, level by level (page: `department/listsub`). */
export async function departmentTree<T>(
  asker: Asker,
  gathered: Gathering<T>,
  { departments }: AppRange,
): Promise<Department[]> {
  const all = new Map<number, Department>(departments.map((id) => [id, { id, name: null }]));
  let level = [...departments];
  while (level.length > 0) {
    const below = await Promise.all(
      level.map((id) =>
        gathered.ask(legacy(asker, 'departments.list', 'v2/department/listsub', { dept_id: id })),
      ),
    );
    level = [];
    for (const row of below.flatMap((rows) => objectsOf(rows, 'departments'))) {
      const id = Number(idOf(row['dept_id']));
      if (!Number.isSafeInteger(id)) throw malformed('a department has no dept_id');
      if (all.has(id)) continue;
      all.set(id, { id, name: textIn(row, 'name') });
      level.push(id);
    }
  }
  return [...all.values()];
}

/** The departments that the app may see, with their members (page: `department/get`). None of it counts in the month. */
export async function findDepartments(search: Search): Promise<Found<FoundGroup>> {
  const gathered = gathering<FoundGroup>(search);
  const tree = await departmentTree(search, gathered, await appRangeOf(search));
  const items = await Promise.all(
    tree.map(async ({ id, name }): Promise<FoundGroup> => {
      const answer = await gathered.ask(
        legacy(search, 'departments.get', 'v2/department/get', { dept_id: id }),
      );
      const head = answer === undefined ? null : objectOf(answer);
      return {
        id: String(id),
        name: name ?? textIn(head, 'name'),
        members: head === null ? null : countOf(head['member_count']),
      };
    }),
  );
  keepNamed(gathered, items, search.query.texts, ({ name }) => name);
  return gathered.found();
}
