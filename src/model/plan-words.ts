import type { Plan } from './plan.ts';

/**
 * What a plan does, in words for programs that read a report: labels are made of them.
 *
 * - `add`, `remove`, `delete`, `unbind`: what will be applied has such changes.
 * - `unmanaged`: an event is left to itself.
 * - `refused`: a guard stands in the way of an event, or of the whole plan.
 * - `unknown`: an event could not be read, or the manifests cannot be used.
 * - `no changes`: everything is in sync.
 * - `no events`: the plan concerns no event.
 */
export const planWords = [
  'add',
  'remove',
  'delete',
  'unbind',
  'unmanaged',
  'refused',
  'unknown',
  'no changes',
  'no events',
] as const;
export type PlanWord = (typeof planWords)[number];

/** What a plan does, in the order of {@link planWords}; there is always something to say. */
export function wordsOfPlan({ complete, events, summary, unmanaged = [], violations }: Plan): PlanWord[] {
  const holds: Readonly<Record<PlanWord, boolean>> = {
    add: summary.add > 0,
    remove: summary.remove > 0,
    delete: summary.deleteEvents > 0,
    unbind: summary.unbindChats > 0,
    unmanaged: unmanaged.length > 0,
    refused: summary.refused > 0 || violations.length > 0,
    unknown: summary.unknown > 0 || !complete,
    'no changes': false,
    'no events': false,
  };
  const words = planWords.filter((word) => holds[word]);
  if (words.length > 0) return words;
  return [events.length === 0 ? 'no events' : 'no changes'];
}

/** The line of a Markdown report that says these words; pages do not show it. */
export function planWordsLine(words: readonly PlanWord[]): string {
  return `<!-- rollcall plan: ${words.join(', ')} -->`;
}

/**
 * The words of all such lines in a text, each once; null where there is none. Text from outside never begins a line of a
 * report, so it cannot be taken for one.
 */
export function planWordsIn(markdown: string): PlanWord[] | null {
  const lines = [...markdown.matchAll(/^<!-- rollcall plan: ([a-z, ]+) -->\r?$/gm)];
  if (lines.length === 0) return null;
  const said = new Set(lines.flatMap(([, words = '']) => words.split(', ')));
  const words = planWords.filter((word) => said.has(word));
  // Of several reports together: where one changes something, the whole does.
  const telling = words.filter((word) => word !== 'no changes' && word !== 'no events');
  if (telling.length > 0) return telling;
  return words.includes('no changes') ? ['no changes'] : words;
}
