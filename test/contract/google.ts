import { generateKeyPairSync } from 'node:crypto';
import type { Fault } from '../../src/emulator/intercept.ts';
import { folderWith } from '../support/cli.ts';
import { wanted } from '../support/manifest-builders.ts';
import { googleErrors } from './google-errors.ts';
import type { Fixture, Scene, Seat, World } from './suite/fixture.ts';
import { listIn, objectIn } from './suite/page.ts';

export const organizer = 'org@corp.com';

/** Who is called `guest` is from outside: here an address alone tells. */
const user = (name: string): string => (name === 'guest' ? 'guest@else.org' : `${name}@corp.com`);

export const robot = 'contract@demo.iam.gserviceaccount.com';

const keys = (): { readonly publicKey: string; readonly privateKey: string } =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
const { publicKey, privateKey } = keys();
const strange = keys().privateKey;

/** The key file of the service account with this key. */
function keyFile(pem: string): string {
  const key = { type: 'service_account', client_email: robot, private_key: pem };
  return `${folderWith({ 'key.json': JSON.stringify(key) })}/key.json`;
}

let written: string | undefined;

/** What sends rollcall to a server, as the service account. */
export function googleEnv(url: string): Readonly<Record<string, string>> {
  written ??= keyFile(privateKey);
  return {
    GOOGLE_BASE_URL: url,
    GOOGLE_TOKEN_URL: url,
    GOOGLE_ADMIN_BASE_URL: url,
    GOOGLE_APPLICATION_CREDENTIALS: written,
    GOOGLE_ADMIN_SUBJECT: organizer,
    ROLLCALL_GOOGLE_DOMAINS: 'corp.com',
  };
}

function seat({ id, type = 'user', optional }: Seat): object {
  return {
    email: type === 'user' ? user(id) : id,
    ...(optional === undefined ? {} : { optional }),
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
      ...(seats === undefined ? {} : { attendees: [{ email: organizer }, ...seats.map(seat)] }),
    })),
  };
}

/** A part of the organisation as the tenant file of every platform has it. */
interface Part {
  readonly id: string;
  readonly parent?: string;
  readonly members?: readonly string[];
  readonly departments?: readonly string[];
}

const groupId = (id: string): string => `${id.toLowerCase()}@corp.com`;

/** There are no departments: each is a group that has those below it inside. */
function groupsOf({
  people = [],
  departments = [],
  groups = [],
}: Readonly<Record<string, unknown>>): object[] {
  // As the suite writes them.
  const staff = people as readonly {
    readonly google?: string;
    readonly email?: string;
    readonly departments?: readonly string[];
  }[];
  const parts = departments as readonly Part[];
  const nested = parts.map(({ id }) => ({
    email: groupId(id),
    members: [
      ...staff
        .filter((one) => one.departments?.includes(id) === true)
        .map(({ email, google = email }) => google),
      ...parts.filter(({ parent }) => parent === id).map((below) => groupId(below.id)),
    ],
  }));
  const named = (groups as readonly Part[]).map(({ id, members = [], departments: within = [] }) => ({
    email: groupId(id),
    members: [...members.map((one) => user(one.replace(/^ou_/, ''))), ...within.map(groupId)],
  }));
  return [...nested, ...named];
}

function eventOf(scene: Scene, owner: string): object {
  return {
    id: scene.id,
    summary: scene.id,
    ...seriesOf(scene),
    ...(scene.deleted === true ? { status: 'cancelled' } : {}),
    ...(scene.handedTo === undefined ? {} : { organizer: user(scene.handedTo) }),
    attendees: [
      ...(scene.bare === true ? [] : [{ email: owner, reply: 'accepted' }]),
      ...scene.seats.filter(({ removed }) => removed !== true).map(seat),
      ...(scene.crowd === undefined ? [] : [{ generate: scene.crowd, email: user('crowd{}') }]),
    ],
  };
}

/** The tenant file of a world: all its events on one calendar, the organizer's own unless it says otherwise. */
export function googleTenant(world: World): string {
  const {
    scenes,
    behaviour = {},
    scopes,
    place = {},
    organisation = {},
    calendars = [],
    people = [],
  } = world;
  const { organizer: owner = organizer, calendarId = owner } = place;
  const { people: staff = [], departments = [], groups: _, ...others } = organisation;
  return JSON.stringify({
    ...others,
    departments,
    // As the suite writes them.
    people: [...(staff as readonly object[]), ...people.map(({ id }) => ({ google: user(id) }))],
    tokens: ['given-token'],
    behaviour,
    google: {
      domains: ['corp.com'],
      accounts: [
        { clientEmail: robot, delegated: true, publicKey, ...(scopes === undefined ? {} : { scopes }) },
      ],
      groups: [{ email: 'old-team@corp.com' }, { email: 'new-team@corp.com' }, ...groupsOf(organisation)],
      calendars: [
        { id: calendarId, owner, events: scenes.map((scene) => eventOf(scene, owner)) },
        ...calendars.map((summary, at) => ({
          id: `more${at}@group.calendar.google.com`,
          owner: organizer,
          summary,
        })),
      ],
    },
  });
}

/** An error as Google answers it. */
export function googleRefusal(reason: string, status: number): Fault & { readonly kind: 'answer' } {
  const error = { domain: 'global', reason, message: 'as scripted' };
  return {
    kind: 'answer',
    status,
    body: { error: { errors: [error], code: status, message: 'as scripted' } },
  };
}

const rateReasons = [
  [403, 'rateLimitExceeded'],
  [403, 'userRateLimitExceeded'],
  [429, 'rateLimitExceeded'],
] as const;

export const googleFixture: Fixture = {
  provider: 'google',
  title: 'Google Calendar',
  deviations: [
    { topic: 'chats', reason: 'there are groups instead, which are one row' },
    { topic: 'meeting-chat', reason: 'an event has no meeting chat' },
    { topic: 'room-admin', reason: 'rooms are attendees like others' },
    { topic: 'user-id-types', reason: 'everybody is known by an address' },
    { topic: 'idempotency-key', reason: 'a write stands on a version, so that none is done twice' },
    { topic: 'removed-rows', reason: 'whoever was removed is gone from the list' },
    { topic: 'pages', reason: 'a list is one answer, however long' },
    { topic: 'page-token-expiry', reason: 'a list is one answer' },
    { topic: 'batches', reason: 'a list is written as a whole' },
    { topic: 'removing-call', reason: 'one call adds, removes and sets flags' },
    { topic: 'read-back', reason: 'what a write came to is its answer' },
    { topic: 'log-ids', reason: 'an answer has no id that support would ask for' },
    { topic: 'leavers', reason: 'the platform tells of nobody that they have left' },
    { topic: 'contact-range', reason: 'nothing tells how much of the organisation is to be seen' },
    { topic: 'series-together', reason: 'each series is asked for by itself' },
    {
      topic: 'handed-over',
      reason: 'an event that was handed over is on another calendar, where alone it can be changed',
    },
  ],
  inertSwitches: {
    capCode: 'its cap has switches of its own, attendeeCap and attendeeCapError',
    tenantEmail: 'everybody is an address',
    addExternal: 'anybody can be invited',
    removeExternal: 'whoever is left out of the list is gone',
    roomContact: 'a room is booked by whoever organizes the event',
  },
  // Whoever came meanwhile is there as the others made them: the plan has nothing to say of their flag.
  duplicateAdd: { ignored: 'converged', updates: 'converged', refused: 'converged' },
  caps: { page: 200, remove: 100, add: 100, event: 1000 },
  series: {
    one: 'google.event.instances',
    several: 'google.event.instances',
    page: 2500,
    mute: true,
    idOf: (eventId, original) => `${eventId}_${original.replaceAll(/[-:]/g, '')}`,
  },
  finds: {
    calendars: { api: 'google.calendars.list', page: 250, ids: ['id'] },
    events: { api: 'google.events.list', page: 250, ids: ['id'] },
  },
  grants: 'google.token',
  listsPeople: 'google.users.list',
  others: {
    room: (name) => wanted(`c_${name}@resource.calendar.google.com`, { type: 'room' }),
    team: (name) => wanted(`${name}-team@corp.com`, { type: 'group' }),
  },
  sourceId: groupId,
  takesName: (name) => /^[^\s@",;<>]+$/.test(name),
  placeOf: (name) => ({
    calendarId: `${name}@group.calendar.google.com`,
    organizer: user(`union${name}`),
  }),
  user,
  organizer,
  ref: (eventId, { organizer: owner = organizer, calendarId = owner } = {}) => ({
    provider: 'google',
    calendarId,
    eventId,
    organizer: owner,
  }),
  tenant: googleTenant,
  env: googleEnv,
  routes: {
    token: 'google.token',
    list: 'google.event.get',
    look: 'google.event.get',
    add: 'google.event.patch',
    remove: 'google.event.patch',
    delete: 'google.event.delete',
    unbind: 'google has no such call',
  },
  sameCall: { look: 'list', remove: 'add' },
  tokenVariable: 'GOOGLE_ACCESS_TOKEN',
  tokens: { given: 'given-token', unknown: 'old-token' },
  wrong: {
    get env() {
      return { GOOGLE_APPLICATION_CREDENTIALS: keyFile(strange) };
    },
    canary: strange.slice(100, 160),
    hint: 'GOOGLE_APPLICATION_CREDENTIALS',
  },
  wrongSecret: 'invalid_grant',
  refusal: googleRefusal,
  errors: googleErrors,
  rateLimits: [
    ...rateReasons.map(([status, reason]) => ({
      name: `HTTP ${status} with ${reason}`,
      fault: googleRefusal(reason, status),
      waitMs: 400,
    })),
    {
      name: 'HTTP 429 with Retry-After',
      fault: { ...googleRefusal('rateLimitExceeded', 429), headers: { 'retry-after': '9' } },
      waitMs: 9000,
    },
  ],
  entryCodes: ['invalid', 'required', 'badRequest'].map((code) => ({ code, status: 400 })),
  expiredToken: googleRefusal('authError', 401),
  quotaUsedUp: googleRefusal('quotaExceeded', 403),
  serverError: googleRefusal('backendError', 503),
  expiredPage: googleRefusal('fullSyncRequired', 410),
  badPages: [
    ['attendees that are null', (event) => ({ ...event, attendees: null })],
    ['attendees that are not a list', (event) => ({ ...event, attendees: {} })],
    ['no version', (event) => ({ ...event, etag: undefined })],
    ['another event', (event) => ({ ...event, id: 'other' })],
    ['a list instead of an object', (event) => [event]],
    ['a bare text', () => 'no'],
  ],
  withToken: (page, token) => ({ ...page, nextPageToken: token }),
  withRows: (event, change) => ({ ...event, attendees: change(listIn(event, 'attendees')) }),
  notice: ({ query }) => ({ all: true, none: false })[query['sendUpdates'] ?? ''],
  // The whole list: a removal is whoever is not on it.
  named: (body) => listIn(objectIn(body), 'attendees').map((row) => String(objectIn(row)['email'])),
  nameOf: (_eventId, userId) => userId,
};
