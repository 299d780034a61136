import type { Result } from '../../model/result.ts';
import { visibleDeep } from '../escape.ts';
import { subjectWords } from '../view/rows.ts';
import { type EventResultView, type ResultView, type UndoneGroup, resultView } from '../view/result.ts';
import { count, grouped, someOf } from '../view/words.ts';
import { detailWords, problemLines } from './event.ts';
import { type Terminal, printed } from './terminal.ts';

/** A run's end for people, event by event: what became of each, who is not done and why, and at the end the totals. */
export function* resultTextParts(result: Result, terminal: Terminal): Generator<string> {
  const view = resultView(result);
  const told = new Set<string>();
  for (const event of view.events) {
    if (!event.remarkable || told.has(event.name)) continue;
    const alike = alikeIn(view, event);
    for (const { name } of alike) told.add(name);
    const names = alike.map(({ name }) => name);
    yield `${printed(eventLines(visibleDeep(event), visibleDeep(names), terminal), terminal)}\n`;
  }
  yield printed(closingLines(view, terminal), terminal);
}

/** Events that came to the same end for the same reason, and of which nothing else is to be told. */
function alikeIn({ problems, events }: ResultView, event: EventResultView): readonly EventResultView[] {
  if (event.problem === undefined || !isBare(event)) return [event];
  const group = problems.find((one) => one.events.includes(event.name));
  if (group === undefined) return [event];
  const names = new Set(group.events);
  return events.filter((one) => names.has(one.name) && one.outcome === event.outcome && isBare(one));
}

function isBare({ rows, newcomers, notes, violations }: EventResultView): boolean {
  return rows.length + newcomers.length + notes.length + violations.length === 0;
}

/** `names`: all the events that these lines are about. */
function eventLines(event: EventResultView, names: readonly string[], terminal: Terminal): string[] {
  const { newcomers, problem, tally } = event;
  const colour = { good: terminal.green, warn: terminal.yellow, bad: terminal.red }[event.mood];
  const name =
    names.length === 1
      ? terminal.bold(event.name)
      : `${count(names.length, 'event')}, all for the same reason`;
  return [
    `${name}: ${colour(event.outcomeWords)}${tally === '' ? '' : `, ${tally}`}`,
    ...(names.length === 1 ? [] : [`  ${someOf(names, terminal.most.names)}`]),
    ...event.violations.map(({ code, message }) => `  ${terminal.red(`! ${code}:`)} ${message}`),
    ...(problem === undefined ? [] : problemLines(problem, '  ', terminal)),
    ...event.undone.flatMap((group) => undoneLines(group, terminal)),
    ...(newcomers.length === 0
      ? []
      : [
          `  added since the plan and left alone ${grouped(newcomers.length)}: ${someOf(newcomers.map(subjectWords), terminal.most.names)}`,
        ]),
    ...event.notes.map((note) => `  note: ${note}`),
  ];
}

/** Only those that no call was made for are cut short. */
function undoneLines({ outcome, words, error, subjects }: UndoneGroup, terminal: Terminal): string[] {
  const names = subjects.map(subjectWords);
  const colour = outcome === 'failed' ? terminal.red : terminal.yellow;
  const why =
    error === undefined
      ? ''
      : `${error.code === null ? '' : `${error.code} `}${error.message}${detailWords(error.details)}`;
  return [
    `  ${colour(`${words}:`)} ${why}`.trimEnd(),
    ...(error?.hint === undefined ? [] : [`    ${error.hint}`]),
    ...(outcome === 'not-attempted'
      ? [`    ${someOf(names, terminal.most.names)}`]
      : names.map((name) => `    ${name}`)),
  ];
}

function closingLines(view: ResultView, terminal: Terminal): string[] {
  const { journal } = visibleDeep({ journal: view.journal });
  return [
    terminal.bold(view.headline),
    view.totals,
    view.calls,
    ...(journal === null ? [] : [`Journal: ${journal}`]),
  ];
}
