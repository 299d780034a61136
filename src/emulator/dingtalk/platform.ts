import { WrongField } from '../body.ts';
import { dingtalkWindows, type Quota } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { DingtalkRefusal, refused } from './answer.ts';
import { authorize } from './token.ts';

/** Answers a call: the token first, then the rate window, then the parameters. */
export function answerDingtalk(
  route: Route<Answer>,
  call: Call,
  context: Context,
  quota: Quota | null,
): Answer {
  try {
    const caller = route.open === true ? null : authorize(call, context);
    if (
      caller !== null &&
      quota?.take(`${route.api} ${caller.id}`, dingtalkWindows, context.now) !== undefined
    ) {
      throw new DingtalkRefusal('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi');
    }
    if (call.malformed) throw new DingtalkRefusal('invalidParameter', 'the body is no JSON');
    return route.handle(call, context, caller ?? { id: '', app: true, bot: true });
  } catch (error) {
    if (error instanceof DingtalkRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new DingtalkRefusal('invalidParameter', error.message));
    throw error;
  }
}

/** What an unknown path or method answers. */
export function unknownAction(): Answer {
  return refused(new DingtalkRefusal('InvalidAction.NotFound'));
}
