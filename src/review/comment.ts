import { type PlanWord, planWordsIn } from '../model/plan-words.ts';
import { keepLabels } from './labels.ts';
import { keepComment, type Kept, marker } from './one-comment.ts';
import { type LabelChange, type Review, ReviewError } from './site.ts';

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
