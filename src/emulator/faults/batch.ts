import type { Changeable } from '../intercept.ts';

/** The fields in which the calls of the platforms list whom they add or remove. */
const batchFields = ['attendees', 'attendee_ids', 'delete_ids', 'attendeesToAdd', 'attendeesToRemove'];

function listsOf(body: unknown): readonly (readonly [field: string, entries: readonly unknown[]])[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).filter(([field, value]) => batchFields.includes(field) && Array.isArray(value));
}

/** How many a call adds or removes; 0 for any other call. */
export function batchSize(body: unknown): number {
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
