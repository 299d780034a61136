import { WrongField } from '../body.ts';
import type { EmulatedPlatform } from '../platform.ts';
import type { Quota, Window } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { may, nobody } from '../tokens.ts';
import { FeishuRefusal, lacksScope, notFound, refused, type RefusalCode } from './answer.ts';
import { createAttendees, listAttendees } from './attendees.ts';
import { getCalendar, listCalendars, mgetCalendars, primaryCalendar } from './calendars.ts';
import { getChat, listChatMembers, listChats } from './chats.ts';
import { deleteAttendees } from './delete-attendees.ts';
import {
  batchDepartments,
  departmentUsers,
  listChildren,
  listScopes,
  searchDepartments,
} from './departments.ts';
import { filterEmployees, mgetEmployees } from './employees.ts';
import { createEvent, deleteEvent, getEvent } from './event.ts';
import { listEvents } from './events.ts';
import { listGroupMembers, listGroups, listRoleMembers } from './groups.ts';
import { listInstances, viewInstances } from './instances.ts';
import { deleteMeetingChat, mgetMeetingChat } from './meeting-chat.ts';
import { hold, live, meddle, reschedule, state } from './state.ts';
import { feishuChoices, feishuDurations, feishuSays } from './switches.ts';
import { checkFeishu, feishuOrganisation, feishuSchema } from './tenant.ts';
import { authorize, appScopes, tenantAccessToken } from './token.ts';
import { basicUsers, batchUsers, findUsers, getUser, searchUsers } from './users.ts';

const calendars = '/open-apis/calendar/v4/calendars';
const calendar = `${calendars}/:calendarId`;
const event = `${calendar}/events/:eventId`;
const contact = '/open-apis/contact/v3';
const chats = '/open-apis/im/v1/chats';

/** The permissions that calls need one of, as their pages list them. */
const scopes = {
  calendar: ['calendar:calendar', 'calendar:calendar:read', 'calendar:calendar:readonly'],
  ownCalendar: ['calendar:calendar:read', 'calendar:calendar:readonly'],
  read: ['calendar:calendar', 'calendar:calendar.event:read', 'calendar:calendar:readonly'],
  update: ['calendar:calendar', 'calendar:calendar.event:update'],
  create: ['calendar:calendar', 'calendar:calendar.event:create'],
  delete: ['calendar:calendar', 'calendar:calendar.event:delete'],
  userIds: ['contact:user.id:readonly'],
  contact: [
    'contact:contact.base:readonly',
    'contact:contact:access_as_app',
    'contact:contact:readonly_as_app',
  ],
  departments: [
    'contact:contact.base:readonly',
    'contact:department.organize:readonly',
    'contact:contact:access_as_app',
    'contact:contact:readonly_as_app',
  ],
  groups: ['contact:group:readonly'],
  roles: ['contact:functional_role', 'contact:functional_role:readonly'],
  names: ['contact:user.basic_profile:readonly'],
  search: ['contact:user:search'],
  employees: ['directory:employee:list'],
  employee: ['directory:employee:read'],
  chats: ['im:chat', 'im:chat:readonly', 'im:chat.group_info:readonly'],
  chatMembers: ['im:chat', 'im:chat:readonly', 'im:chat.members:read', 'im:chat.group_info:readonly'],
};

/** Five calls a second. */
const slow = [{ calls: 5, perMs: 1000 }];
/** A hundred a minute. */
const slower = [{ calls: 100, perMs: 60_000 }];

const token: Route<Answer> = {
  api: 'feishu.token',
  method: 'POST',
  path: '/open-apis/auth/v3/tenant_access_token/internal',
  open: true,
  handle: tenantAccessToken,
};

const route = (
  api: string,
  method: string,
  path: string,
  needs: readonly string[],
  handle: Route<Answer>['handle'],
  more: Pick<Route<Answer>, 'callers' | 'windows'> = {},
): Route<Answer> => ({ api: `feishu.${api}`, method, path, scopes: needs, handle, ...more });

/** The calls of Feishu and Lark that are served. Of two that fit a path the first is taken. */
const feishuRoutes: readonly Route<Answer>[] = [
  token,
  route('calendars.list', 'GET', calendars, scopes.calendar, listCalendars),
  route('calendars.primary', 'POST', `${calendars}/primary`, scopes.ownCalendar, primaryCalendar),
  route('calendars.mget', 'POST', `${calendars}/mget`, scopes.ownCalendar, mgetCalendars),
  route('calendar.get', 'GET', calendar, scopes.calendar, getCalendar),
  route('events.list', 'GET', `${calendar}/events`, scopes.read, listEvents),
  route('event.create', 'POST', `${calendar}/events`, scopes.create, createEvent),
  route('events.view', 'GET', `${calendar}/events/instance_view`, scopes.read, viewInstances),
  route('event.instances', 'GET', `${event}/instances`, scopes.read, listInstances),
  route('meeting-chats.mget', 'POST', `${calendar}/events/mget_meeting_chat`, scopes.read, mgetMeetingChat),
  route('event.get', 'GET', event, scopes.read, getEvent),
  route('event.delete', 'DELETE', event, scopes.delete, deleteEvent),
  route('attendees.list', 'GET', `${event}/attendees`, scopes.read, listAttendees),
  route('attendees.create', 'POST', `${event}/attendees`, scopes.update, createAttendees),
  route('attendees.delete', 'POST', `${event}/attendees/batch_delete`, scopes.update, deleteAttendees),
  route('meeting-chat.delete', 'DELETE', `${event}/meeting_chat`, scopes.update, deleteMeetingChat),
  route('users.find', 'POST', `${contact}/users/batch_get_id`, scopes.userIds, findUsers, { callers: 'app' }),
  route('users.batch', 'GET', `${contact}/users/batch`, scopes.contact, batchUsers),
  route('users.names', 'POST', `${contact}/users/basic_batch`, scopes.names, basicUsers, { windows: slow }),
  route('users.search', 'GET', '/open-apis/search/v1/user', scopes.search, searchUsers, { callers: 'user' }),
  route(
    'users.department',
    'GET',
    `${contact}/users/find_by_department`,
    scopes.departments,
    departmentUsers,
  ),
  route('user.get', 'GET', `${contact}/users/:userId`, scopes.contact, getUser),
  route(
    'departments.children',
    'GET',
    `${contact}/departments/:departmentId/children`,
    scopes.departments,
    listChildren,
  ),
  route('departments.batch', 'GET', `${contact}/departments/batch`, scopes.departments, batchDepartments),
  route(
    'departments.search',
    'POST',
    `${contact}/departments/search`,
    scopes.departments,
    searchDepartments,
    { callers: 'user' },
  ),
  route('contact.scopes', 'GET', `${contact}/scopes`, scopes.contact, listScopes, { callers: 'app' }),
  {
    api: 'feishu.app.scopes',
    method: 'GET',
    path: '/open-apis/application/v6/scopes',
    callers: 'app',
    handle: (_call, _context, caller) => appScopes(caller, Object.values(scopes).flat()),
  },
  route('chats.list', 'GET', chats, scopes.chats, listChats),
  route('chat.get', 'GET', `${chats}/:chatId`, scopes.chats, getChat),
  route('chat.members', 'GET', `${chats}/:chatId/members`, scopes.chatMembers, listChatMembers),
  route(
    'employees.filter',
    'POST',
    '/open-apis/directory/v1/employees/filter',
    scopes.employees,
    filterEmployees,
  ),
  route('employees.mget', 'POST', '/open-apis/directory/v1/employees/mget', scopes.employee, mgetEmployees),
  route('groups.list', 'GET', `${contact}/group/simplelist`, scopes.groups, listGroups, { callers: 'app' }),
  route(
    'group.members',
    'GET',
    `${contact}/group/:groupId/member/simplelist`,
    scopes.groups,
    listGroupMembers,
    { callers: 'app' },
  ),
  route('role.members', 'GET', `${contact}/functional_roles/:roleId/members`, scopes.roles, listRoleMembers, {
    callers: 'app',
    windows: slower,
  }),
];

/** Feishu and Lark: https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control */
const windows: readonly Window[] = [
  { calls: 50, perMs: 1000 },
  { calls: 1000, perMs: 60_000 },
];

/** Answers a call: the token first, then the rate windows, then the permissions, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    if (route.open === true) return route.handle(call, context, nobody);
    const caller = authorize(call, context);
    if (route.callers !== undefined && (route.callers === 'app') !== caller.app) {
      throw new FeishuRefusal(99991668);
    }
    if (quota !== null) takeQuota(quota, `${route.api} ${caller.id}`, route.windows ?? windows, context.now);
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) throw lacksScope(route.scopes);
    if (call.malformed) throw new FeishuRefusal(wrongParameter(route.path), 'the body is not JSON');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof FeishuRefusal) return refused(error);
    if (error instanceof WrongField)
      return refused(new FeishuRefusal(wrongParameter(route.path), error.message));
    throw error;
  }
}

/** The code of a wrong parameter, by what a path begins with. */
const wrongParameters: readonly (readonly [string, RefusalCode])[] = [
  ['/open-apis/calendar/', 190002],
  ['/open-apis/contact/', 40001],
  ['/open-apis/directory/', 2220001],
  ['/open-apis/im/', 232001],
];

function wrongParameter(path: string): RefusalCode {
  return wrongParameters.find(([start]) => path.startsWith(start))?.[1] ?? 99992402;
}

function takeQuota(quota: Quota, key: string, windows: readonly Window[], now: number): void {
  const over = quota.take(key, windows, now);
  if (over === undefined) return;
  throw new FeishuRefusal(99991400, undefined, {
    'x-ogw-ratelimit-limit': String(over.window.calls),
    'x-ogw-ratelimit-reset': String(Math.max(1, Math.ceil(over.waitMs / 1000))),
  });
}

const rateCodes: readonly RefusalCode[] = [99991400, 190004, 190005, 190010];

/** Feishu and Lark, whose calls are the same. */
export const feishu: EmulatedPlatform = {
  id: 'feishu',
  routes: feishuRoutes,
  roots: ['/open-apis/'],
  answer,
  unknown: notFound,
  secretHeaders: ['authorization'],
  tenant: { schema: feishuSchema, check: checkFeishu },
  organisation: feishuOrganisation,
  switches: { choices: feishuChoices, durations: feishuDurations },
  says: feishuSays,
  state,
  live,
  reschedule,
  faults: {
    rateCodes,
    tooMany(code, reset) {
      const headers =
        reset === undefined ? {} : { 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': String(reset) };
      const known = rateCodes.find((one) => one === code) ?? 99991400;
      return refused(new FeishuRefusal(known, undefined, headers));
    },
    internalError: () => refused(new FeishuRefusal(190003)),
    pageToken: 'page_token',
    batches: ['attendees', 'attendee_ids', 'delete_ids'],
    withExpiredToken(headers) {
      const [kept = ''] = /^Bearer (?:[tu]-)?/.exec(headers['authorization'] ?? '') ?? [];
      return { ...headers, authorization: `${kept}expired` };
    },
    hold,
    meddle,
  },
};
