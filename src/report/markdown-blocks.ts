import { htmlCode } from './markdown-escape.ts';
import { count } from './words.ts';

/** The most bytes of a Markdown report: below what a comment on GitHub may have, with room for what is put around it. */
export const defaultMaxBytes = 60_000;

/** The fewest bytes that a report can be asked to have: its last resort is shorter. */
export const leastMaxBytes = 100;

/** Lines of a table. Cells are Markdown already; without rows there is no table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Lines that are folded away under a name and a few words. `name` is from outside, `words` and `body` are Markdown. */
export function folded(name: string, words: string, body: readonly string[]): string[] {
  return [
    '<details>',
    `<summary>${htmlCode(name)}${words}</summary>`,
    '',
    ...withoutEnd(body),
    '',
    '</details>',
    '',
  ];
}

function withoutEnd(lines: readonly string[]): readonly string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** Bytes of UTF-8. */
export function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/**
 * The first text that takes at most `maxBytes`; the last one where none does. Each is whole: a report that is too
 * long gives way to a shorter one and is never cut.
 */
export function fitting(texts: readonly (() => string)[], maxBytes: number): string {
  let text = '';
  for (const make of texts) {
    text = make();
    if (sizeOf(text) <= maxBytes) break;
  }
  return text;
}

/** The first rows that fit into so many bytes, and how many more there are. */
export function rowsWithin(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  maxBytes: number,
): string[] {
  const kept: (readonly string[])[] = [];
  // The head, its rule, and the line that counts the rest.
  let size = sizeOf(table(head, [head]).join('\n')) + 100;
  for (const row of rows) {
    size += sizeOf(line(row)) + 1;
    if (size > maxBytes) break;
    kept.push(row);
  }
  const more = rows.length - kept.length;
  return [...table(head, kept), ...(more === 0 ? [] : [`… and ${count(more, 'more line')} like these.`, ''])];
}
