import { randomUUID } from 'node:crypto';

import type { Answer, Context } from '../../route.ts';

/**
 * The error codes of the older API that a state of this server can cause. All of them come with HTTP 200.
 * https://open.dingtalk.com/document/development/server-api-error-codes-1
 */
const refusals = {
  [-1]: 'The system is busy',
  88: 'authentication failed',
  33011: 'The role does not exist',
  33012: 'The userid is invalid',
  40014: 'The access_token is invalid',
  40104: 'The mobile number is invalid',
  50002: 'The person is not in the scope of the app',
  50004: 'The department is not in the scope of the app',
  60003: 'The department does not exist',
  60011: 'The app lacks a permission',
  60121: 'The user cannot be found',
  90006: 'The app calls this API too often',
  400002: 'The parameter is invalid',
  404: 'The URL does not exist',
} as const;

export type OapiCode = keyof typeof refusals;

/** A call that the older API refuses. */
export class OapiRefusal extends Error {
  override readonly name = 'OapiRefusal';
  readonly code: OapiCode;
  /** What stands beside the message. */
  readonly more: object;

  constructor(code: OapiCode, message: string = refusals[code], more: object = {}) {
    super(message);
    this.code = code;
    this.more = more;
  }
}

/** The refusal of a caller who has none of these permissions. */
export function lacksScope(scopes: readonly string[], context: Context): OapiRefusal {
  if (context.behaviour.legacyPermission === 'permission') return new OapiRefusal(60011);
  const sub = { sub_code: '60011', sub_msg: `The app lacks the permission [${scopes.join(',')}]` };
  return new OapiRefusal(88, undefined, sub);
}

/** `errcode` 0 with a result. */
export function found(result: object, context: Context): Answer {
  const typed = context.behaviour.legacyTypes === 'typed';
  return json({ errcode: 0, errmsg: 'ok', result: typed ? result : quoted(result) });
}

/** `errcode` 0 with what has no envelope of its own. */
export function plain(body: object): Answer {
  return json({ errcode: 0, errmsg: 'ok', ...body });
}

/** The envelope of an error. */
export function refused(refusal: OapiRefusal): Answer {
  return json({ errcode: refusal.code, errmsg: refusal.message, ...refusal.more });
}

/** Flags and numbers as texts, however deep they stand. */
function quoted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(quoted);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, quoted(inner)]));
  }
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
}

function json(body: object): Answer {
  return {
    status: 200,
    headers: { server: 'DingTalk/1.0.0', 'content-type': 'application/json;charset=utf-8' },
    body: JSON.stringify({ ...body, request_id: randomUUID().replaceAll('-', '').slice(0, 12) }),
  };
}
