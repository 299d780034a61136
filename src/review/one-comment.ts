import { type Comment, Lost, type Review, ReviewError } from './site.ts';

/** Begins every comment of ours; pages do not show it. */
export const marker = '<!-- rollcall: plan -->';

/** What became of the comment. */
export interface Kept {
  readonly did: 'created' | 'updated' | 'unchanged' | 'none';
  readonly comment: Comment | null;
}

/** How often what others do meanwhile is answered by starting over. */
const tries = 4;

/**
 * Makes the one comment of a review say this: the oldest of ours is changed and any other of ours is removed. `create`:
 * where there is none it is written.
 *
 * Two runs at once may both find none. Each looks again after it has written, and the one whose comment is not the oldest
 * takes its own away.
 */
export async function keepComment(review: Review, body: string, create: boolean): Promise<Kept> {
  let lost: Lost | null = null;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    let [oldest, ...others] = await review.comments(marker);
    let did: 'created' | 'updated' = 'updated';
    if (oldest === undefined) {
      if (!create) return { did: 'none', comment: null };
      try {
        const made = await review.create(body);
        const [first = made, ...rest] = await review.comments(marker);
        if (first.id === made.id) return { did: 'created', comment: made };
        did = 'created';
        oldest = first;
        others = rest.filter(({ id }) => id === made.id);
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        // It may be there all the same: the next look tells.
        lost = error;
        continue;
      }
    }
    const same = sameText(oldest.body, body);
    const comment = same ? oldest : await review.update(oldest.id, body);
    // Somebody has removed it since.
    if (comment === null) continue;
    for (const { id } of others) await review.remove(id);
    return { did: same && did === 'updated' ? 'unchanged' : did, comment };
  }
  throw lost ?? new ReviewError(`the comment on ${review.site} keeps being removed`, 'Run this again.');
}

/** Sites may change the ends of lines and of the text. */
function sameText(one: string, other: string): boolean {
  return plainEnds(one) === plainEnds(other);
}

function plainEnds(text: string): string {
  return text.replaceAll('\r\n', '\n').trimEnd();
}
