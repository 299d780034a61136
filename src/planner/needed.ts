import { editsOf } from '../diff/edits.ts';
import { restsOnAdditions } from '../diff/guards.ts';
import { restsOnStanding } from '../diff/leavers.ts';
import { isWrittenChanged } from '../diff/occurrences.ts';
import type { Reading } from '../diff/reading.ts';
import { type Diagnostic, diagnosticOf } from '../model/diagnostic.ts';
import { plain, say } from '../model/say.ts';
import { type CallsOf, type PlatformCalls, countedIn } from '../model/calls.ts';
import type { EventPlan } from '../model/plan.ts';
import { platforms, type ProviderId } from '../platforms/index.ts';
import { keyOf, type Standings } from '../providers/standings.ts';

/** What reading one event cost, for the count of calls that applying it will take. */
export interface Listed {
  /** Rows of the listing, those marked as removed included. Null where nothing was listed. */
  readonly rows: number | null;
}

/**
 * The calls that applying an event takes in the usual case: its writes, one verification, and the reading before the
 * first write where apply makes one.
 */
export function requestsNeeded(plan: EventPlan, reading: Reading, listed: Listed, rereads: boolean): number {
  if (plan.status !== 'changed') return 0;
  const platform = platforms[plan.provider];
  const writes = editsOf(plan.changes, reading, plan.order, platform).length;
  const times = rereads ? 2 : 1;
  // A deletion is read, and verified, by asking for the event.
  if (plan.changes.some(({ action }) => action === 'delete-event')) return writes + times;
  // So is an unbinding by asking for the binding, where the platform can tell.
  const asks = plan.changes.some(({ action, certain }) => action === 'unbind-chat' && certain) ? 1 : 0;
  if (listed.rows === null || plan.changes.every(({ action }) => action === 'unbind-chat')) {
    return writes + asks * times;
  }
  const removed = platform.reads.showsRemoved
    ? 0
    : sum(plan.changes, (change) => (change.action === 'remove' ? 1 : 0));
  const added = sum(plan.changes, (change) =>
    change.action === 'add' && change.wasRemoved !== true ? 1 : 0,
  );
  const pageSize = platform.reads.pageSize ?? Number.POSITIVE_INFINITY;
  const pages = (rows: number): number => Math.max(1, Math.ceil(rows / pageSize));
  // Where removals pass their guard only because of additions, these are seen first.
  const sees = restsOnAdditions(plan, reading) ? pages(listed.rows + added) : 0;
  // Whether an occurrence is still a changed one is asked before it is written.
  const looks = isWrittenChanged(plan) ? (platform.reads.looksAtSeries ? 2 : 1) : 0;
  // A write of the whole list answers what it is then.
  const verified = platform.writes.style === 'whole' ? 0 : pages(listed.rows - removed + added);
  return writes + sees + verified + (rereads ? pages(listed.rows) + asks + looks : 0);
}

function sum<T>(items: readonly T[], count: (item: T) => number): number {
  return items.reduce((total, item) => total + count(item), 0);
}

/** The calls by which apply asks again, of all events together, about those whose standing its changes rest on. */
export function judgingCalls(plans: readonly EventPlan[], standings: Standings): number {
  const groups = new Map<string, { readonly provider: ProviderId; readonly ids: Set<string> }>();
  for (const plan of plans) {
    if (plan.status !== 'changed') continue;
    const group = groups.get(keyOf(plan)) ?? { provider: plan.provider, ids: new Set() };
    groups.set(keyOf(plan), group);
    for (const id of restsOnStanding(plan.changes)) group.ids.add(id);
  }
  return sum([...groups.values()], ({ provider, ids }) => standings.callsFor(provider, ids.size));
}

/** The share of a month's calls, in percent, above which a plan says so before anybody applies it. */
const monthlyWarningPercent = 10;

/** A warning for each platform on which planning and applying take more than a tenth of the month's calls. */
export function monthlyWarnings(calls: CallsOf): Diagnostic[] {
  return [...calls].flatMap(([provider, count]) => warningOf(provider, count) ?? []);
}

function warningOf(provider: ProviderId, calls: PlatformCalls): Diagnostic | null {
  const { title, monthlyCalls } = platforms[provider];
  const { used, needed, total } = countedIn(calls);
  if (monthlyCalls === null || total * 100 <= monthlyCalls * monthlyWarningPercent) return null;
  const share = Math.round((total / monthlyCalls) * 1000) / 10;
  return diagnosticOf({
    severity: 'warning',
    code: 'monthly-quota',
    message: say`${plain(title)}: ${used} calls used and ${needed} needed to apply are ${share}% of the ${monthlyCalls} calls a month that an organisation has for all its apps`,
    hint: say`Choose fewer events with --target, plan only what changed with --changed-from, or apply less often.`,
  });
}
