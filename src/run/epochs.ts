import { type PlanRun, sealed } from '../planner/plan-events.ts';
import type { Sessions } from './sessions.ts';
import { told } from './store.ts';

/**
 * Begins to plan. What it answers gives each event of a plan its epoch, by which applying sees that another run has
 * written it since; without a store there is none.
 *
 * @throws UsageError where the store does not answer; so does what is answered.
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
    const epochs = await told(() => epochsOf(store, keys, since));
    const { digest: _, ...plan } = run.plan;
    const events = plan.events.map((event, at) => ({ ...event, epoch: epochs.get(keys[at] ?? '') ?? 0 }));
    return { ...run, plan: sealed({ ...plan, events }) };
  };
}
