import type { Answer, Route } from '../route.ts';
import { getCalendar, listCalendars } from './calendars.ts';
import { getGroup, getUser, listMembers, listRooms, listUsers } from './directory.ts';
import { getEvent } from './event.ts';
import { listEvents, listInstances } from './events.ts';
import { accessToken } from './token.ts';
import { deleteEvent, insertEvent, patchEvent, updateEvent } from './write.ts';

const named = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `https://www.googleapis.com/auth/${name}`);

/** The scopes of each call, any one of which is enough, as its page lists them. */
const write = named('calendar', 'calendar.events', 'calendar.events.owned', 'calendar.app.created');
const read = [
  ...write,
  ...named(
    'calendar.readonly',
    'calendar.events.readonly',
    'calendar.events.owned.readonly',
    'calendar.events.public.readonly',
    'calendar.events.freebusy',
  ),
];
const lists = named(
  'calendar',
  'calendar.readonly',
  'calendar.calendarlist',
  'calendar.calendarlist.readonly',
);
const calendars = named('calendar', 'calendar.readonly', 'calendar.calendars', 'calendar.calendars.readonly');
const users = named('admin.directory.user', 'admin.directory.user.readonly');
const groups = named('admin.directory.group', 'admin.directory.group.readonly');
const members = [
  ...groups,
  ...named('admin.directory.group.member', 'admin.directory.group.member.readonly'),
];
const rooms = named('admin.directory.resource.calendar', 'admin.directory.resource.calendar.readonly');

const route = (
  api: string,
  method: string,
  path: string,
  scopes: readonly string[],
  handle: Route<Answer>['handle'],
): Route<Answer> => ({ api: `google.${api}`, method, path, scopes, handle });

const calendar = '/calendar/v3/calendars/:calendarId';
const directory = '/admin/directory/v1';

/** The calls of Google that are served. */
export const googleRoutes: readonly Route<Answer>[] = [
  { api: 'google.token', method: 'POST', path: '/token', open: true, handle: accessToken },
  route('calendars.list', 'GET', '/calendar/v3/users/me/calendarList', lists, listCalendars),
  route('calendar.get', 'GET', calendar, calendars, getCalendar),
  route('events.list', 'GET', `${calendar}/events`, read, listEvents),
  route('event.insert', 'POST', `${calendar}/events`, write, insertEvent),
  route('event.get', 'GET', `${calendar}/events/:eventId`, read, getEvent),
  route('event.patch', 'PATCH', `${calendar}/events/:eventId`, write, patchEvent),
  route('event.update', 'PUT', `${calendar}/events/:eventId`, write, updateEvent),
  route('event.delete', 'DELETE', `${calendar}/events/:eventId`, write, deleteEvent),
  route('event.instances', 'GET', `${calendar}/events/:eventId/instances`, read, listInstances),
  route('users.list', 'GET', `${directory}/users`, users, listUsers),
  route('user.get', 'GET', `${directory}/users/:userKey`, users, getUser),
  route('group.get', 'GET', `${directory}/groups/:groupKey`, groups, getGroup),
  route('group.members', 'GET', `${directory}/groups/:groupKey/members`, members, listMembers),
  route('rooms.list', 'GET', `${directory}/customer/:customer/resources/calendars`, rooms, listRooms),
];
