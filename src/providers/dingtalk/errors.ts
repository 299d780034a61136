import type { ErrorRow } from '../dialect.ts';
import { findErrors } from './find/errors.ts';

const later = 'It is retried automatically. If it persists, lower ROLLCALL_QUOTA or --concurrency.';
const support = "Try again later; if it persists, give the request id to the platform's support.";
const notFound =
  "Check eventId and organizer in the manifest: the event is looked up on the organizer's calendar.";

const rate: ErrorRow = { kind: 'rate', meaning: 'this API is called too often', hint: later };
const fault: ErrorRow = { kind: 'lost', meaning: 'the platform had an internal error', hint: support };

/**
 * The error codes of the attendee and event pages (`delete-schedule-participant` and its siblings), of the token page
 * and of the global list on open.dingtalk.com. Codes are compared without regard to what follows as `.detail`.
 */
export const errorTable: Readonly<Record<string, ErrorRow>> = {
  invalidParameter: {
    kind: 'entry',
    meaning: 'a parameter is not valid',
    hint: 'Check that organizer and attendees are unionIds of this organisation, and eventId and calendarId.',
  },
  idempotencyProcessing: {
    kind: 'lost',
    meaning: 'the same request is still in progress',
    hint: 'It is retried automatically. If it persists, plan again in a minute.',
    repeat: true,
  },
  IdempotentParameterMismatch: {
    kind: 'event',
    meaning: 'the client token belongs to another request',
    hint: 'Start again: each run uses new client tokens.',
  },
  itemNotFound: { kind: 'absent', meaning: 'the event was not found', hint: notFound, doneFor: 'delete' },
  instanceNotExist: {
    kind: 'absent',
    meaning: 'the event or this occurrence of it no longer exists',
    hint: notFound,
    doneFor: 'delete',
  },
  permissionDeny: {
    kind: 'entry',
    meaning: 'a user is outside the scope of the app',
    hint: 'Add the user to the scope of the app, or remove the user from the manifest.',
  },
  flowLimit: {
    kind: 'event',
    meaning: 'this user has reached a daily limit',
    hint: 'Try again tomorrow.',
  },
  InvalidAuthentication: {
    kind: 'auth',
    meaning: 'the token is no longer valid',
    hint: 'A new token is needed.',
    renew: true,
  },
  invalidClientIdOrSecret: {
    kind: 'auth',
    meaning: 'the app key or the secret is wrong',
    hint: 'Check the app key and the secret.',
  },
  invalid_client: {
    kind: 'auth',
    meaning: 'the app is not known on this host',
    hint: 'Check the app key, and the host: api.dingtalk.com or api.dingtalk.io.',
  },
  'Forbidden.AccessDenied.AccessTokenPermissionDenied': {
    kind: 'event',
    meaning: 'the app lacks a permission for this API',
    hint: 'Grant it in the developer console; rollcall doctor lists what is needed.',
    permission: true,
  },
  'Forbidden.AccessDenied.IpNotInWhiteList': {
    kind: 'auth',
    meaning: 'calls from this network address are not allowed',
    hint: 'Add the address to the IP list of the app.',
  },
  'Forbidden.AccessDenied.ApiCountLimitForOrg': {
    kind: 'quota',
    meaning: 'the calls of this month are used up',
    hint: 'Wait for the next month or buy more calls.',
  },
  'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi': rate,
  'Forbidden.AccessDenied.QpsLimitForApi': rate,
  'Forbidden.AccessDenied.QpmLimitForAppkeyAndApi': rate,
  'Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi': rate,
  'Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi': rate,
  systemBusy: { kind: 'rate', meaning: 'the platform is busy', hint: later },
  'system.busy': { kind: 'rate', meaning: 'the platform is busy', hint: later },
  unknownError: fault,
  systemError: fault,
  'system.error': fault,
  'InvalidAction.NotFound': {
    kind: 'event',
    meaning: 'this host has no such API',
    hint: 'Check DINGTALK_BASE_URL.',
  },
};

/** The row of a code: exact, by the code it is a detail of, or by the family of rate and count limits. */
export function rowOf(code: string): ErrorRow | undefined {
  if (Object.hasOwn(errorTable, code)) return errorTable[code];
  if (Object.hasOwn(findErrors, code)) return findErrors[code];
  if (/Qp[sm]Limit/.test(code)) return rate;
  if (code.includes('ApiCountLimitForOrg')) return errorTable['Forbidden.AccessDenied.ApiCountLimitForOrg'];
  return code.startsWith('invalidParameter.') ? errorTable['invalidParameter'] : undefined;
}
