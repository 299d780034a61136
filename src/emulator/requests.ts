/** A call as the log keeps it: no token, no secret. */
export interface LoggedRequest {
  readonly api: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The JSON body; undefined where there is none, and for calls that fetch a token. */
  readonly body: unknown;
  /** Null while there is no answer, and for good where the connection was cut. */
  readonly status: number | null;
}

const secret = new Set(['authorization', 'x-acs-dingtalk-access-token', 'cookie']);

/** The headers that may be kept. */
export function keptHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.has(name)));
}
