import { type Traffic, createTraffic, type Pace } from '../http/traffic.ts';
import type { Turn } from '../http/limiter.ts';
import type { HttpRequest } from '../http/transport.ts';
import { Secrets } from '../http/secrets.ts';
import type { FetchedToken } from '../http/token.ts';
import { pathSegment, queryString } from '../http/url.ts';
import { credentialNames, platforms } from '../platforms/index.ts';
import type { Dialect, Operation, TokenUse, WireCall } from './dialect.ts';
import { type JudgeOptions, Judge, type Judged } from './judge.ts';
import { PlatformError, type Account, type SessionOptions, type WriteOptions } from './provider.ts';
import { type Buy, tokensOf } from './tokens.ts';

/** A call for a client to make. */
export interface Ask extends WireCall {
  /** The API's name, for counts and rate windows: `attendees.list`. */
  readonly api: string;
  readonly operation: Exclude<Operation, 'token'>;
  /** The work can do without its answer. */
  readonly aside?: true;
  readonly signal: AbortSignal;
  readonly mayStart?: WriteOptions['mayStart'];
}

/** Makes the calls of one account in its platform's dialect. */
export interface Client {
  /** What the account is told beside its credentials. */
  readonly account: Pick<Account, 'accessToken' | 'administrator' | 'domains'>;
  readonly requests: number;
  readonly pace: Pace;
  /** Begins the work on one event once there is room for it; see {@link Session}. */
  begin(signal: AbortSignal, subject?: string): Promise<Turn>;
  /** The same client, its calls those of one event's work. */
  of(turn: Turn): Client;
  /** Those of them that count in the month. */
  readonly metered: number;
  /** Whether the account is given a token for that. Rejects as {@link ask} does; a refusal ends nothing else. */
  letIn(use: TokenUse, signal: AbortSignal): Promise<void>;
  /** A successful answer, undecoded. Rejects with {@link PlatformError}, or the signal's reason. */
  ask(request: Ask): Promise<Judged>;
}

/** An id as part of a path. @throws PlatformError where it is missing or cannot be one; `name` is the manifest's key. */
export function pathOf(name: string, id: string | undefined): string {
  const segment = id === undefined ? null : pathSegment(id);
  if (segment !== null) return segment;
  throw new PlatformError('event', 'bad-id', `the ${name} is missing or cannot be part of a URL`, {
    hint: `Check the ${name} in the manifest.`,
  });
}

function queryOf(query: WireCall['query'] = {}): string {
  try {
    return queryString(query);
  } catch {
    // Half a surrogate pair has no encoding.
    throw new PlatformError('event', 'bad-id', 'a parameter of the call cannot be part of a URL', {
      hint: 'Check the ids in the manifest.',
    });
  }
}

/** The parts of a request that the call itself decides. */
function requestOf(
  baseUrl: string,
  call: WireCall,
): Pick<HttpRequest, 'method' | 'url' | 'headers' | 'body'> {
  const { method, headers = {}, body } = call;
  const url = baseUrl + call.path + queryOf(call.query);
  if (body === undefined) return { method, url, headers };
  return 'json' in body
    ? {
        method,
        url,
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
        body: JSON.stringify(body.json),
      }
    : {
        method,
        url,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams(body.form).toString(),
      };
}

function usable({ token, lifetimeMs }: FetchedToken): boolean {
  return /^[\x21-\x7e]+$/.test(token) && lifetimeMs > 0;
}

/** The variable that names a host, and whether it does: that of tokens can be another one than that of calls. */
function hostVariable(
  account: Account,
  operation: Operation,
): { readonly name: string; readonly isSet: boolean } {
  const { baseUrl, host, otherHosts } = platforms[account.provider].env;
  const token = operation === 'token' ? otherHosts?.['token'] : undefined;
  if (token === undefined) return { name: baseUrl, isSet: account.baseUrl !== host };
  return { name: token.variable, isSet: account.hosts?.['token'] !== token.host };
}

/** What judging this account's answers needs, with hints that name its settings. */
function judgeOptions(account: Account, { clock }: SessionOptions, secrets: Secrets): JudgeOptions {
  const { title, env } = platforms[account.provider];
  return {
    title,
    credentialHint:
      account.accessToken === null
        ? `Check ${credentialNames(env).join(' and ')}.`
        : `Set ${env.token} to a token that is still valid.`,
    networkHint: (operation) =>
      `Check the network, ${hostVariable(account, operation).name} and HTTPS_PROXY.`,
    hostHint: (operation) => {
      const { name, isSet } = hostVariable(account, operation);
      return `${isSet ? `${name} names this host. ` : ''}Check the network, and HTTPS_PROXY.`;
    },
    secrets,
    date: () => clock.date(),
  };
}

function paceOf(traffic: Traffic, dialect: Dialect): Pace {
  return {
    get journeyMs() {
      return traffic.journeyMs;
    },
    get mostAtOnce() {
      return traffic.mostAtOnce;
    },
    ended: (api, subject) => traffic.ended(api, dialect.lane(api, subject)),
    leftMs: (due) => {
      const units = new Map<string, number>();
      for (const { api, subject, calls } of due) {
        const lane = dialect.lane(api, subject);
        units.set(lane, (units.get(lane) ?? 0) + calls * (dialect.units?.(api) ?? 1));
      }
      return traffic.leftMs(units);
    },
  };
}

/** Buys a token, which no output shows from then on. */
function buyer(
  account: Account,
  { clock }: SessionOptions,
  dialect: Dialect,
  by: {
    readonly traffic: Traffic;
    readonly judge: Judge;
    readonly secrets: Secrets;
    readonly hostOf: (call: WireCall) => string;
  },
): Buy {
  const { title } = platforms[account.provider];
  let bought = false;
  return async (asked, aside, signal) => {
    // A secret can be another one by the time that a token has ended.
    const own = (bought ? account.again?.() : null) ?? account;
    bought = true;
    const { body } = await by.traffic.call({
      api: 'token',
      lane: 'token',
      request: () => {
        const call = dialect.tokenCall(own, { ...asked, now: clock.date() });
        by.secrets.add(call.secret ?? null);
        return requestOf(by.hostOf(call), call);
      },
      kind: 'read',
      aside,
      signal,
      judge: (outcome) => by.judge.verdictOn(outcome, 'token'),
    });
    const fetched = dialect.tokenOf(body);
    if (fetched === null || !usable(fetched)) {
      throw new PlatformError('malformed', 'bad-token', `${title} did not return a usable token`, {
        hint: `Check ${hostVariable(account, 'token').name}.`,
      });
    }
    by.secrets.add(fetched.token);
    return fetched;
  };
}

/** The account, of which no secret is shown, whenever it is read. */
function knownTo(secrets: Secrets, account: Account): Account {
  const { again } = account;
  if (again === undefined) return account;
  return {
    ...account,
    again: () => {
      const next = again();
      for (const secret of [next?.appSecret, next?.accessToken]) secrets.add(secret ?? null);
      return next;
    },
  };
}

export function createClient(given: Account, options: SessionOptions, dialect: Dialect): Client {
  const traffic = createTraffic(options);
  const secrets = new Secrets([given.appSecret, given.accessToken]);
  const account = knownTo(secrets, given);
  const judge = new Judge(dialect, judgeOptions(account, options, secrets));

  const hostOf = (call: WireCall): string => dialect.hostOf?.(account, call) ?? account.baseUrl;

  const buy = buyer(account, options, dialect, { traffic, judge, secrets, hostOf });
  const tokens = tokensOf(account, options, dialect, buy);

  const pace = paceOf(traffic, dialect);
  const clientOf = (turn?: Turn): Client => ({
    account,
    get requests() {
      return traffic.requests;
    },
    pace,
    begin: (signal, subject) => traffic.begin(signal, subject),
    of: clientOf,
    get metered() {
      return traffic.metered;
    },
    letIn: async (use, signal) => {
      await tokens({ ...use, aside: true }).current(signal);
    },
    ask: ({ api, operation, signal, mayStart, aside = false, ...call }) =>
      traffic.call({
        api,
        lane: dialect.lane(api, call.as?.subject),
        units: dialect.units?.(api),
        turn,
        tokens: tokens(call.as),
        request: (token) => requestOf(hostOf(call), dialect.authorize(call, token)),
        kind: operation === 'read' ? 'read' : 'write',
        free: dialect.isFree?.(call) === true,
        aside,
        signal,
        mayStart,
        judge: (outcome) => judge.verdictOn(outcome, operation),
      }),
  });
  return clientOf();
}
