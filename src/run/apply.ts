import { randomBytes } from 'node:crypto';
import { apply } from '../applier/apply.ts';
import type { Leases } from '../applier/leases.ts';
import type { Keep } from '../applier/stream.ts';
import { withFollowed } from '../diff/occurrences.ts';
import type { Reading } from '../diff/reading.ts';
import { systemClock } from '../http/clock.ts';
import type { DesiredEvent } from '../model/event.ts';
import { given } from '../model/given.ts';
import type { Plan } from '../model/plan.ts';
import type { ApplyEvent, Origin } from '../model/result.ts';
import type { Clock } from '../providers/provider.ts';
import { type Journal, openJournal } from '../store/journal.ts';
import type { Sessions } from './sessions.ts';
import { inStore } from './stored-run.ts';
import { toolInfo } from './version.ts';

/** A plan that is applied, and what it may be held against. */
export interface Applying {
  readonly plan: Plan;
  readonly sessions: Sessions;
  /** What the plan was made from just now: then events are not read again before they are written. */
  readonly readings?: ReadonlyMap<string, Reading>;
  /** When that began to be read, by the clock. */
  readonly plannedAt?: number;
  /** What the manifests want, where those are what is applied. */
  readonly wants?: readonly DesiredEvent[];
  /** What each reading before a write is held against: the manifests that are applied, or that a saved plan follows from. */
  readonly follows?: readonly DesiredEvent[];
}

/** Where the events of a run are written before the next step is taken. */
export interface JournalSink {
  /** The run whose events it takes; without it the run makes a name of its own. */
  readonly runId?: string;
  /**
   * Returns, or resolves, once the event is kept for good. What it throws or rejects with ends the run before the step
   * is taken.
   */
  append(event: ApplyEvent): void | Promise<void>;
  /** The same for events that happened at the same time, where that takes less than one after the other. */
  appendAll?(events: readonly ApplyEvent[]): void | Promise<void>;
}

export interface ApplySettings {
  readonly signal: AbortSignal;
  readonly concurrency: number;
  /** Whether each changed event is read again at the end. */
  readonly verify: boolean;
  readonly verifyTimeoutMs: number;
  /** The folder for the journal of the run; or a sink that takes its place. */
  readonly journal: string | JournalSink;
  /** What the store calls the run; `apply` unless it is given. */
  readonly kind?: 'apply' | 'revert';
  readonly origin?: Origin;
  /** Whose run it is, of several organisations that are worked on together. */
  readonly tenant?: string;
  /** With a store, whether anything may be written at all, beside what the leases say. */
  readonly mayStart?: () => boolean;
  /** With a store, how long an event is waited for that another run holds, in milliseconds: 60,000. */
  readonly waitMs?: number;
  /** With a store, how long a run is taken for alive that says nothing, in milliseconds. */
  readonly ttlMs?: number;
  readonly clock?: Clock;
  readonly onEvent?: (done: number, total: number) => void;
  /** With a store, told how many events wait for other runs that hold them, each time that changes. */
  readonly onHeld?: (count: number) => void;
}

/** A run that begins when its events are asked for. */
export interface AppliedRun {
  /** The journal's path; null where nothing is to be written, or a sink was given. */
  readonly journal: string | null;
  /** Each event is in the journal before the next step is taken. */
  readonly events: AsyncGenerator<ApplyEvent, void, undefined>;
}

/** Whether applying the plan would write anything. */
export function isPending(plan: Plan): boolean {
  if (plan.violations.length > 0) return false;
  // Counted in changes, whatever the plan says of itself: no write may be without its line in a journal.
  return plan.events.some(
    ({ status, changes }) => changes.length > 0 && status !== 'refused' && status !== 'unknown',
  );
}

/**
 * Makes a plan so, its journal ahead of every write.
 *
 * @throws JournalError where the journal cannot be made.
 */
export function applyRun(applying: Applying, settings: ApplySettings): AppliedRun {
  const { plan } = applying;
  const { clock = systemClock } = settings;
  if (typeof settings.journal !== 'string') {
    const sink = settings.journal;
    const runId = sink.runId ?? newRunId(clock.date());
    return { journal: null, events: leased(applying, settings, runId, sink) };
  }
  const runId = newRunId(clock.date());
  if (!isPending(plan)) return { journal: null, events: stepsOf(applying, settings, runId) };
  const journal = openJournal(settings.journal, runId, () => clock.date());
  return { journal: journal.path, events: closing(leased(applying, settings, runId, journal), journal) };
}

/** Under leases where there is a store and something to write; each line is there before it is anywhere else. */
function leased(
  applying: Applying,
  settings: ApplySettings,
  runId: string,
  journal: JournalSink,
): AsyncGenerator<ApplyEvent, void, undefined> {
  const { plan, sessions, readings, plannedAt } = applying;
  const { store } = sessions;
  if (store === null || !isPending(plan)) return stepsOf(applying, settings, runId, keepIn(journal));
  const { clock = systemClock, kind = 'apply', origin = {}, waitMs = 60_000, ttlMs, onHeld } = settings;
  const { tenant = null, mayStart = () => true } = settings;
  const own = { runId, plan, sessions, clock, kind, origin, tenant, mayStart };
  const facts = { ...own, waitMs, callMs: sessions.timeoutMs };
  const fresh = readings === undefined ? undefined : plannedAt;
  return inStore(store, { ...facts, plannedAt: fresh, ttlMs, onHeld }, ({ leases, keep }) =>
    stepsOf(
      applying,
      settings,
      runId,
      async (events) => {
        await keep(events);
        await keepIn(journal)(events);
      },
      leases,
    ),
  );
}

function stepsOf(
  applying: Applying,
  settings: ApplySettings,
  runId: string,
  keep?: Keep<ApplyEvent>,
  leases?: Leases,
): AsyncGenerator<ApplyEvent, void, undefined> {
  const { plan, sessions, readings, wants, follows } = applying;
  const { clock = systemClock, signal, concurrency, verify, verifyTimeoutMs, onEvent } = settings;
  const origin = Object.keys(settings.origin ?? {}).length > 0 ? settings.origin : undefined;
  return apply(plan, {
    begin: (provider, own, subject) => sessions.begin(provider, own, subject),
    writerOf: (provider, turn) => sessions.writerOf(provider, turn),
    organisationOf: (provider) => sessions.organisationOf(provider),
    clock,
    lagMs: (provider) => sessions.lagMs(provider),
    concurrency,
    verify,
    verifyTimeoutMs,
    signal,
    ...given({ readings }),
    ...given({ wants: wants && byName(withFollowed(wants, plan)) }),
    ...given({ follows: follows && byName(withFollowed(follows, plan)) }),
    runId,
    accounts: sessions.accounts,
    tool: toolInfo(),
    requests: () => sessions.requests(),
    ...given({ keep, leases, origin }),
    ...given({ onEvent }),
  });
}

function keepIn(journal: JournalSink): Keep<ApplyEvent> {
  return async (events) => {
    if (journal.appendAll !== undefined) await journal.appendAll(events);
    else for (const event of events) await journal.append(event);
  };
}

async function* closing(
  events: AsyncGenerator<ApplyEvent, void, undefined>,
  journal: Journal,
): AsyncGenerator<ApplyEvent, void, undefined> {
  try {
    yield* events;
  } finally {
    journal.close();
  }
}

function byName(events: readonly DesiredEvent[]): ReadonlyMap<string, DesiredEvent> {
  return new Map(events.map((event) => [event.name, event]));
}

/** The name of a run: when it began, and something that no other run has. Sorts by time, to the millisecond. */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}
