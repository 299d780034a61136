import type { AnyPermission, Permission } from '../model/grants.ts';
import type { Platform } from '../model/platform.ts';

/** Scopes are delegated to a service account, and asked for, by these addresses. */
const scope = (name: string): Permission => ({
  code: `https://www.googleapis.com/auth/${name}`,
  title: null,
});

const readEvents: AnyPermission = [
  scope('calendar.events.owned.readonly'),
  scope('calendar.events.owned'),
  scope('calendar.events.readonly'),
  scope('calendar.events'),
  scope('calendar.readonly'),
  scope('calendar'),
];
const writeEvents: AnyPermission = [
  scope('calendar.events.owned'),
  scope('calendar.events'),
  scope('calendar'),
];
const readCalendars: AnyPermission = [
  scope('calendar.calendarlist.readonly'),
  scope('calendar.readonly'),
  scope('calendar'),
];
const readPeople = scope('admin.directory.user.readonly');
const readGroups = scope('admin.directory.group.readonly');

/** Google Calendar. Pages: Calendar API v3 and Directory API v1. Everybody is known by an address. */
export const google: Platform = {
  title: 'Google Calendar',
  env: {
    host: 'https://www.googleapis.com',
    baseUrl: 'GOOGLE_BASE_URL',
    credentials: { keyFile: 'GOOGLE_APPLICATION_CREDENTIALS' },
    token: 'GOOGLE_ACCESS_TOKEN',
    appToken: null,
    otherHosts: {
      token: { variable: 'GOOGLE_TOKEN_URL', host: 'https://oauth2.googleapis.com' },
      admin: { variable: 'GOOGLE_ADMIN_BASE_URL', host: 'https://admin.googleapis.com' },
    },
    domains: 'ROLLCALL_GOOGLE_DOMAINS',
    administrator: 'GOOGLE_ADMIN_SUBJECT',
  },
  event: {
    attendees: ['email', 'room', 'group'],
    people: 'email',
    calendarId: 'primary',
    organizer: 'subject',
    userIds: [],
    onlyUserId: 'email',
    prefixes: {},
    endings: { room: '@resource.calendar.google.com' },
    keys: ['internalDomains'],
    exceptions: { cannotFollow: null, ids: 'series-instant' },
    // Not documented: a write of more is refused by the platform, in its own words.
    most: 1000,
  },
  apis: {
    list: 'events.get',
    look: 'events.get',
    remove: 'events.patch',
    add: 'events.patch',
    'delete-event': 'events.delete',
    'unbind-chat': 'none',
  },
  reads: { pageSize: null, factsInList: true, looksAtSeries: true, showsRemoved: false, lagMs: 0 },
  writes: { style: 'whole', flag: 'set' },
  notice: { add: 'switch', remove: 'switch' },
  // For each person, and for the project that the service account is of.
  windows: [
    { calls: 600, perMs: 60_000 },
    { calls: 10_000, perMs: 60_000, shared: true },
  ],
  monthlyCalls: null,
  permissions: {
    of: {
      'read-events': [readEvents],
      'change-attendees': [writeEvents],
      'delete-events': [writeEvents],
      'read-calendars': [readCalendars],
      'find-people': [[readPeople]],
      'read-groups': [[readGroups]],
    },
    refusals: ['insufficientPermissions', 'unauthorized_client'],
    grant:
      'a super administrator adds it to the client id of the service account in the Admin console, under Security, Access and data control, API controls, Domain-wide delegation',
    range: 'the role of the administrator that GOOGLE_ADMIN_SUBJECT names',
  },
  finds: {
    calendars: { permissions: ['calendar.calendarlist.readonly'], needs: 'organizer' },
    events: { permissions: ['calendar.events.owned.readonly'], needs: 'organizer' },
    people: { permissions: ['admin.directory.user.readonly'] },
    chats: { cannot: 'its events take no chats' },
    departments: { cannot: 'it has none; a Roster can take in the members of a group' },
  },
  sources: {
    department: { cannot: 'it has no departments' },
    group: {
      permissions: ['admin.directory.group.readonly'],
      ids: '^[^\\s@]+@[^\\s@]+$',
      idWords: 'the address of a group',
    },
    role: { cannot: 'it has no roles' },
    chat: { cannot: 'its events take no chats' },
  },
  peopleBy: ['email'],
  standing: { permissions: [], batch: 50, singly: false, free: true },
};
