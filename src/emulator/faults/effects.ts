import { parseDuration } from '../duration.ts';
import type { Changeable, Fault, InterceptedCall } from '../intercept.ts';
import { expiredToken, movedToken } from '../pages.ts';
import { errorAnswer, rateAnswer } from './answers.ts';
import { firstHalf } from './batch.ts';
import { holdEvent, meddle, type Platform } from './events.ts';
import type { Happening } from './rule.ts';

/** What happens to a call that a rule hit. */
export function faultOf(happening: Happening, call: InterceptedCall, platform: Platform): Fault {
  switch (happening.fault) {
    case 'reset':
    case 'hang':
      return { kind: happening.fault, when: happening.when ?? 'before' };
    case 'drip': {
      const drip = { bytes: happening.bytes ?? 1, pauseMs: parseDuration(happening.pause ?? '100ms') };
      return { kind: 'rewrite', rewrite: (answer) => ({ ...answer, drip }) };
    }
    case 'error':
      return { kind: 'answer', when: happening.when ?? 'before', ...errorAnswer(call, happening) };
    case 'rate-limit':
      return { kind: 'answer', when: 'before', ...rateAnswer(call, happening) };
    case 'expired-token':
      platform.tokens.revoke();
      return { kind: 'change', change: withExpiredToken };
    case 'expired-page-token':
      return { kind: 'change', change: (changed) => withPageToken(changed, expiredToken) };
    case 'stale':
      return { kind: 'run', run: () => holdEvent(call, platform, parseDuration(happening.for)) };
    case 'moving-rows': {
      const by = happening.row === 'lost' ? 1 : -1;
      return {
        kind: 'change',
        change: (changed) => withPageToken(changed, (token) => movedToken(token, by)),
      };
    }
    case 'others':
      return {
        kind: 'run',
        when: happening.when ?? 'before',
        run: () => meddle(call, platform, happening),
      };
    case 'half-done':
      return {
        kind: 'change',
        change: firstHalf,
        instead: happening.end === 'error' ? errorAnswer(call, happening) : 'reset',
      };
  }
}

/** The call with a token of the same form that nobody was given. */
function withExpiredToken(call: Changeable): Changeable {
  const { authorization = '' } = call.headers;
  const [kept = ''] = /^Bearer (?:[tu]-)?/.exec(authorization) ?? [];
  return {
    ...call,
    headers: { ...call.headers, authorization: `${kept}expired`, 'x-acs-dingtalk-access-token': 'expired' },
  };
}

function withPageToken(call: Changeable, change: (token: string) => string): Changeable {
  const query = new URLSearchParams(call.query);
  for (const name of ['page_token', 'nextToken']) {
    const token = query.get(name);
    if (token !== null) query.set(name, change(token));
  }
  return { ...call, query };
}
