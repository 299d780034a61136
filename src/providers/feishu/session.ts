import { editByRequests } from '../delta.ts';
import type { Provider } from '../provider.ts';
import { providerFrom } from '../session.ts';
import { feishuDialect } from './dialect.ts';
import { findCalendars } from './find/calendars.ts';
import { findEvents } from './find/events.ts';
import { findChats, findDepartments } from './find/groups.ts';
import { findPeople } from './find/people.ts';
import { grants } from './grants.ts';
import { list } from './list.ts';
import { look } from './look.ts';
import { sources } from './organisation/sources.ts';
import { meetingChats } from './meeting-chats.ts';
import { occurrences } from './occurrences.ts';
import { askStanding } from './standing.ts';
import { addition, deletion, removal, unbinding } from './write.ts';

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
