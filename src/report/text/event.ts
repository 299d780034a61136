import type { Problem } from '../../model/diagnostic.ts';
import { type Detail, detailsOf } from '../view/attention.ts';
import type { EventView } from '../view/event.ts';
import type { OccurrencesView } from '../view/occurrences.ts';
import { type ChangeRow, subjectWords, whyWords } from '../view/rows.ts';
import { grouped, someOf } from '../view/words.ts';
import type { Ink, Terminal } from './terminal.ts';

/** A label that is longer than this many columns does not push the others' details to the right. */
const widestLabel = 60;

/** One event of a plan: a line at the margin that names it, and indented lines below. Takes a view whose text is escaped. */
export function eventLines(event: EventView, terminal: Terminal): string[] {
  return [
    headline(event, terminal),
    ...placeLines(event, terminal),
    ...event.violations.map(({ code, message }) => `  ${terminal.red(`! ${code}:`)} ${message}`),
    ...(event.lift === null ? [] : [`    To allow it: ${terminal.bold(event.lift)}`]),
    ...(event.problem === undefined ? [] : problemLines(event.problem, '  ', terminal)),
    ...rowLines(event.rows, terminal),
    ...(event.lostWords === null ? [] : [`  ${terminal.yellow(event.lostWords)}`]),
    ...(event.conduct.length === 0 ? [] : [`  ${event.conduct.join('; ')}`]),
    ...event.left.map(({ words, names }) => `  ${words}: ${someOf(names, terminal.most.names)}`),
    ...event.notes.map((note) => `  note: ${note}`),
    ...occurrenceLines(event.occurrences, terminal),
  ];
}

function occurrenceLines(occurrences: OccurrencesView | null, { most }: Terminal): string[] {
  if (occurrences === null) return [];
  return [
    `  ${occurrences.words}:`,
    ...occurrences.all.flatMap(({ name, title, when, words, names }) => [
      `    ${[name, ...(title === undefined ? [] : [`"${title}"`]), when, words].filter((part) => part !== '').join(', ')}`,
      ...(names.length === 0 ? [] : [`      ${someOf(names, most.names)}`]),
    ]),
  ];
}

/** Why events could not be read, what the platform called it, and the way out. */
export function problemLines(problem: Problem, indent: string, ink: Ink): string[] {
  const { code, message, hint } = problem;
  return [
    `${indent}${ink.yellow(`! ${code}:`)} ${message}${detailWords(detailsOf(problem))}`,
    ...(hint === undefined ? [] : [`${indent}  ${hint}`]),
  ];
}

/** ` (platform code 190002, log id 2026)`, or nothing. */
export function detailWords(details: readonly Detail[]): string {
  return details.length === 0 ? '' : ` (${details.map(({ term, value }) => `${term} ${value}`).join(', ')})`;
}

/** Lines of two columns, the second ones below one another. */
export function inColumns(
  rows: readonly (readonly [label: string, details: string])[],
  { width }: Terminal,
): [label: string, details: string][] {
  const column = rows.reduce((widest, [label]) => {
    const columns = width(label);
    return columns > widestLabel ? widest : Math.max(widest, columns);
  }, 0);
  return rows.map(([label, details]) => {
    const padding = ' '.repeat(Math.max(0, column - width(label)));
    return [label, details === '' ? '' : `${padding}  ${details}`];
  });
}

function headline({ name, platform, status, statusWords }: EventView, terminal: Terminal): string {
  const colours = {
    'in-sync': terminal.green,
    changed: (text: string) => text,
    refused: terminal.red,
    unknown: terminal.yellow,
  } as const;
  return `${terminal.bold(name)} (${platform}): ${colours[status](statusWords)}`;
}

function placeLines({ title, when, facts, place }: EventView, { dim }: Terminal): string[] {
  const heading = [...(title === undefined ? [] : [`"${title}"`]), ...(when === undefined ? [] : [when])];
  const ids = facts.filter(({ id }) => id).map(({ term, value }) => `${term.toLowerCase()} ${value}`);
  return [
    ...(heading.length === 0 ? [] : [`  ${heading.join(', ')}`]),
    `  ${dim(`${ids.join(', ')}  ${place}`)}`,
  ];
}

function rowLines(rows: readonly ChangeRow[], terminal: Terminal): string[] {
  const { changes } = terminal.most;
  const shown = rows.slice(0, changes);
  const replies = shown.map(replyWords);
  const widest = Math.max(0, ...new Set(replies.map(({ length }) => length)));
  const columns = inColumns(
    shown.map((row, index): [string, string] => [
      `${row.sign} ${subjectWords(row.subject)}`,
      joined([
        widest === 0 ? '' : (replies[index] ?? '').padEnd(widest),
        ...whyWords(row),
        row.origin,
      ]).trimEnd(),
    ]),
    terminal,
  );
  const more = rows.length - shown.length;
  return [
    ...columns.map(
      ([label, details], index) => `  ${signed(shown[index]?.sign ?? '-', label, terminal)}${details}`,
    ),
    ...(more === 0 ? [] : [`  ... and ${grouped(more)} more; --full shows them`]),
  ];
}

function replyWords({ reply }: ChangeRow): string {
  if (reply === undefined) return '';
  return reply === 'none' ? 'no reply' : reply;
}

function signed(sign: ChangeRow['sign'], text: string, terminal: Terminal): string {
  if (sign === '+') return terminal.green(text);
  return sign === '-' ? terminal.red(text) : terminal.yellow(text);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('  ');
}
