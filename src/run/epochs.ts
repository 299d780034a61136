import { systemClock } from '../http/clock.ts';
import { type PlanRun, sealed } from '../planner/plan-events.ts';
import type { Place, Written } from '../store/postgres/leases.ts';
import type { Sessions } from './sessions.ts';
import { StoreError, type Store } from '../store/postgres/store.ts';
import { engine, told } from './store.ts';

/** For how long what time it is for the store need not be asked again, in milliseconds. */
const recentMs = 1000;

/** Asks what time it is for the store. Who wants to know it later has that answer while it is recent. Rejects with StoreError. */
export async function timeOf(store: Store): Promise<() => Promise<string>> {
  const { momentOf } = await engine();
  const askedAt = systemClock.now();
  const asked = momentOf(store);
  asked.catch(() => {});
  return () => (systemClock.now() - askedAt < recentMs ? asked : momentOf(store));
}

type Epochs = ReadonlyMap<string, Written>;

/**
 * Begins to plan these events. What it answers gives each event of a plan its epoch, by which applying sees that another run has
 * written it since; without a store there is none.
 *
 * @throws UsageError where the store does not answer; so does what is answered, but for a plan that says so itself.
 */
export async function beginEpochs(
  { store, storeTime, accounts, timeoutMs }: Pick<Sessions, 'store' | 'storeTime' | 'accounts' | 'timeoutMs'>,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<(run: PlanRun) => Promise<PlanRun>> {
  if (store === null || storeTime === null) return (run) => Promise.resolve(run);
  const { epochsOf, leaseKey } = await engine();
  const since = await told(storeTime);
  const keyOf = (place: Place): string => leaseKey(accounts[place.provider]?.host ?? '', place);
  const none = (): Epochs => new Map();
  // Answered while the first calls are made. Who writes an event after that has an epoch of its own, which is not the plan's.
  const early = epochsOf(store, places.map(keyOf), since).catch(none);
  return async (run) => {
    const known = await early;
    const keys = run.plan.events.map(keyOf);
    const open = new Set(keys.filter((key) => known.get(key)?.isCertain !== true));
    // A plan that is incomplete because the store went away is told all the same. Who wrote its events meanwhile is not known,
    // so those are refused later that any run has ever written: their epoch is not 0.
    const wentAway = run.plan.events.some(({ problem }) => problem?.code === 'store');
    const asked = (): Promise<Epochs> => (open.size === 0 ? early : epochsOf(store, [...open], since));
    const late = await told(() => patiently(asked, timeoutMs, signal)).catch((error: unknown) => {
      if (!wentAway) throw error;
      return none();
    });
    const epochOf = (key = ''): number => (open.has(key) ? late : known).get(key)?.epoch ?? 0;
    const { digest: _, ...plan } = run.plan;
    const events = plan.events.map((event, at) => ({ ...event, epoch: epochOf(keys[at]) }));
    return { ...run, plan: sealed({ ...plan, events }) };
  };
}

/** How long until a store that could not be reached is asked again, in milliseconds. */
const askAgainMs = 250;

/** Asks again for so long: a plan that has been made is not lost because the store was started anew. */
async function patiently<T>(ask: () => Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  const end = systemClock.now() + timeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isAway = error instanceof StoreError && error.code === 'store-unreachable';
      if (!isAway || signal.aborted || systemClock.now() >= end) throw error;
    }
    await systemClock.sleep(askAgainMs, signal).catch(() => {});
  }
}
