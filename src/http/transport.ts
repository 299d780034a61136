/** Sockets to one host at most; further requests wait for one. */
export const maxSockets = 128;

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One HTTP request as the platform clients make it. */
export interface HttpRequest {
  /** The API it belongs to, for counts and rate windows: `attendees.list`. */
  readonly api: string;
  readonly method: HttpMethod;
  /** Absolute, every part of the path percent-encoded already. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends the request, a read at any time, a write only before it is sent: from then on its answer is waited for. */
  readonly signal: AbortSignal;
  readonly kind: 'read' | 'write';
  /** The whole exchange, from waiting for a socket to the last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Counts the tries of one call from 1. */
  readonly attempt: number;
  /** Asked in the tick in which the request would be written: false, and not a byte of it is. */
  readonly mayStart?: (() => boolean) | undefined;
  /** Called when the request is about to be written to a connected socket. */
  readonly onSent?: () => void;
  /** Called when its answer is there, which may be before anybody comes to deal with it. */
  readonly onAnswered?: () => void;
}

/** Any answer, whatever its status: a redirect or an error page is an answer too. */
export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name; repeated headers are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/**
 * Why there was no answer.
 *
 * - `timeout`: none in time.
 * - `reset`: the connection broke off before the answer was complete.
 * - `connect`: there was no connection to send on, or none in time.
 * - `tls`: the certificate or the TLS settings prevent it; asking again would not help.
 * - `too-large`: the answer was longer than the limit and was dropped.
 * - `held`: it was no longer to be sent when there was a connection for it.
 */
export type TransportErrorKind = 'timeout' | 'reset' | 'connect' | 'tls' | 'too-large' | 'held';

/**
 * A request without an answer. It carries no cause: errors of the HTTP client can hold bytes of the exchange, and so
 * tokens.
 */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;
  /** Whether the request may have reached the server. False: it certainly did not. */
  readonly sent: boolean;
  /** The machine's own code, like `ECONNREFUSED`, where there is one. */
  readonly code: string | undefined;

  constructor(kind: TransportErrorKind, sent: boolean, message: string, code?: string) {
    super(message);
    this.kind = kind;
    this.sent = sent;
    this.code = code;
  }
}

/** What is told of each try, for progress, `--verbose` and counts. Holds no secret: no header, no body, no page token. */
export interface RequestEvent {
  readonly api: string;
  readonly method: HttpMethod;
  readonly url: string;
  /** Absent where there was no answer. */
  readonly status?: number;
  /** Why there was none. */
  readonly error?: TransportErrorKind | 'aborted';
  readonly durationMs: number;
  readonly attempt: number;
  /** What time the server says that it is, as it writes it, where it does. */
  readonly serverDate?: string;
}

/** Sends requests. Rejects with {@link TransportError}, or with the signal's reason when that aborts. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends the connections. Requests in flight have two seconds to end by themselves. */
  close(): Promise<void>;
}
