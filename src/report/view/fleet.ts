import type { FleetMode, FleetReport, TenantOutcome, TenantProblem, TenantRow } from '../../model/fleet.ts';
import { count, grouped } from './words.ts';

/** One tenant in a report. Texts from outside stand as they are: formats escape. */
export interface TenantView {
  readonly tenant: string;
  /** `in sync`, `changes`, `applied`, `refused`, `failed` ... */
  readonly words: string;
  readonly mood: 'good' | 'warn' | 'bad';
  /** `1 changed, 2 in sync` */
  readonly events: string;
  readonly added: string;
  readonly removed: string;
  readonly attempt: string;
  readonly problems: readonly TenantProblem[];
  /** Problems that are not told. */
  readonly more: number;
}

/** A fleet run in the words and the order of a report. */
export interface FleetView {
  /** `Fleet plan: 2 people to add, 1 to remove.` */
  readonly headline: string;
  /** `3 tenants: 1 in sync, 1 with changes, 1 failed.` */
  readonly totals: string;
  readonly tenants: readonly TenantView[];
  /** What is wrong with the run itself. */
  readonly problems: readonly TenantProblem[];
  /** What to do about it: sentences. */
  readonly next: readonly string[];
}

/** A fleet run as it is shown. */
export function fleetView(report: FleetReport): FleetView {
  const { mode, summary, run } = report;
  const tenants = report.tenants.map((row) => tenantView(row, mode));
  const [add, remove] = mode === 'plan' ? ['to add', 'to remove'] : ['added', 'removed'];
  const people = `${count(summary.added, 'person', 'people')} ${add}, ${grouped(summary.removed)} ${remove}`;
  const named = run === null ? '' : ` ${run}`;
  return {
    headline: `Fleet ${mode}${named}: ${people}.`,
    totals: totalsOf(report, tenants),
    tenants,
    problems: report.problems ?? [],
    next: nextSteps(report, tenants),
  };
}

const failedThrice: TenantProblem = {
  code: 'attempts',
  message: 'three replicas died while working on it',
  hint: 'See their logs: they may be short of memory. What was written is in the store: rollcall history.',
};

function tenantView(row: TenantRow, mode: FleetMode): TenantView {
  const { tenant, attempt, outcome, state } = row;
  const [words, mood] = wordsOf(row, mode);
  return {
    tenant,
    words,
    mood,
    events: outcome === null ? '' : eventWords(outcome),
    added: outcome === null ? '' : grouped(outcome.added),
    removed: outcome === null ? '' : grouped(outcome.removed),
    attempt: attempt === 0 ? '' : String(attempt),
    problems: state === 'failed' ? [failedThrice] : (outcome?.problems ?? []),
    more: outcome?.more ?? 0,
  };
}

type Words = readonly [words: string, mood: TenantView['mood']];

function wordsOf({ state, attempt, outcome }: TenantRow, mode: FleetMode): Words {
  switch (state) {
    case 'failed':
      return ['failed', 'bad'];
    case 'not-attempted':
      return ['not attempted', 'warn'];
    case 'open':
      return [attempt === 0 ? 'not reached' : 'not finished', 'warn'];
    case 'done':
      return outcome === null ? ['failed', 'bad'] : endWords(outcome, mode);
  }
}

/** By the exit codes of the commands for one account. */
function endWords({ exitCode, by, added, removed }: TenantOutcome, mode: FleetMode): Words {
  switch (exitCode) {
    case 0: {
      const wrote = added + removed > 0 || Object.keys(by).some((outcome) => outcome !== 'unchanged');
      return mode === 'apply' && wrote ? ['applied', 'good'] : ['in sync', 'good'];
    }
    case 2:
      return ['changes', 'warn'];
    case 3:
      return ['refused', 'bad'];
    case 4:
      return ['incomplete', 'bad'];
    case 130:
      return ['interrupted', 'warn'];
    default:
      return ['failed', 'bad'];
  }
}

function eventWords({ by }: TenantOutcome): string {
  return Object.entries(by)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([status, number]) => `${grouped(number)} ${status.replaceAll('-', ' ')}`)
    .join(', ');
}

function totalsOf({ summary, tenants: told }: FleetReport, tenants: readonly TenantView[]): string {
  const byWords = new Map<string, number>();
  for (const { words } of tenants) byWords.set(words, (byWords.get(words) ?? 0) + 1);
  const parts = [...byWords].map(
    ([words, number]) => `${grouped(number)} ${words === 'changes' ? 'with changes' : words}`,
  );
  const untold = summary.tenants - told.length;
  if (untold > 0) parts.push(`${grouped(untold)} as before`);
  const all = `${count(summary.tenants, 'tenant')}, ${count(summary.events, 'event')}`;
  return `${all}: ${parts.join(', ')}.`;
}

function nextSteps(report: FleetReport, tenants: readonly TenantView[]): string[] {
  const { mode, stopped, maxRemovals, summary } = report;
  const has = (words: string): boolean => tenants.some((one) => one.words === words);
  const steps: string[] = [];
  if (stopped && mode === 'plan') {
    steps.push(
      `Refused: ${grouped(summary.removed)} removals are more than ${grouped(maxRemovals)}. If that is intended, pass --max-removals ${summary.removed}; or choose fewer tenants with --selector.`,
    );
  }
  if (stopped && mode === 'apply') {
    steps.push(
      `Stopped: the removals of all tenants are more than ${grouped(maxRemovals)}. If that is intended, raise --max-removals and start another --run; or choose fewer tenants with --selector.`,
    );
  }
  if (mode === 'plan' && has('changes') && !stopped) {
    steps.push(
      'To see who is affected: --out-dir DIR saves the plans, and rollcall show DIR/TENANT.json prints one.',
    );
  }
  if (has('not reached') || has('not finished') || has('interrupted')) {
    steps.push('Run the same command again to continue with what is not done.');
  }
  if (mode === 'apply' && has('incomplete')) {
    steps.push('Plan again to see what is left. Changes that were made are not repeated.');
  }
  if (mode === 'apply' && report.tenants.some(({ attempt }) => attempt > 1)) {
    steps.push(
      'What was added and removed in attempts whose replica died is not counted here: see rollcall history.',
    );
  }
  return steps;
}
