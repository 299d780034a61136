import type { Diagnostic, Source } from '../model/diagnostic.ts';
import { compareCodePoints } from '../model/order.ts';

/** Takes in a diagnostic. One that was reported before is taken once. */
export type Report = (diagnostic: Diagnostic) => void;

/** A place where diagnostics are gathered. */
export interface Collected {
  readonly report: Report;
  readonly list: () => Diagnostic[];
}

/** Gathers diagnostics; `list` gives them by file, line and column, those without a place first. */
export function collectDiagnostics(): Collected {
  const byKey = new Map<string, Diagnostic>();
  const report: Report = (diagnostic) => {
    const { source } = diagnostic;
    const key = `${diagnostic.code} ${source?.line}:${source?.column} ${source?.file} ${diagnostic.message}`;
    if (!byKey.has(key)) byKey.set(key, diagnostic);
  };
  return { report, list: () => [...byKey.values()].sort(compareDiagnostics) };
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    compareSources(a.source, b.source) ||
    compareCodePoints(a.severity, b.severity) ||
    compareCodePoints(a.code, b.code) ||
    compareCodePoints(a.message, b.message)
  );
}

function compareSources(a: Source | undefined, b: Source | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareCodePoints(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** An error at a place. */
export function errorAt(source: Source, code: string, message: string, hint?: string): Diagnostic {
  return { severity: 'error', code, message, ...(hint === undefined ? {} : { hint }), source };
}

/** A place as messages name it. */
export function placeText(source: Source): string {
  return `${source.file}:${source.line}`;
}
