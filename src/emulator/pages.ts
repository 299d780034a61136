/** A place in a list that a page token stands for. */
interface Mark {
  /** Whose list it is: a token for another one is refused. */
  readonly list: string;
  readonly offset: number;
  readonly issuedAt: number;
}

/** What a page token says: where to go on, or why it cannot be used. */
export type PageStart = { readonly offset: number } | { readonly problem: 'expired' | 'foreign' };

/** A page token. It holds its own place, so that it stays good when the server is started again. */
export function pageToken(list: string, offset: number, now: number): string {
  return encoded({ list, offset, issuedAt: now });
}

/** Reads a page token for this list; an empty one stands for the first page. */
export function pageStart(token: string, list: string, now: number, lifetimeMs: number): PageStart {
  if (token === '') return { offset: 0 };
  const mark = decodeMark(token);
  if (mark === undefined || mark.list !== list) return { problem: 'foreign' };
  return now - mark.issuedAt >= lifetimeMs ? { problem: 'expired' } : { offset: mark.offset };
}

/**
 * A page token for a place some rows on, or back where `by` is negative; the bare number of a row is one as well. One that
 * is none is left as it is.
 */
export function movedToken(token: string, by: number): string {
  if (/^\d{1,9}$/.test(token)) return String(Math.max(0, Number(token) + by));
  const mark = decodeMark(token);
  return mark === undefined ? token : encoded({ ...mark, offset: Math.max(0, mark.offset + by) });
}

/** A page token that was handed out too long ago; one that is none is left as it is. */
export function expiredToken(token: string): string {
  const mark = decodeMark(token);
  return mark === undefined ? token : encoded({ ...mark, issuedAt: Number.MIN_SAFE_INTEGER });
}

function encoded(mark: Mark): string {
  return Buffer.from(JSON.stringify(mark)).toString('base64url');
}

function decodeMark(token: string): Mark | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  // Any object may be asked for members: whether it has them is seen next.
  const { list, offset, issuedAt } = value as Record<keyof Mark, unknown>;
  if (typeof list !== 'string' || typeof offset !== 'number' || typeof issuedAt !== 'number')
    return undefined;
  return { list, offset, issuedAt };
}
