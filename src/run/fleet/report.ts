import type { FleetReport, FleetSummary, TenantOutcome, TenantRow } from '../../model/fleet.ts';
import { exitCodes, worstOf } from '../usage-error.ts';
import type { FleetEnd } from './fleet.ts';

/** What a run of these rows is to be told about. */
export interface ReportFacts extends Pick<FleetReport, 'mode' | 'run' | 'maxRemovals'> {
  /** Exit 2 stands for pending changes. */
  readonly detailed: boolean;
  /** What the run before found for each tenant; then tenants with the same are not told of. */
  readonly previous: ReadonlyMap<string, string | null> | null;
}

/** All tenants in one report. */
export function fleetReport(end: FleetEnd, facts: ReportFacts): FleetReport {
  const { mode, run, maxRemovals, detailed, previous } = facts;
  const { rows } = end;
  const told = previous === null ? rows : rows.filter((row) => isNew(row, previous));
  const summary = summaryOf(rows);
  const beyond = mode === 'plan' && summary.removed > maxRemovals;
  const stopped = beyond || rows.some(isBeyond);
  const codes = rows.map((row) => tenantExitCode(row, mode)).filter((code) => code !== exitCodes.pending);
  const pending = detailed && told.some(({ outcome }) => outcome?.exitCode === exitCodes.pending);
  return {
    formatVersion: '1',
    mode,
    run,
    exitCode: worstOf([
      ...codes,
      ...(pending ? [exitCodes.pending] : []),
      ...(beyond ? [exitCodes.refused] : []),
      ...(end.interrupted ? [exitCodes.interrupted] : []),
      ...(end.failure === null ? [] : [hasWritten(rows) ? exitCodes.incomplete : exitCodes.error]),
    ]),
    maxRemovals,
    stopped,
    summary,
    tenants: told,
  };
}

/** Whether a tenant is to be told of: it failed, or differs in another way than before. */
function isNew({ tenant, state, outcome }: TenantRow, previous: ReadonlyMap<string, string | null>): boolean {
  if (state !== 'done' || outcome === null) return true;
  const failed = outcome.exitCode !== exitCodes.done && outcome.exitCode !== exitCodes.pending;
  const isFirst = !previous.has(tenant);
  if (failed) return true;
  if (isFirst) return outcome.exitCode === exitCodes.pending || outcome.added + outcome.removed > 0;
  return outcome.drift === null || outcome.drift !== previous.get(tenant);
}

/** Of a tenant that nobody is through with something may have been written. */
function tenantExitCode({ state, attempt, outcome }: TenantRow, mode: FleetReport['mode']): number {
  if (outcome !== null) return outcome.exitCode;
  const mayHaveWritten = mode === 'apply' && attempt > 0;
  if (state === 'not-attempted') return exitCodes.refused;
  return mayHaveWritten ? exitCodes.incomplete : exitCodes.error;
}

function isBeyond({ state, outcome }: TenantRow): boolean {
  return (
    state === 'not-attempted' || outcome?.problems.some(({ code }) => code === 'fleet-removals') === true
  );
}

function hasWritten(rows: readonly TenantRow[]): boolean {
  return rows.some(({ outcome }) => outcome !== null && outcome.run !== null);
}

function summaryOf(rows: readonly TenantRow[]): FleetSummary {
  const inState = (state: TenantRow['state']): number => rows.filter((row) => row.state === state).length;
  const sum = (of: (outcome: TenantOutcome) => number): number =>
    rows.reduce((all, { outcome }) => all + (outcome === null ? 0 : of(outcome)), 0);
  return {
    tenants: rows.length,
    done: inState('done'),
    failed: inState('failed'),
    notAttempted: inState('not-attempted'),
    open: inState('open'),
    events: sum(({ events }) => events),
    added: sum(({ added }) => added),
    removed: sum(({ removed }) => removed),
  };
}
