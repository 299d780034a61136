import { isObject, parseJson, textOf } from '../../http/json.ts';
import type { HttpAnswer } from '../../http/transport.ts';
import type { EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import { pathOf } from '../client.ts';
import type { Dialect, Opened, WireCall } from '../dialect.ts';
import { rowOf } from './errors.ts';
import { freePaths, idOf, legacyRoot, scopesPath } from './find/legacy.ts';

const root = '/v1.0';

function isLegacy({ path }: WireCall): boolean {
  return path.startsWith(legacyRoot) || path === scopesPath;
}

/** People and departments are read for nothing. */
function isFree(call: WireCall): boolean {
  return isLegacy(call) || call.path.startsWith(freePaths.hr) || call.path === freePaths.leaveRecords;
}

/** `oapi.dingtalk.com` beside `api.dingtalk.com`. Any other host (a gateway, a server for tests) serves both halves. */
function legacyHost(baseUrl: string): string {
  return baseUrl.replace(/^https:\/\/api\.(dingtalk\.\w+)$/, 'https://oapi.$1');
}

/** The path of an event. The `userId` of the pages is the organizer's unionId. */
export function eventPath(event: EventRef): string {
  const user = pathOf('organizer', event.organizer);
  const calendar = pathOf('calendarId', event.calendarId);
  return `${root}/calendar/users/${user}/calendars/${calendar}/events/${pathOf('eventId', event.eventId)}`;
}

/** The header that names one request: the same while it is repeated. */
export function keyHeader(key: string): Readonly<Record<string, string>> {
  return { 'x-client-token': key };
}

function scopesOf(body: Readonly<Record<string, unknown>>): string[] {
  const detail = body['accessdenieddetail'] ?? body['accessDeniedDetail'];
  const scopes = isObject(detail) ? detail['requiredScopes'] : undefined;
  // Shown in a hint, which is ours: anything but names of permissions is left out.
  return Array.isArray(scopes)
    ? scopes.filter((scope) => typeof scope === 'string' && /^[\w.:-]+$/.test(scope))
    : [];
}

/** The names of permissions in what the older half of the API says. */
function permissionsIn(text: string): string[] {
  return text.match(/\b(?:qyapi_\w+|[A-Z]\w+(?:\.[A-Z]\w+)+)/g) ?? [];
}

/**
 * Takes an answer of the older half of the API apart, `{ errcode, errmsg, result }` with HTTP 200 whatever it says. 88
 * stands for several refusals of the gateway, which `sub_code` tells apart.
 */
function openLegacy(body: Readonly<Record<string, unknown>>, answer: HttpAnswer): Opened {
  const errcode = idOf(body['errcode']) ?? '';
  if (errcode === '0') {
    return answer.status >= 200 && answer.status < 300
      ? { state: 'ok', body }
      : { state: 'senseless', logId: undefined };
  }
  const sub = idOf(body['sub_code']) ?? '';
  const said = [textOf(body['sub_msg']) ?? textOf(body['errmsg']) ?? ''];
  return {
    state: 'refused',
    code: errcode === '88' && rowOf(sub) !== undefined ? sub : errcode,
    said,
    missing: permissionsIn(said.join(' ')),
    logId: textOf(body['request_id']),
  };
}

/**
 * Takes an answer apart. Success is any 2xx whose body is empty or JSON without an error code; an error is
 * `{ code, message, requestid }`. The bar of the gateway, `{ status: 1111, wait }`, comes with a status that is not
 * documented, so it is looked for first.
 */
function open(answer: HttpAnswer): Opened {
  const empty = answer.text.trim() === '';
  const body = empty ? undefined : parseJson(answer.text);
  const requestHeader = textOf(answer.headers['x-acs-request-id']);
  if (isObject(body) && body['status'] === 1111) {
    return { state: 'barred', minutes: typeof body['wait'] === 'number' ? body['wait'] : null };
  }
  if (isObject(body) && ['number', 'string'].includes(typeof body['errcode']))
    return openLegacy(body, answer);
  const code = isObject(body) ? textOf(body['code']) : undefined;
  if (isObject(body) && code !== undefined) {
    return {
      state: 'refused',
      code,
      // The platform has one code for many faults of a parameter; only its text tells them apart.
      said: [textOf(body['message']) ?? ''],
      missing: scopesOf(body),
      logId: textOf(body['requestid']) ?? textOf(body['requestId']) ?? requestHeader,
    };
  }
  const success = answer.status >= 200 && answer.status < 300;
  if (success && (empty || body !== undefined)) return { state: 'ok', body };
  return { state: 'senseless', logId: requestHeader };
}

/** DingTalk. Pages: `obtain-the-access_token-of-an-internal-app` and calendar v1.0. */
export const dingtalkDialect: Dialect = {
  tokenCall: ({ appId, appSecret }) => ({
    method: 'POST',
    path: `${root}/oauth2/accessToken`,
    body: { json: { appKey: appId, appSecret } },
  }),
  tokenOf: (body) => {
    const token = isObject(body) ? textOf(body['accessToken']) : undefined;
    const seconds = isObject(body) ? body['expireIn'] : undefined;
    if (token === undefined || typeof seconds !== 'number') return null;
    return { token, lifetimeMs: seconds * 1000 };
  },
  // The older half of the API takes the same token in the query.
  authorize: ({ query, headers, ...call }, token) =>
    isLegacy(call)
      ? { query: { access_token: token, ...query }, ...given({ headers }), ...call }
      : { headers: { 'x-acs-dingtalk-access-token': token, ...headers }, ...given({ query }), ...call },
  hostOf: ({ baseUrl }, call) => (isLegacy(call) ? legacyHost(baseUrl) : baseUrl),
  isFree,
  open,
  errors: rowOf,
  lane: (api) => api,
  rateRestMs: 1000,
  logIdName: 'request id',
};
