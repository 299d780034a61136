import { createLimiter } from '../../src/http/quota.ts';
import type { RequestEvent } from '../../src/http/transport.ts';
import { createTransport } from '../../src/http/undici-transport.ts';
import type { EventRef } from '../../src/model/event.ts';
import type { ProviderId } from '../../src/platforms/index.ts';
import { accountOf } from '../../src/providers/account.ts';
import type { Finder, Reader, Session, Writer } from '../../src/providers/provider.ts';
import { providerOf } from '../../src/providers/registry.ts';
import {
  scriptedServer,
  type ScriptedAnswer,
  type Script,
  type SeenRequest,
} from '../support/scripted-server.ts';
import { virtualClock, type VirtualClock } from '../support/virtual-clock.ts';

export const signal: AbortSignal = new AbortController().signal;

/** What must never be shown. */
export const canaries = { secret: 'CANARY-secret', token: 't-CANARY-token' };

export interface Bench {
  readonly session: Session;
  readonly reader: Reader;
  readonly finder: Finder;
  readonly writer: Writer;
  readonly clock: VirtualClock;
  /** The calls that are not for a token. */
  readonly calls: () => readonly SeenRequest[];
  readonly tokenCalls: () => readonly SeenRequest[];
  readonly events: readonly RequestEvent[];
}

export interface BenchOptions {
  readonly provider: ProviderId;
  /** Answers everything but token calls, unless `token` is absent. */
  readonly script: Script;
  readonly token: (request: SeenRequest, count: number) => ScriptedAnswer;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

const isTokenCall = (request: SeenRequest): boolean =>
  /tenant_access_token|oauth2|^\/token$/.test(request.path);

/** A session of a provider against a server that answers as scripted, with a clock that nobody waits for. */
export async function onBench<T>(options: BenchOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
  let tokens = 0;
  await using server = await scriptedServer((request, response) => {
    if (!isTokenCall(request)) return options.script(request, response);
    tokens += 1;
    return options.token(request, tokens);
  });
  const prefix = options.provider.toUpperCase();
  const account = accountOf(options.provider, {
    [`${prefix}_BASE_URL`]: server.url,
    [`${prefix}_APP_ID`]: 'cli_x',
    [`${prefix}_APP_KEY`]: 'cli_x',
    [`${prefix}_APP_SECRET`]: canaries.secret,
    [`${prefix}_TOKEN_URL`]: server.url,
    [`${prefix}_ADMIN_BASE_URL`]: server.url,
    ...options.env,
  });
  if ('problem' in account) throw new Error(account.message);
  const events: RequestEvent[] = [];
  const transport = createTransport({ onRequest: (event) => events.push(event) });
  const clock = virtualClock();
  const provider = await providerOf(options.provider);
  const session = provider.session(account, {
    transport,
    clock,
    limiter: createLimiter([], clock),
    timeoutMs: options.timeoutMs ?? 60_000,
  });
  try {
    return await work({
      session,
      reader: session.reader(),
      finder: session.finder(),
      writer: session.writer(),
      clock,
      calls: () => server.requests.filter((request) => !isTokenCall(request)),
      tokenCalls: () => server.requests.filter(isTokenCall),
      events,
    });
  } finally {
    await transport.close();
  }
}

/** Gives the answers one after the other; the last one stays. */
export function inTurn(...answers: readonly ReturnType<Script>[]): Script {
  let index = -1;
  return () => {
    index += 1;
    return answers[Math.min(index, answers.length - 1)] ?? {};
  };
}

export const feishuEvent: EventRef = {
  provider: 'feishu',
  calendarId: 'feishu.cn_x@group.calendar.feishu.cn',
  eventId: 'a/b+c==_0',
  userIdType: 'open_id',
};

export const dingtalkEvent: EventRef = {
  provider: 'dingtalk',
  calendarId: 'primary',
  eventId: 'a/b+c==',
  organizer: 'unionOrg',
};

/** Feishu: `{ code: 0, data }`. */
export function ok(data: unknown): ScriptedAnswer {
  return { body: { code: 0, msg: 'success', data } };
}

/** Feishu: a refusal. */
export function no(
  code: number,
  status = 400,
  headers: Readonly<Record<string, string>> = {},
): ScriptedAnswer {
  return { status, headers, body: { code, msg: 'platform text', error: { log_id: 'log-1' } } };
}

export function onFeishu<T>(
  script: Script,
  work: (bench: Bench) => Promise<T>,
  more: Partial<BenchOptions> = {},
): Promise<T> {
  const token = (_request: SeenRequest, count: number): ScriptedAnswer => ({
    body: { code: 0, msg: 'ok', tenant_access_token: `${canaries.token}-${count}`, expire: 7200 },
  });
  return onBench({ provider: 'feishu', script, token, ...more }, work);
}

/** DingTalk: a refusal. */
export function refuse(
  code: string,
  status = 400,
  more: Readonly<Record<string, unknown>> = {},
): ScriptedAnswer {
  return { status, body: { code, message: 'platform text', requestid: 'req-1', ...more } };
}

export function onDingtalk<T>(
  script: Script,
  work: (bench: Bench) => Promise<T>,
  more: Partial<BenchOptions> = {},
): Promise<T> {
  const token = (_request: SeenRequest, count: number): ScriptedAnswer => ({
    body: { accessToken: `${canaries.token}-${count}`, expireIn: 7200 },
  });
  return onBench({ provider: 'dingtalk', script, token, ...more }, work);
}
