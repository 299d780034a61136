import type { ErrorCase, Meaning, Operation } from './suite/fixture.ts';

type Row = readonly [status: number, code: string, meaning: Meaning];

const denied = 'Forbidden.AccessDenied';

/** What each page lists: delete-schedule-participant, add-schedule-participant, query-event-participants and so on. */
const pages: Readonly<Partial<Record<Operation, readonly Row[]>>> = {
  list: [
    [400, 'invalidParameter', 'event'],
    [400, 'invalidParameter.event.calendarId', 'event'],
    [400, 'invalidParameter.event.eventId', 'event'],
    [400, 'invalidParameter.subscribed.invalid', 'event'],
    [400, 'invalidParameter.maxResults', 'event'],
    [404, 'itemNotFound', 'event'],
    [400, 'permissionDeny', 'event'],
  ],
  look: [
    [400, 'invalidParameter', 'event'],
    [404, 'itemNotFound', 'event'],
    [404, 'instanceNotExist', 'event'],
  ],
  remove: [
    [400, 'invalidParameter', 'entry'],
    [400, 'idempotencyProcessing', 'later'],
    [404, 'itemNotFound', 'event'],
    [400, 'permissionDeny', 'entry'],
    [400, 'IdempotentParameterMismatch', 'event'],
  ],
  add: [
    [400, 'invalidParameter', 'entry'],
    [400, 'idempotencyProcessing', 'later'],
    [404, 'itemNotFound', 'event'],
    [400, 'permissionDeny', 'entry'],
    [400, 'flowLimit', 'event'],
  ],
  delete: [
    [400, 'invalidParameter', 'event'],
    [400, 'idempotencyProcessing', 'later'],
    [404, 'itemNotFound', 'done'],
    [404, 'instanceNotExist', 'done'],
    [400, 'permissionDeny', 'event'],
  ],
};

/** The codes of the gateway, on every call: server-api-error-codes-1 and api-call-frequency-limit. */
const generic: readonly Row[] = [
  [400, 'InvalidAuthentication', 'renew'],
  [400, 'invalidClientIdOrSecret', 'credentials'],
  [400, 'invalid_client', 'credentials'],
  [403, `${denied}.AccessTokenPermissionDenied`, 'event'],
  [403, `${denied}.IpNotInWhiteList`, 'credentials'],
  [403, `${denied}.QpsLimitForAppkeyAndApi`, 'later'],
  [403, `${denied}.QpsLimitForApi`, 'later'],
  [403, `${denied}.QpmLimitForAppkeyAndApi`, 'later'],
  [403, `${denied}.QpsLimitForSuitekeyAndOrgAndApi`, 'later'],
  [403, `${denied}.QpmLimitForSuitekeyAndOrgAndApi`, 'later'],
  [403, `${denied}.ApiCountLimitForOrg`, 'quota'],
  [429, 'systemBusy', 'later'],
  [429, 'system.busy', 'later'],
  [500, 'unknownError', 'transient'],
  [500, 'systemError', 'transient'],
  [400, 'system.error', 'transient'],
  [404, 'InvalidAction.NotFound', 'event'],
];

// Its own keys, as the type names them.
const operations = Object.keys(pages) as Operation[];

/** Every row of every error table, and each code of the gateway on each call. */
export const dingtalkErrors: readonly ErrorCase[] = operations.flatMap((on) =>
  [...(pages[on] ?? []), ...generic].map(([status, code, meaning]) => ({ on, status, code, meaning })),
);
