import { isObject, textOf, type JsonObject } from '../../../http/json.ts';
import type { Asker } from '../../find.ts';
import { malformed } from '../../problem.ts';
import { PlatformError } from '../../provider.ts';

/** The calls for people and departments: the older half of the API, on a host of its own. */
export const legacyRoot = '/topapi/';

/** What the app may see of the organisation, on the same host. */
export const scopesPath = '/auth/scopes';

/** Calls of the newer half that cost nothing of the month either. */
export const freePaths = {
  hr: '/v1.0/hrm/employees/',
  leaveRecords: '/v1.0/contact/empLeaveRecords',
} as const;

/** What a call answers in `result`. Rejects with `PlatformError`. */
export async function legacy(
  { client, signal }: Asker,
  api: string,
  path: string,
  json: object,
): Promise<unknown> {
  const { body } = await client.ask({
    api,
    method: 'POST',
    path: `${legacyRoot}${path}`,
    body: { json },
    operation: 'read',
    signal,
  });
  return isObject(body) ? body['result'] : undefined;
}

/** The same of somebody or something that may not exist: null then. */
export async function legacyOrNull(asker: Asker, api: string, path: string, json: object): Promise<unknown> {
  try {
    return await legacy(asker, api, path, json);
  } catch (error) {
    if (error instanceof PlatformError && error.kind === 'absent') return null;
    throw error;
  }
}

/** Nobody where the app may not see the one who was asked for: that says nothing of the others. */
export async function inSight<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof PlatformError && (error.code === '50002' || error.code === '33012'))
      return undefined;
    throw error;
  }
}

export function objectOf(value: unknown): JsonObject {
  if (!isObject(value)) throw malformed('an answer has no result');
  return value;
}

/** A list of ids. */
export function idsOf(value: unknown, what: string): string[] {
  const ids = Array.isArray(value) ? value.map(idOf) : [undefined];
  if (!ids.every((id) => id !== undefined)) throw malformed(`${what} is not a list of ids`);
  return ids;
}

/** A list of objects. An empty one may be left out. */
export function objectsOf(value: unknown, what: string): readonly JsonObject[] {
  const rows = value ?? [];
  if (!Array.isArray(rows) || !rows.every(isObject)) throw malformed(`${what} are not a list of objects`);
  return rows;
}

/** The samples of the pages quote numbers in places. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : textOf(value);
}

/** A boolean, quoted or not. */
export function flagOf(value: unknown): boolean | undefined {
  if (value === true || value === 'true') return true;
  return value === false || value === 'false' ? false : undefined;
}

/** A number of things, quoted or not. */
export function countOf(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) ? count : null;
}
