import { distance } from 'fastest-levenshtein';
import { type Insert, plain, type Said, say } from '../model/say.ts';

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

/** `did you mean "x"?`, of words that tell of nobody, or nothing where none of them is near. */
export function didYouMean(text: string, candidates: Iterable<string>): Said | undefined {
  const near = nearest(text, candidates);
  return near === undefined ? undefined : meant(plain(JSON.stringify(near)));
}

/** `did you mean "x"?` */
export function meant(quotedName: Insert): Said {
  return say`did you mean ${quotedName}?`;
}
