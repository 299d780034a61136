import type { Fault } from '../../src/emulator/intercept.ts';
import { wanted } from '../support/manifest-builders.ts';
import { feishuErrors } from './feishu-errors.ts';
import { attendeeId } from '../../src/emulator/feishu/row.ts';
import type { Fixture, Scene, Seat, World } from './suite/fixture.ts';
import { listIn, objectIn, switchIn, type Page } from './suite/page.ts';

const calendarId = 'team@group.calendar.feishu.cn';
const user = (name: string): string => `ou_${name}`;
const organizer = user('org');

const fields = { user: 'user', chat: 'chat', room: 'room', email: 'email' } as const;

function seat({ id, type = 'user', optional, external, removed }: Seat): object {
  return {
    [type === 'group' ? 'chat' : fields[type]]: type === 'user' ? user(id) : id,
    ...(optional === undefined ? {} : { optional }),
    ...(external === undefined ? {} : { external }),
    ...(removed === true ? { rsvp: 'removed' } : {}),
  };
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
      ...(seats === undefined
        ? {}
        : { attendees: [{ user: organizer, organizer: true }, ...seats.map(seat)] }),
    })),
  };
}

function tenant(world: World): string {
  const { scenes, behaviour = {}, people = [], place = {}, organisation, scopes, calendars = [] } = world;
  return JSON.stringify({
    apps: [{ id: 'cli_contract', secret: 'contract-secret', ...(scopes === undefined ? {} : { scopes }) }],
    ...organisation,
    tokens: ['u-given'],
    behaviour,
    feishu: {
      people: people.map(({ id, ...more }) => ({ user: user(id), ...more })),
      calendars: [
        {
          id: place.calendarId ?? calendarId,
          type: place.shared === true ? 'shared' : 'primary',
          events: scenes.map((scene) => ({
            id: scene.id,
            summary: scene.id,
            ...seriesOf(scene),
            ...(scene.deleted === true ? { status: 'cancelled' } : {}),
            ...(scene.handedTo === undefined ? {} : { organizer: user(scene.handedTo) }),
            ...(scene.meetingChat === undefined ? {} : { meetingChat: scene.meetingChat }),
            attendees: [
              ...(scene.bare === true ? [] : [{ user: organizer, organizer: scene.handedTo === undefined }]),
              ...scene.seats.map(seat),
              ...(scene.crowd === undefined ? [] : [{ generate: scene.crowd, user: user('crowd{}') }]),
            ],
          })),
        },
        ...calendars.map((summary, at) => ({ id: `more${at}@group.calendar.feishu.cn`, summary })),
      ],
    },
  });
}

function refusal(code: string, status: number, logId = `log-${code}`): Fault {
  return {
    kind: 'answer',
    status,
    body: { code: Number(code), msg: 'as scripted', error: { log_id: logId } },
  };
}

const limited = (code: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'answer',
  status: 429,
  headers,
  body: { code, msg: 'as scripted', error: { log_id: 'log-rate' } },
});

function dataOf(page: Page): Page {
  return objectIn(page['data']);
}

function patched(page: Page, data: Page): unknown {
  return { ...page, data };
}

function named(body: unknown): readonly string[] {
  const batch = objectIn(body);
  const typed = [...listIn(batch, 'delete_ids'), ...listIn(batch, 'attendees')].map(objectIn);
  return [
    ...listIn(batch, 'attendee_ids').map(String),
    ...typed.map((entry) =>
      String(entry['user_id'] ?? entry['chat_id'] ?? entry['room_id'] ?? entry['third_party_email']),
    ),
  ];
}

const rateCodes = [190004, 190005, 190010, 99991400];

/** Feishu, or Lark: the same pages on another host. */
export function feishuFixture(provider: 'feishu' | 'lark', title: string): Fixture {
  const prefix = provider.toUpperCase();
  return {
    provider,
    title,
    caps: { page: 100, remove: 500, add: 1000, event: 3000 },
    series: {
      one: 'feishu.event.instances',
      several: 'feishu.events.list',
      page: 500,
      idOf: (eventId, original) => eventId.replace(/0$/, String(Date.parse(original) / 1000)),
    },
    finds: {
      calendars: { api: 'feishu.calendars.list', page: 500, ids: ['calendar_id'] },
      events: { api: 'feishu.events.list', page: 1000, ids: ['event_id'] },
      chats: { api: 'feishu.chats.list', page: 100, ids: ['chat_id'] },
      departments: {
        api: 'feishu.departments.children',
        page: 50,
        ids: ['open_department_id', 'department_id'],
      },
    },
    grants: 'feishu.app.scopes',
    listsPeople: 'feishu.users.department',
    others: {
      room: (name) => wanted(`omm_${name}`, { type: 'room' }),
      team: (name) => wanted(`oc_${name}`, { type: 'chat' }),
    },
    placeOf: (name) => ({ calendarId: `${name}@calendar`, organizer: `union${name}` }),
    routes: {
      token: 'feishu.token',
      list: 'feishu.attendees.list',
      look: 'feishu.event.get',
      remove: 'feishu.attendees.delete',
      add: 'feishu.attendees.create',
      delete: 'feishu.event.delete',
      unbind: 'feishu.meeting-chat.delete',
    },
    deviations: [
      {
        topic: 'idempotency-key',
        reason: 'the attendee calls take no idempotency key, so a lost answer is settled by reading alone',
      },
    ],
    tenant,
    user,
    organizer,
    ref: (eventId, place = {}) => ({
      provider,
      calendarId: place.calendarId ?? calendarId,
      eventId,
      userIdType: 'open_id',
    }),
    env: (url) => ({
      [`${prefix}_BASE_URL`]: url,
      [`${prefix}_APP_ID`]: 'cli_contract',
      [`${prefix}_APP_SECRET`]: 'contract-secret',
    }),
    tokenVariable: `${prefix}_ACCESS_TOKEN`,
    tokens: { given: 'u-given', unknown: 't-old' },
    wrong: {
      env: { [`${prefix}_APP_SECRET`]: 'CANARY-wrong' },
      canary: 'CANARY',
      hint: `${prefix}_APP_SECRET`,
    },
    refusal,
    errors: feishuErrors,
    rateLimits: [
      ...rateCodes.map((code) => ({ name: `HTTP 429 with ${code}`, fault: limited(code), waitMs: 400 })),
      ...rateCodes.map((code) => ({
        name: `${code} with x-ogw-ratelimit-reset`,
        fault: limited(code, { 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': '7' }),
        waitMs: 7000,
      })),
      {
        name: '99991400 with Retry-After',
        fault: limited(99991400, { 'retry-after': '9' }),
        waitMs: 9000,
      },
      {
        name: 'x-ogw-ratelimit-reset before Retry-After',
        fault: limited(99991400, { 'retry-after': '1', 'x-ogw-ratelimit-reset': '8' }),
        waitMs: 8000,
      },
      { name: 'HTTP 400 with 99991400, as older calls answer', fault: refusal('99991400', 400), waitMs: 400 },
    ],
    entryCodes: [190002, 190013, 194004, 195100, 99992351, 99992361, 99992402].map((code) => ({
      code: String(code),
      status: code === 195100 ? 404 : 400,
    })),
    expiredToken: refusal('99991663', 400),
    wrongSecret: '10014',
    quotaUsedUp: refusal('99991403', 400),
    serverError: { kind: 'answer', status: 500, body: { code: 190003, msg: 'internal service error' } },
    expiredPage: refusal('190008', 400),
    badPages: [
      ['no items', (page) => patched(page, { has_more: false })],
      ['items that are null', (page) => patched(page, { ...dataOf(page), items: null })],
      ['no data', (page) => ({ ...page, data: undefined })],
      [
        'has_more without a token',
        (page) => patched(page, { ...dataOf(page), has_more: true, page_token: '' }),
      ],
      ['no has_more', (page) => patched(page, { items: dataOf(page)['items'] })],
      ['no code', (page) => ({ ...page, code: undefined })],
    ],
    withToken: (page, token) => patched(page, { ...dataOf(page), has_more: true, page_token: token }),
    withRows: (page, change) =>
      patched(page, { ...dataOf(page), items: change(listIn(dataOf(page), 'items')) }),
    notice: ({ query, body }) => {
      return switchIn(query['need_notification'] ?? objectIn(body ?? {})['need_notification']);
    },
    named,
    nameOf: (eventId, userId, operation) =>
      operation === 'add' ? userId : attendeeId(`feishu ${calendarId} ${eventId}`, 'user', userId, 0),
  };
}
