import { textOf } from '../../../http/json.ts';
import type { Asker } from '../../find.ts';
import { readRows } from '../../pages.ts';
import { endsAll, failureOf } from '../../problem.ts';
import { ask, listing, paths } from './page.ts';

/** What the account may see of the organisation. */
export interface VisibleRange {
  /** Everybody. */
  readonly isWhole: boolean;
  /** Departments that it may see with all that is below them; `0` is the root. */
  readonly departments: readonly string[];
  /** People beside those of the departments, by open_id. */
  readonly users: readonly string[];
  /** Groups of people. */
  readonly groups: readonly string[];
}

const everybody: VisibleRange = { isWhole: true, departments: ['0'], users: [], groups: [] };

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.flatMap((one) => textOf(one) ?? []) : [];
}

/**
 * The contact range of the app. Where it cannot be read the root is tried, and nobody who is not found is said not to
 * exist.
 */
export async function visibleRange(asker: Asker): Promise<VisibleRange> {
  try {
    return await contactRange(asker);
  } catch (error) {
    failureOf(error, asker.signal);
    return { ...everybody, isWhole: false };
  }
}

/** The contact range of the app (page: `scope/list`). Rejects with `PlatformError`. */
export async function contactRange(asker: Asker): Promise<VisibleRange> {
  const departments = new Set<string>();
  const users = new Set<string>();
  const groups = new Set<string>();
  const call = {
    api: 'contact.scopes',
    method: 'GET',
    path: paths.scopes,
    query: { user_id_type: 'open_id', department_id_type: 'open_department_id' },
  } as const;
  // Its pages have three lists of ids, and no rows.
  const pages = listing(asker, call, 100, {
    rows: 'rows',
    read: (row) => row,
    keyOf: () => '',
    see: (page) => {
      for (const id of textsIn(page['department_ids'])) departments.add(id);
      for (const id of textsIn(page['user_ids'])) users.add(id);
      for (const id of textsIn(page['group_ids'])) groups.add(id);
    },
  });
  await readRows(pages, 'contact range', []);
  // Where that is everybody, the page has the departments at the top in place of the root.
  const whole = departments.has('0') || (await seesEverybody(asker));
  return whole
    ? everybody
    : { isWhole: false, departments: [...departments], users: [...users], groups: [...groups] };
}

/** Whether the app may see everybody: the root is refused to all others (page: `user/find_by_department`). */
export async function seesEverybody(asker: Asker): Promise<boolean> {
  try {
    await ask(asker, {
      api: 'users.by-department',
      method: 'GET',
      path: paths.findByDepartment,
      query: { department_id: '0', department_id_type: 'open_department_id', page_size: '1' },
    });
    return true;
  } catch (error) {
    if (endsAll(failureOf(error, asker.signal))) throw error;
    return false;
  }
}
