import { createHash } from 'node:crypto';
import { canonicalJson } from '../../diff/digest.ts';
import type { Diagnostic, Problem } from '../../model/diagnostic.ts';
import type { TenantOutcome, TenantProblem } from '../../model/fleet.ts';
import { given } from '../../model/given.ts';
import { changeKey, type Plan, type Violation } from '../../model/plan.ts';
import type { Result } from '../../model/result.ts';
import { JournalError } from '../../store/journal.ts';
import { PlanFileError } from '../../store/plan-file.ts';
import { StoreError } from '../../store/postgres/store.ts';
import { exitCodes, ManifestError, planExitCode, UsageError } from '../usage-error.ts';

/** The most problems that an outcome tells. */
const mostProblems = 10;

/** The longest message or hint of one, in characters: thousands of tenants are in memory together. */
const longestText = 500;

/** What a plan means for its tenant. */
export function outcomeOfPlan(plan: Plan): TenantOutcome {
  const { summary, events, requests } = plan;
  const problems = [...plan.violations.map(ofRunGuard), ...problemsOf(events)];
  const drift = events
    .filter(({ status }) => status !== 'in-sync')
    .map(({ name, status, changes, problem, violations }) => [
      name,
      status,
      changes.map((change) => changeKey(change)),
      [problem?.code, ...violations.map(({ code }) => code)],
    ]);
  return {
    exitCode: planExitCode(plan, true),
    events: events.length,
    by: counts(events.map(({ status }) => status)),
    added: summary.add,
    removed: summary.remove,
    ...told(problems),
    drift: digestOf([drift, plan.violations.map(({ code }) => code)]),
    run: null,
    calls: requests.used,
  };
}

/** What a run's end means for its tenant. `others`: what has to be told beside it, that is about no event. */
export function outcomeOfResult(
  result: Result,
  { run, others = [] }: { readonly run: string | null; readonly others?: readonly TenantProblem[] },
): TenantOutcome {
  const { events, summary } = result;
  const failures = events.flatMap(({ name, changes }) => {
    const failed = changes.find(({ error }) => error !== undefined)?.error;
    return failed === undefined ? [] : [problem(failed, name)];
  });
  const drift = events
    .filter(({ outcome, changes }) => outcome !== 'unchanged' || changes.length > 0)
    .map(({ name, outcome, changes, problem: one }) => [
      name,
      outcome,
      changes.map((change) => [changeKey(change), change.outcome]),
      one?.code,
    ]);
  return {
    exitCode: result.exitCode,
    events: events.length,
    by: counts(events.map(({ outcome }) => outcome)),
    added: summary.added,
    removed: summary.removed,
    ...told([...others, ...problemsOf(events), ...failures]),
    drift: digestOf(drift),
    run,
    calls: result.requests.used,
  };
}

/** What a failure means for the tenant whose work it ended. */
export function outcomeOfError(error: unknown): TenantOutcome {
  const problems = problemsIn(error);
  return {
    exitCode: error instanceof UsageError ? error.exitCode : exitCodes.error,
    events: 0,
    by: {},
    added: 0,
    removed: 0,
    ...told(problems),
    drift: digestOf(problems.map(({ code, source }) => [code, source])),
    run: null,
    calls: 0,
  };
}

/** A tenant whose removals do not fit into those of the whole run: nothing of it was written. */
export function outcomeBeyond(
  plan: Plan,
  { reserved, maxRemovals }: { readonly reserved: number; readonly maxRemovals: number },
): TenantOutcome {
  const planned = outcomeOfPlan(plan);
  const own = plan.summary.remove;
  const beyond: TenantProblem = {
    code: 'fleet-removals',
    message: `its ${own} removals and the ${reserved} of earlier tenants are more than ${maxRemovals}`,
    hint: `Nothing of it was applied. If that is intended, pass --max-removals ${own + reserved} or more, with another --run.`,
  };
  const { problems, more } = told([beyond, ...planned.problems]);
  return {
    ...planned,
    exitCode: exitCodes.refused,
    added: 0,
    removed: 0,
    problems,
    more: more + planned.more,
  };
}

/** What a failure is about, in the words that its command would print. */
export function problemsIn(error: unknown): readonly TenantProblem[] {
  if (error instanceof ManifestError) return error.diagnostics.filter(isError).map(ofDiagnostic);
  if (error instanceof UsageError) {
    const { message, hint, details } = error;
    const all = details.length === 0 ? message : `${message}: ${details.join('; ')}`;
    return [problem({ code: 'settings', message: all, ...given({ hint }) })];
  }
  if (error instanceof StoreError) {
    const { code, message, hint } = error;
    return [problem({ code, message, hint })];
  }
  if (error instanceof PlanFileError) return [problem({ code: 'plan-file', message: error.message })];
  if (error instanceof JournalError) {
    return [problem({ code: 'journal', message: error.message, ...given({ hint: error.hint }) })];
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = 'This is a bug in rollcall: please report it.';
  return [problem({ code: 'internal', message: `rollcall failed on this tenant: ${message}`, hint })];
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error';
}

function ofDiagnostic({ code, message, hint, source }: Diagnostic): TenantProblem {
  return { ...problem({ code, message, ...given({ hint }) }), ...given({ source }) };
}

function problemsOf(
  events: readonly {
    readonly name: string;
    readonly problem?: Problem;
    readonly violations: readonly Violation[];
  }[],
): TenantProblem[] {
  return events.flatMap(({ name, problem: one, violations }) => [
    ...(one === undefined ? [] : [problem(one, name)]),
    ...violations.map((violation) => ofViolation(violation, name)),
  ]);
}

/** A guard of an event: its name is told beside it, and a fleet takes no option that lifts it. */
function ofViolation({ code, message }: Violation, event: string): TenantProblem {
  const own = message.startsWith(`${event}: `) ? message.slice(event.length + 2) : message;
  const [what = own, ...ways] = own.split(meant);
  const hint = ways.join(meant).replace(/(lift this once with|pass) (?=--)/, `${alone} `);
  return problem({ code, message: what, ...(hint === '' ? {} : { hint: `${meant.trim()}${hint}` }) }, event);
}

const meant = ' If that is intended,';
const alone = 'apply this tenant by itself, with its variables: rollcall apply';

/** The guard over all events of a tenant: the options that lift it are those of the commands for one account. */
function ofRunGuard({ code, message }: Violation): TenantProblem {
  const [what = message] = message.split(meant);
  return problem({ code, message: what, hint: `${meant.trim()} ${alone} --max-removals N.` });
}

function problem(
  { code, message, hint }: Pick<TenantProblem, 'code' | 'message' | 'hint'>,
  event?: string,
): TenantProblem {
  return {
    ...given({ event }),
    code,
    message: shortened(message),
    ...given({ hint: hint === undefined ? undefined : shortened(hint) }),
  };
}

function shortened(text: string): string {
  // Not in the middle of a character beyond U+FFFF.
  return text.length > longestText
    ? `${text.slice(0, longestText).replace(/[\ud800-\udbff]$/, '')}...`
    : text;
}

function told(problems: readonly TenantProblem[]): Pick<TenantOutcome, 'problems' | 'more'> {
  return { problems: problems.slice(0, mostProblems), more: Math.max(0, problems.length - mostProblems) };
}

function counts(words: readonly string[]): Readonly<Record<string, number>> {
  const all: Record<string, number> = {};
  for (const word of words) all[word] = (all[word] ?? 0) + 1;
  return all;
}

function digestOf(value: unknown): string {
  return `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;
}
