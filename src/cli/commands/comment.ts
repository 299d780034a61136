import { systemClock } from '../../http/clock.ts';
import type { Waiting } from '../../http/traffic.ts';
import { reasonOf } from '../../model/diagnostic.ts';
import { type Commented, commentOn } from '../../review/comment.ts';
import { githubReview } from '../../review/github.ts';
import { gitlabReview } from '../../review/gitlab.ts';
import type { Review } from '../../review/site.ts';
import { openTransport } from '../../run/transport.ts';
import { UsageError, exitCodes } from '../../run/usage-error.ts';
import { UnreadableFile, readRegularFile } from '../../store/read-regular.ts';
import { print, type Surroundings } from '../surroundings.ts';

export interface CommentOptions {
  readonly on: 'github' | 'gitlab';
  readonly labels?: true;
}

/**
 * `rollcall comment`: writes a rendered report as the one comment of the pull or merge request that this run of CI is
 * for. It calls that site alone, and no calendar.
 */
export async function commentCommand(
  surroundings: Surroundings,
  file: string,
  { on, labels }: CommentOptions,
): Promise<number> {
  const { env, signal, stdout, stderr } = surroundings;
  const report = reportIn(file);
  const transport = await openTransport({ env });
  try {
    const tools = {
      transport,
      clock: systemClock,
      signal,
      onWaiting: ({ host, waitMs }: Waiting) => {
        stderr.write(`${host}: trying again in ${Math.ceil(waitMs / 1000)} s\n`);
      },
    };
    const review: Review = on === 'github' ? githubReview(env, tools, textOf) : gitlabReview(env, tools);
    await print(stdout, wordsOf(await commentOn(review, report, labels === true)));
    return exitCodes.done;
  } finally {
    await transport.close();
  }
}

function textOf(path: string): string {
  return readRegularFile(path).toString('utf8');
}

/** @throws UsageError where there is no report. */
function reportIn(file: string): string {
  let text: string;
  try {
    text = textOf(file);
  } catch (error) {
    const cause = error instanceof UnreadableFile ? error.message : reasonOf(error);
    throw new UsageError(
      `the report ${file} cannot be read (${cause})`,
      'Make one with: rollcall plan --format markdown >FILE',
    );
  }
  if (/^\s*[{[]/.test(text)) {
    throw new UsageError(
      `${file} is JSON, not a report in Markdown`,
      `Make one with: rollcall show --format markdown ${file} >plan.md`,
    );
  }
  if (/^\s*<(!doctype|html)\b/i.test(text)) {
    throw new UsageError(`${file} is an HTML page, not a report in Markdown`, 'Use --format markdown.');
  }
  return text;
}

const didWords = { created: 'Wrote', updated: 'Updated', unchanged: 'Unchanged:' };

function wordsOf({ kept: { did, comment }, labels }: Commented): string {
  const first =
    did === 'none'
      ? 'No comment: this change affects no event.\n'
      : `${didWords[did]} ${comment?.url ?? 'the comment'}\n`;
  const changed = [
    ...(labels?.add.map((name) => `+ ${name}`) ?? []),
    ...(labels?.remove.map((name) => `- ${name}`) ?? []),
  ];
  return changed.length === 0 ? first : `${first}Labels: ${changed.join(', ')}\n`;
}
