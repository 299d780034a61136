import type { Diagnostic, Source } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import { visible } from './escape.ts';
import { verdict } from './plan-text.ts';

/** One workflow command (GitHub: "Workflow commands for GitHub Actions", `error`, `warning` and `notice`). */
interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly source?: Source | undefined;
  readonly title: string;
  /** Joined by line breaks. */
  readonly lines: readonly string[];
}

/** Diagnostics as annotations at their lines. Empty for none. */
export function diagnosticsGithub(diagnostics: readonly Diagnostic[]): string {
  return text(byWeight(diagnostics.map(diagnosticAnnotation)));
}

/**
 * A plan as annotations: what the totals are, guards and unread events at the line of their Event, and diagnostics at
 * theirs. Errors come first: GitHub shows ten of a kind for a step.
 */
export function planGithub(plan: Plan): string {
  const annotations: Annotation[] = [
    ...plan.violations.map(({ code, message }): Annotation => ({
      level: 'error',
      title: `refused, nothing is applied: ${code}`,
      lines: [message],
    })),
    ...plan.events.flatMap(({ name, source, violations }) =>
      violations.map(({ code, message }): Annotation => ({
        level: 'error',
        source,
        title: `${name} is refused: ${code}`,
        lines: [message],
      })),
    ),
    ...plan.events.flatMap(({ name, source, problem }): Annotation[] => {
      if (problem === undefined) return [];
      const { code, message, hint, logId } = problem;
      const lines = [
        message,
        ...(hint === undefined ? [] : [hint]),
        ...(logId === undefined ? [] : [`Log id ${logId}.`]),
      ];
      return [{ level: 'error', source, title: `${name} is unknown: ${code}`, lines }];
    }),
    ...plan.diagnostics.map(diagnosticAnnotation),
  ];
  return text([
    ...byWeight(annotations),
    { level: 'notice', title: 'rollcall plan', lines: [verdict(plan)] },
  ]);
}

function diagnosticAnnotation({ severity, code, message, hint, source }: Diagnostic): Annotation {
  return { level: severity, source, title: code, lines: [message, ...(hint === undefined ? [] : [hint])] };
}

function byWeight(annotations: readonly Annotation[]): Annotation[] {
  const errors = annotations.filter(({ level }) => level === 'error');
  return [...errors, ...annotations.filter(({ level }) => level !== 'error')];
}

function text(annotations: readonly Annotation[]): string {
  return annotations.map((annotation) => `${command(annotation)}\n`).join('');
}

function command({ level, source, title, lines }: Annotation): string {
  const place: (readonly [string, string | number])[] =
    source === undefined
      ? []
      : [
          ['file', source.file],
          ['line', source.line],
          ['col', source.column],
        ];
  const properties = [...place, ['title', title] as const].map(
    ([name, value]) => `${name}=${property(visible(String(value)))}`,
  );
  return `::${level} ${properties.join(',')}::${data(lines.map(visible).join('\n'))}`;
}

/** A command's message, escaped as GitHub's own toolkit does. */
export function data(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** A command's property, where the separators of properties are escaped too. */
export function property(value: string): string {
  return data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
