import { type PlanRun, sealed } from '../planner/plan-events.ts';
import type { Sessions } from './sessions.ts';
import { told } from './store.ts';

/**
 * Begins to plan. What it answers gives each event of a plan its epoch, by which applying sees that another run has
 * written it since; without a store there is none.
 *
 * @throws UsageError where the store does not answer; so does what is answered, but for a plan that says so itself.
 */
export async function beginEpochs({
  store,
  accounts,
}: Pick<Sessions, 'store' | 'accounts'>): Promise<(run: PlanRun) => Promise<PlanRun>> {
  if (store === null) return (run) => Promise.resolve(run);
  const { epochsOf, leaseKey, momentOf } = await import('../store/postgres/leases.ts');
  const since = await told(() => momentOf(store));
  return async (run) => {
    const keys = run.plan.events.map((event) => leaseKey(accounts[event.provider]?.host ?? '', event));
    // A plan that is incomplete because the store went away is told all the same. Who wrote its events meanwhile is not known,
    // so those are refused later that any run has ever written: their epoch is not 0.
    const wentAway = run.plan.events.some(({ problem }) => problem?.code === 'store');
    const epochs = await told(() => epochsOf(store, keys, since)).catch((error: unknown) => {
      if (!wentAway) throw error;
      return new Map<string, number>();
    });
    const { digest: _, ...plan } = run.plan;
    const events = plan.events.map((event, at) => ({ ...event, epoch: epochs.get(keys[at] ?? '') ?? 0 }));
    return { ...run, plan: sealed({ ...plan, events }) };
  };
}
