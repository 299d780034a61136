/** One page of a listing, checked. `next` asks for the following one; `null`: this was the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: string | null;
}

/**
 * All rows of a listing, or why they cannot be trusted to be all.
 *
 * - `moved`: a row stood on two pages, so others may have stood on none.
 * - `repeated-token`: a page named a page that was read already.
 * - `endless`: there were more than {@link maxPages}.
 */
export type Pages<Row> =
  | { readonly state: 'complete'; readonly rows: readonly Row[] }
  | { readonly state: 'moved' | 'repeated-token' | 'endless' };

/** Far above what any event holds; it ends a listing that would never end. */
export const maxPages = 1000;

/** Reads a listing from its first page to its last. Rejects as `fetchPage` does. */
export async function readPages<Row>(
  fetchPage: (token: string | null) => Promise<Page<Row>>,
  keyOf: (row: Row) => string,
): Promise<Pages<Row>> {
  const rows: Row[] = [];
  const tokens = new Set<string>();
  const seen = new Set<string>();
  let token: string | null = null;
  for (let count = 0; count < maxPages; count += 1) {
    const page: Page<Row> = await fetchPage(token);
    const keys = page.rows.map(keyOf);
    if (keys.some((key) => seen.has(key))) return { state: 'moved' };
    for (const key of keys) seen.add(key);
    for (const row of page.rows) rows.push(row);
    if (page.next === null) return { state: 'complete', rows };
    if (tokens.has(page.next)) return { state: 'repeated-token' };
    tokens.add(page.next);
    token = page.next;
  }
  return { state: 'endless' };
}
