import { WrongField } from '../body.ts';
import type { EmulatedPlatform } from '../platform.ts';
import type { Quota, Window } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { may, nobody } from '../tokens.ts';
import { DingtalkRefusal, lacksScope, refused } from './answer.ts';
import { dingtalkRoutes } from './routes.ts';
import { hold, live, meddle, reschedule, state } from './state.ts';
import { checkDingtalk, dingtalkSchema } from './tenant.ts';
import { authorize } from './token.ts';

/** DingTalk, standard edition: https://open.dingtalk.com/document/development/call-frequency-limit */
const windows: readonly Window[] = [{ calls: 20, perMs: 1000 }];

/** Answers a call: the token first, then the rate window, then the permissions, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    const caller = route.open === true ? nobody : authorize(call, context);
    if (caller !== nobody && quota?.take(`${route.api} ${caller.id}`, windows, context.now) !== undefined) {
      throw new DingtalkRefusal('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi');
    }
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) throw lacksScope(route.scopes);
    if (call.malformed) throw new DingtalkRefusal('invalidParameter', 'the body is not JSON');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof DingtalkRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new DingtalkRefusal('invalidParameter', error.message));
    throw error;
  }
}

/** DingTalk. */
export const dingtalk: EmulatedPlatform = {
  id: 'dingtalk',
  routes: dingtalkRoutes,
  roots: ['/v1.0/'],
  answer,
  unknown: () => refused(new DingtalkRefusal('InvalidAction.NotFound')),
  secretHeaders: ['x-acs-dingtalk-access-token'],
  tenant: { schema: dingtalkSchema, check: checkDingtalk },
  state,
  live,
  reschedule,
  faults: {
    rateCodes: ['QpsLimit'],
    tooMany: () => refused(new DingtalkRefusal('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi')),
    internalError: () => refused(new DingtalkRefusal('unknownError')),
    pageToken: 'nextToken',
    batches: ['attendeesToAdd', 'attendeesToRemove'],
    withExpiredToken: (headers) => ({ ...headers, 'x-acs-dingtalk-access-token': 'expired' }),
    hold,
    meddle,
  },
};
