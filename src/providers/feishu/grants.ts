import type { ContactRange, Grants } from '../../model/grants.ts';
import { textIn, type GrantSearch } from '../find.ts';
import { ask, paths, rowsIn } from './find/page.ts';
import { contactRange } from './find/range.ts';

const granted = 1;

/**
 * The permissions that the tenant has granted the app, and its contact range (pages: `application-v6/scope/list`,
 * `contact-v3/scope/list`). The first takes no permission. Neither takes a person's token, of which nothing is told.
 */
export async function grants(search: GrantSearch): Promise<Grants> {
  if (!search.asApp) return { told: new Map(), listed: false, range: null, problem: null };
  const data = await ask(search, { api: 'app.scopes', method: 'GET', path: paths.appScopes });
  const rows = rowsIn(data, 'scopes').filter((row) => row['scope_type'] !== 'user');
  const told = new Map(
    rows.flatMap((row): [string, boolean][] => {
      const code = textIn(row, 'scope_name');
      return code === null ? [] : [[code, row['grant_status'] === granted]];
    }),
  );
  try {
    return { told, listed: true, range: await rangeOf(search), problem: null };
  } catch (error) {
    return { told, listed: true, range: null, problem: search.problemOf(error) };
  }
}

async function rangeOf(search: GrantSearch): Promise<ContactRange> {
  const { isWhole, departments, users, groups } = await contactRange(search);
  if (isWhole) return { whole: true };
  return { whole: false, departments: departments.length, users: users.length, groups: groups.length };
}
