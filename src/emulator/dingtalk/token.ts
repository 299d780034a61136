import { objectOf, textOf } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { DingtalkRefusal, found } from './answer.ts';

/** The token that an app has, renewed, while it is valid. */
const terms = { prefix: '', leftMs: 1, renewed: true };

/**
 * A token for an app; `expireIn` is in seconds.
 * https://open.dingtalk.com/document/development/obtain-the-access-token-of-an-internal-app
 */
export function accessToken(call: Call, context: Context): Answer {
  const body = objectOf(call.body);
  const id = textOf(body, 'appKey');
  const secret = textOf(body, 'appSecret');
  if (id === undefined || secret === undefined) {
    throw new DingtalkRefusal('invalidParameter', 'appKey and appSecret are required');
  }
  const app = context.tokens.app(id, secret);
  if (app === undefined) throw new DingtalkRefusal('invalidClientIdOrSecret');
  const { token, expire } = context.tokens.issue('dingtalk', app, context.now, terms);
  return found({ accessToken: token, expireIn: expire });
}

/** Who calls, by `x-acs-dingtalk-access-token`. */
export function authorize(call: Call, context: Context): Caller {
  const token = call.headers['x-acs-dingtalk-access-token'] ?? '';
  const caller = context.tokens.caller('dingtalk', token, context.now);
  if (caller === undefined) throw new DingtalkRefusal('InvalidAuthentication');
  return caller;
}
