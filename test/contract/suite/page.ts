import type { Fault } from '../../../src/emulator/intercept.ts';
import { isObject, type JsonObject } from '../../../src/http/json.ts';

/** A body as it is sent: its shape is the platform's own. */
export type Page = JsonObject;

/** The object that a body is; a test that sends another has a mistake. */
export function objectIn(value: unknown): Page {
  if (!isObject(value)) throw new TypeError('not an object');
  return value;
}

/** The list of this name in a body; an empty one where the body has none. */
export function listIn(body: Page, name: string): readonly unknown[] {
  const list = body[name] ?? [];
  if (!Array.isArray(list)) throw new TypeError(`${name} is no list`);
  return list;
}

/** The token of a page after the first, however a call names it. */
export function pageTokenOf(query: Readonly<Record<string, string>>): string | undefined {
  return query['page_token'] ?? query['nextToken'] ?? query['pageToken'];
}

/** A switch as bodies and queries spell it; undefined where it is absent. */
export function switchIn(value: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  return value === true || value === 'true';
}

/** Sends the usual answer with another body. */
export function rewritten(change: (body: string) => string): Fault {
  return { kind: 'rewrite', rewrite: (answer) => ({ ...answer, body: change(answer.body) }) };
}
