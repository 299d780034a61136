import type { Plan } from '../model/plan.ts';
import type { Env } from '../providers/account.ts';
import { type Terminal, everyChange, folded, unfolded } from '../report/text/terminal.ts';
import { inkFor } from './ink.ts';
import type { Sink } from './surroundings.ts';

/**
 * The stream as a terminal that shows these plans: on a real one long lists are folded and lines broken. Who needs
 * colours alone takes {@link inkFor}.
 *
 * @param plans the plans as they are shown
 */
export async function terminalFor(
  sink: Sink,
  env: Env,
  { color, full }: { readonly color: boolean; readonly full?: true | undefined },
  plans: readonly Plan[],
): Promise<Terminal> {
  const seen = sink.isTTY === true;
  return {
    ...inkFor(sink, env, color),
    width: await widthFor(labelled(plans)),
    ...(seen && sink.columns !== undefined ? { columns: sink.columns } : {}),
    // Only who looks at a terminal can ask for the rest: a log or a file has every change.
    most: full === true ? unfolded : seen ? folded : everyChange,
  };
}

const narrow = String.raw`\u0020-\u007e\u00c0-\u024f`;
/** Han, kana, hangul and the punctuation that goes with them. */
const wide = String.raw`\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e`;
const common = new RegExp(`^[${narrow}${wide}]*$`);
const wideOnes = new RegExp(`[${wide}]`, 'g');

/**
 * How to measure texts, in columns. What knows every script and emoji takes as long to load as all the rest of a plan
 * takes to be made, so it is loaded for texts that need it.
 */
export async function widthFor(texts: Iterable<string>): Promise<(text: string) => number> {
  for (const text of texts) {
    if (!common.test(text)) return (await import('string-width')).default;
  }
  return (text) => text.length + (text.match(wideOnes)?.length ?? 0);
}

function* labelled(plans: readonly Plan[]): Generator<string> {
  for (const { events } of plans) {
    for (const { changes } of events) {
      for (const change of changes) {
        if ('attendee' in change) yield `${change.attendee.name ?? ''}${change.attendee.id}`;
        if ('chatId' in change) yield change.chatId;
      }
    }
  }
}
