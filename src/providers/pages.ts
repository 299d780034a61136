import { type ObservedAttendee, identityOf } from '../model/attendee.ts';
import type { Observed } from '../model/observed.ts';
import { malformed } from './problem.ts';
import { PlatformError } from './provider.ts';

/** One page of a listing, checked. `next` asks for the following one; `null`: this was the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  /** How long its text was, in characters. */
  readonly size: number;
}

/** How a platform lists attendees. */
export interface Listing<Row extends ObservedAttendee> {
  readonly fetchPage: (token: string | null) => Promise<Page<Row>>;
  /** What a row is known by: it stands for one attendee, and on one page alone. */
  readonly keyOf: (row: Row) => string;
  /** Whether a refusal says no more than that the page token ran out. */
  readonly isStale?: (error: PlatformError) => boolean;
}

/** Far above what any event holds; it ends a listing that would never end. */
export const maxPages = 1000;

/** The pages of one listing together, in characters: some hundred times what the largest event takes. */
export const maxListingSize: number = 32 * 1024 * 1024;

/** All rows, or null where one stood on two pages: others may have stood on none. */
async function readOnce<Row extends ObservedAttendee>(listing: Listing<Row>): Promise<readonly Row[] | null> {
  const rows: Row[] = [];
  const tokens = new Set<string>();
  /** By key, the first row that has it. */
  const seen = new Map<string, number>();
  let token: string | null = null;
  let size = 0;
  for (let count = 0; count < maxPages; count += 1) {
    const page: Page<Row> = await listing.fetchPage(token);
    size += page.size;
    if (size > maxListingSize) throw malformed('the attendee list is longer than any event can have');
    const pageStart = rows.length;
    for (const row of page.rows) {
      const key = listing.keyOf(row);
      const at = seen.get(key);
      const first = at === undefined ? undefined : rows[at];
      if (at === undefined || first === undefined) {
        seen.set(key, rows.length);
      } else {
        if (identityOf(first) !== identityOf(row)) throw malformed('two attendees share one attendee id');
        if (at < pageStart) return null;
      }
      rows.push(row);
    }
    const { next } = page;
    if (next === null) return rows;
    if (/\p{Surrogate}/u.test(next)) throw malformed('the token of the next page cannot be part of a URL');
    if (tokens.has(next)) throw malformed('a page points back to one that was already read');
    tokens.add(next);
    token = next;
  }
  throw malformed('the attendee list never ends');
}

/**
 * Reads a listing from its first page to its last: from the start once more where a page token ran out, and once more
 * where rows moved meanwhile. Rejects as `fetchPage` does, and where the pages make no sense.
 */
export async function readList<Row extends ObservedAttendee>(listing: Listing<Row>): Promise<Observed> {
  let restarted = false;
  let moved = false;
  for (;;) {
    let rows: readonly Row[] | null;
    try {
      rows = await readOnce(listing);
    } catch (error) {
      const stale = error instanceof PlatformError && listing.isStale?.(error) === true;
      if (restarted || !stale) throw error;
      restarted = true;
      continue;
    }
    if (rows !== null) return { complete: true, attendees: rows };
    if (moved) {
      const message = 'the attendee list changed twice while it was being read';
      return { complete: false, problem: { code: 'list-moved', message, hint: 'Plan again.' } };
    }
    moved = true;
  }
}
