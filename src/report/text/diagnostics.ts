import type { Diagnostic, Source } from '../../model/diagnostic.ts';
import { visibleDeep } from '../escape.ts';
import type { Ink } from './terminal.ts';
import { countDiagnostics } from '../view/attention.ts';
import { count } from '../view/words.ts';

/** `file:line:column: error: message [code]` with the way out below, as editors find it; then how many there are. Empty for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], ink: Ink): string {
  if (diagnostics.length === 0) return '';
  const lines = visibleDeep(diagnostics).flatMap((diagnostic) => diagnosticLines(diagnostic, ink));
  const total = `${count(countDiagnostics(diagnostics, 'error'), 'error')}, ${count(countDiagnostics(diagnostics, 'warning'), 'warning')}.`;
  return [...lines, '', ink.bold(total), ''].join('\n');
}

/** One diagnostic on its lines. Takes one whose text is escaped. */
export function diagnosticLines(diagnostic: Diagnostic, ink: Ink): string[] {
  const { severity, code, message, hint, source, more, excerpt } = diagnostic;
  if (more !== undefined) return [ink.dim(`... ${message}`)];
  const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}: `;
  const colour = severity === 'error' ? ink.red : ink.yellow;
  return [
    `${place}${colour(`${severity}:`)} ${message} ${ink.dim(`[${code}]`)}`,
    ...(source === undefined || excerpt === undefined ? [] : excerptLines(excerpt, source, ink)),
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ];
}

/** The author's line, and a caret under the column. */
function excerptLines(excerpt: string, { line, column }: Source, ink: Ink): string[] {
  const margin = `${line} | `;
  const before = excerpt.slice(0, column - 1);
  // A caret stands under its character where each one before it is as wide as above: an ideographic space is wide.
  const indent = before.replaceAll(/./gsu, (character) => (wide.test(character) ? '\u3000' : ' '));
  return [`  ${ink.dim(margin)}${excerpt}`, `  ${' '.repeat(margin.length)}${indent}${ink.red('^')}`];
}

const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
