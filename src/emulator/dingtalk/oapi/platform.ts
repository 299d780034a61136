import { WrongField } from '../../body.ts';
import type { EmulatedPlatform } from '../../platform.ts';
import type { Quota, Window } from '../../quota.ts';
import type { Answer, Call, Context, Route } from '../../route.ts';
import { may } from '../../tokens.ts';
import { lacksScope, OapiRefusal, refused } from './answer.ts';
import { oapiRoutes } from './routes.ts';

/** As in the newer API: https://open.dingtalk.com/document/development/call-frequency-limit */
const windows: readonly Window[] = [{ calls: 20, perMs: 1000 }];

/** Answers a call: the token of the query first, then the rate window, then the permissions, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    const caller = context.tokens.caller('dingtalk', call.query.get('access_token') ?? '', context.now);
    if (caller === undefined) throw new OapiRefusal(40014);
    if (quota?.take(`${route.api} ${caller.id}`, windows, context.now) !== undefined)
      throw new OapiRefusal(90006);
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) throw lacksScope(route.scopes, context);
    if (call.malformed) throw new OapiRefusal(400002, 'the body is not JSON');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof OapiRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new OapiRefusal(400002, error.message));
    throw error;
  }
}

/** DingTalk's older API, for people and departments: a host of its own there, paths of its own here. */
export const oapi: EmulatedPlatform = {
  id: 'oapi',
  routes: oapiRoutes,
  roots: ['/topapi/', '/auth/'],
  answer,
  unknown: () => refused(new OapiRefusal(404)),
  secretHeaders: [],
  secretQuery: ['access_token'],
  state: { schemas: {}, save: () => ({}), restore: () => undefined },
  live: () => [],
  reschedule: () => undefined,
  faults: {
    rateCodes: [90006],
    tooMany: () => refused(new OapiRefusal(90006)),
    internalError: () => refused(new OapiRefusal(-1)),
    pageToken: 'cursor',
    batches: [],
    withExpiredToken: (headers) => headers,
    hold: () => undefined,
    meddle: () => undefined,
  },
};
