import { objectOf, textOf, WrongField } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import { may, type Caller } from '../tokens.ts';
import { FeishuRefusal, json, success } from './answer.ts';

/** The token that an app has, while half an hour of it is left. */
const terms = { prefix: 't-', leftMs: 30 * 60_000, renewed: false };

/**
 * A token for an app. What fails here answers HTTP 200 with a code.
 * https://open.feishu.cn/document/server-docs/authentication-management/access-token/tenant_access_token_internal
 */
export function tenantAccessToken(call: Call, context: Context): Answer {
  let given: { readonly id: string | undefined; readonly secret: string | undefined };
  try {
    const body = objectOf(call.body);
    given = { id: textOf(body, 'app_id'), secret: textOf(body, 'app_secret') };
  } catch (error) {
    if (!(error instanceof WrongField)) throw error;
    given = { id: undefined, secret: undefined };
  }
  if (call.malformed || given.id === undefined || given.secret === undefined) {
    return json(200, { code: 10003, data: {}, msg: 'invalid param' });
  }
  const app = context.tokens.app(given.id, given.secret);
  if (app === undefined) return json(200, { code: 10014, data: {}, msg: 'app secret invalid' });
  const { token, expire } = context.tokens.issue('feishu', app, context.now, terms);
  return json(200, { code: 0, msg: 'ok', tenant_access_token: token, expire });
}

/** Who calls, by `Authorization: Bearer`. Looked at before any parameter. */
export function authorize(call: Call, context: Context): Caller {
  const [, token] = /^Bearer (.+)$/.exec(call.headers['authorization'] ?? '') ?? [];
  if (token === undefined) throw new FeishuRefusal(99991661);
  const caller = context.tokens.caller('feishu', token, context.now);
  if (caller !== undefined) return caller;
  if (token.startsWith('t-')) throw new FeishuRefusal(99991663);
  throw new FeishuRefusal(token.startsWith('u-') || token.startsWith('eyJ') ? 99991668 : 99991671);
}

/** Permissions of single fields, which no call asks for. */
const fields = [
  'contact:user.base:readonly',
  'contact:user.email:readonly',
  'contact:user.employee:readonly',
  'contact:user.employee_id:readonly',
  'contact:user.phone:readonly',
];

/**
 * The permissions of an app, each granted (1) or not (2). It takes none itself.
 * https://open.feishu.cn/document/application-v6/scope/list
 */
export function appScopes(caller: Caller, known: readonly string[]): Answer {
  const names = [...new Set([...known, ...fields, ...(caller.scopes ?? [])])].sort();
  return success({
    scopes: names.map((scope_name) => ({
      scope_name,
      grant_status: may(caller, scope_name) ? 1 : 2,
      scope_type: 'tenant',
    })),
  });
}
