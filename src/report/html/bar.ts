import type { EventPlan } from '../../model/plan.ts';
import { type Markup, markup, nothing } from './markup.ts';
import { groupChanges } from '../plan-changes-text.ts';

/** What becomes of the attendees of an event, or of all events that could be read. */
export interface Shares {
  readonly kept: number;
  readonly removed: number;
  readonly replaced: number;
  readonly added: number;
  /** Those of events that are deleted. */
  readonly deleted: number;
}

const noShares: Shares = { kept: 0, removed: 0, replaced: 0, added: 0, deleted: 0 };

/** Nothing where the event was not listed: of people that nobody counted no share can be drawn. */
export function sharesOf(event: EventPlan): Shares | null {
  if (event.observed === undefined) return null;
  const { count } = event.observed;
  const groups = groupChanges(event.changes);
  if (groups.deletions.length > 0) return { ...noShares, deleted: count };
  const removed = groups.removals.length;
  const replaced = groups.replacements.length;
  const kept = Math.max(0, count - removed - replaced);
  return { kept, removed, replaced, added: groups.additions.length, deleted: 0 };
}

/** The shares of several events together. */
export function sumOfShares(all: readonly Shares[]): Shares {
  return all.reduce(
    (sum, shares) => ({
      kept: sum.kept + shares.kept,
      removed: sum.removed + shares.removed,
      replaced: sum.replaced + shares.replaced,
      added: sum.added + shares.added,
      deleted: sum.deleted + shares.deleted,
    }),
    noShares,
  );
}

/**
 * The bar. It is hidden from assistive technology: the same numbers stand beside it in words. Widths are attributes,
 * because the page's policy forbids inline styles.
 */
export function barMarkup(shares: Shares): Markup {
  const total = shares.kept + shares.removed + shares.replaced + shares.added + shares.deleted;
  if (total === 0) return nothing;
  const segments = (['kept', 'replaced', 'removed', 'deleted', 'added'] as const).filter(
    (kind) => shares[kind] > 0,
  );
  let from = 0;
  const rects = segments.map((kind) => {
    const rect = markup`<rect class="b-${kind}" x="${percent(from, total)}%" width="${percent(shares[kind], total)}%" height="100%"/>`;
    from += shares[kind];
    return rect;
  });
  return markup`<svg class="bar" aria-hidden="true" focusable="false">${rects}</svg>`;
}

/** The diagonal lines of removals, which tell them from additions without colour. Once a page. */
export const barPatterns: Markup = markup`<svg class="defs" aria-hidden="true" focusable="false"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><rect class="hatch-line" width="2" height="6"/></pattern></defs></svg>`;

function percent(part: number, whole: number): string {
  return String(Math.round((part / whole) * 10_000) / 100);
}
