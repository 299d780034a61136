import { createCaller, type Call } from '../../http/caller.ts';
import { isObject, textOf } from '../../http/json.ts';
import { Secrets } from '../../http/secrets.ts';
import { givenToken, renewingToken, type FetchedToken, type TokenSource } from '../../http/token.ts';
import { pathSegment, queryString } from '../../http/url.ts';
import type { EventRef } from '../../model/event.ts';
import { PlatformError, type Account, type SessionOptions } from '../provider.ts';
import type { Operation } from './errors.ts';
import { judge, type Bench } from './judge.ts';

/** One call, from the path after `/v1.0` on. */
export interface Ask {
  readonly api: string;
  readonly method: Call<unknown>['method'];
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  /** `x-client-token`: the same while one request is repeated. */
  readonly key?: string;
  readonly operation: Operation;
  readonly signal: AbortSignal;
}

/** Makes DingTalk calls for one account. */
export interface Client {
  readonly requests: number;
  /** The body of a successful answer, undecoded. Rejects with {@link PlatformError}, or the signal's reason. */
  ask(request: Ask): Promise<unknown>;
}

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' };

function segment(name: string, id: string | undefined): string {
  const encoded = id === undefined ? null : pathSegment(id);
  if (encoded !== null) return encoded;
  throw new PlatformError('event', 'bad-id', `the ${name} is missing or cannot stand in a URL`, {
    hint: `Check the ${name} in the manifest.`,
  });
}

/** The path of an event. The `userId` of the pages is the organizer's unionId. */
export function eventPath(event: EventRef): string {
  const user = segment('organizer', event.organizer);
  const calendar = segment('calendarId', event.calendarId);
  return `/calendar/users/${user}/calendars/${calendar}/events/${segment('eventId', event.eventId)}`;
}

/** Page: `obtain-the-access_token-of-an-internal-app`. Its life is in seconds. */
function tokenOf(body: unknown): FetchedToken {
  const token = isObject(body) ? textOf(body['accessToken']) : undefined;
  const expire = isObject(body) ? body['expireIn'] : undefined;
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token) || typeof expire !== 'number' || !(expire > 0)) {
    throw new PlatformError('malformed', 'bad-token', 'DingTalk answered no usable token', {
      hint: 'Check DINGTALK_BASE_URL.',
    });
  }
  return { token, lifetimeMs: expire * 1000 };
}

export function createClient(account: Account, options: SessionOptions): Client {
  const caller = createCaller(options);
  const root = `${account.baseUrl}/v1.0`;
  const secrets = new Secrets([account.appSecret, account.accessToken]);
  const bench: Bench = {
    credentialHint:
      account.accessToken === null
        ? 'Look at DINGTALK_APP_KEY and DINGTALK_APP_SECRET.'
        : 'Set DINGTALK_ACCESS_TOKEN to a token that is still valid.',
    secrets,
    now: () => options.clock.date(),
  };

  async function fetchToken(): Promise<FetchedToken> {
    const body = await caller.call({
      api: 'token',
      method: 'POST',
      url: `${root}/oauth2/accessToken`,
      headers: jsonHeaders,
      body: { appKey: account.appId, appSecret: account.appSecret },
      kind: 'read',
      // Shared by all calls that wait for it, so no single one may end it; the time limit does.
      signal: new AbortController().signal,
      judge: (outcome) => judge(outcome, 'token', bench),
    });
    const fetched = tokenOf(body);
    secrets.add(fetched.token);
    return fetched;
  }

  const tokens: TokenSource =
    account.accessToken === null ? renewingToken(fetchToken, options.clock) : givenToken(account.accessToken);
  const authorization = { tokens, header: (token: string) => ({ 'x-acs-dingtalk-access-token': token }) };

  return {
    get requests() {
      return caller.requests;
    },
    async ask(request) {
      const body = await caller.call({
        api: request.api,
        method: request.method,
        url: root + request.path + queryString(request.query ?? {}),
        headers: {
          ...(request.body === undefined ? {} : jsonHeaders),
          ...(request.key === undefined ? {} : { 'x-client-token': request.key }),
        },
        body: request.body,
        authorization,
        kind: request.operation === 'read' ? 'read' : 'write',
        signal: request.signal,
        judge: (outcome) => judge(outcome, request.operation, bench),
      });
      return body;
    },
  };
}
