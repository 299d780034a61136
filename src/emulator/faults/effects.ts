import { msOf } from '../behaviour.ts';
import type { Changeable, Fault, Intercept, InterceptedCall, ScriptedAnswer } from '../intercept.ts';
import { expiredToken, movedToken } from '../pages.ts';
import type { Scene } from '../platform.ts';
import { platformOf } from '../platforms.ts';
import type { Tokens } from '../tokens.ts';
import { firstHalf, fits, isHit, pageFields } from './match.ts';
import type { ErrorAnswer, Faults, Happening } from './rule.ts';

/** What faults work on. */
export interface Setting extends Omit<Scene, 'now'> {
  readonly tokens: Tokens;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Carries a faults file out: every rule counts the calls that fit it, and the first that hits one decides. */
export function faultsIntercept({ seed, rules }: Faults, setting: Setting): Intercept {
  const counts = rules.map(() => 0);
  return (call) => {
    const hit = rules.filter((rule, index) => {
      if (!fits(rule, call)) return false;
      const nth = (counts[index] ?? 0) + 1;
      counts[index] = nth;
      return isHit(rule, nth, seed, index);
    });
    const [first] = hit;
    return first === undefined ? undefined : faultOf(first, call, setting);
  };
}

/** What happens to a call that a rule hit. */
function faultOf(happening: Happening, call: InterceptedCall, setting: Setting): Fault {
  const { faults } = platformOf(call.api);
  switch (happening.fault) {
    case 'reset':
    case 'hang':
      return { kind: happening.fault, when: happening.when ?? 'before' };
    case 'drip': {
      const drip = { bytes: happening.bytes ?? 1, pauseMs: msOf(happening.pause ?? '100ms') };
      return { kind: 'rewrite', rewrite: (answer) => ({ ...answer, drip }) };
    }
    case 'error':
      return { kind: 'answer', when: happening.when ?? 'before', ...errorAnswer(call, happening) };
    case 'rate-limit':
      return { kind: 'answer', when: 'before', ...faults.tooMany(happening.code, happening.reset) };
    case 'expired-token':
      setting.tokens.revoke();
      return {
        kind: 'change',
        change: (changed) => ({ ...changed, headers: faults.withExpiredToken(changed.headers) }),
      };
    case 'expired-page-token':
      return { kind: 'change', change: (changed) => withPageToken(changed, expiredToken) };
    case 'stale':
      return {
        kind: 'run',
        run: () => {
          const now = setting.now();
          faults.hold(setting.world, call.params, now, now + msOf(happening.for));
        },
      };
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
        run: () => faults.meddle({ ...setting, now: setting.now() }, call.params, happening),
      };
    case 'half-done':
      return {
        kind: 'change',
        change: firstHalf,
        instead: happening.end === 'error' ? errorAnswer(call, happening) : 'reset',
      };
  }
}

function withPageToken(call: Changeable, change: (token: string) => string): Changeable {
  const query = new URLSearchParams(call.query);
  for (const name of pageFields) {
    const token = query.get(name);
    if (token !== null) query.set(name, change(token));
  }
  const { body } = call;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ...call, query };
  const changed = Object.entries(body).map(([field, value]: [string, unknown]) =>
    pageFields.includes(field) && (typeof value === 'string' || typeof value === 'number')
      ? [field, change(String(value))]
      : [field, value],
  );
  return { ...call, query, body: Object.fromEntries(changed) };
}

/** An error that a gateway, or the platform, answers. */
function errorAnswer(call: InterceptedCall, error: ErrorAnswer): ScriptedAnswer {
  const { status = 502, body = 'html', retryAfter } = error;
  const retry = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  switch (body) {
    case 'html': {
      const page = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
      return { status, headers: { 'content-type': 'text/html', ...retry }, body: page };
    }
    case 'json': {
      const answer = platformOf(call.api).faults.internalError();
      return { ...answer, status, headers: { ...answer.headers, ...retry } };
    }
    case 'nothing':
      return { status, headers: retry };
  }
}
