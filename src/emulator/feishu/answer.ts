import { randomBytes } from 'node:crypto';

import type { Answer, Context } from '../route.ts';

/**
 * The error codes that a state of this server can cause: HTTP status and message.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event-attendee/batch_delete and its neighbours; those of
 * contacts: https://open.feishu.cn/document/server-docs/contact-v3/user/find_by_department and its neighbours;
 * the codes from 99991400 on: https://open.feishu.cn/document/server-docs/getting-started/server-error-codes
 */
const refusals = {
  40001: [400, 'param error'],
  40004: [403, 'no dept authority error'],
  40011: [400, 'page size is invalid'],
  40012: [400, 'page token is invalid error'],
  41012: [400, 'user id invalid error'],
  41050: [400, 'no user authority error'],
  41202: [404, 'role not exist'],
  42002: [400, 'group id invalid'],
  43007: [400, 'department id invalid'],
  43010: [400, 'too many departments to list them all'],
  190002: [400, 'invalid parameters in request'],
  190003: [500, 'internal service error'],
  190004: [429, 'method rate limited'],
  190005: [429, 'app rate limited'],
  190007: [404, 'app bot_id not found'],
  190008: [400, 'page_token or sync_token expired'],
  190009: [400, 'sync_token conflict with other parameters'],
  190010: [429, 'current operation rate limited'],
  191000: [404, 'calendar not found'],
  191001: [400, 'invalid calendar_id'],
  191002: [403, 'no calendar access_role'],
  191003: [403, 'calendar is deleted'],
  191004: [403, 'invalid calendar type'],
  193000: [400, 'invalid event_id'],
  193001: [404, 'event not found'],
  193002: [403, 'no permission to operate event'],
  193003: [403, 'event is deleted'],
  193103: [400, 'time range is too long'],
  193104: [400, 'too many instances'],
  194000: [404, 'attendee not found'],
  194001: [403, 'no permission to list event attendees'],
  194002: [403, 'no permission to create event attendees'],
  194003: [403, 'no permission to delete event attendees'],
  194004: [400, 'invalid attendee type'],
  195100: [404, 'user is dismiss or not exist in the tenant'],
  195107: [403, 'no permission unbind meeting chat'],
  195108: [400, 'chat not match with event'],
  232001: [400, 'Your request contains an invalid request parameter'],
  232006: [400, 'Your request specifies a chat_id which is invalid'],
  232011: [400, 'Operator can NOT be out of the chat'],
  232025: [400, 'Bot ability is not activated'],
  2220001: [400, 'param is invalid'],
  2221004: [400, 'page token is invalid'],
  99991400: [429, 'request trigger frequency limit'],
  99991661: [400, 'Missing access token for authorization. Please make a request with token attached.'],
  99991672: [400, 'Access denied'],
  99991663: [400, 'Invalid access token for authorization. Please make a request with token attached.'],
  99991668: [400, 'Invalid access token for authorization. Please make a request with token attached.'],
  99991671: [400, 'Invalid access token for authorization. The token must start with t- or u-.'],
  99992351: [400, 'The open_id does not exist.'],
  99992402: [400, 'field validation failed'],
} as const;

export type RefusalCode = keyof typeof refusals;

/** A call that Feishu refuses. */
export class FeishuRefusal extends Error {
  override readonly name = 'FeishuRefusal';
  readonly code: RefusalCode;
  readonly detail: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** What stands beside the log id. */
  readonly more: object;

  constructor(
    code: RefusalCode,
    detail?: string,
    headers: Readonly<Record<string, string>> = {},
    more: object = {},
  ) {
    super(refusals[code][1]);
    this.code = code;
    this.detail = detail;
    this.headers = headers;
    this.more = more;
  }
}

/** The refusal of a caller who has none of these permissions. */
export function lacksScope(scopes: readonly string[]): FeishuRefusal {
  const detail = `One of the following scopes is required: [${scopes.join(', ')}]`;
  const violations = scopes.map((scope) => ({ scope, url: 'https://open.feishu.cn/app' }));
  return new FeishuRefusal(99991672, detail, {}, { permission_violations: violations });
}

/** The refusal of a call, or of an event, that would pass its cap. */
export function overCap(context: Context, detail: string): FeishuRefusal {
  return new FeishuRefusal(context.behaviour.capCode === 'parameters' ? 190002 : 99992402, detail);
}

/** Code 0 with data. */
export function success(data: object = {}): Answer {
  return json(200, { code: 0, msg: 'success', data });
}

/** The envelope of an error: the code, and under `error` what support asks for. */
export function refused(refusal: FeishuRefusal): Answer {
  const [status, msg] = refusals[refusal.code];
  const logId = newLogId();
  const text = refusal.detail === undefined ? msg : `${msg}: ${refusal.detail}`;
  const error = {
    log_id: logId,
    troubleshooter: `https://open.feishu.cn/search?from=openapi&log_id=${logId}&code=${String(refusal.code)}`,
    ...refusal.more,
  };
  return json(status, { code: refusal.code, msg: text, error }, { ...refusal.headers, 'x-tt-logid': logId });
}

/** Any JSON answer. Each one names its log entry. */
export function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'x-tt-logid': newLogId(), ...headers },
    body: JSON.stringify(body),
  };
}

/** What an unknown path or method answers: text, not JSON. */
export function notFound(): Answer {
  return {
    status: 404,
    headers: { 'content-type': 'text/plain', 'x-tt-logid': newLogId() },
    body: '404 page not found',
  };
}

function newLogId(): string {
  return randomBytes(17).toString('hex').toUpperCase();
}
