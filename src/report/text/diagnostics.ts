import type { Diagnostic } from '../../model/diagnostic.ts';
import { visibleDeep } from '../escape.ts';
import type { Ink } from './terminal.ts';
import { count } from '../view/words.ts';

/** `file:line:column: error: message [code]` with the way out below, as editors find it; then how many there are. Empty for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], ink: Ink): string {
  if (diagnostics.length === 0) return '';
  const lines = visibleDeep(diagnostics).flatMap((diagnostic) => diagnosticLines(diagnostic, ink));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const total = `${count(errors, 'error')}, ${count(diagnostics.length - errors, 'warning')}.`;
  return [...lines, '', ink.bold(total), ''].join('\n');
}

/** One diagnostic on one or two lines. Takes one whose text is escaped. */
export function diagnosticLines(diagnostic: Diagnostic, ink: Ink): string[] {
  const { severity, code, message, hint, source } = diagnostic;
  const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}: `;
  const colour = severity === 'error' ? ink.red : ink.yellow;
  return [
    `${place}${colour(`${severity}:`)} ${message} ${ink.dim(`[${code}]`)}`,
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ];
}
