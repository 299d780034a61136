import { createSign } from 'node:crypto';
import { isObject, parseJson, textOf } from '../../http/json.ts';
import type { HttpAnswer } from '../../http/transport.ts';
import { ownCalendarOf, platforms } from '../../platforms/index.ts';
import type { EventRef } from '../../model/event.ts';
import type { Use } from '../../model/grants.ts';
import { pathOf } from '../client.ts';
import type { Dialect, Opened, TokenAsked, TokenUse, WireCall } from '../dialect.ts';
import { type Account, PlatformError } from '../provider.ts';
import { rowOf } from './errors.ts';
import { given } from '../../model/given.ts';

export const calendarRoot = '/calendar/v3';
export const directoryRoot = '/admin/directory/v1';
const tokenPath = '/token';

/** How long a signed request for a token may be used, in seconds: the longest that is taken. */
const assertionSeconds = 3600;

/** The calendar is asked for by the organizer's own address, so that another one's token finds nothing. */
export function eventsPath(event: Pick<EventRef, 'calendarId' | 'organizer'>): string {
  return `${calendarRoot}/calendars/${pathOf('calendarId', ownCalendarOf(event))}/events`;
}

export function eventPath(event: EventRef): string {
  return `${eventsPath(event)}/${pathOf('eventId', event.eventId)}`;
}

/** The scopes that would do for a use, as the platform's row has them: the least first. */
function scopesFor(use: Use): readonly [string, ...string[]] {
  const [anyOf] = platforms.google.permissions.of[use] ?? [];
  const [first, ...others] = (anyOf ?? []).map(({ code }) => code);
  if (first === undefined) throw new RangeError(`no scope is known to ${use}`);
  return [first, ...others];
}

/**
 * What may change events may read them, so that one token serves a run; where that is not granted, as for plans of pull
 * requests, one that may only read.
 */
const eventScopes: TokenUse['scopes'] = (() => {
  const [first, ...writes] = scopesFor('change-attendees');
  const reads = scopesFor('read-events').filter((scope) => scope !== first && !writes.includes(scope));
  return [first, ...reads, ...writes];
})();

/** The token for an event's calls: its organizer's. */
export function asOrganizer({ organizer }: Pick<EventRef, 'organizer'>): TokenUse {
  return { scopes: eventScopes, ...given({ subject: organizer }) };
}

export function forCalendars(subject: string | undefined): TokenUse {
  return { scopes: scopesFor('read-calendars'), ...given({ subject }) };
}

/** A service account with a role of its own in the organisation needs no administrator to act for. */
export function forDirectory(
  use: 'find-people' | 'read-groups',
  { administrator }: Pick<Account, 'administrator'>,
): TokenUse {
  return { scopes: scopesFor(use), ...given({ subject: administrator }) };
}

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * A request for a token in the words of RFC 7523 (page: `protocols/oauth2/service-account`), for a person where one is
 * named.
 */
function tokenCall({ appId, appSecret, hosts }: Account, { now, subject, scope }: TokenAsked): WireCall {
  if (appId === null || appSecret === null) throw new RangeError('there is no key to sign with');
  const iat = Math.floor(now / 1000);
  const claims = {
    iss: appId,
    scope,
    aud: `${hosts?.['token'] ?? ''}${tokenPath}`,
    iat,
    exp: iat + assertionSeconds,
    sub: subject,
  };
  const unsigned = `${base64url({ alg: 'RS256', typ: 'JWT' })}.${base64url(claims)}`;
  const signature = createSign('RSA-SHA256').update(unsigned).sign(appSecret).toString('base64url');
  const assertion = `${unsigned}.${signature}`;
  return {
    method: 'POST',
    path: tokenPath,
    body: { form: { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion } },
    // Until it expires, anyone who has it can get tokens with it.
    secret: assertion,
  };
}

/** An error of RFC 6749: `{ error, error_description }`. One code stands for several faults, which its text tells apart. */
function refusedToken(error: string, description: string): Opened {
  const code =
    error === 'invalid_grant' && /valid email or user id/i.test(description) ? 'invalid_subject' : error;
  return { state: 'refused', code, said: [description], missing: [], logId: undefined };
}

/**
 * Takes an answer apart. Success is any 2xx whose body is empty or JSON. An error is `{ error: { code, message, errors:
 * [ { reason } ] } }`, and only the reason tells a quota from a permission; where there is none, its `status` does.
 */
function open(answer: HttpAnswer): Opened {
  const empty = answer.text.trim() === '';
  const body = empty ? undefined : parseJson(answer.text);
  const error = isObject(body) ? body['error'] : undefined;
  if (typeof error === 'string') {
    return refusedToken(error, isObject(body) ? (textOf(body['error_description']) ?? '') : '');
  }
  if (isObject(error)) {
    const [first]: readonly unknown[] = Array.isArray(error['errors']) ? error['errors'] : [];
    const reason = isObject(first) ? textOf(first['reason']) : undefined;
    return {
      state: 'refused',
      code: reason ?? textOf(error['status']) ?? `http-${answer.status}`,
      said: [textOf(error['message']) ?? ''],
      missing: [],
      logId: undefined,
    };
  }
  const success = answer.status >= 200 && answer.status < 300;
  if (success && (empty || body !== undefined)) return { state: 'ok', body };
  return { state: 'senseless', logId: undefined };
}

/** Whose token a call has to have, where the account acts for people. @throws PlatformError where nobody is named */
export function checkSubject(
  { organizer }: Pick<EventRef, 'organizer'>,
  account: Pick<Account, 'accessToken'>,
): void {
  if (organizer !== undefined || account.accessToken !== null) return;
  throw new PlatformError('event', 'no-organizer', 'a service account acts for a person, but none is named', {
    isPlatformCode: false,
    hint: 'Write `organizer:` with the address of the person who organizes the event.',
  });
}

/** Google Calendar. */
export const googleDialect: Dialect = {
  tokenCall,
  tokenOf: (body) => {
    const token = isObject(body) ? textOf(body['access_token']) : undefined;
    const seconds = isObject(body) ? body['expires_in'] : undefined;
    if (token === undefined || typeof seconds !== 'number') return null;
    return { token, lifetimeMs: seconds * 1000 };
  },
  authorize: (call, token) => ({ ...call, headers: { ...call.headers, authorization: `Bearer ${token}` } }),
  hostOf: ({ baseUrl, hosts }, { path }) => {
    const other = path === tokenPath ? 'token' : path.startsWith(directoryRoot) ? 'admin' : null;
    return other === null ? baseUrl : (hosts?.[other] ?? baseUrl);
  },
  open,
  errors: rowOf,
  // All calls for one person count together, whatever they do; those of the Directory API apart.
  lane: (api, subject = '') => (/^(users|members|groups)\./.test(api) ? 'directory' : `for ${subject}`),
  units: (api) => (api === 'events.patch' ? 3 : 1),
  logIdName: 'request id',
};
