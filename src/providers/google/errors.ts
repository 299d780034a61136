import type { ErrorRow } from '../dialect.ts';

const later = 'It is retried automatically. If it persists, lower ROLLCALL_QUOTA or --concurrency.';
const support = 'Try again later.';
const delegation =
  'In the Admin console, under Security, Access and data control, API controls, Domain-wide delegation, enter the client id of the service account with the scope https://www.googleapis.com/auth/calendar.events.owned (to plan, calendar.events.owned.readonly). It can take some minutes to take effect.';

const noAttendees: ErrorRow = {
  kind: 'event',
  meaning: 'an event of this type takes no attendees',
  hint: 'Name an ordinary event.',
};
const rate: ErrorRow = { kind: 'rate', meaning: 'calls are coming too fast', hint: later };
const fault: ErrorRow = { kind: 'lost', meaning: 'the platform had an internal error', hint: support };
const entry: ErrorRow = {
  kind: 'entry',
  meaning: 'something in the request is not valid',
  hint: 'Check the addresses in the manifest, and eventId and calendarId.',
};
const notOrganizer: ErrorRow = {
  kind: 'event',
  meaning: 'only the organizer may change who is invited',
  hint: 'Write `organizer:` with the address of the person who organizes the event.',
};
const forbidden: ErrorRow = {
  kind: 'event',
  meaning: 'this account may not do that on this calendar',
  hint: 'Check organizer and calendarId, and that the calendar is shared with the organizer for making changes to events.',
};
const scope: ErrorRow = {
  kind: 'event',
  meaning: 'the token lacks a scope',
  hint: delegation,
  permission: true,
};
const quota: ErrorRow = {
  kind: 'quota',
  meaning: 'the use limits of Google Calendar are reached',
  hint: 'These limits are per account, mainly for guests outside the organisation, and last for hours. Apply again later.',
};
const noDelegation: ErrorRow = {
  kind: 'auth',
  meaning: 'the service account may not act for people, or not with this scope',
  hint: delegation,
  permission: true,
};
const token: ErrorRow = {
  kind: 'auth',
  meaning: 'the token is no longer valid',
  hint: 'A new token is needed.',
  renew: true,
};
const subject: ErrorRow = {
  kind: 'event',
  meaning: 'no user of the organisation has this address, so the service account cannot act for them',
  hint: 'Check `organizer:`; it is the address of a user of the organisation, not of a group.',
  ofPerson: true,
  problem: 'list-refused',
};

/**
 * The reasons of the error guide of Calendar API v3, those that its clients know beyond it, those of Directory API v1,
 * and the token errors of RFC 6749. A status alone does not tell a quota from a permission.
 */
export const errorTable: Readonly<Record<string, ErrorRow>> = {
  invalid: entry,
  invalidParameter: entry,
  required: entry,
  badRequest: entry,
  parseError: entry,
  INVALID_ARGUMENT: entry,
  eventTypeRestriction: noAttendees,
  malformedWorkingLocationEvent: noAttendees,
  authError: token,
  invalid_token: token,
  UNAUTHENTICATED: token,
  rateLimitExceeded: rate,
  userRateLimitExceeded: rate,
  RESOURCE_EXHAUSTED: rate,
  quotaExceeded: quota,
  dailyLimitExceeded: {
    kind: 'quota',
    meaning: "the project's calls of today are used up",
    hint: 'Wait until tomorrow, or raise the quota in the Google Cloud console.',
  },
  forbiddenForServiceAccounts: {
    kind: 'auth',
    meaning: 'a service account cannot invite people unless it acts for a person',
    hint: delegation,
  },
  notACalendarUser: {
    kind: 'event',
    meaning: 'this person has no Google Calendar',
    hint: 'Name an organizer who has a calendar.',
  },
  forbiddenForNonOrganizer: notOrganizer,
  participantIsNeitherOrganizerNorAttendee: notOrganizer,
  cannotChangeOrganizer: notOrganizer,
  requiredAccessLevel: forbidden,
  forbidden,
  PERMISSION_DENIED: forbidden,
  insufficientPermissions: scope,
  accessNotConfigured: {
    kind: 'auth',
    meaning: 'the API is not enabled in the Google Cloud project',
    hint: 'Enable the Google Calendar API there; for groups and people, the Admin SDK API too.',
  },
  notFound: {
    kind: 'absent',
    meaning: 'the event was not found, or its calendar is not visible to this account',
    hint: 'Check eventId, calendarId and organizer in the manifest.',
  },
  deleted: {
    kind: 'absent',
    meaning: 'the event is deleted',
    hint: 'Use the event that replaced it, or set state: absent.',
    doneFor: 'delete',
    problem: 'event-deleted',
  },
  conditionNotMet: {
    kind: 'conflict',
    meaning: 'the event was changed since it was read',
    hint: 'rollcall reads it again by itself, up to six times. If that was not enough, apply again later.',
  },
  backendError: fault,
  internalError: fault,
  INTERNAL: fault,
  UNAVAILABLE: fault,
  unauthorized_client: noDelegation,
  access_denied: noDelegation,
  invalid_scope: noDelegation,
  invalid_subject: subject,
  invalid_grant: {
    kind: 'auth',
    meaning: 'the request for a token was not accepted',
    hint: 'Check the clock of this machine, and that the key was not deleted in the Google Cloud console.',
  },
  invalid_client: {
    kind: 'auth',
    meaning: 'the service account is not known',
    hint: 'Check the key file: the account may have been deleted.',
  },
};

export function rowOf(code: string): ErrorRow | undefined {
  return Object.hasOwn(errorTable, code) ? errorTable[code] : undefined;
}
