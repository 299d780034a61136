import { randomUUID } from 'node:crypto';

import type { Answer } from '../route.ts';

/**
 * The error codes that a state of this server can cause: HTTP status and message.
 * https://help.dingtalk.io/open/development/delete-schedule-participant and its neighbours; the common ones:
 * https://open.dingtalk.com/document/development/server-api-error-codes-1
 */
const refusals = {
  invalidParameter: [400, 'The parameter is invalid'],
  'invalidParameter.event.calendarId': [400, 'calendarId is invalid'],
  'parameter.error': [400, 'The parameter is wrong'],
  'invalidParameter.param.invalid': [400, 'The parameter is invalid'],
  'invalidParameter.maxResults': [400, 'maxResults size must within range [0,500]'],
  idempotencyProcessing: [400, 'Idempotency processing'],
  IdempotentParameterMismatch: [400, 'The request differs from the one that its client token stands for'],
  unknownError: [500, 'Unknown error'],
  permissionDeny: [400, 'The user is not in the scope of the app'],
  'Forbidden.AccessDenied.AccessTokenPermissionDenied': [403, 'The app lacks a permission'],
  InvalidAuthentication: [400, 'The access_token is invalid'],
  invalidClientIdOrSecret: [400, 'The client id or secret is invalid'],
  itemNotFound: [404, 'The specified event cannot be found'],
  instanceNotExist: [404, 'The event instance does not exist'],
  'InvalidAction.NotFound': [404, 'Specified api is not found, please check your url and method.'],
  'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi': [403, 'The app calls this API too often; wait a second'],
} as const;

export type DingtalkCode = keyof typeof refusals;

/** A call that DingTalk refuses. */
export class DingtalkRefusal extends Error {
  override readonly name = 'DingtalkRefusal';
  readonly code: DingtalkCode;
  /** What stands beside the message. */
  readonly more: object;

  constructor(code: DingtalkCode, message: string = refusals[code][1], more: object = {}) {
    super(message);
    this.code = code;
    this.more = more;
  }
}

/** The refusal of a caller who has none of these permissions. */
export function lacksScope(requiredScopes: readonly string[]): DingtalkRefusal {
  const code = 'Forbidden.AccessDenied.AccessTokenPermissionDenied';
  return new DingtalkRefusal(code, undefined, { accessdenieddetail: { requiredScopes } });
}

/** A 200 with data. */
export function found(data: object): Answer {
  return { status: 200, headers: headers(), body: JSON.stringify(data) };
}

/** What a write answers: 200 and nothing. */
export function done(): Answer {
  const { 'x-acs-request-id': id } = headers();
  return { status: 200, headers: { server: 'DingTalk/1.0.0', 'x-acs-request-id': id }, body: '' };
}

/** The envelope of an error. */
export function refused(refusal: DingtalkRefusal): Answer {
  const head = headers();
  const body = {
    code: refusal.code,
    requestid: head['x-acs-request-id'],
    message: refusal.message,
    ...refusal.more,
  };
  return { status: refusals[refusal.code][0], headers: head, body: JSON.stringify(body) };
}

function headers(): { readonly [name: string]: string; readonly 'x-acs-request-id': string } {
  return {
    server: 'DingTalk/1.0.0',
    'content-type': 'application/json;charset=utf-8',
    'x-acs-request-id': randomUUID().toUpperCase(),
  };
}
