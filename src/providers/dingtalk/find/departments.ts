import type { Found, FoundGroup } from '../../../model/found.ts';
import { gathering, type Gathering, keepNamed, type Search, textIn } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { countOf, idOf, legacy, objectOf, objectsOf } from './legacy.ts';

/** The root department, which stands for the organisation. */
const rootDepartment = 1;

/** A department of the tree. */
export interface Department {
  readonly id: number;
  readonly name: string | null;
}

/** The root and all departments below it that the app may see, level by level (page: `department/listsub`). */
export async function departmentTree<T>(search: Search, gathered: Gathering<T>): Promise<Department[]> {
  const all = new Map<number, Department>([[rootDepartment, { id: rootDepartment, name: null }]]);
  let level = [rootDepartment];
  while (level.length > 0) {
    const below = await Promise.all(
      level.map((id) =>
        gathered.ask(legacy(search, 'departments.list', 'v2/department/listsub', { dept_id: id })),
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
  const tree = await departmentTree(search, gathered);
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
