import type { FleetReport, TenantOutcome, TenantProblem } from '../../model/fleet.ts';
import { given } from '../../model/given.ts';
import { changeWords, diagnosticWords, leftOut, problemWords } from './words.ts';

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
  return { ...outcome, drift: null, problems: outcome.problems.map(redactProblem) };
}

function redactProblem({ event, source, code, message, hint }: TenantProblem): TenantProblem {
  if (open.has(code) || code.startsWith('store-'))
    return { ...given({ event, source, hint }), code, message };
  return { ...given({ event, source }), code, message: words.get(code) ?? leftOut(code) };
}
