import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `text` was most likely meant to be: at most a third of the longer one's letters differ, and two at
 * most in words of four. Among equals the first; `undefined` where nothing is near.
 */
export function nearest(
  text: string,
  candidates: Iterable<string>,
  onCompared?: () => void,
): string | undefined {
  let best: string | undefined;
  let nearer = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    onCompared?.();
    const limit = Math.min(nearer - 1, Math.ceil(Math.max(text.length, candidate.length) / 3));
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
export function didYouMean(
  text: string,
  candidates: Iterable<string>,
  onCompared?: () => void,
): string | undefined {
  const near = nearest(text, candidates, onCompared);
  return near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?`;
}
