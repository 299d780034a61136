import { liveOf } from '../diff/live.ts';
import type { Plan } from '../model/plan.ts';
import { type PlanRun, sealed } from '../planner/plan-events.ts';
import type { Reader } from '../providers/provider.ts';
import { type Dropped, unmanagedOf } from './changed-from.ts';
import type { PlanSettings } from './plan.ts';
import type { Sessions } from './sessions.ts';
import { UsageError } from './usage-error.ts';

/**
 * The same plan, telling of the events that the manifests no longer name. Each is listed once, to say how many stay as
 * they are; without credentials, or where that fails, it is told without a number, and nothing else changes.
 */
export async function withUnmanaged(
  run: PlanRun,
  dropped: readonly Dropped[],
  sessions: Sessions,
  settings: Pick<PlanSettings, 'open' | 'signal'>,
): Promise<PlanRun> {
  const before = sessions.requests();
  const own = await ownSessions(dropped, sessions, settings);
  try {
    const unmanaged: Plan['unmanaged'] = await Promise.all(
      dropped.map(async (one) => {
        const { provider } = one.event.ref;
        const of = provider in sessions.accounts ? sessions : own.get(provider);
        return unmanagedOf(
          one,
          of === undefined ? null : await attendeeCount(one, of.readerOf(provider), settings.signal),
        );
      }),
    );
    const others = [...own.values()].reduce((total, each) => total + each.requests(), 0);
    const used = run.plan.requests.used + sessions.requests() - before + others;
    const { digest: _, ...plan } = run.plan;
    return { ...run, plan: sealed({ ...plan, requests: { ...plan.requests, used }, unmanaged }) };
  } finally {
    await Promise.all([...own.values()].map((one) => one.close()));
  }
}

async function attendeeCount(
  { event }: Dropped,
  reader: Reader,
  signal: AbortSignal,
): Promise<number | null> {
  const observed = await reader.read(event.ref, 'attendees', signal);
  return observed.complete ? liveOf(observed.attendees).attendees.size : null;
}

/** Sessions of platforms that nothing else of the plan needs, where there are credentials. */
async function ownSessions(
  dropped: readonly Dropped[],
  sessions: Sessions,
  { open }: Pick<PlanSettings, 'open'>,
): Promise<ReadonlyMap<string, Sessions>> {
  const opened = new Map<string, Sessions>();
  for (const provider of new Set(dropped.map(({ event }) => event.ref.provider))) {
    if (provider in sessions.accounts) continue;
    try {
      opened.set(provider, await open([provider]));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
    }
  }
  return opened;
}
