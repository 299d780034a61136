import { WrongField } from '../body.ts';
import type { EmulatedPlatform } from '../platform.ts';
import type { Quota, Window } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { may, nobody } from '../tokens.ts';
import { FeishuRefusal, lacksScope, notFound, refused, type RefusalCode } from './answer.ts';
import { feishuRoutes } from './routes.ts';
import { hold, live, meddle, reschedule, state } from './state.ts';
import { checkFeishu, feishuSchema } from './tenant.ts';
import { authorize } from './token.ts';

/** Feishu and Lark: https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control */
const windows: readonly Window[] = [
  { calls: 50, perMs: 1000 },
  { calls: 1000, perMs: 60_000 },
];

/** Answers a call: the token first, then the rate windows, then the permissions, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    if (route.open === true) return route.handle(call, context, nobody);
    const caller = authorize(call, context);
    if (route.callers !== undefined && (route.callers === 'app') !== caller.app) {
      throw new FeishuRefusal(99991668);
    }
    if (quota !== null) takeQuota(quota, `${route.api} ${caller.id}`, route.windows ?? windows, context.now);
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) throw lacksScope(route.scopes);
    if (call.malformed) throw new FeishuRefusal(wrongParameter(route.path), 'the body is not JSON');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof FeishuRefusal) return refused(error);
    if (error instanceof WrongField)
      return refused(new FeishuRefusal(wrongParameter(route.path), error.message));
    throw error;
  }
}

/** The code of a wrong parameter, by what a path begins with. */
const wrongParameters: readonly (readonly [string, RefusalCode])[] = [
  ['/open-apis/calendar/', 190002],
  ['/open-apis/contact/', 40001],
  ['/open-apis/directory/', 2220001],
  ['/open-apis/im/', 232001],
];

function wrongParameter(path: string): RefusalCode {
  return wrongParameters.find(([start]) => path.startsWith(start))?.[1] ?? 99992402;
}

function takeQuota(quota: Quota, key: string, windows: readonly Window[], now: number): void {
  const over = quota.take(key, windows, now);
  if (over === undefined) return;
  throw new FeishuRefusal(99991400, undefined, {
    'x-ogw-ratelimit-limit': String(over.window.calls),
    'x-ogw-ratelimit-reset': String(Math.max(1, Math.ceil(over.waitMs / 1000))),
  });
}

const rateCodes: readonly RefusalCode[] = [99991400, 190004, 190005, 190010];

/** Feishu and Lark, whose calls are the same. */
export const feishu: EmulatedPlatform = {
  id: 'feishu',
  routes: feishuRoutes,
  roots: ['/open-apis/'],
  answer,
  unknown: notFound,
  secretHeaders: ['authorization'],
  tenant: { schema: feishuSchema, check: checkFeishu },
  state,
  live,
  reschedule,
  faults: {
    rateCodes,
    tooMany(code, reset) {
      const headers =
        reset === undefined ? {} : { 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': String(reset) };
      const known = rateCodes.find((one) => one === code) ?? 99991400;
      return refused(new FeishuRefusal(known, undefined, headers));
    },
    internalError: () => refused(new FeishuRefusal(190003)),
    pageToken: 'page_token',
    batches: ['attendees', 'attendee_ids', 'delete_ids'],
    withExpiredToken(headers) {
      const [kept = ''] = /^Bearer (?:[tu]-)?/.exec(headers['authorization'] ?? '') ?? [];
      return { ...headers, authorization: `${kept}expired` };
    },
    hold,
    meddle,
  },
};
