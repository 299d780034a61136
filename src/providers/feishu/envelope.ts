import { isObject, parseJson, textOf } from '../../http/json.ts';
import type { HttpAnswer } from '../../http/transport.ts';

/** A Feishu answer taken apart. */
export type Envelope =
  | { readonly state: 'ok'; readonly body: Readonly<Record<string, unknown>> }
  | {
      readonly state: 'refused';
      readonly code: number;
      readonly message: string;
      /** Fields that were not accepted, and permissions that are missing, as the platform names them. */
      readonly details: readonly string[];
      readonly logId: string | undefined;
    }
  /** No JSON, no code, or a code that belies the status. */
  | { readonly state: 'senseless'; readonly logId: string | undefined };

function violations(value: unknown, describe: (row: Readonly<Record<string, unknown>>) => string): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isObject).map(describe);
}

function detailsOf(error: unknown): string[] {
  if (!isObject(error)) return [];
  return [
    ...violations(error['field_violations'], (row) =>
      [textOf(row['field']), textOf(row['description'])].filter((part) => part !== undefined).join(': '),
    ),
    ...violations(error['permission_violations'], (row) => textOf(row['subject'] ?? row['scope']) ?? ''),
  ].filter((text) => text !== '');
}

function logIdOf(body: unknown, answer: HttpAnswer): string | undefined {
  const error = isObject(body) && isObject(body['error']) ? body['error'] : {};
  return textOf(error['log_id']) ?? textOf(error['logid']) ?? textOf(answer.headers['x-tt-logid']);
}

/**
 * Takes apart `{ code, msg, data, error }`. Code 0 is success, but only with a 2xx status: a page that a proxy
 * rewrote is not believed.
 */
export function openEnvelope(answer: HttpAnswer): Envelope {
  const body = parseJson(answer.text);
  const logId = logIdOf(body, answer);
  if (!isObject(body) || typeof body['code'] !== 'number') return { state: 'senseless', logId };
  const code = body['code'];
  if (code === 0) {
    return answer.status >= 200 && answer.status < 300
      ? { state: 'ok', body }
      : { state: 'senseless', logId };
  }
  return {
    state: 'refused',
    code,
    message: textOf(body['msg']) ?? '',
    details: detailsOf(body['error']),
    logId,
  };
}
