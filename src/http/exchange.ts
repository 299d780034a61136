import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { OnAbort } from './clock.ts';
import { TransportError, type HttpAnswer, type HttpRequest } from './transport.ts';
import { failureCode, tooSlow, unreachable } from './unreachable.ts';

/** How a request goes on its way. */
export interface Way {
  readonly dispatcher: Dispatcher;
  readonly url: URL;
  /** The host and port of the proxy on the way. */
  readonly proxy: string | null;
}

interface End {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (reason: unknown) => void;
}

export interface ExchangeOptions {
  readonly maxBytes: number;
  readonly onAbort: OnAbort;
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** Sends one request and reads its whole answer. */
export function exchange(route: Way, request: HttpRequest, options: ExchangeOptions): Promise<HttpAnswer> {
  const { dispatcher, url } = route;
  const { signal, method, headers, body = null } = request;
  return new Promise<HttpAnswer>((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const handler = new Exchange(route, request, options, { resolve, reject });
    dispatcher.dispatch(
      { origin: url.origin, path: url.pathname + url.search, method, headers, body },
      handler,
    );
  });
}

/**
 * One request under way. The lower-level handler of undici is used because it alone tells whether a request was written,
 * which decides whether a write may be repeated, and cut off.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #route: Way;
  readonly #request: HttpRequest;
  readonly #maxBytes: number;
  readonly #end: End;
  readonly #timer: NodeJS.Timeout;
  readonly #forgetSignal: () => void;
  #sent: Dispatcher.DispatchController | null = null;
  #over = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #size = 0;
  readonly #chunks: Buffer[] = [];

  constructor(route: Way, request: HttpRequest, options: ExchangeOptions, end: End) {
    this.#route = route;
    this.#request = request;
    this.#maxBytes = options.maxBytes;
    this.#end = end;
    this.#timer = setTimeout(() => {
      this.#stop(this.#late());
    }, request.timeoutMs);
    const { signal } = request;
    this.#forgetSignal = options.onAbort(signal, () => {
      this.#stop(signal.reason);
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) {
      controller.abort(new Error('stopped'));
      return;
    }
    if (this.#request.mayStart?.() === false) {
      this.#finish();
      this.#end.reject(new TransportError('held', false, 'it was too late to send it'));
      controller.abort(new Error('held'));
      return;
    }
    this.#sent = controller;
    if (this.#request.kind === 'write') this.#forgetSignal();
    this.#request.onSent?.();
  }

  onResponseStart(_: unknown, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = flatten(headers);
    if (Number(this.#headers['content-length']) > this.#maxBytes) this.#tooLarge();
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size > this.#maxBytes) this.#tooLarge();
  }

  onResponseEnd(): void {
    if (!this.#finish()) return;
    const [only] = this.#chunks;
    const bytes =
      only !== undefined && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks, this.#size);
    this.#request.onAnswered?.();
    const text = bytes.toString('utf8');
    // All answers that are there are heard before the first of them is dealt with: what comes of one takes longer.
    setImmediate(() => {
      this.#end.resolve({ status: this.#status, headers: this.#headers, text });
    });
  }

  onResponseError(_: unknown, error: Error): void {
    const { url, proxy } = this.#route;
    if (!this.#finish()) return;
    this.#end.reject(
      this.#sent === null
        ? unreachable(error, url.host, proxy)
        : new TransportError(
            'reset',
            true,
            `the connection to ${url.host} broke off (${failureCode(error)})`,
          ),
    );
  }

  #late(): TransportError {
    const { url, proxy } = this.#route;
    if (this.#sent === null) return tooSlow(url.host, proxy);
    const seconds = Math.round(this.#request.timeoutMs) / 1000;
    return new TransportError('timeout', true, `${url.host} did not answer within ${seconds} s`);
  }

  #tooLarge(): void {
    this.#chunks.length = 0;
    const { host } = this.#route.url;
    this.#stop(new TransportError('too-large', true, `${host} sent more than ${this.#maxBytes} bytes`));
  }

  #stop(reason: unknown): void {
    if (!this.#finish()) return;
    this.#end.reject(reason);
    this.#sent?.abort(new Error('stopped'));
  }

  /** False: it is over already. */
  #finish(): boolean {
    if (this.#over) return false;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#forgetSignal();
    return true;
  }
}
