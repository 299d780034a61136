import { WrongField } from '../body.ts';
import type { EmulatedPlatform } from '../platform.ts';
import type { Quota, Window } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { may, nobody, type Caller } from '../tokens.ts';
import { authorize, actingOf } from './access.ts';
import { GoogleRefusal, refused } from './answer.ts';
import { getCalendar, listCalendars } from './calendars.ts';
import { getGroup, getUser, listMembers, listRooms, listUsers } from './directory.ts';
import { getEvent } from './event.ts';
import { listEvents, listInstances } from './events.ts';
import { hold, live, meddle, reschedule, state, told } from './state.ts';
import { googleChoices, googleDurations, googleSays } from './switches.ts';
import { checkGoogle, googleOrganisation, googleSchema } from './tenant.ts';
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
const googleRoutes: readonly Route<Answer>[] = [
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

/** https://developers.google.com/workspace/calendar/api/guides/quota: those of the project, and of each of its users. */
const windows: Readonly<Record<'project' | 'user', Window>> = {
  project: { calls: 10_000, perMs: 60_000 },
  user: { calls: 600, perMs: 60_000 },
};

/** Answers a call: the token first, then the permissions, then the rate windows, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    if (route.open === true) return route.handle(call, context, nobody);
    const caller = authorize(call, context);
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) {
      throw new GoogleRefusal('insufficientPermissions');
    }
    if (quota !== null && route.path.startsWith('/calendar/')) takeQuota(quota, call, context, caller);
    if (call.malformed) throw new GoogleRefusal('parseError');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof GoogleRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new GoogleRefusal('invalid', error.message));
    throw error;
  }
}

/** A patch is three units, any other call is one. All methods count together. */
function takeQuota(quota: Quota, call: Call, context: Context, caller: Caller): void {
  const { subject, account } = actingOf(caller, context);
  const { quotaOwner } = context.behaviour;
  const owner = call.query.get('quotaUser') ?? (quotaOwner === 'subject' ? subject : account) ?? caller.id;
  const units = call.method === 'PATCH' ? 3 : 1;
  const { project, user } = windows;
  if (quota.take(`google user ${owner}`, [user], context.now, units) !== undefined) {
    throw tooMany('userRateLimitExceeded', context);
  }
  if (quota.take('google', [project], context.now, units) !== undefined) {
    throw tooMany('rateLimitExceeded', context);
  }
}

function tooMany(
  reason: 'rateLimitExceeded' | 'userRateLimitExceeded',
  { behaviour }: Context,
): GoogleRefusal {
  return behaviour.rateStatus === 'http-429'
    ? new GoogleRefusal('rateLimitExceeded', undefined, { status: 429 })
    : new GoogleRefusal(reason);
}

const rateReasons = ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded'] as const;

/** Google: its calendar, its token endpoint and its Directory API, hosts of their own there, paths of their own here. */
export const google: EmulatedPlatform = {
  id: 'google',
  routes: googleRoutes,
  roots: ['/calendar/v3/', '/token', '/admin/directory/'],
  answer,
  unknown: () => refused(new GoogleRefusal('notFound')),
  secretHeaders: ['authorization'],
  secretQuery: ['access_token'],
  tenant: { schema: googleSchema, check: checkGoogle },
  organisation: googleOrganisation,
  switches: { choices: googleChoices, durations: googleDurations },
  says: googleSays,
  state,
  live,
  told,
  reschedule,
  faults: {
    rateCodes: rateReasons,
    tooMany(code, reset) {
      const reason = rateReasons.find((one) => one === code) ?? 'rateLimitExceeded';
      const answer = refused(new GoogleRefusal(reason));
      return reset === undefined
        ? answer
        : { ...answer, headers: { ...answer.headers, 'retry-after': String(reset) } };
    },
    internalError: () => refused(new GoogleRefusal('backendError')),
    pageToken: 'pageToken',
    batches: [],
    withExpiredToken: (headers) => ({ ...headers, authorization: 'Bearer expired' }),
    hold,
    meddle,
  },
};
