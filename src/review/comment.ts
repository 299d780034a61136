import { type PlanWord, planWordsIn, planWords } from '../model/plan-words.ts';
import { type LabelChange, type Review, ReviewError, type Comment, Lost } from './site.ts';

/** What is to be done with a report. */
export interface Commented {
  readonly kept: Kept;
  /** Null: labels were not asked for. */
  readonly labels: LabelChange | null;
}

/**
 * Writes a Markdown report as the one comment of a review, and its labels where they are asked for.
 *
 * An empty report is one that could not be made: the comment says so, and does not go on showing an older plan. A report
 * that concerns no event is not worth a comment, but changes one that is there.
 *
 * @throws ReviewError where the report is too long for a comment (the comment says so then), has no line that labels
 *   could be made of, or the site does not take it.
 */
export async function commentOn(review: Review, report: string, withLabels: boolean): Promise<Commented> {
  const said = planWordsIn(report);
  const words: readonly PlanWord[] | null = report.trim() === '' ? ['unknown'] : said;
  if (withLabels && words === null) {
    throw new ReviewError(
      'the report has no line that says what its plan does, so no label can be chosen',
      'Make it with: rollcall plan --format markdown',
    );
  }
  const text = report.trim() === '' ? '**No plan could be made.** The log of this check says why.' : report;
  const whole = bodyOf(text, review);
  const fits = whole.length <= review.longest;
  const body = fits ? whole : bodyOf(tooLong(text, review), review);
  const kept = await keepComment(review, body, said?.join() !== 'no events');
  const labels = withLabels && words !== null ? await keepLabels(review, words) : null;
  if (fits) return { kept, labels };
  throw new ReviewError(
    `the report has ${text.length} characters, more than a comment on ${review.site} takes (${review.longest})`,
    'Make a shorter one with --max-bytes 60000; the comment says that it is missing.',
  );
}

function bodyOf(text: string, { commit }: Review): string {
  const foot = commit === null ? '' : `\nFor commit ${commit}.\n`;
  return `${marker}\n${text.trimEnd()}\n${foot}`;
}

function tooLong(text: string, { site }: Review): string {
  return `**The report is too long for a comment:** ${text.length} characters. The log of this check has it; \`--max-bytes 60000\` makes one that fits ${site}.`;
}

/** Begins every comment of ours; pages do not show it. */
const marker = '<!-- rollcall: plan -->';

/** What became of the comment. */
interface Kept {
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
async function keepComment(review: Review, body: string, create: boolean): Promise<Kept> {
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

/** The labels that are rollcall's own: it takes off no other. */
const prefix = 'rollcall: ';

/** What a label tells where it is looked at by itself. */
export const labelMeanings: Readonly<Record<Exclude<PlanWord, 'no events'>, string>> = {
  add: 'Adds attendees to events',
  remove: 'Removes attendees from events',
  delete: 'Deletes events',
  unbind: 'Unbinds meeting chats',
  unmanaged: 'No longer manages events',
  refused: 'Stopped by a guard',
  unknown: 'Not everything could be read',
  'no changes': 'Every event is in sync',
};

/** A label for each word; a plan that concerns no event has none. */
function labelsOf(words: readonly PlanWord[]): string[] {
  return words.filter((word) => word !== 'no events').map((word) => prefix + word);
}

/** Puts the labels of a plan on a review and takes off those of an earlier plan. Answers what it changed. */
async function keepLabels(review: Review, words: readonly PlanWord[]): Promise<LabelChange> {
  // Sites compare labels without regard to case.
  const there = new Set((await review.labels()).map((name) => name.toLowerCase()));
  const wanted = labelsOf(words);
  const stale = labelsOf(planWords).filter((name) => !wanted.includes(name));
  const change = {
    add: wanted.filter((name) => !there.has(name)),
    remove: stale.filter((name) => there.has(name)),
  };
  if (change.add.length + change.remove.length > 0) await review.label(change);
  return change;
}

/** What is to be said of a label. */
export function meaningOf(label: string): string {
  const word = planWords.find((one) => prefix + one === label);
  return word === undefined || word === 'no events' ? '' : labelMeanings[word];
}
