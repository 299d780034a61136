import type { Diagnostic, Problem } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import type { Violation } from '../../model/plan.ts';
import type { ChangeError } from '../../model/result.ts';
import { type Part, told } from '../../model/say.ts';
import { type Labels, struckOut } from './labels.ts';
import {
  changeWords,
  codeForm,
  diagnosticWords,
  leftOut,
  logIdForm,
  notRepeated,
  problemWords,
} from './words.ts';

/** A problem without what the platform says of it. Hints are words of ours, and name nobody. */
export function redactProblem({ code, hint, ...one }: Problem, labels: Labels): Problem {
  const platformCode = labels.token(one.platformCode, codeForm);
  const logId = labels.token(one.logId, logIdForm);
  return { code, message: problemWords[code], ...given({ hint, platformCode, logId }) };
}

/** The same of a change that failed. */
export function redactError({ code, hint, logId: id }: ChangeError, labels: Labels): ChangeError {
  const logId = labels.token(id, logIdForm);
  return {
    code: labels.token(code, codeForm) ?? struckOut,
    message: changeWords.get(code) ?? notRepeated,
    ...given({ hint, logId }),
  };
}

/** A guard's message. One that comes out of a file is told by its code. */
export function redactViolation({ code, ...one }: Violation, labels: Labels): Violation {
  return { code, message: labels.said(one[told]) ?? leftOut(code) };
}

/** The notes of an event. One that comes out of a file may name anybody. */
export function redactNotes(
  { notes, ...one }: { readonly notes: readonly string[]; readonly [told]?: readonly (readonly Part[])[] },
  labels: Labels,
): string[] {
  return notes.map((_, at) => labels.said(one[told]?.[at]) ?? leftOut('note'));
}

/** A diagnostic without the author's line, which names people as it likes. */
export function redactDiagnostic(one: Diagnostic, labels: Labels): Diagnostic {
  const { severity, code, source, more } = one;
  const words = diagnosticWords.get(code);
  const said = words === undefined ? labels.said(one[told]?.message) : null;
  const hint = said === null ? undefined : (labels.said(one[told]?.hint) ?? undefined);
  return { severity, code, message: said ?? words ?? leftOut(code), ...given({ hint, source, more }) };
}
