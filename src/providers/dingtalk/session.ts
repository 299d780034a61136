import { editByRequests } from '../delta.ts';
import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { dingtalkDialect } from './dialect.ts';
import { findCalendars } from './find/calendars.ts';
import { findDepartments } from './find/departments.ts';
import { findEvents } from './find/events.ts';
import { findPeople } from './find/people.ts';
import { grants } from './grants.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { occurrences } from './occurrences.ts';
import { sources } from './organisation/sources.ts';
import { askStanding } from './standing.ts';
import { addition, deletion, removal, unbinding } from './write.ts';

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
