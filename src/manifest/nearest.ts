/**
 * The candidate that `text` was most likely meant to be: at most a third of the longer one's letters differ (at least
 * one may), a swap of neighbours counting once. Among equals the first; `undefined` where nothing is near.
 */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let nearer = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const limit = Math.min(nearer - 1, Math.max(1, Math.floor(Math.max(text.length, candidate.length) / 3)));
    if (Math.abs(candidate.length - text.length) > limit) continue;
    const far = distance(text.toLowerCase(), candidate.toLowerCase());
    if (far > limit) continue;
    best = candidate;
    nearer = far;
    if (far === 0) break;
  }
  return best;
}

/** `did you mean "x"?`, or nothing where no candidate is near. */
export function didYouMean(text: string, candidates: Iterable<string>): string | undefined {
  const near = nearest(text, candidates);
  return near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?`;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      current.push(cost);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
