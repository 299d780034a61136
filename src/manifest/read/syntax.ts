import { plain, type Said, say } from '../../model/say.ts';
import type { Mistake } from '../diagnostics.ts';
import { lineSaid } from '../mentions.ts';
import { at, type Cause, type Line, shownAtStart, shownBy } from './line-signs.ts';

/** An error of the YAML library. */
export interface YamlFault {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** The longest line that is shown. */
const longestExcerpt = 200;

/**
 * Says why a document is not YAML. The first error counts: those behind it mostly follow from it, and are told only
 * where their own line shows a cause of another sort.
 */
export function explainSyntax(text: string, start: number, faults: readonly YamlFault[]): Mistake[] {
  const told = new Map<string, Mistake>();
  for (const fault of faults.slice(0, 20)) {
    const first = told.size === 0;
    const line = lineAt(text, Math.min(fault.pos[0], text.length));
    const before = lineAt(text, Math.max(line.start - 1, 0));
    const blank = line.text.trim() === '';
    const found = shownBy(line) ?? (first ? (blank ? shownBy(before) : shownAtStart(before)) : null);
    const mistake = found ?? (first ? toldBy(fault, line, text, start) : null);
    if (mistake !== null && !told.has(mistake.code)) told.set(mistake.code, mistake);
  }
  return [...told.values()];
}

function lineAt(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  const line = text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
  return { text: line, start, column: offset - start };
}

/** The line at an offset, where it is short enough to be read. */
export function excerptAt(text: string, offset: number): { readonly excerpt?: string } {
  const { text: excerpt } = lineAt(text, offset);
  return excerpt.length > longestExcerpt ? {} : { excerpt };
}

/** What the library's error says, and what stands around it. */
function toldBy({ code, message, pos }: YamlFault, line: Line, text: string, start: number): Mistake {
  const { column } = line;
  const tell: Tell = (words, hint, place = column) => at(line, ['yaml-syntax', place, words, hint]);
  const quote = /^Missing closing (.)quote/.exec(message)?.[1];
  if (quote !== undefined) return unclosedQuote(text, start, pos[0], quote);
  if (/must (be sufficiently indented and )?end with a/.test(message))
    return unclosedBracket(text, start, pos[0]);
  if (/flow-(seq|map)-end/.test(message)) {
    return tell(plain(`this "${line.text[column]}" closes nothing`), say`remove it, or open it first`);
  }
  if (message.startsWith('Nested mappings')) return nested(text, line);
  if (/^All (mapping|sequence)|^Sequence item without|^A block sequence may not/.test(message))
    return indented(line, text);
  if (/^Implicit (map )?keys/.test(message)) {
    const sign = /^\s*(?:- )?[\w.]+\s*(=)/.exec(line.text);
    if (sign !== null)
      return tell(say`"=" does not set a value in YAML`, say`write ": " instead`, sign[0].length - 1);
    if (/^\s*\/\//.test(line.text))
      return tell(say`a comment begins with "#"`, say`write "# ..."`, line.text.indexOf('/'));
    const open = /^\s*(?:- )?(["'])(?!.*\1)/.exec(line.text);
    if (open?.[1] !== undefined)
      return unclosedQuote(text, line.start, line.start + line.text.length, open[1]);
    if (/[[{][^\]}]*$/.test(line.text.slice(0, column)))
      return unclosedBracket(text, start, line.start + line.text.length);
    return tell(
      say`this line has no ": " in it`,
      say`write it as "key: value", or put a text of several lines in quotes`,
    );
  }
  return toldByCode(code, line, tell) ?? unexpected(message, line, tell);
}

/** Makes a mistake of words, a hint and a column of the line; that of the error where none is given. */
type Tell = (words: Said, hint: Said, place?: number) => Mistake;

function toldByCode(code: string, line: Line, tell: Tell): Mistake | null {
  const { column } = line;
  switch (code) {
    case 'BAD_SCALAR_START':
      return tell(plain(`a value cannot begin with "${line.text[column]}"`), say`put the value in quotes`);
    case 'BAD_ALIAS':
      return tell(
        plain(`"${line.text[column]}" needs a name after it in YAML, and there is none`),
        say`put the value in quotes`,
      );
    case 'BAD_DQ_ESCAPE':
      return tell(
        plain(`"${line.text.slice(column, column + 2)}" is not an escape that double quotes know`),
        say`write '...' with single quotes, or \\\\ for a backslash`,
      );
    case 'BLOCK_IN_FLOW':
      if (/^\s*-/.test(line.text) && !/[[{]/.test(line.text.slice(0, column))) {
        return tell(
          say`a list with "-" cannot be inside brackets`,
          say`remove the brackets, or write [a, b]`,
        );
      }
      return tell(
        say`a comma is missing before this`,
        say`write ", " between two entries`,
        column + (/^[^,:{}[\]]*? (?=\S+:(?: |$))/.exec(line.text.slice(column))?.[0].length ?? 0),
      );
    case 'BAD_DIRECTIVE':
      return tell(
        say`a line that begins with "%" is a YAML directive, and this is not one`,
        say`leave the line out`,
      );
    case 'MULTIPLE_ANCHORS':
    case 'MULTIPLE_TAGS':
    case 'ALIAS_PROPS':
    case 'BAD_PROP_ORDER':
      return tell(
        say`"&", "*" and "!" are used for more than one thing here`,
        say`put text that begins with them in quotes`,
      );
    case 'KEY_OVER_1024_CHARS':
      return tell(say`a key of more than 1024 characters`, say`check for a quotation mark that is missing`);
  }
  return null;
}

function unexpected(message: string, { text, column }: Line, tell: Tell): Mistake {
  if (/on same line with key/.test(message)) {
    return tell(say`a list starts on the line below its key`, say`put each "- " on its own line`);
  }
  if (/^Block scalar header|^Not a YAML token/.test(message)) {
    return tell(
      say`"|" and ">" start a text on the lines below`,
      say`put the value in quotes, or on the next line`,
    );
  }
  if (message.startsWith('Comments must be'))
    return tell(say`a comment needs a space before "#"`, say`write " #"`);
  if (/["']\s*$/.test(text.slice(0, column))) {
    return tell(
      say`there is text after the closing quotation mark`,
      say`put all of the value in one pair of quotes`,
    );
  }
  if (/at node end/.test(message) && /[[{]/.test(text.slice(0, column))) {
    return tell(say`a comma is missing before this`, say`write ", " between two entries`);
  }
  return tell(
    say`this does not fit what comes before it`,
    say`check quotes, brackets and indentation here and in the line above`,
  );
}

/** A key or an entry that is deeper, or less deep, than those it belongs to. */
function indented(line: Line, text: string): Mistake {
  const depth = /^ */.exec(line.text)?.[0].length ?? 0;
  const above = text
    .slice(Math.max(0, line.start - 4000), line.start)
    .split('\n')
    .slice(-20)
    .filter((one) => /^ *[^\s#]/.test(one));
  const depths = [...new Set(above.map((one) => /^ */.exec(one)?.[0].length ?? 0))].sort((a, b) => a - b);
  const hint =
    depths.length === 0
      ? say`indent it like its neighbours`
      : plain(`the lines above are indented by ${depths.join(', ')}`);
  const beside = besideEntries(line, above.at(-1), depth);
  if (beside !== null) return at(line, beside);
  const spaces = depth === 1 ? '1 space' : `${depth} spaces`;
  return at(line, [
    'yaml-syntax',
    depth,
    plain(`this line is indented by ${spaces}, unlike the lines it belongs to`),
    hint,
  ]);
}

/** A key in a list, or an entry of a list among keys: one of the two lines lacks its dash. */
function besideEntries(line: Line, above: string | undefined, depth: number): Cause | null {
  if (above?.search(/\S/) !== depth) return null;
  const [entry, former] = [line.text, above].map((one) => /^ *- /.test(one));
  if (entry === former) return null;
  return entry
    ? [
        'yaml-syntax',
        depth,
        say`this list entry is at the same level as a key`,
        say`write "- ${lineSaid(above.trim())}" in the line above`,
      ]
    : [
        'yaml-syntax',
        depth,
        say`this key is at the same level as list entries`,
        say`write "- ${lineSaid(line.text.trim())}"`,
      ];
}

/** A value with a colon in it, or a key that the line below goes deeper than. */
function nested(text: string, line: Line): Mistake {
  const next = lineAt(text, Math.min(line.start + line.text.length + 1, text.length));
  const deeper = (one: string): number => /^ */.exec(one)?.[0].length ?? 0;
  if (
    next.start > line.start &&
    /^ *[^\s#][^:]*:( |$)/.test(next.text) &&
    deeper(next.text) > deeper(line.text)
  ) {
    return indented(next, text);
  }
  return at(line, [
    'yaml-syntax',
    line.column,
    say`a value with ": " in it needs quotes`,
    say`put the value in quotes`,
  ]);
}

function unclosedQuote(text: string, start: number, end: number, quote: string): Mistake {
  let open = start;
  for (let place = start; place < end; place += 1) {
    const line = lineAt(text, place);
    const marks = line.text.split(quote).length - 1;
    if (marks % 2 === 1) {
      open = line.start + line.text.lastIndexOf(quote);
      break;
    }
    place = line.start + line.text.length;
  }
  const line = lineAt(text, open);
  return at(line, [
    'yaml-syntax',
    open - line.start,
    plain(`this ${quote} is never closed`),
    plain(`add ${quote} at the end of the value`),
  ]);
}

const closing: Readonly<Record<string, string>> = { '[': ']', '{': '}' };

function unclosedBracket(text: string, start: number, end: number): Mistake {
  const open: number[] = [];
  const tokens = /"(?:[^"\\]|\\.)*"|'[^']*'|(?<=^|\s)#.*|[[\]{}]/gmu;
  for (const { 0: token, index } of text.slice(start, end).matchAll(tokens)) {
    const last = open.at(-1);
    if (token === '[' || token === '{') open.push(start + index);
    else if (last !== undefined && closing[text[last] ?? ''] === token) open.pop();
  }
  const place = open.at(-1) ?? Math.min(end, text.length);
  const line = lineAt(text, place);
  const bracket = text[place] ?? '[';
  return at(line, [
    'yaml-syntax',
    place - line.start,
    plain(`this "${bracket}" is never closed`),
    plain(`add "${closing[bracket] ?? ']'}"`),
  ]);
}
