import type { Leases } from '../applier/leases.ts';
import type { Keep } from '../applier/stream.ts';
import type { Plan } from '../model/plan.ts';
import type { ApplyEvent, Origin } from '../model/result.ts';
import type { Clock } from '../providers/provider.ts';
import type { Store } from '../store/postgres/store.ts';
import type { Sessions } from './sessions.ts';
import { engine, told } from './store.ts';
import { given } from '../model/given.ts';

/** What a run in the store is begun with. */
export interface StoredSettings {
  readonly runId: string;
  readonly kind: 'apply' | 'revert';
  readonly plan: Plan;
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly origin: Origin;
  readonly tenant: string | null;
  readonly mayStart: () => boolean;
  readonly waitMs: number;
  readonly callMs: number;
  readonly plannedAt: number | undefined;
  readonly ttlMs: number | undefined;
  readonly onHeld: ((count: number) => void) | undefined;
}

/** What applying under leases is handed. */
export interface UnderLeases {
  readonly leases: Leases;
  /** Brings lines to the store. */
  readonly keep: Keep<ApplyEvent>;
}

/**
 * Applies as a run in the store: it is begun before anything is read or written, and ended however applying ends.
 *
 * @throws UsageError where the store does not take it
 */
export async function* inStore(
  store: Store,
  settings: StoredSettings,
  work: (under: UnderLeases) => AsyncGenerator<ApplyEvent, void, undefined>,
): AsyncGenerator<ApplyEvent, void, undefined> {
  // Loaded where there is a store, and nowhere else.
  const [{ beginRun, leaseKey, take }, { storeJournal }, { StoreLeases }] = await Promise.all([
    engine(),
    import('../store/postgres/journal.ts'),
    import('./leases.ts'),
  ]);
  const { runId: id, kind, plan, sessions, clock, origin, tenant, callMs, ttlMs } = settings;
  const { accounts } = sessions;
  const digest = plan.digest ?? '';
  const facts = { id, kind, tenant, accounts, origin, plan: digest, callMs };
  const timing = { clock, ...given({ ttlMs }) };
  const run = await told(() => beginRun(store, facts, timing));
  let exitCode: number | null = null;
  try {
    const leases = new StoreLeases({
      ...settings,
      plan: digest,
      keyOf: (event) => leaseKey(accounts[event.provider]?.host ?? '', event),
      take: (key) => take(run, key),
      mayStart: () => run.mayStart() && settings.mayStart(),
      lagMs: (provider) => sessions.lagMs(provider),
    });
    const journal = storeJournal(
      run,
      (event) => leases.heldBy(event),
      () => clock.date(),
    );
    for await (const event of work({ leases, keep: (events) => journal.appendAll(events) })) {
      if (event.kind === 'run-done') exitCode = event.exitCode;
      yield event;
    }
  } finally {
    await run.end(exitCode);
  }
}
