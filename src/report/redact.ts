import type { Attendee } from '../model/attendee.ts';
import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import type { Plan } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import type { Mention, Part } from '../model/say.ts';
import { replaceFormed } from './redact/forms.ts';
import { Labels } from './redact/labels.ts';
import { redactDiagnostic, redactProblem } from './redact/messages.ts';
import { redactCalendar, redactPlan } from './redact/plan.ts';
import { redactResult } from './redact/result.ts';

/**
 * Takes people out of what is shown. Everybody gets an ordinal (`user-1`, `email-2`) in the order of the plan, and
 * keeps it: in the plan, the result and the messages. Messages are made anew of their parts, and never searched: one
 * whose parts are not known, because it comes out of a file, is told by its code.
 */
export interface Redactor {
  /** Without names, ids, titles, digests and fingerprints. */
  plan(plan: Plan): Plan;
  result(result: Result): Result;
  diagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[];
  /** Without what the platform says. */
  problem(problem: Problem): Problem;
  /** What somebody is called by. */
  label(of: Pick<Mention, 'kind' | 'id'>): string;
  /** A part of a message as it may be shown. */
  readonly part: (part: Part) => string;
  /** The id of a calendar, unless it is somebody's address. */
  calendar(id: string): string;
  /** Gives everybody an ordinal, in this order. */
  number(attendees: readonly (Attendee & { readonly name?: string | undefined })[]): void;
  /**
   * Text of others for the terminal, of which only the form of addresses and of ids with a prefix tells whom it names.
   * It gives no ordinals, so as not to get ahead of the plan: `***` for anyone who has none.
   */
  line(text: string): string;
}

/** A redactor that has seen nobody yet. */
export function createRedactor(): Redactor {
  const labels = new Labels();
  return {
    plan: (plan) => redactPlan(plan, labels),
    result: (result) => redactResult(result, labels),
    diagnostics: (diagnostics) => diagnostics.map((one) => redactDiagnostic(one, labels)),
    problem: (problem) => redactProblem(problem, labels),
    label: ({ kind, id }) => labels.of(kind, id),
    part: (part) => (typeof part === 'string' ? part : labels.of(part.kind, part.id)),
    calendar: (id) => redactCalendar(id, labels),
    number: (attendees) => {
      for (const { type, id, name } of attendees) labels.of(type, id, name);
    },
    line: (text) => replaceFormed(text, ({ kind, id }) => labels.known(kind, id)),
  };
}
