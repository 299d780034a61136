import { createHash } from 'node:crypto';

import type { Changeable, InterceptedCall } from '../intercept.ts';
import { apiNames, emulated, platformOf } from '../platforms.ts';
import { glob, rangeOf } from './parse.ts';
import type { FaultRule } from './rule.ts';

/** The fields in which the calls of the platforms say where a page begins. */
export const pageFields: readonly string[] = emulated.map(({ faults }) => faults.pageToken);

/** The page token that a call carries, in its query or its body; undefined where it asks for the first page. */
function pageTokenOf({ query, body }: InterceptedCall): string | undefined {
  const given: Readonly<Record<string, unknown>> =
    typeof body === 'object' && body !== null ? { ...query, ...body } : query;
  const token = Object.entries(given).find(([field]) => pageFields.includes(field))?.[1];
  const text = typeof token === 'string' || typeof token === 'number' ? String(token) : '';
  return text === '' || text === '0' ? undefined : text;
}

/** Whether a call is one that a rule counts: what the rule says of it holds, and the fault can befall it. */
export function fits(rule: FaultRule, call: InterceptedCall): boolean {
  const { api, method, path, event } = rule;
  const names = typeof api === 'string' ? [api] : (api ?? ['*']);
  return (
    names.some((name) => glob(name).test(call.api)) &&
    (method === undefined || method === call.method) &&
    (path === undefined || glob(path).test(call.path)) &&
    (event === undefined || event === call.params['eventId']) &&
    canBefall(rule, call)
  );
}

function canBefall(rule: FaultRule, call: InterceptedCall): boolean {
  switch (rule.fault) {
    case 'reset':
    case 'hang':
    case 'drip':
    case 'error':
      return true;
    case 'rate-limit':
      if (!apiNames.includes(call.api)) return false;
      return rule.code === undefined || platformOf(call.api).faults.rateCodes.includes(rule.code);
    case 'expired-token':
      return apiNames.includes(call.api) && !call.api.endsWith('.token');
    case 'expired-page-token':
    case 'moving-rows':
      return pageTokenOf(call) !== undefined;
    case 'stale':
    case 'others':
      return call.params['eventId'] !== undefined;
    case 'half-done':
      return batchSize(call.body) >= 2;
  }
}

/** Whether the nth call that fits the rule is hit; `index` is the rule's place in its file. */
export function isHit(rule: FaultRule, nth: number, seed: number, index: number): boolean {
  const { from, to } = rangeOf(rule.calls);
  if (nth < from || nth > to || nth % (rule.every ?? 1) !== 0) return false;
  return rule.chance === undefined || drawn(seed, index, nth) < rule.chance;
}

/** From 0 to below 1, always the same for the same three: calls that come in another order change nothing. */
function drawn(seed: number, index: number, nth: number): number {
  const digest = createHash('sha256').update(`${seed} ${index} ${nth}`).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

/** The fields in which the calls of the platforms list whom they add or remove. */
const batchFields = emulated.flatMap(({ faults }) => faults.batches);

function listsOf(body: unknown): readonly (readonly [field: string, entries: readonly unknown[]])[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).filter(([field, value]) => batchFields.includes(field) && Array.isArray(value));
}

/** How many a call adds or removes; 0 for any other call. */
function batchSize(body: unknown): number {
  return listsOf(body).reduce((size, [, entries]) => size + entries.length, 0);
}

/** The call with the first half of its batch. */
export function firstHalf(call: Changeable): Changeable {
  let left = Math.floor(batchSize(call.body) / 2);
  const halves = listsOf(call.body).map(([field, entries]) => {
    const kept = entries.slice(0, left);
    left -= kept.length;
    return [field, kept] as const;
  });
  // A body with lists in it is an object.
  return { ...call, body: { ...(call.body as object), ...Object.fromEntries(halves) } };
}
