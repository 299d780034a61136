import type { FleetReport, TenantOutcome, TenantProblem } from '../../model/fleet.ts';
import { given } from '../../model/given.ts';
import type { ChangeResult, EventResult, Result } from '../../model/result.ts';
import { told } from '../../model/say.ts';
import type { Labels } from './labels.ts';
import { redactError, redactNotes, redactProblem, redactViolation } from './messages.ts';
import { redactAttendee } from './plan.ts';
import { changeWords, diagnosticWords, leftOut, problemWords } from './words.ts';

/** A result without names and ids. */
export function redactResult(result: Result, labels: Labels): Result {
  const { planDigest: _, ...rest } = result;
  const events = result.events.map((event) => redactEvent(event, labels));
  return { ...rest, events, redacted: true };
}

function redactEvent(event: EventResult, labels: Labels): EventResult {
  const { [told]: _, ...rest } = event;
  return {
    ...rest,
    changes: event.changes.map((one) => redactChange(one, labels)),
    newcomers: event.newcomers.map(({ type, id, name }) => ({ type, id: labels.of(type, id, name) })),
    notes: redactNotes(event, labels),
    violations: event.violations.map((one) => redactViolation(one, labels)),
    ...given({ problem: event.problem && redactProblem(event.problem, labels) }),
  };
}

function redactChange(one: ChangeResult, labels: Labels): ChangeResult {
  const { error, attendee, chatId } = one;
  return {
    ...one,
    ...given({
      attendee: attendee && redactAttendee(attendee, labels),
      chatId: chatId && labels.of('chat', chatId),
      error: error && redactError(error, labels),
    }),
  };
}

/** What of these problems comes from us and names nobody: folders, limits, settings, the store. */
const open: ReadonlySet<string> = new Set(['settings', 'fleet-removals', 'run-removals', 'journal']);

const words: ReadonlyMap<string, string> = new Map([
  ...Object.entries(problemWords),
  ...changeWords,
  ...diagnosticWords,
]);

/** A fleet run without people. Its messages come out of a file or a store, and may name anybody: they are told by their codes. */
export function redactFleet(report: FleetReport): FleetReport {
  const tenants = report.tenants.map((row) =>
    row.outcome === null ? row : { ...row, outcome: redactOutcome(row.outcome) },
  );
  return { ...report, tenants, redacted: true };
}

function redactOutcome(outcome: TenantOutcome): TenantOutcome {
  return { ...outcome, drift: null, problems: outcome.problems.map(redactTenantProblem) };
}

function redactTenantProblem({ event, source, code, message, hint }: TenantProblem): TenantProblem {
  if (open.has(code) || code.startsWith('store-'))
    return { ...given({ event, source, hint }), code, message };
  return { ...given({ event, source }), code, message: words.get(code) ?? leftOut(code) };
}
