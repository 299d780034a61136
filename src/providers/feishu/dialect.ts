import { isObject, parseJson, textOf } from '../../http/json.ts';
import type { HttpAnswer } from '../../http/transport.ts';
import type { EventRef } from '../../model/event.ts';
import { pathOf } from '../client.ts';
import type { Dialect, Opened } from '../dialect.ts';
import { rowOf } from './errors.ts';

const root = '/open-apis';

/** The path of a calendar. */
export function calendarPath(calendarId: string): string {
  return `${root}/calendar/v4/calendars/${pathOf('calendarId', calendarId)}`;
}

/** The path of an event, with every id encoded. */
export function eventPath(event: Pick<EventRef, 'calendarId' | 'eventId'>): string {
  return `${calendarPath(event.calendarId)}/events/${pathOf('eventId', event.eventId)}`;
}

function violations(value: unknown, describe: (row: Readonly<Record<string, unknown>>) => string): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map(describe);
}

/** Fields that were not accepted, and permissions that are missing, as the platform names them. */
function detailsOf(error: unknown): string[] {
  if (!isObject(error)) return [];
  return [
    ...violations(error['field_violations'], (row) =>
      [textOf(row['field']), textOf(row['description'])].filter((part) => part !== undefined).join(': '),
    ),
    ...violations(error['permission_violations'], (row) => textOf(row['subject'] ?? row['scope']) ?? ''),
  ];
}

function logIdOf(body: unknown, answer: HttpAnswer): string | undefined {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  return textOf(error['log_id']) ?? textOf(error['logid']) ?? textOf(answer.headers['x-tt-logid']);
}

/**
 * Takes apart `{ code, msg, data, error }`. Code 0 is success, but only with a 2xx status: a page that a proxy
 * rewrote is not believed. The answer of the token page has no `data`; its fields stand at the top.
 */
function open(answer: HttpAnswer): Opened {
  const body = parseJson(answer.text);
  const logId = logIdOf(body, answer);
  if (!isObject(body) || typeof body['code'] !== 'number') return { state: 'senseless', logId };
  if (body['code'] === 0) {
    const success = answer.status >= 200 && answer.status < 300;
    return success ? { state: 'ok', body } : { state: 'senseless', logId };
  }
  const code = String(body['code']);
  // The platform's own text says less than the meaning of a code that is known.
  const text = rowOf(code) === undefined ? (textOf(body['msg']) ?? '') : '';
  return { state: 'refused', code, said: [text, ...detailsOf(body['error'])], missing: [], logId };
}

/** What a successful answer holds. */
export function dataOf(body: unknown): unknown {
  return isObject(body) ? body['data'] : undefined;
}

/** Feishu and Lark. Pages: `auth-v3/auth/tenant_access_token_internal` and calendar v4. */
export const feishuDialect: Dialect = {
  tokenCall: ({ appId, appSecret }) => ({
    method: 'POST',
    path: `${root}/auth/v3/tenant_access_token/internal`,
    body: { json: { app_id: appId, app_secret: appSecret } },
  }),
  tokenOf: (body) => {
    const token = isObject(body) ? textOf(body['tenant_access_token']) : undefined;
    const seconds = isObject(body) ? body['expire'] : undefined;
    if (token === undefined || typeof seconds !== 'number') return null;
    return { token, lifetimeMs: seconds * 1000 };
  },
  authorize: ({ headers, ...call }, token) => ({
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...call,
  }),
  open,
  errors: rowOf,
  lane: (api) => api,
  resetHeader: 'x-ogw-ratelimit-reset',
  logIdName: 'log id',
};
