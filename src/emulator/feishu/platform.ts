import { WrongField } from '../body.ts';
import { feishuWindows, type Quota } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { FeishuRefusal, refused } from './answer.ts';
import { authorize } from './token.ts';

/** Answers a call: the token first, then the rate windows, then the parameters. */
export function answerFeishu(
  route: Route<Answer>,
  call: Call,
  context: Context,
  quota: Quota | null,
): Answer {
  try {
    if (route.open === true) return route.handle(call, context, { id: '', app: true, bot: true });
    const caller = authorize(call, context);
    if (quota !== null) takeQuota(quota, `${route.api} ${caller.id}`, context.now);
    if (call.malformed) throw new FeishuRefusal(190002, 'the body is no JSON');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof FeishuRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new FeishuRefusal(190002, error.message));
    throw error;
  }
}

function takeQuota(quota: Quota, key: string, now: number): void {
  const over = quota.take(key, feishuWindows, now);
  if (over === undefined) return;
  throw new FeishuRefusal(99991400, undefined, {
    'x-ogw-ratelimit-limit': String(over.window.calls),
    'x-ogw-ratelimit-reset': String(Math.max(1, Math.ceil(over.waitMs / 1000))),
  });
}
