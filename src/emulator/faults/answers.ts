import { DingtalkRefusal, refused as dingtalkRefused } from '../dingtalk/answer.ts';
import { FeishuRefusal, refused as feishuRefused } from '../feishu/answer.ts';
import type { InterceptedCall, ScriptedAnswer } from '../intercept.ts';
import type { ErrorAnswer, Happening } from './rule.ts';

/** An error that a gateway, or the platform, answers. */
export function errorAnswer(call: InterceptedCall, error: ErrorAnswer): ScriptedAnswer {
  const { status = 502, body = 'html', retryAfter } = error;
  const retry = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  switch (body) {
    case 'html': {
      const page = `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`;
      return { status, headers: { 'content-type': 'text/html', ...retry }, body: page };
    }
    case 'json': {
      const answer = call.api.startsWith('dingtalk.')
        ? dingtalkRefused(new DingtalkRefusal('unknownError'))
        : feishuRefused(new FeishuRefusal(190003));
      return { ...answer, status, headers: { ...answer.headers, ...retry } };
    }
    case 'nothing':
      return { status, headers: retry };
  }
}

/** What a platform answers to a call too many. */
export function rateAnswer(
  call: InterceptedCall,
  { code, reset }: Extract<Happening, { fault: 'rate-limit' }>,
): ScriptedAnswer {
  if (code === 'QpsLimit' || call.api.startsWith('dingtalk.')) {
    return dingtalkRefused(new DingtalkRefusal('Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'));
  }
  const headers =
    reset === undefined ? {} : { 'x-ogw-ratelimit-limit': '50', 'x-ogw-ratelimit-reset': String(reset) };
  return feishuRefused(new FeishuRefusal(code ?? 99991400, undefined, headers));
}
