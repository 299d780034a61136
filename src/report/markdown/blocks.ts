import { grouped } from '../view/words.ts';
import { htmlCode } from './escape.ts';

/** The most bytes of a Markdown report: below what a comment on GitHub may have, with room for what is put around it. */
export const defaultMaxBytes = 60_000;

/** The fewest bytes that a report can be asked to have: its last resort is shorter. */
export const leastMaxBytes = 100;

/** Rows of a table, cells in Markdown. */
export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A part of a report with a heading. Without rows there is nothing of it. */
export interface Section extends Table {
  readonly title: string;
  /** Commands, ready to paste. */
  readonly commands?: readonly string[];
}

/** What a report is made of; each format of a plan or a result fills it, and {@link fitted} makes it as long as it may be. */
export interface Report {
  readonly top: readonly string[];
  /** What has to be seen first. */
  readonly sections: readonly Section[];
  /** Every event with its changes. */
  readonly events: () => readonly string[];
  /** Every event on a line. */
  readonly counts: () => Table;
  readonly foot: readonly string[];
  /** Where the whole of it is, in Markdown. */
  readonly whereabouts: string;
  /** What is said where nothing else fits: a sentence of our own, and a shorter one. */
  readonly last: readonly [sentence: string, shortest: string];
}

/**
 * The report: whole, or with counts in place of the changes, or with as many urgent rows as fit, or totals alone. Each is
 * whole: a report that is too long gives way to a shorter one and is never cut.
 */
export function fitted(
  { top, sections, events, counts, foot, whereabouts, last }: Report,
  maxBytes: number,
): string {
  const word = `Longer than ${grouped(maxBytes)} bytes: ${whereabouts}`;
  const without = page([...top, word, '', ...foot]);
  const urgent = sections.flatMap(sectionLines);
  const texts = [
    () => page([...top, ...urgent, ...events(), ...foot]),
    () => page([...top, ...urgent, ...table(counts()), word, '', ...foot]),
    () => page([...top, ...within(sections, maxBytes - sizeOf(without)), word, '', ...foot]),
    () => without,
    () => page([`**${last[0]}**`, '', 'Too long: see the rest with rollcall.']),
    () => page([last[1]]),
  ];
  let text = '';
  for (const make of texts) {
    text = make();
    if (sizeOf(text) <= maxBytes) break;
  }
  return text;
}

/** Lines of a table; without rows there is none. Columns that are empty all the way are left out. */
export function table({ head, rows }: Table): string[] {
  if (rows.length === 0) return [];
  const filled = head.map((_, index) => rows.some((row) => row[index] !== ''));
  const kept = (row: readonly string[]): string[] => row.filter((_, index) => filled[index]);
  return [line(kept(head)), line(kept(head).map(() => '---')), ...rows.map((row) => line(kept(row))), ''];
}

/** Lines below a summary that opens and closes them. `summary` is HTML, `body` Markdown. */
export function details(summary: string, open: boolean, body: readonly string[]): string[] {
  return [
    open ? '<details open>' : '<details>',
    `<summary>${summary}</summary>`,
    '',
    ...withoutEnd(body),
    '',
    '</details>',
    '',
  ];
}

/** A summary: what is to be read first, some words of our own, and the name and what it is of in a few more. */
export function detailsSummary(
  title: string | undefined,
  name: string,
  words: string,
  platform: string | null,
): string {
  const own = platform === null ? '' : ` (${platform})`;
  if (title === undefined) return `<b>${htmlCode(name)}</b>${own}: ${words}`;
  return `<b>${htmlCode(title)}</b>: ${words} · ${htmlCode(name)}${own}`;
}

/** A block of commands that GitHub and GitLab put a button for copying beside. */
function commandLines(commands: readonly string[]): string[] {
  if (commands.length === 0) return [];
  const runs = commands.flatMap((command) => [...command.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return ['To allow it:', '', `${fence}sh`, ...commands, fence, ''];
}

function sectionLines({ title, commands, ...rest }: Section): string[] {
  if (rest.rows.length === 0) return [];
  return [`### ${title}`, '', ...table(rest), ...commandLines(commands ?? [])];
}

/** As many rows as fit, the first sections first, and how many more there are. */
function within(sections: readonly Section[], maxBytes: number): string[] {
  let room = maxBytes;
  return sections.flatMap((section) => {
    const lines = rowsWithin(section, room);
    room -= sizeOf(lines.join('\n')) + 1;
    return lines;
  });
}

function rowsWithin({ title, head, rows }: Section, maxBytes: number): string[] {
  const kept: (readonly string[])[] = [];
  // The title, the head, its rule, and the line that counts the rest.
  let size = sizeOf([`### ${title}`, '', ...table({ head, rows: [head] })].join('\n')) + 100;
  for (const row of rows) {
    size += sizeOf(line(row)) + 1;
    if (size > maxBytes) break;
    kept.push(row);
  }
  if (kept.length === 0) return [];
  const more = rows.length - kept.length;
  const rest = more === 0 ? [] : [`… and ${grouped(more)} more like these.`, ''];
  return [`### ${title}`, '', ...table({ head, rows: kept }), ...rest];
}

function page(lines: readonly string[]): string {
  return `${lines.join('\n').trimEnd()}\n`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function withoutEnd(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Bytes of UTF-8. */
function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
