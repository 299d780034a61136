import type { Answer, Call, Context, Route } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { addAttendees, listAttendees, removeAttendees } from './attendees.ts';
import { deleteEvent, getEvent } from './event.ts';
import { idempotent } from './idempotency.ts';
import { accessToken } from './token.ts';

const event = '/v1.0/calendar/users/:userId/calendars/:calendarId/events/:eventId';

type Write = (call: Call, context: Context) => Answer;

const once =
  (write: Write): Route<Answer>['handle'] =>
  (call, context, caller: Caller) =>
    idempotent(call, context, caller, () => write(call, context));

/** The calls of DingTalk that are served. */
export const dingtalkRoutes: readonly Route<Answer>[] = [
  {
    api: 'dingtalk.token',
    method: 'POST',
    path: '/v1.0/oauth2/accessToken',
    open: true,
    handle: accessToken,
  },
  { api: 'dingtalk.event.get', method: 'GET', path: event, handle: getEvent },
  { api: 'dingtalk.event.delete', method: 'DELETE', path: event, handle: once(deleteEvent) },
  { api: 'dingtalk.attendees.list', method: 'GET', path: `${event}/attendees`, handle: listAttendees },
  { api: 'dingtalk.attendees.add', method: 'POST', path: `${event}/attendees`, handle: once(addAttendees) },
  {
    api: 'dingtalk.attendees.remove',
    method: 'POST',
    path: `${event}/attendees/batchRemove`,
    handle: once(removeAttendees),
  },
];
