import type { Diagnostic, Problem, Source } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import type { Plan } from '../../model/plan.ts';
import type { EventView } from './event.ts';
import { count } from './words.ts';

/** What has to be seen before anything else, the worst first. */
export interface Attention {
  readonly kind: 'run-guard' | 'guard' | 'problem' | 'error' | 'warning';
  readonly code: string;
  /** What it means, in words of our own: `Refused, nothing is applied`, `3 events could not be read`. */
  readonly words: string;
  /** The same in a word. */
  readonly short: 'refused' | 'unknown' | 'error' | 'warning';
  /** The events that it is about: none where it is the whole plan or a file. */
  readonly events: readonly string[];
  readonly source?: Source;
  readonly message: string;
  readonly hint?: string;
  /** What the platform's support asks for. */
  readonly details: readonly Detail[];
  /** The command that lifts a guard, ready to paste. */
  readonly command?: string;
  /** It stands for so many that are counted and not told. */
  readonly more?: number;
}

/** `log id` and the id. */
export interface Detail {
  readonly term: string;
  readonly value: string;
}

/** Events that could not be read for one and the same reason. */
export interface ProblemGroup {
  readonly problem: Problem;
  readonly events: readonly string[];
  readonly source: Source | undefined;
  /** `platform code 190002`, `log id …`: none that the message has already. */
  readonly details: readonly Detail[];
}

/** One group for each problem, in the order of its first event. Log ids differ from call to call: the first stands. */
export function groupProblems(
  events: readonly { readonly name: string; readonly problem?: Problem; readonly source?: Source }[],
): ProblemGroup[] {
  const groups = new Map<string, { problem: Problem; events: string[]; source: Source | undefined }>();
  for (const { name, problem, source } of events) {
    if (problem === undefined) continue;
    const key = JSON.stringify([problem.code, problem.message, problem.hint]);
    const group = groups.get(key) ?? { problem, events: [], source };
    groups.set(key, group);
    group.events.push(name);
  }
  return [...groups.values()].map((group) => ({ ...group, details: detailsOf(group.problem) }));
}

/** `1 event could not be read`, `300 events could not be read, all for the same reason`. */
export function unreadWords(number: number): string {
  return `${count(number, 'event')} could not be read${number > 1 ? ', all for the same reason' : ''}`;
}

/** The platform's code and log id of a problem, where its message does not have them. */
export function detailsOf(problem: {
  readonly message: string;
  readonly platformCode?: string;
  readonly logId?: string;
}): Detail[] {
  const { message, platformCode, logId } = problem;
  const details = [
    { term: 'platform code', value: platformCode },
    { term: 'log id', value: logId },
  ];
  return details.flatMap(({ term, value }) =>
    value === undefined || value === '' || names(message, value) ? [] : [{ term, value }],
  );
}

/**
 * Whether a message names a code or an id, which stands by itself there. Messages of problems end with what the platform said,
 * in whatever words: nothing but the text tells whether its code is among them.
 */
export function names(message: string, value: string): boolean {
  const at = message.indexOf(value);
  const around = at < 0 ? '' : `${message.charAt(at - 1)}${message.charAt(at + value.length)}`;
  return at >= 0 && !/[\p{L}\p{N}]/u.test(around);
}

/**
 * Guards of the run, guards of events, what could not be read, and what the manifests gave rise to, errors first.
 *
 * @param command the command line that makes the plan
 */
export function attentionOf(
  plan: Pick<Plan, 'violations' | 'diagnostics'>,
  events: readonly EventView[],
  problems: readonly ProblemGroup[],
  runLift: string | null,
): Attention[] {
  return [
    ...plan.violations.map(({ code, message }): Attention => ({
      kind: 'run-guard',
      code,
      words: 'Refused, nothing is applied',
      short: 'refused',
      events: [],
      message,
      details: [],
      ...given({ command: runLift ?? undefined }),
    })),
    ...events.flatMap(({ name, source, violations, lift }) =>
      violations.map(({ code, message }, index): Attention => ({
        kind: 'guard',
        code,
        words: 'Refused',
        short: 'refused',
        events: [name],
        source,
        message,
        details: [],
        // One command lifts all that a command can lift: it stands with the last of them.
        ...(lift === null || index < violations.length - 1 ? {} : { command: lift }),
      })),
    ),
    ...problems.map(({ problem, events: names, source, details }): Attention => ({
      kind: 'problem',
      code: problem.code,
      words: unreadWords(names.length),
      short: 'unknown',
      events: names,
      ...given({ source }),
      message: problem.message,
      ...given({ hint: problem.hint }),
      details,
    })),
    ...bySeverity(plan.diagnostics).map(({ severity, code, message, hint, source, more }): Attention => ({
      kind: severity,
      code,
      words: severity === 'error' ? 'Error' : 'Warning',
      short: severity,
      events: [],
      ...given({ source }),
      message,
      ...given({ hint }),
      details: [],
      ...given({ more }),
    })),
  ];
}

/** How many there are of a severity, those that are only counted among them. */
export function countDiagnostics(
  diagnostics: readonly Diagnostic[],
  severity: Diagnostic['severity'],
): number {
  const own = diagnostics.filter((diagnostic) => diagnostic.severity === severity);
  return own.reduce((sum, { more = 1 }) => sum + more, 0);
}

/** Errors first. */
export function bySeverity(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return [
    ...diagnostics.filter(({ severity }) => severity === 'error'),
    ...diagnostics.filter(({ severity }) => severity === 'warning'),
  ];
}
