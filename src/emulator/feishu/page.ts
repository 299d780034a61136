import { countOf } from '../body.ts';
import { pageStart, pageToken } from '../pages.ts';
import type { Call, Context } from '../route.ts';
import { FeishuRefusal, type RefusalCode } from './answer.ts';

/** How long pages are, and what a wrong one is refused with. */
export interface PageTerms {
  /** A shorter page is made this long. */
  readonly least: number;
  readonly usual: number;
  readonly most: number;
  /** For a page that is too long; where it is absent `largePage` decides. */
  readonly badSize?: RefusalCode;
  readonly badToken: RefusalCode;
  readonly expired: RefusalCode;
  /** Whether pages may differ from the length that was asked for, as `unevenPages` says. */
  readonly uneven?: true;
}

/** A page as it is answered: its items, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly more: { readonly has_more: boolean; readonly page_token?: string };
}

/** What a page token is bound to: the call with all of its query that is not a page. */
function queryKey(call: Call): string {
  const kept = [...call.query].filter(([name]) => name !== 'page_token' && name !== 'page_size');
  return JSON.stringify([call.api, call.params, kept]);
}

/** The page that a call asks for with `page_size` and `page_token`, of a list that `list` tells from others. */
export function pageOf<Item>(
  rows: readonly Item[],
  call: Call,
  context: Context,
  terms: PageTerms,
  list: string = queryKey(call),
): Page<Item> {
  const given = call.query.get('page_token') ?? '';
  return slice(rows, { given, size: pageSize(call, context, terms), list }, context, terms);
}

/** The page of a call whose size and token stand elsewhere than in the query. */
export function slice<Item>(
  rows: readonly Item[],
  { given, size, list }: { readonly given: string; readonly size: number; readonly list: string },
  context: Context,
  terms: PageTerms,
): Page<Item> {
  const { pageTokenLifetime, unevenPages } = context.behaviour;
  const start = pageStart(given, list, context.now, pageTokenLifetime);
  if ('problem' in start) {
    if (start.problem === 'expired') throw new FeishuRefusal(terms.expired);
    throw new FeishuRefusal(terms.badToken, 'page_token');
  }
  const length = terms.uneven === true ? lengths[unevenPages](size, given === '') : size;
  const end = start.offset + length;
  const more = end < rows.length;
  const token = more ? { page_token: pageToken(list, end, context.now) } : {};
  return { items: rows.slice(start.offset, end), more: { has_more: more, ...token } };
}

/** The length of a page of which this length was asked for. */
const lengths = {
  never: (size: number): number => size,
  shorter: (size: number): number => Math.ceil(size / 2),
  longer: (size: number): number => size + Math.ceil(size / 2),
  'first-empty': (size: number, first: boolean): number => (first ? 0 : size),
};

function pageSize(call: Call, context: Context, { least, usual, most, badSize }: PageTerms): number {
  const size = countOf(call.query, 'page_size', usual);
  const bad = badSize ?? (context.behaviour.largePage === 'refused' ? 190002 : undefined);
  if (size > most && bad !== undefined) throw new FeishuRefusal(bad, `page_size is at most ${String(most)}`);
  return Math.min(Math.max(size, least), most);
}
