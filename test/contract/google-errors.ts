import type { ErrorCase, Meaning, Operation } from './suite/fixture.ts';

type Row = readonly [status: number, code: string, meaning: Meaning];

/** The reasons of the error guide, and those that clients of the API know beyond it; any call may answer them. */
const generic: readonly Row[] = [
  [400, 'invalidParameter', 'event'],
  [400, 'badRequest', 'event'],
  [401, 'authError', 'renew'],
  [403, 'rateLimitExceeded', 'later'],
  [403, 'userRateLimitExceeded', 'later'],
  [429, 'RESOURCE_EXHAUSTED', 'later'],
  [403, 'quotaExceeded', 'quota'],
  [403, 'dailyLimitExceeded', 'quota'],
  [403, 'forbidden', 'event'],
  [403, 'requiredAccessLevel', 'event'],
  [403, 'insufficientPermissions', 'event'],
  [403, 'notACalendarUser', 'event'],
  [403, 'accessNotConfigured', 'credentials'],
  [500, 'backendError', 'transient'],
  [503, 'UNAVAILABLE', 'transient'],
];

/** What a call answers beside them. */
const own: Readonly<Partial<Record<Operation, readonly Row[]>>> = {
  list: [
    [404, 'notFound', 'event'],
    [410, 'deleted', 'event'],
  ],
  add: [
    [400, 'invalid', 'entry'],
    [400, 'required', 'entry'],
    [400, 'eventTypeRestriction', 'event'],
    [400, 'malformedWorkingLocationEvent', 'event'],
    [403, 'forbiddenForServiceAccounts', 'credentials'],
    [403, 'forbiddenForNonOrganizer', 'event'],
    [403, 'participantIsNeitherOrganizerNorAttendee', 'event'],
    [403, 'cannotChangeOrganizer', 'event'],
    [404, 'notFound', 'event'],
    [410, 'deleted', 'event'],
    [412, 'conditionNotMet', 'conflict'],
  ],
  delete: [
    [400, 'invalid', 'event'],
    [403, 'forbiddenForNonOrganizer', 'event'],
    [404, 'notFound', 'event'],
    [410, 'deleted', 'done'],
    [412, 'conditionNotMet', 'conflict'],
  ],
};

// Its own keys, as the type names them.
const operations = Object.keys(own) as Operation[];

/** Every reason on every call that may answer it. */
export const googleErrors: readonly ErrorCase[] = operations.flatMap((on) =>
  [...generic, ...(own[on] ?? [])].map(([status, code, meaning]) => ({ on, status, code, meaning })),
);
