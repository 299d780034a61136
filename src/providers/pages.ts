import { type ObservedAttendee, identityOf } from '../model/attendee.ts';
import type { Problem } from '../model/diagnostic.ts';
import type { Observed } from '../model/event.ts';
import { malformed } from './problem.ts';
import { PlatformError } from './provider.ts';

/** One page of a listing, checked. `next` asks for the following one; `null`: this was the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
  /** How long its text was, in characters. */
  readonly size: number;
}

/** How a platform lists something. */
export interface Listing<Row> {
  readonly fetchPage: (token: string | null) => Promise<Page<Row>>;
  /** What a row is known by: it stands for one thing, and on one page alone. */
  readonly keyOf: (row: Row) => string;
  /** Whether a refusal says no more than that the page token ran out. */
  readonly isStale?: (error: PlatformError) => boolean;
}

/** A listing in words: `attendee`, and what no list of them is longer than. */
interface Words {
  readonly rows: string;
  readonly longest: string;
}

/** Far above what any event holds; it ends a listing that would never end. */
export const maxPages = 1000;

/** The pages of one listing together, in characters: some hundred times what the largest event takes. */
export const maxListingSize: number = 32 * 1024 * 1024;

/**
 * All rows into `rows`. False: one stood on two pages, and others may have stood on none.
 *
 * @param sameOf what two rows of one key have in common, if they make sense
 */
async function readOnce<Row>(
  { fetchPage, keyOf }: Listing<Row>,
  words: Words,
  sameOf: (row: Row) => string,
  rows: Row[],
): Promise<boolean> {
  const tokens = new Set<string>();
  /** By key, the first row that has it. */
  const seen = new Map<string, number>();
  let token: string | null = null;
  let size = 0;
  for (let count = 0; count < maxPages; count += 1) {
    const page: Page<Row> = await fetchPage(token);
    size += page.size;
    if (size > maxListingSize) throw malformed(`the ${words.rows} list is longer than ${words.longest}`);
    const pageStart = rows.length;
    for (const row of page.rows) {
      const key = keyOf(row);
      const at = seen.get(key);
      const first = at === undefined ? undefined : rows[at];
      if (at === undefined || first === undefined) {
        seen.set(key, rows.length);
      } else {
        if (sameOf(first) !== sameOf(row)) throw malformed('two attendees share one attendee id');
        if (at < pageStart) return false;
      }
      rows.push(row);
    }
    const { next } = page;
    if (next === null) return true;
    if (/\p{Surrogate}/u.test(next)) throw malformed('the token of the next page cannot be part of a URL');
    if (tokens.has(next)) throw malformed('a page points back to one that was already read');
    tokens.add(next);
    token = next;
  }
  throw malformed(`the ${words.rows} list never ends`);
}

/**
 * Reads a listing from its first page to its last: from the start once more where a page token ran out, and once more
 * where rows moved meanwhile. Null where all is in `rows`, else what stood against it. Rejects as `fetchPage` does, and
 * where the pages make no sense; `rows` holds what was read until then.
 */
async function readAgain<Row>(
  listing: Listing<Row>,
  words: Words,
  sameOf: (row: Row) => string,
  rows: Row[],
): Promise<Problem | null> {
  let restarted = false;
  let moved = false;
  for (;;) {
    rows.length = 0;
    let whole: boolean;
    try {
      whole = await readOnce(listing, words, sameOf, rows);
    } catch (error) {
      const stale = error instanceof PlatformError && listing.isStale?.(error) === true;
      if (restarted || !stale) throw error;
      restarted = true;
      continue;
    }
    if (whole) return null;
    if (moved) {
      const message = `the ${words.rows} list changed twice while it was being read`;
      return { code: 'list-moved', message, hint: 'Plan again.' };
    }
    moved = true;
  }
}

/** Reads the list of an event's attendees. Rejects as `fetchPage` does, and where the pages make no sense. */
export async function readList<Row extends ObservedAttendee>(listing: Listing<Row>): Promise<Observed> {
  const rows: Row[] = [];
  const words = { rows: 'attendee', longest: 'any event can have' };
  const problem = await readAgain(listing, words, identityOf, rows);
  return problem === null ? { complete: true, attendees: rows } : { complete: false, problem };
}

/**
 * Reads any other list, its rows into `rows` one after the other, so that what was read is there also where it ends
 * early. Null where it is whole. Rejects as {@link readList} does.
 */
export async function readRows<Row>(
  listing: Listing<Row>,
  what: string,
  rows: Row[],
): Promise<Problem | null> {
  const words = { rows: what, longest: 'any can be' };
  const problem = await readAgain(listing, words, listing.keyOf, rows);
  return problem === null ? null : { ...problem, hint: 'Try again.' };
}
