import type { Answer } from '../route.ts';
import { may, type Caller } from '../tokens.ts';
import { success } from './answer.ts';

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
