/** How text is coloured. Without colour every function answers its argument. */
export interface Ink {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/** Where text goes: how it is coloured, how many columns it takes, and how much is told at most. */
export interface Terminal extends Ink {
  /** Columns that the text takes, 2 for a Chinese character. Never asked about coloured text. */
  readonly width: (text: string) => number;
  /** Columns of a line: longer ones are broken between words. Absent: none is broken. */
  readonly columns?: number | undefined;
  readonly most: Most;
}

/** How many lines of a kind are printed; the rest is counted. */
export interface Most {
  /** Changes of one event. */
  readonly changes: number;
  /** Names of a list that is there for information. */
  readonly names: number;
  /** Events of the table at the end. */
  readonly events: number;
}

const all = Number.POSITIVE_INFINITY;

/** What a file or a pipe gets: every change. */
export const everyChange: Most = { changes: all, names: 10, events: all };

/** What somebody who looks at a terminal gets. */
export const folded: Most = { changes: 20, names: 10, events: 40 };

/** Everything. */
export const unfolded: Most = { changes: all, names: all, events: all };

const same = (text: string): string => text;

/** No colours. */
export const plainInk: Ink = { bold: same, dim: same, red: same, green: same, yellow: same };

/** A terminal without colours, and of no width. */
export function plainTerminal(width: (text: string) => number): Terminal {
  return { ...plainInk, width, most: everyChange };
}

/** Narrower than this nothing is gained by breaking lines. */
const leastColumns = 20;
// A colour as a terminal is told of it.
// oxlint-disable-next-line no-control-regex
const colour = /\u001b\[[0-9;]*m/g;

/**
 * The line, broken between words where it is longer than the terminal is wide. What follows is indented below it. A
 * word that is too long by itself stays whole, so that an id can be copied.
 */
export function broken(line: string, { columns, width }: Pick<Terminal, 'columns' | 'width'>): string[] {
  const plainWidth = (text: string): number => width(text.replace(colour, ''));
  if (columns === undefined || columns < leastColumns || plainWidth(line) <= columns) return [line];
  const [indent = ''] = /^ */.exec(line) ?? [];
  const hanging = `${indent}${indent === '' ? '  ' : '    '}`;
  const lines: string[] = [];
  let current = indent;
  let used = indent.length;
  let begun = false;
  for (const [word = '', gap = ''] of line.slice(indent.length).matchAll(/( *)[^ ]+/g)) {
    const text = word.slice(gap.length);
    const taken = plainWidth(text);
    if (begun && used + gap.length + taken > columns) {
      lines.push(current);
      current = hanging + text;
      used = hanging.length + taken;
    } else {
      current += begun ? word : text;
      used += (begun ? gap.length : 0) + taken;
    }
    begun = true;
  }
  const [end = ''] = / *$/.exec(line) ?? [];
  return [...lines, current + end];
}

/** Lines as they are printed, each broken where it has to be. */
export function printed(lines: readonly string[], terminal: Terminal): string {
  return lines
    .flatMap((line) => broken(line, terminal))
    .map((line) => `${line}\n`)
    .join('');
}
