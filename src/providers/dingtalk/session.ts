import type { Grants } from '../../model/grants.ts';
import { editByRequests } from '../delta.ts';
import type { GrantSearch } from '../find.ts';
import { type Provider, PlatformError } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { dingtalkDialect } from './dialect.ts';
import { findCalendars } from './find/calendars.ts';
import { findDepartments, readAppRange } from './find/departments.ts';
import { findEvents } from './find/events.ts';
import { legacy } from './find/legacy.ts';
import { findPeople } from './find/people.ts';
import { occurrences } from './occurrences.ts';
import { sources } from './organisation/sources.ts';
import { list, look } from './read.ts';
import { askStanding } from './standing.ts';
import { addition, deletion, removal, unbinding } from './write.ts';

/** A call that costs nothing of the month, for each permission that one can show; of a department that the app has. */
const probes: readonly (readonly [code: string, path: string, more: object])[] = [
  ['qyapi_get_department_list', 'v2/department/get', {}],
  ['qyapi_get_member', 'user/listid', {}],
  ['qyapi_get_department_member', 'v2/user/list', { cursor: 0, size: 1 }],
];

/**
 * What the app may see (page: `auth/scopes`). The platform lists no permissions: those that a free call shows are tried,
 * where they are wanted.
 */
async function grants(search: GrantSearch): Promise<Grants> {
  const { departments, users, isWhole } = await readAppRange(search);
  const told = new Map<string, boolean>();
  const [department] = departments;
  let problem = null;
  for (const [code, path, more] of department === undefined ? [] : probes) {
    if (!search.wanted.has(code)) continue;
    try {
      await legacy(search, `probe.${code}`, path, { dept_id: department, ...more });
      told.set(code, true);
    } catch (error) {
      problem ??= search.problemOf(error);
      if (error instanceof PlatformError && error.code === '60011') told.set(code, false);
    }
  }
  const part = { whole: false as const, departments: departments.length, users: users.length, groups: 0 };
  return { told, listed: false, range: isWhole ? { whole: true } : part, problem };
}

/** DingTalk (calendar v1.0). */
export const dingtalkProvider: Provider = providerFrom(dingtalkDialect, {
  list,
  look,
  occurrences,
  // Calendar v1.0, and people and departments by the older half of the API.
  finds: {
    calendars: findCalendars,
    events: findEvents,
    people: findPeople,
    departments: findDepartments,
  },
  sources,
  standing: askStanding,
  grants,
  edit: (client) => editByRequests(client, { removal, addition, deletion, unbinding }),
  smoke: () => import('./smoke.ts'),
});
