import type { ContactRange, Grants } from '../../model/grants.ts';
import { editByRequests } from '../delta.ts';
import { textIn, type GrantSearch } from '../find.ts';
import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { feishuDialect } from './dialect.ts';
import { findCalendars } from './find/calendars.ts';
import { findEvents } from './find/events.ts';
import { findChats, findDepartments } from './find/groups.ts';
import { ask, paths, rowsIn } from './find/page.ts';
import { findPeople } from './find/people.ts';
import { contactRange } from './find/range.ts';
import { meetingChats } from './meeting-chats.ts';
import { occurrences } from './occurrences.ts';
import { sources } from './organisation/sources.ts';
import { list, look } from './read.ts';
import { askStanding } from './standing.ts';
import { addition, deletion, removal, unbinding } from './write.ts';

const granted = 1;

/**
 * The permissions that the tenant has granted the app, and its contact range (pages: `application-v6/scope/list`,
 * `contact-v3/scope/list`). The first takes no permission. Neither takes a person's token, of which nothing is told.
 */
async function grants(search: GrantSearch): Promise<Grants> {
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

/** Feishu, and Lark: the same API on another host with accounts of its own. */
export const feishuProvider: Provider = providerFrom(feishuDialect, {
  list,
  look,
  meetingChats,
  occurrences,
  // Calendar v4, contact v3, directory v1, im v1.
  finds: {
    calendars: findCalendars,
    events: findEvents,
    people: findPeople,
    chats: findChats,
    departments: findDepartments,
  },
  sources,
  standing: askStanding,
  grants,
  edit: (client) => editByRequests(client, { removal, addition, deletion, unbinding }),
  smoke: () => import('./smoke.ts'),
});
