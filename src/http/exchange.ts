import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { OnAbort } from './aborts.ts';
import { TransportError, type HttpAnswer, type HttpRequest } from './transport.ts';

const tlsCodes = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH|EPROTO$)/;

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function asTransportError(error: Error, sent: boolean, host: string): TransportError {
  const code = codeOf(error);
  if (sent) return new TransportError('reset', true, `the connection to ${host} broke off (${code})`);
  if (tlsCodes.test(code)) return new TransportError('tls', false, `${host} cannot be trusted (${code})`);
  return new TransportError('connect', false, `${host} cannot be reached (${code})`);
}

function flatten(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/**
 * Sends one request and reads its whole answer. The lower-level handler of undici is used because it alone tells
 * whether a request was written, which decides whether a write may be repeated.
 */
export function exchange(
  dispatcher: Dispatcher,
  url: URL,
  request: HttpRequest,
  maxBytes: number,
  onAbort: OnAbort,
): Promise<HttpAnswer> {
  const { signal, timeoutMs } = request;
  return new Promise<HttpAnswer>((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    let controller: Dispatcher.DispatchController | null = null;
    let over = false;
    let status = 0;
    let headers: Record<string, string> = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const finish = (settle: () => void): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      forget();
      settle();
    };
    const stop = (reason: unknown): void =>
      finish(() => {
        reject(reason);
        controller?.abort(new Error('stopped'));
      });
    const tooLarge = (): void => {
      chunks.length = 0;
      stop(new TransportError('too-large', true, `${url.host} answered more than ${maxBytes} bytes`));
    };
    const timer = setTimeout(() => {
      const sent = controller !== null;
      stop(
        new TransportError(
          'timeout',
          sent,
          `${url.host} did not answer within ${Math.round(timeoutMs) / 1000} s`,
        ),
      );
    }, timeoutMs);
    const forget = onAbort(signal, () => stop(signal.reason));

    dispatcher.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
      },
      {
        onRequestStart(started) {
          if (over) {
            started.abort(new Error('stopped'));
            return;
          }
          controller = started;
          request.onSent?.();
        },
        onResponseStart(_controller, statusCode, answered) {
          status = statusCode;
          headers = flatten(answered);
          if (Number(headers['content-length']) > maxBytes) tooLarge();
        },
        onResponseData(_controller, chunk) {
          size += chunk.length;
          chunks.push(chunk);
          if (size > maxBytes) tooLarge();
        },
        onResponseEnd() {
          finish(() => resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') }));
        },
        onResponseError(_controller, error) {
          finish(() => reject(asTransportError(error, controller !== null, url.host)));
        },
      },
    );
  });
}
