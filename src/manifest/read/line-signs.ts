import { plain, type Said, say } from '../../model/say.ts';
import type { Mistake } from '../diagnostics.ts';
import { referenceKinds } from '../manifest.ts';
import { lineSaid } from '../mentions.ts';

/** One line, and where the library gave up in it. */
export interface Line {
  readonly text: string;
  readonly start: number;
  readonly column: number;
}

/** A cause, the column that shows it, and what to do. */
export type Cause = readonly [code: string, column: number, message: Said, hint: Said];

export function at({ start }: Line, [code, column, message, hint]: Cause): Mistake {
  return { code, message, hint, offset: start + column };
}

const fullWidth: readonly (readonly [RegExp, string, string])[] = [
  [/^[^#"']*?(：)/, 'colon', 'write ": ", with a space after it'],
  [/^[^#"']*?(，|、)/, 'comma', 'write ", "'],
  [/^[^#"']*?(“|”|„|‘|’|＂|＇)/, 'quotation mark', 'write plain quotation marks: "..."'],
  [/^[^#"']*?([｛｝［］【】「」])/, 'bracket', 'write { }, or [ ] for a list'],
];

const glued = new RegExp(`^\\s*(?:- )?(${referenceKinds.join('|')}|[a-zA-Z][a-zA-Z_]*):[^\\s/]`, 'u');

/** What a line shows by the way it begins, also where the library gave up on the line below. */
export function shownAtStart(line: Line): Mistake | null {
  const { text } = line;
  if (/^(<{7}|={7}|>{7}|\|{7})( |$)/.test(text)) {
    const hint = say`resolve the conflict, and remove git's marker lines`;
    return at(line, ['conflict', 0, say`there is an unresolved merge conflict here`, hint]);
  }
  const space = /^[ -]*([^\S \t\r\n])/u.exec(text);
  if (space !== null) {
    const sort = space[1] === '\u3000' ? 'a full-width space' : 'a non-standard space';
    const message = plain(`${sort} indents this line; YAML takes only plain spaces`);
    return at(line, ['full-width', space[0].length - 1, message, say`write plain spaces`]);
  }
  const dash = /^\s*-([a-zA-Z]+: .*)$/u.exec(text);
  if (dash !== null) {
    const column = text.indexOf('-') + 1;
    const hint = say`write "- ${lineSaid(dash[1] ?? '')}"`;
    return at(line, ['missing-space', column, say`there is no space after the dash`, hint]);
  }
  const bullet = /^\s*([\uff0d\u2014\u2013\u2212\u2022\u00b7*+])(?= ?[a-zA-Z]+: )/u.exec(text);
  if (bullet === null) return null;
  const sort = bullet[1] === '\uff0d' ? 'is a full-width dash' : 'does not start a list entry in YAML';
  return at(line, ['full-width', bullet[0].length - 1, plain(`"${bullet[1]}" ${sort}`), say`write "- "`]);
}

/** What a line shows by itself. */
export function shownBy(line: Line): Mistake | null {
  const { text } = line;
  const begins = shownAtStart(line);
  if (begins !== null) return begins;
  const tab = /^[ -]*(\t)/.exec(text);
  if (tab !== null) {
    return at(line, [
      'tab',
      tab[0].length - 1,
      say`a tab indents this line; YAML takes spaces alone`,
      say`write spaces`,
    ]);
  }
  for (const [pattern, name, hint] of fullWidth) {
    const found = pattern.exec(text);
    if (found === null) continue;
    const sort = name === 'quotation mark' ? 'typographic' : 'full-width';
    const message = plain(`"${found[1]}" is a ${sort} ${name}`);
    return at(line, ['full-width', found[0].length - 1, message, plain(hint)]);
  }
  const colon = text.includes(': ') || text.trimEnd().endsWith(':') ? null : glued.exec(text);
  if (colon === null) return null;
  const meant = text.trim().replace(/^- /, '').replace(':', ': ');
  const hint = say`write "${lineSaid(meant)}"`;
  return at(line, ['missing-space', colon[0].length - 1, say`there is no space after the colon`, hint]);
}
