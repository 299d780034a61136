import type { Answer, Route } from '../route.ts';
import { getCalendar, listCalendars, mgetCalendars, primaryCalendar } from './calendars.ts';
import { getChat, listChatMembers, listChats } from './chats.ts';
import { createAttendees, listAttendees } from './attendees.ts';
import { createEvent } from './create-event.ts';
import { deleteAttendees } from './delete-attendees.ts';
import {
  batchDepartments,
  departmentUsers,
  listChildren,
  listScopes,
  searchDepartments,
} from './departments.ts';
import { filterEmployees, mgetEmployees } from './employees.ts';
import { deleteEvent, getEvent } from './event.ts';
import { listEvents } from './events.ts';
import { listGroupMembers, listGroups, listRoleMembers } from './groups.ts';
import { listInstances, viewInstances } from './instances.ts';
import { deleteMeetingChat, mgetMeetingChat } from './meeting-chat.ts';
import { appScopes, tenantAccessToken } from './token.ts';
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
export const feishuRoutes: readonly Route<Answer>[] = [
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
