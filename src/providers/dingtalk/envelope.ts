import { isObject, parseJson, textOf } from '../../http/json.ts';
import type { HttpAnswer } from '../../http/transport.ts';

/** A DingTalk answer taken apart. */
export type Envelope =
  /** A success. `body` is `undefined` where it was empty, as the answers of writes are. */
  | { readonly state: 'ok'; readonly body: unknown }
  | {
      readonly state: 'refused';
      readonly code: string;
      readonly message: string;
      /** Permissions that are missing, as the platform names them. */
      readonly scopes: readonly string[];
      readonly requestId: string | undefined;
    }
  /** The gateway bars this network address for some minutes. */
  | { readonly state: 'barred'; readonly minutes: number | null }
  /** Neither success nor an error of the API: HTML, nothing, a bare text. */
  | { readonly state: 'senseless'; readonly requestId: string | undefined };

function scopesOf(body: Readonly<Record<string, unknown>>): string[] {
  const detail = body['accessdenieddetail'] ?? body['accessDeniedDetail'];
  const scopes = isObject(detail) ? detail['requiredScopes'] : undefined;
  return Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === 'string') : [];
}

/**
 * Takes an answer apart. Success is any 2xx whose body is empty or JSON without an error code; an error is
 * `{ code, message, requestid }`. The bar of the gateway, `{ status: 1111, wait }`, comes with a status that is not
 * documented, so it is looked for first.
 */
export function openEnvelope(answer: HttpAnswer): Envelope {
  const empty = answer.text.trim() === '';
  const body = empty ? undefined : parseJson(answer.text);
  const requestHeader = textOf(answer.headers['x-acs-request-id']);
  if (isObject(body) && body['status'] === 1111) {
    return { state: 'barred', minutes: typeof body['wait'] === 'number' ? body['wait'] : null };
  }
  const code = isObject(body) ? textOf(body['code']) : undefined;
  if (isObject(body) && code !== undefined) {
    return {
      state: 'refused',
      code,
      message: textOf(body['message']) ?? '',
      scopes: scopesOf(body),
      requestId: textOf(body['requestid']) ?? textOf(body['requestId']) ?? requestHeader,
    };
  }
  const success = answer.status >= 200 && answer.status < 300;
  if (success && (empty || body !== undefined)) return { state: 'ok', body };
  return { state: 'senseless', requestId: requestHeader };
}
