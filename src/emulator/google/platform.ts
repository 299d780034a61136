import { WrongField } from '../body.ts';
import type { EmulatedPlatform } from '../platform.ts';
import type { Quota, Window } from '../quota.ts';
import type { Answer, Call, Context, Route } from '../route.ts';
import { may, nobody, type Caller } from '../tokens.ts';
import { authorize, standingOf } from './access.ts';
import { GoogleRefusal, refused } from './answer.ts';
import { googleRoutes } from './routes.ts';
import { hold, live, meddle, reschedule, state, told } from './state.ts';
import { checkGoogle, googleSchema } from './tenant.ts';

/** https://developers.google.com/workspace/calendar/api/guides/quota: those of the project, and of each of its users. */
const windows: Readonly<Record<'project' | 'user', Window>> = {
  project: { calls: 10_000, perMs: 60_000 },
  user: { calls: 600, perMs: 60_000 },
};

/** Answers a call: the token first, then the permissions, then the rate windows, then the parameters. */
function answer(route: Route<Answer>, call: Call, context: Context, quota: Quota | null): Answer {
  try {
    if (route.open === true) return route.handle(call, context, nobody);
    const caller = authorize(call, context);
    if (route.scopes !== undefined && !may(caller, ...route.scopes)) {
      throw new GoogleRefusal('insufficientPermissions');
    }
    if (quota !== null && route.path.startsWith('/calendar/')) takeQuota(quota, call, context, caller);
    if (call.malformed) throw new GoogleRefusal('parseError');
    return route.handle(call, context, caller);
  } catch (error) {
    if (error instanceof GoogleRefusal) return refused(error);
    if (error instanceof WrongField) return refused(new GoogleRefusal('invalid', error.message));
    throw error;
  }
}

/** A patch is three units, any other call is one. All methods count together. */
function takeQuota(quota: Quota, call: Call, context: Context, caller: Caller): void {
  const { subject, account } = standingOf(caller, context);
  const { quotaOwner } = context.behaviour;
  const owner = call.query.get('quotaUser') ?? (quotaOwner === 'subject' ? subject : account) ?? caller.id;
  const units = call.method === 'PATCH' ? 3 : 1;
  const { project, user } = windows;
  if (quota.take(`google user ${owner}`, [user], context.now, units) !== undefined) {
    throw tooMany('userRateLimitExceeded', context);
  }
  if (quota.take('google', [project], context.now, units) !== undefined) {
    throw tooMany('rateLimitExceeded', context);
  }
}

function tooMany(
  reason: 'rateLimitExceeded' | 'userRateLimitExceeded',
  { behaviour }: Context,
): GoogleRefusal {
  return behaviour.rateStatus === 'http-429'
    ? new GoogleRefusal('rateLimitExceeded', undefined, { status: 429 })
    : new GoogleRefusal(reason);
}

const rateReasons = ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded'] as const;

/** Google: its calendar, its token endpoint and its Directory API, hosts of their own there, paths of their own here. */
export const google: EmulatedPlatform = {
  id: 'google',
  routes: googleRoutes,
  roots: ['/calendar/v3/', '/token', '/admin/directory/'],
  answer,
  unknown: () => refused(new GoogleRefusal('notFound')),
  secretHeaders: ['authorization'],
  secretQuery: ['access_token'],
  tenant: { schema: googleSchema, check: checkGoogle },
  state,
  live,
  told,
  reschedule,
  faults: {
    rateCodes: rateReasons,
    tooMany(code, reset) {
      const reason = rateReasons.find((one) => one === code) ?? 'rateLimitExceeded';
      const answer = refused(new GoogleRefusal(reason));
      return reset === undefined
        ? answer
        : { ...answer, headers: { ...answer.headers, 'retry-after': String(reset) } };
    },
    internalError: () => refused(new GoogleRefusal('backendError')),
    pageToken: 'pageToken',
    batches: [],
    withExpiredToken: (headers) => ({ ...headers, authorization: 'Bearer expired' }),
    hold,
    meddle,
  },
};
