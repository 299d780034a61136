import type { JsonObject } from '../../http/json.ts';
import { givenReply, keyOf } from './event.ts';

type Rows = readonly JsonObject[];

/**
 * The rows that are still there and have no longer the reply that they had, as they were. Rooms answer by themselves.
 */
export function lostIn(before: Rows, after: Rows): Rows {
  const there = new Set(after.map(keyOf));
  const replied = new Set(after.filter(hasReply).map(keyOf));
  return before.filter((row) => hasReply(row) && there.has(keyOf(row)) && !replied.has(keyOf(row)));
}

/** The same where an earlier answer was lost, and with it perhaps replies: rows as they were known before. */
export function asKnown(rows: Rows, known: Rows): Rows {
  return rows.map((row) => known.find((one) => keyOf(one) === keyOf(row) && !hasReply(row)) ?? row);
}

/** Those of the rows that were answered, by address. */
export function repliedBy(rows: Rows, addresses: ReadonlySet<string>): Rows {
  return rows.filter((row) => addresses.has(keyOf(row)) && hasReply(row));
}

/** Rows with the replies of others that were of the same people, and what these wrote beside them. */
export function withReplies(rows: Rows, lost: Rows): Rows {
  const own = new Map(lost.map((row) => [keyOf(row), row]));
  return rows.map((row) => {
    const before = own.get(keyOf(row));
    if (before === undefined || hasReply(row)) return row;
    const given = ['responseStatus', 'comment', 'additionalGuests'].filter((name) => name in before);
    return { ...row, ...Object.fromEntries(given.map((name) => [name, before[name]])) };
  });
}

function hasReply(row: JsonObject): boolean {
  return row['resource'] !== true && givenReply(row) !== undefined;
}
