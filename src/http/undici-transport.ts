import type { Dispatcher } from 'undici';
import { createOnAbort } from './aborts.ts';
import { exchange } from './exchange.ts';
import { proxyRule, type Env } from './proxy.ts';
import {
  TransportError,
  type HttpAnswer,
  type HttpRequest,
  type RequestEvent,
  type Transport,
} from './transport.ts';
import { Agent, ProxyAgent } from './undici.ts';
import { shownUrl } from './url.ts';

/** Sockets to one host at most; further requests wait for one. */
export const maxSockets = 32;

/** The largest answer that is read: 32 MiB. A full page of attendees is far below 1 MiB. */
export const maxAnswerBytes: number = 32 * 1024 * 1024;

/** How long connecting may take, TLS included. */
const connectTimeoutMs = 10_000;

export interface TransportOptions {
  /** Where `HTTPS_PROXY` and `NO_PROXY` are looked up. */
  readonly env?: Env;
  /** Told of each try once it is over. */
  readonly onRequest?: (event: RequestEvent) => void;
  readonly maxAnswerBytes?: number;
}

/**
 * The transport of the program: undici with keep-alive, at most {@link maxSockets} sockets a host and answers of at
 * most {@link maxAnswerBytes}. Redirects are not followed, compression is not asked for. Requests that
 * `HTTPS_PROXY` and `NO_PROXY` send through a proxy are tunnelled.
 *
 * @throws ProxyError where `HTTPS_PROXY` cannot be used
 */
export function createTransport(options: TransportOptions = {}): Transport {
  const rule = proxyRule(options.env ?? {});
  // One deadline bounds the whole exchange, so the client's own timers are off.
  const limits = { connections: maxSockets, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 };
  const connect = { timeout: connectTimeoutMs };
  const direct = new Agent({ ...limits, connect });
  const proxied =
    rule.proxy === null
      ? null
      : new ProxyAgent({ ...limits, uri: rule.proxy.href, requestTls: connect, proxyTls: connect });
  const dispatcherFor = (url: URL): Dispatcher => (proxied === null || rule.isDirect(url) ? direct : proxied);
  const maxBytes = options.maxAnswerBytes ?? maxAnswerBytes;
  const onAbort = createOnAbort();

  return {
    async send(request: HttpRequest): Promise<HttpAnswer> {
      const url = new URL(request.url);
      const startedAt = performance.now();
      const tell = (end: Pick<RequestEvent, 'status' | 'error'>): void =>
        options.onRequest?.({
          api: request.api,
          method: request.method,
          url: shownUrl(request.url),
          ...end,
          durationMs: performance.now() - startedAt,
          attempt: request.attempt,
        });
      let answer: HttpAnswer;
      try {
        answer = await exchange(dispatcherFor(url), url, request, maxBytes, onAbort);
      } catch (error) {
        tell({ error: error instanceof TransportError ? error.kind : 'aborted' });
        throw error;
      }
      tell({ status: answer.status });
      return answer;
    },
    async close(): Promise<void> {
      await Promise.all([direct.close(), proxied?.close()]);
    },
  };
}
