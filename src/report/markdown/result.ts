import type { Result } from '../../model/result.ts';
import type { Detail } from '../view/attention.ts';
import { type ErrorView, type EventResultView, type ResultView, resultView } from '../view/result.ts';
import { subjectWords } from '../view/rows.ts';
import { defaultMaxBytes, details, fitted, detailsSummary, table } from './blocks.ts';
import { code, prose } from './escape.ts';
import { someCells, subjectCell } from './event.ts';
import type { MarkdownOptions } from './plan.ts';

/**
 * A run's end for a comment or a summary: totals, then the events that are not done and why, then what became of each
 * change. Shorter where that is too long, as plans are.
 */
export function resultMarkdown(result: Result, { maxBytes = defaultMaxBytes }: MarkdownOptions = {}): string {
  const view = resultView(result);
  const told = view.events.filter(({ remarkable }) => remarkable);
  const { journal } = view;
  return fitted(
    {
      top: ['## rollcall apply', '', `**${view.headline}**`, '', view.totals, ''],
      sections: [{ title: 'Not done', head: ['event', 'outcome', 'why'], rows: undoneRows(view) }],
      events: () => told.filter((event) => !isBare(event)).flatMap(eventMarkdown),
      counts: () => ({
        head: ['event', 'outcome', 'changes'],
        rows: told.map(({ name, outcomeWords, tally }) => [code(name), outcomeWords, tally]),
      }),
      foot: footLines(view),
      whereabouts:
        journal === null
          ? 'nothing was written, and `rollcall plan` shows what is left to do.'
          : `the whole result is in the journal ${code(journal)}.`,
      last: [
        view.headline,
        `${result.summary.added} added, ${result.summary.removed} removed: see the journal.`,
      ],
    },
    maxBytes,
  );
}

/** Of which the table above says all there is. */
function isBare({ rows, newcomers, notes }: EventResultView): boolean {
  return rows.length + newcomers.length + notes.length === 0;
}

/** A row for each event; one for all that could not be read for one and the same reason. */
function undoneRows({ events, problems }: ResultView): string[][] {
  const told = new Set<string>();
  return events.flatMap((event) => {
    if (event.mood === 'good' || told.has(event.name)) return [];
    const group =
      event.problem === undefined ? undefined : problems.find((one) => one.events.includes(event.name));
    const names = group !== undefined && isBare(event) ? group.events : [event.name];
    for (const name of names) told.add(name);
    const why = [
      ...event.violations.map(({ code: guard, message }) => `${code(guard)}: ${prose(message)}`),
      ...(event.problem === undefined
        ? []
        : [`${code(event.problem.code)}: ${reason(event.problem, group?.details ?? [])}`]),
      ...(event.tally === '' ? [] : [event.tally]),
    ];
    return [[someCells(names), event.outcomeWords, why.join('<br>')]];
  });
}

function eventMarkdown(event: EventResultView): string[] {
  const words = [event.outcomeWords, ...(event.tally === '' ? [] : [event.tally])].join(', ');
  return details(detailsSummary(undefined, event.name, words, null), event.mood !== 'good', [
    ...table({
      head: ['change', 'who', 'outcome', 'why'],
      rows: event.rows.map(({ kind, subject, outcomeWords, error }) => [
        kind,
        subjectCell(subject),
        outcomeWords,
        error === undefined
          ? ''
          : `${error.code === null ? '' : `${code(error.code)} `}${reason(error, error.details)}`,
      ]),
    }),
    ...(event.newcomers.length === 0
      ? []
      : [`- added since the plan and left alone: ${someCells(event.newcomers.map(subjectWords))}`]),
    ...event.notes.map((note) => `- note: ${prose(note)}`),
  ]);
}

/** Why something is not done, with the way out, in one cell. */
function reason({ message, hint }: Pick<ErrorView, 'message' | 'hint'>, more: readonly Detail[]): string {
  return [
    prose(message),
    ...(hint === undefined ? [] : [prose(hint)]),
    ...(more.length === 0 ? [] : [more.map(({ term, value }) => `${term} ${code(value)}`).join(', ')]),
  ].join('<br>');
}

function footLines({ calls, runId, journal, planDigest }: ResultView): string[] {
  return [
    [
      calls,
      ...(runId === null ? [] : [`Run ${code(runId)}.`]),
      ...(journal === null ? [] : [`Journal ${code(journal)}.`]),
      ...(planDigest === null ? [] : [`Plan ${code(planDigest)}.`]),
    ].join('<br>'),
    '',
  ];
}
