import type { Answer, Route } from '../route.ts';
import { getCalendar, listCalendars, mgetCalendars, primaryCalendar } from './calendars.ts';
import { createAttendees } from './create-attendees.ts';
import { deleteAttendees } from './delete-attendees.ts';
import { deleteEvent, getEvent } from './event.ts';
import { listEvents, viewInstances } from './events.ts';
import { listAttendees } from './list-attendees.ts';
import { deleteMeetingChat, mgetMeetingChat } from './meeting-chat.ts';
import { tenantAccessToken } from './token.ts';

const calendars = '/open-apis/calendar/v4/calendars';
const calendar = `${calendars}/:calendarId`;
const event = `${calendar}/events/:eventId`;

/** The permissions that calls need one of, as their pages list them. */
const scopes = {
  calendar: ['calendar:calendar', 'calendar:calendar:read', 'calendar:calendar:readonly'],
  ownCalendar: ['calendar:calendar:read', 'calendar:calendar:readonly'],
  read: ['calendar:calendar', 'calendar:calendar.event:read', 'calendar:calendar:readonly'],
  update: ['calendar:calendar', 'calendar:calendar.event:update'],
  delete: ['calendar:calendar', 'calendar:calendar.event:delete'],
};

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
): Route<Answer> => ({ api: `feishu.${api}`, method, path, scopes: needs, handle });

/** The calls of Feishu and Lark that are served. Of two that fit a path the first is taken. */
export const feishuRoutes: readonly Route<Answer>[] = [
  token,
  route('calendars.list', 'GET', calendars, scopes.calendar, listCalendars),
  route('calendars.primary', 'POST', `${calendars}/primary`, scopes.ownCalendar, primaryCalendar),
  route('calendars.mget', 'POST', `${calendars}/mget`, scopes.ownCalendar, mgetCalendars),
  route('calendar.get', 'GET', calendar, scopes.calendar, getCalendar),
  route('events.list', 'GET', `${calendar}/events`, scopes.read, listEvents),
  route('events.instances', 'GET', `${calendar}/events/instance_view`, scopes.read, viewInstances),
  route('meeting-chats.mget', 'POST', `${calendar}/events/mget_meeting_chat`, scopes.read, mgetMeetingChat),
  route('event.get', 'GET', event, scopes.read, getEvent),
  route('event.delete', 'DELETE', event, scopes.delete, deleteEvent),
  route('attendees.list', 'GET', `${event}/attendees`, scopes.read, listAttendees),
  route('attendees.create', 'POST', `${event}/attendees`, scopes.update, createAttendees),
  route('attendees.delete', 'POST', `${event}/attendees/batch_delete`, scopes.update, deleteAttendees),
  route('meeting-chat.delete', 'DELETE', `${event}/meeting_chat`, scopes.update, deleteMeetingChat),
];
