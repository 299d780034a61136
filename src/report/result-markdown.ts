import type { ChangeError, ChangeResult, EventOutcome, EventResult, Result } from '../model/result.ts';
import { fitting, folded, rowsWithin, sizeOf, table } from './markdown-blocks.ts';
import { code, prose } from './markdown-escape.ts';
import { attendeeCells } from './plan-event-markdown.ts';
import { type MarkdownOptions, problemText } from './plan-markdown.ts';
import { outcomeWords, resultTally, resultTotals, resultVerdict } from './result-text.ts';

const fine: ReadonlySet<EventOutcome> = new Set(['converged', 'applied', 'unchanged']);

/**
 * A run's end for a comment or a summary: totals, then the events that are not done and why, then what became of each
 * change, folded away. Shorter where that is too long, as plans are.
 */
export function resultMarkdown(result: Result, { maxBytes }: MarkdownOptions): string {
  const told = result.events.filter(isRemarkable);
  const undone = undoneRows(result);
  const top = ['## rollcall apply', '', `**${resultVerdict(result)}**`, '', resultTotals(result), ''];
  const foot = footLines(result);
  const word = `Longer than ${maxBytes} bytes: ${whereabouts(result)}`;
  const without = page([...top, word, '', ...foot]);
  return fitting(
    [
      () => page([...top, ...undoneLines(undone), ...told.flatMap(eventMarkdown), ...foot]),
      () => page([...top, ...undoneLines(undone), ...countLines(told), word, '', ...foot]),
      () => {
        const room = maxBytes - sizeOf(without) - sizeOf(undoneTitle) - 4;
        const rows = room > 0 ? rowsWithin(undoneHead, undone, room) : [];
        return page([...top, ...(rows.length > 0 ? [undoneTitle, '', ...rows] : []), word, '', ...foot]);
      },
      () => without,
      () => page([`**${resultVerdict(result)}**`, '', 'Too long: the whole result is in the journal.']),
      () => page([`${result.summary.added} added, ${result.summary.removed} removed: see the journal.`]),
    ],
    maxBytes,
  );
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`;
}

function whereabouts({ journal }: Result): string {
  return journal === null
    ? 'nothing was written, and `rollcall plan` shows what is to be done.'
    : `the whole result is in the journal ${code(journal)}.`;
}

function isRemarkable(event: EventResult): boolean {
  return (
    event.outcome !== 'unchanged' ||
    event.changes.length + event.newcomers.length + event.notes.length + event.violations.length > 0
  );
}

const undoneTitle = '### Not done';
const undoneHead = ['event', 'outcome', 'why'] as const;

function undoneLines(rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : [undoneTitle, '', ...table(undoneHead, rows)];
}

function undoneRows({ events }: Result): string[][] {
  return events
    .filter(({ outcome }) => !fine.has(outcome))
    .map((event) => {
      const why = [
        ...event.violations.map(({ code: guard, message }) => `${code(guard)}: ${prose(message)}`),
        ...(event.problem === undefined
          ? []
          : [`${code(event.problem.code)}: ${problemText(event.problem)}`]),
        ...(event.changes.length === 0 ? [] : [resultTally(event.changes)]),
      ];
      return [code(event.name), outcomeText(event), why.join('<br>')];
    });
}

function outcomeText({ outcome }: EventResult): string {
  return outcome.replace('-', ' ');
}

function eventMarkdown(event: EventResult): string[] {
  const tally = resultTally(event.changes);
  return folded(event.name, `: ${[outcomeText(event), ...(tally === '' ? [] : [tally])].join(', ')}`, [
    ...table(['change', 'name', 'id', 'outcome', 'why'], event.changes.map(changeRow)),
    ...table(
      ['came after the plan and left alone', 'id'],
      event.newcomers.map((newcomer) => [...attendeeCells({ ...newcomer, optional: false })]),
    ),
    ...event.violations.map(({ code: guard, message }) => `- refused by ${code(guard)}: ${prose(message)}`),
    ...(event.problem === undefined ? [] : [`- problem: ${problemText(event.problem)}`]),
    ...event.notes.map((note) => `- note: ${prose(note)}`),
  ]);
}

const actionWords: Readonly<Record<ChangeResult['action'], string>> = {
  remove: 'remove',
  add: 'add',
  'unbind-chat': 'unbind',
  'delete-event': 'delete',
};

function changeRow(change: ChangeResult): string[] {
  const { action, attendee, chatId, outcome, error } = change;
  const who =
    attendee !== undefined
      ? attendeeCells(attendee)
      : [
          chatId === undefined ? 'the event itself' : 'meeting chat',
          chatId === undefined ? '' : code(chatId),
        ];
  const words = outcome === 'done' ? 'done' : outcomeWords[outcome];
  return [actionWords[action], ...who, words, error === undefined ? '' : errorText(error)];
}

function errorText({ code: number, message, hint, logId }: ChangeError): string {
  return [
    `${code(number)} ${prose(message)}`,
    ...(hint === undefined ? [] : [prose(hint)]),
    ...(logId === undefined ? [] : [`Log id ${code(logId)}.`]),
  ].join('<br>');
}

function countLines(events: readonly EventResult[]): string[] {
  const rows = events.map((event) => [code(event.name), outcomeText(event), resultTally(event.changes)]);
  return table(['event', 'outcome', 'changes'], rows);
}

function footLines(result: Result): string[] {
  const { journal, runId, planDigest, requests } = result;
  return [
    [
      `Calls: ${requests.used} used.`,
      ...(runId === '' ? [] : [`Run ${code(runId)}.`]),
      ...(journal === null ? [] : [`Journal ${code(journal)}.`]),
      ...(planDigest === undefined || planDigest === '' ? [] : [`Plan ${code(planDigest)}.`]),
    ].join('<br>'),
    '',
  ];
}
