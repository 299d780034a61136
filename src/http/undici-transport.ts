import type { Dispatcher } from 'undici';
import { createOnAbort } from './clock.ts';
import { resetting } from './connections.ts';
import { exchange, type Way } from './exchange.ts';
import { proxySettings, type ProxySettings } from './proxy.ts';
import {
  TransportError,
  maxSockets,
  type HttpAnswer,
  type HttpRequest,
  type RequestEvent,
  type Transport,
} from './transport.ts';
import { Agent, EnvHttpProxyAgent, Pool } from './undici.ts';
import { type Env, isLoopback, shownUrl } from './url.ts';

/** The largest answer that is read: 32 MiB. A full page of attendees is far below 1 MiB. */
export const maxAnswerBytes: number = 32 * 1024 * 1024;

/** How long each step of connecting may take: to a host, to a proxy, through one, TLS. */
const connectTimeoutMs = 10_000;

/** How long requests may go on once all is over, in milliseconds. */
const closeGraceMs = 2000;

export interface TransportOptions {
  /** Where `HTTPS_PROXY` and `NO_PROXY` are looked up. */
  readonly env?: Env;
  /** Told of each try once it is over. */
  readonly onRequest?: (event: RequestEvent) => void;
  /** Told how many requests are in flight, sent and not answered, each time that changes. */
  readonly onInFlight?: (count: number) => void;
  readonly maxAnswerBytes?: number;
}

// One deadline bounds the whole exchange, so the client's own timers are off.
const limits = { connections: maxSockets, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };
const connect = { timeout: connectTimeoutMs };

/**
 * The transport of the program: undici with keep-alive, at most {@link maxSockets} sockets a host and answers of at
 * most {@link maxAnswerBytes}. Redirects are not followed, compression is not asked for. Requests that
 * `HTTPS_PROXY` and `NO_PROXY` send through a proxy are tunnelled; those to loopback never are.
 *
 * @throws ProxyError where `HTTPS_PROXY` cannot be used
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const settings = proxySettings(options.env ?? {});
  const direct = new Agent({ ...limits, connect: resetting(connect) });
  const proxied = settings === null ? null : throughProxy(settings);
  const dispatchers = [direct, ...(proxied === null ? [] : [proxied])];
  const routeOf = (url: URL): Way =>
    proxied === null || isLoopback(url.hostname)
      ? { url, dispatcher: direct, proxy: null }
      : { url, dispatcher: proxied, proxy: settings?.proxy.host ?? null };
  const limitsOf = { maxBytes: options.maxAnswerBytes ?? maxAnswerBytes, onAbort: createOnAbort() };
  const tell = telling(options);
  let awaited = 0;

  return {
    send: async (request) => {
      awaited += 1;
      try {
        return await tell(request, (onSent) =>
          exchange(routeOf(new URL(request.url)), { ...request, onSent }, limitsOf),
        );
      } finally {
        awaited -= 1;
      }
    },
    close: () => closed(dispatchers, awaited > 0),
  };
}

/** Straight to the hosts that are exempt, to all others by the proxy. */
function throughProxy({ proxy, noProxy }: ProxySettings): Dispatcher {
  return new EnvHttpProxyAgent({
    ...limits,
    httpProxy: '',
    httpsProxy: proxy.href,
    noProxy,
    connect,
    requestTls: connect,
    proxyTls: connect,
    // Undici waits five minutes for the answer of a proxy, unless its client is made here. Nothing tells how a tunnel ends,
    // so each is reset.
    clientFactory: (origin: URL): Dispatcher =>
      new Pool(origin, {
        connect: resetting(connect, () => true),
        headersTimeout: connectTimeoutMs,
        bodyTimeout: connectTimeoutMs,
      }),
  });
}

/** Has each try told of, and those in flight counted. */
function telling({ onRequest, onInFlight }: TransportOptions) {
  let inFlight = 0;
  const count = (step: number): void => {
    inFlight += step;
    onInFlight?.(inFlight);
  };
  return async (
    request: HttpRequest,
    send: (onSent: () => void) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer> => {
    const { api, method, attempt } = request;
    const startedAt = performance.now();
    let sent = 0;
    const over = (end: Pick<RequestEvent, 'status' | 'error' | 'serverDate'>): void => {
      if (sent > 0) count(-1);
      const durationMs = performance.now() - startedAt;
      onRequest?.({ api, method, url: shownUrl(request.url), ...end, durationMs, attempt });
    };
    try {
      const answer = await send(() => {
        sent += 1;
        count(1);
        request.onSent?.();
      });
      const { date } = answer.headers;
      over({ status: answer.status, ...(date === undefined ? {} : { serverDate: date }) });
      return answer;
    } catch (error) {
      over({ error: error instanceof TransportError ? error.kind : 'aborted' });
      throw error;
    }
  };
}

/** Closes what has ended, and after a grace also what is still awaited: a connection that nobody awaits has none. */
async function closed(dispatchers: readonly Dispatcher[], awaited: boolean): Promise<void> {
  if (awaited) {
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeGraceMs);
    });
    await Promise.race([Promise.all(dispatchers.map((dispatcher) => dispatcher.close())), grace]);
    clearTimeout(timer);
  }
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
}
