import type { EventView } from '../view/event.ts';
import { setsFlags } from '../view/question.ts';
import { grouped } from '../view/words.ts';
import { type Markup, joined, markup, nothing } from './markup.ts';

/** What becomes of the attendees of an event, or of several. */
export interface Shares {
  readonly kept: number;
  readonly removed: number;
  readonly replaced: number;
  /** Who stays with another flag. */
  readonly flagged: number;
  readonly added: number;
  /** Those of events that are deleted. */
  readonly deleted: number;
}

const noShares: Shares = { kept: 0, removed: 0, replaced: 0, flagged: 0, added: 0, deleted: 0 };

/** Nothing where the event was not listed: of people whom nobody counted no share can be drawn. */
export function sharesOf({ provider, observed, counts }: EventView): Shares | null {
  if (observed === undefined) return null;
  if (counts.delete > 0) return { ...noShares, deleted: observed.count };
  const kept = Math.max(0, observed.count - counts.remove - counts.replace);
  const again = setsFlags({ provider }) ? { flagged: counts.replace } : { replaced: counts.replace };
  return { ...noShares, kept, removed: counts.remove, ...again, added: counts.add };
}

/** The shares of several events together; of one that is left as it is, everybody is kept. */
export function sumOfShares(
  events: readonly (readonly [EventView, { readonly done: boolean }])[],
): Shares | null {
  const all = events.flatMap(([event, { done }]) => {
    const shares = done ? sharesOf(event) : { ...noShares, kept: event.observed?.count ?? 0 };
    return event.observed === undefined || shares === null ? [] : [shares];
  });
  if (all.length === 0) return null;
  return all.reduce((sum, shares) => ({
    kept: sum.kept + shares.kept,
    removed: sum.removed + shares.removed,
    replaced: sum.replaced + shares.replaced,
    flagged: sum.flagged + shares.flagged,
    added: sum.added + shares.added,
    deleted: sum.deleted + shares.deleted,
  }));
}

/**
 * The bar. It is hidden from assistive technology: the same numbers stand beside it in words. Widths are attributes,
 * because the page's policy forbids inline styles.
 */
export function barMarkup(shares: Shares): Markup {
  const { kept, removed, replaced, flagged, added, deleted } = shares;
  const total = kept + removed + replaced + flagged + added + deleted;
  if (total === 0) return nothing;
  const segments = (['kept', 'replaced', 'flagged', 'removed', 'deleted', 'added'] as const).filter(
    (kind) => shares[kind] > 0,
  );
  let from = 0;
  const rects = segments.map((kind) => {
    const rect = markup`<rect class="b-${kind === 'flagged' ? 'replaced' : kind}" x="${percentOf(from, total)}%" width="${percentOf(shares[kind], total)}%" height="100%"/>`;
    from += shares[kind];
    return rect;
  });
  return markup`<svg class="bar" aria-hidden="true" focusable="false">${rects}</svg>`;
}

/** The diagonal lines of removals, which tell them from additions without colour. Once a page. */
export const barPatterns: Markup = markup`<svg class="defs" aria-hidden="true" focusable="false"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2" height="6"/></pattern></defs></svg>`;

/** What a number says: it is of the colour of its part of the bar. */
export type Share = readonly [
  kind: 'kept' | 'removed' | 'replaced' | 'added',
  sign: '−' | '±' | '+' | '',
  words: string,
];

/** Numbers in words, each in its colour. */
export function numbersMarkup(shares: readonly Share[]): Markup {
  const pieces = shares.map(
    ([kind, sign, words]) =>
      markup`<span class="n-${kind}">${sign === '' ? nothing : markup`<b>${sign}</b>`}${words}</span>`,
  );
  return joined(pieces, ' ');
}

/** The parts of a bar in words, those that are there. */
export function sharesWords({ kept, removed, replaced, flagged, added, deleted }: Shares): Share[] {
  const all: readonly (readonly [number, Share])[] = [
    [removed, ['removed', '−', `${grouped(removed)} to remove`]],
    [deleted, ['removed', '−', `${grouped(deleted)} in deleted events`]],
    [replaced, ['replaced', '±', `${grouped(replaced)} to invite again`]],
    [flagged, ['replaced', '±', `${grouped(flagged)} with another flag`]],
    [added, ['added', '+', `${grouped(added)} to add`]],
  ];
  return [
    ...all.filter(([number]) => number > 0).map(([, words]) => words),
    ['kept', '', `${grouped(kept)} stay as they are`],
  ];
}

function percentOf(part: number, whole: number): string {
  return String(Math.round((part / whole) * 10_000) / 100);
}
