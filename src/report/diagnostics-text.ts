import type { Diagnostic } from '../model/diagnostic.ts';
import { visibleDeep } from './escape.ts';
import type { Terminal } from './terminal.ts';
import { count } from './words.ts';

/** `file:line:column: error: message [code]` with the way out below, as editors find it; then how many there are. Empty for none. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], terminal: Terminal): string {
  if (diagnostics.length === 0) return '';
  const lines = visibleDeep(diagnostics).flatMap((diagnostic) => diagnosticLines(diagnostic, terminal));
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const total = `${count(errors, 'error')}, ${count(diagnostics.length - errors, 'warning')}.`;
  return [...lines, '', terminal.bold(total), ''].join('\n');
}

/** One diagnostic on one or two lines. Takes one whose text is escaped. */
export function diagnosticLines(diagnostic: Diagnostic, terminal: Terminal): string[] {
  const { severity, code, message, hint, source } = diagnostic;
  const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}: `;
  const colour = severity === 'error' ? terminal.red : terminal.yellow;
  return [
    `${place}${colour(`${severity}:`)} ${message} ${terminal.dim(`[${code}]`)}`,
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ];
}
