import type { Reading } from '../diff/reading.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { EventPlan, PlanAccount, Plan } from '../model/plan.ts';
import type { Platform } from '../model/platform.ts';
import { type ProviderId, platforms } from '../platforms/index.ts';
import type { ApplyEvent, Origin } from '../model/result.ts';
import type { Clock, Turn, Writer } from '../providers/provider.ts';
import type { Beside } from '../providers/side-by-side.ts';
import type { OrganisationOf, Standings } from '../providers/standings.ts';
import type { Leases } from './leases.ts';
import type { Emit, Keep } from './stream.ts';

/** What applying is handed. Its signal stops: batches in flight are finished, no new one is started. */
export interface ApplyContext extends Beside {
  readonly writerOf: (provider: ProviderId, turn: Turn) => Writer;
  /**
   * Who can be asked how people stand: before anything is written it is asked again for whom that decides, save of plans
   * that were made just now. Absent where nobody is.
   */
  readonly organisationOf?: OrganisationOf;
  readonly clock: Clock;
  /** How long a platform's reads may lag behind its writes, in milliseconds. */
  readonly lagMs: (provider: ProviderId) => number;
  /** Whether each changed event is read again at the end. */
  readonly verify: boolean;
  /** How long an event may take to show its changes, in milliseconds. */
  readonly verifyTimeoutMs: number;
  /**
   * What the plan's own listings said, where the plan was made just now: those events are not read once more before
   * they are written. Absent for a plan from elsewhere.
   */
  readonly readings?: ReadonlyMap<string, Reading>;
  /**
   * What the manifests want, by event name, where they are what is applied: an event under `exact` is done only when it
   * is as its manifest says. Absent for a saved plan, which says nothing of anyone who came since.
   */
  readonly wants?: ReadonlyMap<string, DesiredEvent>;
  /**
   * What the manifests want, by event name, where they are available: those that are applied, or that a saved plan has
   * to follow from. What a plan says that was seen is not taken on trust then: whom the manifest keeps is not removed,
   * and guards count those who are live. Without them the plan's own policy says whom it keeps.
   */
  readonly follows?: ReadonlyMap<string, DesiredEvent>;
  /** Who may write to which event; absent where this run is on its own. */
  readonly leases?: Leases;
  readonly runId: string;
  readonly origin?: Origin;
  readonly accounts: Readonly<Partial<Record<ProviderId, PlanAccount>>>;
  readonly tool: Plan['tool'];
  /** Calls made so far, on all platforms. */
  readonly requests: () => number;
  /** Brings what happened to disk before it is told, and so before any step that it announces. */
  readonly keep?: Keep<ApplyEvent>;
  readonly onEvent?: (done: number, total: number) => void;
}

/** One run at work: what its events share. */
export interface Run {
  readonly options: ApplyContext;
  /** How people stand now; absent where the plan's own answers are of this moment. */
  readonly standings?: Standings;
  readonly emit: Emit<ApplyEvent>;
  /** Counts the run's batches from 1. */
  nextBatch(): number;
  /** Whether credentials or quota ended the work of an account: then none of its events starts a further call. */
  hasEnded(provider: ProviderId): boolean;
  /** Without credentials or quota no other call of the account would go through. Those of other platforms do. */
  end(provider: ProviderId): void;
}

/** Waits without a call, in milliseconds; rejects with the signal's reason. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** What keeps the work on an event from going on. */
export interface Stops {
  /** Cuts off reading and waiting. */
  readonly signal: AbortSignal;
  /** Whether nothing new may be sent. */
  isStopped(): boolean;
}

export function stopsOf(run: Run, { provider }: Pick<EventPlan, 'provider'>): Stops {
  const { signal } = run.options;
  return { signal, isStopped: () => run.hasEnded(provider) || signal.aborted };
}

/** For what is never left half done: adding back anyone who was just removed for a new flag. */
export const neverStops: Stops = { signal: new AbortController().signal, isStopped: () => false };

export function platformOf(plan: EventPlan): Platform {
  return platforms[plan.provider];
}
