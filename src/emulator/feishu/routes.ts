import type { Answer, Route } from '../route.ts';
import { createAttendees } from './create-attendees.ts';
import { deleteAttendees } from './delete-attendees.ts';
import { deleteEvent, getEvent } from './event.ts';
import { listAttendees } from './list-attendees.ts';
import { deleteMeetingChat, mgetMeetingChat } from './meeting-chat.ts';
import { tenantAccessToken } from './token.ts';

const calendar = '/open-apis/calendar/v4/calendars/:calendarId';
const event = `${calendar}/events/:eventId`;

/** The calls of Feishu and Lark that are served. */
export const feishuRoutes: readonly Route<Answer>[] = [
  {
    api: 'feishu.token',
    method: 'POST',
    path: '/open-apis/auth/v3/tenant_access_token/internal',
    open: true,
    handle: tenantAccessToken,
  },
  {
    api: 'feishu.meeting-chats.mget',
    method: 'POST',
    path: `${calendar}/events/mget_meeting_chat`,
    handle: mgetMeetingChat,
  },
  { api: 'feishu.event.get', method: 'GET', path: event, handle: getEvent },
  { api: 'feishu.event.delete', method: 'DELETE', path: event, handle: deleteEvent },
  { api: 'feishu.attendees.list', method: 'GET', path: `${event}/attendees`, handle: listAttendees },
  { api: 'feishu.attendees.create', method: 'POST', path: `${event}/attendees`, handle: createAttendees },
  {
    api: 'feishu.attendees.delete',
    method: 'POST',
    path: `${event}/attendees/batch_delete`,
    handle: deleteAttendees,
  },
  {
    api: 'feishu.meeting-chat.delete',
    method: 'DELETE',
    path: `${event}/meeting_chat`,
    handle: deleteMeetingChat,
  },
];
