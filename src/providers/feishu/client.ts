import { createCaller, type Call } from '../../http/caller.ts';
import { textOf } from '../../http/json.ts';
import { Secrets } from '../../http/secrets.ts';
import { givenToken, renewingToken, type FetchedToken, type TokenSource } from '../../http/token.ts';
import { pathSegment, queryString } from '../../http/url.ts';
import type { EventRef } from '../../model/event.ts';
import { PlatformError, type Account, type SessionOptions } from '../provider.ts';
import type { Operation } from './errors.ts';
import { judge, type Bench } from './judge.ts';

/** One call, from the path after `/open-apis` on. */
export interface Ask {
  readonly api: string;
  readonly method: Call<unknown>['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly operation: Operation;
  readonly signal: AbortSignal;
}

/** Makes Feishu calls for one account. */
export interface Client {
  readonly requests: number;
  /** The `data` of a successful answer, undecoded. Rejects with {@link PlatformError}, or the signal's reason. */
  ask(request: Ask): Promise<unknown>;
}

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' };

function badId(name: string): PlatformError {
  return new PlatformError('event', 'bad-id', `the ${name} cannot stand in a URL`, {
    hint: `Check the ${name} in the manifest.`,
  });
}

/** The path of a calendar. */
export function calendarPath(calendarId: string): string {
  const calendar = pathSegment(calendarId);
  if (calendar === null) throw badId('calendarId');
  return `/calendar/v4/calendars/${calendar}`;
}

/** The path of an event, with every id encoded. */
export function eventPath(event: Pick<EventRef, 'calendarId' | 'eventId'>): string {
  const id = pathSegment(event.eventId);
  if (id === null) throw badId('eventId');
  return `${calendarPath(event.calendarId)}/events/${id}`;
}

/** Page: `auth-v3/auth/tenant_access_token_internal`. The token and its life stand at the top level, not in `data`. */
function tokenOf(body: Readonly<Record<string, unknown>>, title: string): FetchedToken {
  const token = textOf(body['tenant_access_token']);
  const expire = body['expire'];
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token) || typeof expire !== 'number' || !(expire > 0)) {
    throw new PlatformError('malformed', 'bad-token', `${title} answered no usable token`, {
      hint: 'Check the base URL.',
    });
  }
  return { token, lifetimeMs: expire * 1000 };
}

export function createClient(account: Account, options: SessionOptions): Client {
  const caller = createCaller(options);
  const root = `${account.baseUrl}/open-apis`;
  const prefix = account.provider.toUpperCase();
  const secrets = new Secrets([account.appSecret, account.accessToken]);
  const bench: Bench = {
    title: account.provider === 'lark' ? 'Lark' : 'Feishu',
    credentialHint:
      account.accessToken === null
        ? `Look at ${prefix}_APP_ID and ${prefix}_APP_SECRET.`
        : `Set ${prefix}_ACCESS_TOKEN to a token that is still valid.`,
    secrets,
    now: () => options.clock.date(),
  };

  async function fetchToken(): Promise<FetchedToken> {
    const body = await caller.call({
      api: 'token',
      method: 'POST',
      url: `${root}/auth/v3/tenant_access_token/internal`,
      headers: jsonHeaders,
      body: { app_id: account.appId, app_secret: account.appSecret },
      kind: 'read',
      // Shared by all calls that wait for it, so no single one may end it; the time limit does.
      signal: new AbortController().signal,
      judge: (outcome) => judge(outcome, 'token', bench),
    });
    const fetched = tokenOf(body, bench.title);
    secrets.add(fetched.token);
    return fetched;
  }

  const tokens: TokenSource =
    account.accessToken === null ? renewingToken(fetchToken, options.clock) : givenToken(account.accessToken);
  const authorization = { tokens, header: (token: string) => ({ authorization: `Bearer ${token}` }) };

  return {
    get requests() {
      return caller.requests;
    },
    async ask(request) {
      const body = await caller.call({
        api: request.api,
        method: request.method,
        url: root + request.path + queryString(request.query ?? {}),
        headers: request.body === undefined ? {} : jsonHeaders,
        body: request.body,
        authorization,
        kind: request.operation === 'read' ? 'read' : 'write',
        signal: request.signal,
        judge: (outcome) => judge(outcome, request.operation, bench),
      });
      const data = body['data'];
      return data;
    },
  };
}
