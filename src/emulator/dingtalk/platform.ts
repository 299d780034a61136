import { WrongField } from '../body.ts';
import type { EmulatedPlatform } from '../platform.ts';
import type { Quota, Window } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { may, nobody, type Caller } from '../tokens.ts';
import { DingtalkRefusal, lacksScope, refused } from './answer.ts';
import { addAttendees, listAttendees, removeAttendees } from './attendees.ts';
import { listCalendars, listEvents, viewEvents } from './calendars.ts';
import { dimissionInfos, dismissions, leaveRecords, searchDepartments, searchUsers } from './contact.ts';
import { createEvent, deleteEvent, getEvent } from './event.ts';
import { idempotent } from './idempotency.ts';
import { hold, live, meddle, reschedule, state } from './state.ts';
import { dingtalkChoices, dingtalkSays } from './switches.ts';
import { checkDingtalk, dingtalkOrganisation, dingtalkSchema } from './tenant.ts';
import { authorize, accessToken } from './token.ts';

const calendars = '/v1.0/calendar/users/:userId/calendars';
const event = `${calendars}/:calendarId/events/:eventId`;

type Write = (call: Call, context: Context) => Answer;

const once =
  (write: Write): Route<Answer>['handle'] =>
  (call, context, caller: Caller) =>
    idempotent(call, context, caller, () => write(call, context));

const read = ['Calendar.Event.Read'];
const write = ['Calendar.Event.Write'];
const search = ['qyapi_addresslist_search'];
const hr = ['qyapi_hrm_read_user'];

const token: Route<Answer> = {
  api: 'dingtalk.token',
  method: 'POST',
  path: '/v1.0/oauth2/accessToken',
  open: true,
  handle: accessToken,
};

const route = (
  api: string,
  method: string,
  path: string,
  scopes: readonly string[],
  handle: Route<Answer>['handle'],
): Route<Answer> => ({ api: `dingtalk.${api}`, method, path, scopes, handle });

/** The calls of DingTalk that are served. */
const dingtalkRoutes: readonly Route<Answer>[] = [
  token,
  route('calendars.list', 'GET', calendars, read, listCalendars),
  route('events.list', 'GET', `${calendars}/:calendarId/events`, read, listEvents),
  route('events.view', 'GET', `${calendars}/:calendarId/eventsview`, read, viewEvents),
  route('users.search', 'POST', '/v1.0/contact/users/search', search, searchUsers),
  route('departments.search', 'POST', '/v1.0/contact/departments/search', search, searchDepartments),
  route('users.left', 'GET', '/v1.0/contact/empLeaveRecords', ['Contact.Common.Read'], leaveRecords),
  route('users.leaving', 'GET', '/v1.0/hrm/employees/dimissionInfos', hr, dimissionInfos),
  route('users.dismissed', 'GET', '/v1.0/hrm/employees/dismissions', hr, dismissions),
  route('event.create', 'POST', `${calendars}/:calendarId/events`, write, once(createEvent)),
  route('event.get', 'GET', event, read, getEvent),
  route('event.delete', 'DELETE', event, write, once(deleteEvent)),
  route('attendees.list', 'GET', `${event}/attendees`, read, listAttendees),
  route('attendees.add', 'POST', `${event}/attendees`, write, once(addAttendees)),
  route('attendees.remove', 'POST', `${event}/attendees/batchRemove`, write, once(removeAttendees)),
];

/** DingTalk, standard edition: https://open.dingtalk.com/document/development/call-frequency-limit */
const windows: readonly Window[] = [{ calls: 20, perMs: 1000 }];

/** Answers a call: the token first, then the rate window, then the permissions, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    const caller = route.open === true ? nobody : authorize(call, context);
    if (caller !== nobody && quota?.take(`${route.api} ${caller.id}`, windows, context.now) !== undefined) {
      throw new DingtalkRefusal('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi');
    }
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) throw lacksScope(route.scopes);
    if (call.malformed) throw new DingtalkRefusal('invalidParameter', 'the body is not JSON');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof DingtalkRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new DingtalkRefusal('invalidParameter', error.message));
    throw error;
  }
}

/** DingTalk. */
export const dingtalk: EmulatedPlatform = {
  id: 'dingtalk',
  routes: dingtalkRoutes,
  roots: ['/v1.0/'],
  answer,
  unknown: () => refused(new DingtalkRefusal('InvalidAction.NotFound')),
  secretHeaders: ['x-acs-dingtalk-access-token'],
  tenant: { schema: dingtalkSchema, check: checkDingtalk },
  organisation: dingtalkOrganisation,
  switches: { choices: dingtalkChoices },
  says: dingtalkSays,
  state,
  live,
  reschedule,
  faults: {
    rateCodes: ['QpsLimit'],
    tooMany: () => refused(new DingtalkRefusal('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi')),
    internalError: () => refused(new DingtalkRefusal('unknownError')),
    pageToken: 'nextToken',
    batches: ['attendeesToAdd', 'attendeesToRemove'],
    withExpiredToken: (headers) => ({ ...headers, 'x-acs-dingtalk-access-token': 'expired' }),
    hold,
    meddle,
  },
};
