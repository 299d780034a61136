import type { Fault } from '../../src/emulator/intercept.ts';
import { wanted } from '../support/manifest-builders.ts';
import { dingtalkErrors } from './dingtalk-errors.ts';
import type { Fixture, Scene, Seat, World } from './suite/fixture.ts';
import { listIn, objectIn, switchIn } from './suite/page.ts';

const user = (name: string): string => `union${name}`;
const organizer = user('Org');

function seat({ id, optional }: Seat): object {
  return { user: user(id), ...(optional === undefined ? {} : { optional }) };
}

function seriesOf({ recurring = false, series }: Scene): object {
  if (series === undefined) return { recurring };
  const { rule, start, exceptions = [] } = series;
  return {
    recurrence: rule,
    start,
    exceptions: exceptions.map(({ cancelled, seats, ...times }) => ({
      ...times,
      ...(cancelled === true ? { status: 'cancelled' } : {}),
      ...(seats === undefined ? {} : { attendees: [{ user: organizer }, ...seats.map(seat)] }),
    })),
  };
}

function tenant(world: World): string {
  const { scenes, behaviour = {}, people = [], place = {}, organisation, scopes, calendars = [] } = world;
  const owner = place.organizer ?? organizer;
  return JSON.stringify({
    apps: [{ id: 'cli_contract', secret: 'contract-secret', ...(scopes === undefined ? {} : { scopes }) }],
    ...organisation,
    tokens: ['given-token'],
    behaviour,
    dingtalk: {
      people: people.map(({ id, gone }) => ({ user: user(id), ...(gone === undefined ? {} : { gone }) })),
      users: [
        {
          unionId: owner,
          calendars: calendars.map((summary, at) => ({ id: `more${at}`, summary })),
          events: scenes.map((scene) => ({
            id: scene.id,
            summary: scene.id,
            ...seriesOf(scene),
            ...(scene.deleted === true ? { status: 'cancelled' } : {}),
            ...(scene.handedTo === undefined ? {} : { organizer: user(scene.handedTo) }),
            attendees: [
              ...(scene.bare === true ? [] : [{ user: owner }]),
              // Nobody who was removed is listed here.
              ...scene.seats.filter(({ removed }) => removed !== true).map(seat),
              ...(scene.crowd === undefined ? [] : [{ generate: scene.crowd, user: user('crowd{}') }]),
            ],
          })),
        },
      ],
    },
  });
}

function refusal(code: string, status: number, logId = `log-${code}`): Fault {
  return { kind: 'answer', status, body: { code, message: 'as scripted', requestid: logId } };
}

const denied = 'Forbidden.AccessDenied';
const rateCodes = [
  [403, `${denied}.QpsLimitForAppkeyAndApi`],
  [403, `${denied}.QpsLimitForApi`],
  [403, `${denied}.QpmLimitForAppkeyAndApi`],
  [403, `${denied}.QpsLimitForSuitekeyAndOrgAndApi`],
  [403, `${denied}.QpmLimitForSuitekeyAndOrgAndApi`],
  [429, 'systemBusy'],
  [429, 'system.busy'],
] as const;

export const dingtalkFixture: Fixture = {
  provider: 'dingtalk',
  title: 'DingTalk',
  caps: { page: 500, remove: 500, add: 500, event: 5000 },
  series: {
    one: 'dingtalk.events.view',
    several: 'dingtalk.events.view',
    page: 100,
    idOf: (eventId, original) => `${eventId}_${original.replaceAll(/[-:]/g, '')}`,
  },
  finds: {
    calendars: { api: 'dingtalk.calendars.list', page: null, ids: ['id'] },
    events: { api: 'dingtalk.events.view', page: 100, ids: ['id'] },
    departments: { api: 'dingtalk.departments.below', page: null, ids: ['dept_id'] },
  },
  grants: 'dingtalk.scopes',
  listsPeople: 'dingtalk.users.department',
  others: {
    room: (name) => wanted(`omm_${name}`, { type: 'room' }),
    team: (name) => wanted(`oc_${name}`, { type: 'chat' }),
  },
  placeOf: (name) => ({ calendarId: `${name}@calendar`, organizer: `union${name}` }),
  routes: {
    token: 'dingtalk.token',
    list: 'dingtalk.attendees.list',
    look: 'dingtalk.event.get',
    remove: 'dingtalk.attendees.remove',
    add: 'dingtalk.attendees.add',
    delete: 'dingtalk.event.delete',
    unbind: 'dingtalk has no such call',
  },
  deviations: [
    { topic: 'chats', reason: 'a DingTalk event holds users alone' },
    { topic: 'rooms', reason: 'rooms have calls of their own, which are not used' },
    { topic: 'emails', reason: 'a DingTalk event holds users alone' },
    { topic: 'meeting-chat', reason: 'an event has no meeting chat that a call could unbind' },
    { topic: 'room-admin', reason: 'there is no mode for administrators of meeting rooms' },
    { topic: 'user-id-types', reason: 'there is one kind of id, the unionId' },
    { topic: 'external', reason: 'a row does not say whether it is from another organisation' },
    { topic: 'removal-notice', reason: 'the removing call has no switch for telling people' },
    { topic: 'removed-rows', reason: 'whoever was removed is gone from the list' },
    {
      topic: 'page-token-expiry',
      reason: 'an expired page token has no code of its own, so the event is unknown',
    },
  ],
  tenant,
  user,
  organizer,
  ref: (eventId, place = {}) => ({
    provider: 'dingtalk',
    calendarId: 'primary',
    eventId,
    organizer: place.organizer ?? organizer,
  }),
  env: (url) => ({
    DINGTALK_BASE_URL: url,
    DINGTALK_APP_KEY: 'cli_contract',
    DINGTALK_APP_SECRET: 'contract-secret',
  }),
  tokenVariable: 'DINGTALK_ACCESS_TOKEN',
  tokens: { given: 'given-token', unknown: 'old-token' },
  wrong: { env: { DINGTALK_APP_SECRET: 'CANARY-wrong' }, canary: 'CANARY', hint: 'DINGTALK_APP_SECRET' },
  refusal,
  errors: dingtalkErrors,
  rateLimits: [
    ...rateCodes.map(([status, code]) => ({
      name: `HTTP ${status} with ${code}`,
      fault: refusal(code, status),
      waitMs: 1000,
    })),
    {
      name: 'HTTP 403 with Retry-After',
      fault: {
        kind: 'answer' as const,
        status: 403,
        headers: { 'retry-after': '9' },
        body: { code: `${denied}.QpsLimitForApi`, message: 'as scripted', requestid: 'log-rate' },
      },
      waitMs: 9000,
    },
  ],
  entryCodes: ['invalidParameter', 'permissionDeny'].map((code) => ({ code, status: 400 })),
  expiredToken: refusal('InvalidAuthentication', 400),
  wrongSecret: 'invalidClientIdOrSecret',
  quotaUsedUp: refusal(`${denied}.ApiCountLimitForOrg`, 403),
  serverError: { kind: 'answer', status: 500, body: { code: 'unknownError', message: 'as scripted' } },
  expiredPage: refusal('invalidParameter', 400),
  badPages: [
    ['no attendees', () => ({})],
    ['attendees that are null', (page) => ({ ...page, attendees: null })],
    ['a list instead of an object', (page) => [page]],
    ['a token that is not text', (page) => ({ ...page, nextToken: 5 })],
    ['a bare text', () => 'no'],
  ],
  withToken: (page, token) => ({ ...page, nextToken: token }),
  withRows: (page, change) => ({ ...page, attendees: change(listIn(page, 'attendees')) }),
  notice: ({ query, body }) => {
    return switchIn(query['pushNotification'] ?? objectIn(body ?? {})['pushNotification']);
  },
  named: (body) => {
    const batch = objectIn(body);
    const entries = [...listIn(batch, 'attendeesToRemove'), ...listIn(batch, 'attendeesToAdd')];
    return entries.map((entry) => String(objectIn(entry)['id']));
  },
  nameOf: (_eventId, userId) => userId,
};
