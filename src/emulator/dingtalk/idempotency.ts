import { createHash } from 'node:crypto';

import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { DingtalkRefusal, done } from './answer.ts';
import { dingtalkOf } from './world.ts';

const oneDay = 24 * 3_600_000;

/**
 * Runs a write under its `x-client-token`: while one runs a second one waits to be asked again, and for a day after
 * it is done the same token stands for the same request.
 * https://help.dingtalk.io/open/development/delete-schedule-participant
 */
export function idempotent(call: Call, context: Context, caller: Caller, write: () => Answer): Answer {
  const token = call.headers['x-client-token'] ?? '';
  if (token === '') return write();
  if (call.twin) throw new DingtalkRefusal('idempotencyProcessing');
  // The caller's id may hold an access token of the tenant file, and this key is written to the state file.
  const key = digest([caller.id, token]);
  const request = digest([call.api, call.params, [...call.query], call.body ?? null]);
  const before = dingtalkOf(context.world).finished.get(key);
  if (before !== undefined && context.now - before.at < oneDay) {
    const differs = before.request !== request;
    if (differs && context.behaviour.clientTokenReuse === 'mismatch') {
      throw new DingtalkRefusal('IdempotentParameterMismatch');
    }
    if (context.behaviour.clientTokenReplay === 'swallowed') return done();
  }
  const answer = write();
  dingtalkOf(context.world).finished.set(key, { request, at: context.now });
  context.world.changed();
  return answer;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
