/** The programmatic API: what the command line does, as functions. */
import { apply } from './applier/apply.ts';
import { ResultFold } from './applier/result-of.ts';
import { dayIn } from './model/day.ts';
import { timeZoneOf } from './run/day.ts';
import { defaultMaxRemovals } from './run/plan.ts';
import { newRunId } from './run/run-id.ts';
import { selectEvents } from './run/select.ts';
import { openSessions } from './run/sessions.ts';
import { toolInfo } from './run/version.ts';
import { systemClock } from './http/clock.ts';
import { type Loaded, loadManifests as load } from './manifest/load.ts';
import type { Desired } from './model/event.ts';
import type { Plan } from './model/plan.ts';
import type { ApplyEvent, Result } from './model/result.ts';
import { planEvents as planOf } from './planner/plan-events.ts';
import type { Env } from './providers/account.ts';

export type { Diagnostic, Problem, Source } from './model/diagnostic.ts';
export type { Desired, DesiredEvent } from './model/event.ts';
export type { Change, EventPlan, Plan } from './model/plan.ts';
export type { ApplyEvent, EventResult, Result } from './model/result.ts';
export type { Loaded } from './manifest/load.ts';

const concurrency = 8;
const timeoutMs = 60_000;
const verifyTimeoutMs = 30_000;

/**
 * Reads and checks manifests; offline. `asOf` (`YYYY-MM-DD`) is the day that `until` is judged by, today in UTC unless
 * it is given. Events with errors are not among the desired ones.
 */
export function loadManifests(paths: readonly string[], options: { readonly asOf?: string } = {}): Loaded {
  return load(paths, { asOf: options.asOf ?? dayIn('UTC', systemClock.date()) });
}

export interface PlanOptions {
  /** Credentials, hosts and settings, named as for the command line. */
  readonly env: Env;
  /** Globs over event names. */
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  readonly signal?: AbortSignal;
}

/**
 * Lists the events and works out the plan. Changes nothing.
 *
 * @throws UsageError for credentials that are missing and targets that match nothing; the signal's reason on abort.
 */
export async function planEvents(desired: Desired, options: PlanOptions): Promise<Plan> {
  const { env, target = [], exclude = [], signal = new AbortController().signal } = options;
  const selection = { target, exclude, selector: [] };
  const events = await selectEvents(desired.events, selection);
  const sessions = await openSessions(
    events.map(({ ref }) => ref.provider),
    { env, timeoutMs },
  );
  try {
    const { plan } = await planOf(
      { ...desired, events },
      {
        readerOf: (provider) => sessions.readerOf(provider),
        requests: (provider) => sessions.requests(provider),
        accounts: sessions.accounts,
        policy: { asOf: desired.asOf, timeZone: timeZoneOf(env), allowed: new Map(), asApp: sessions.asApp },
        selection,
        maxRemovals: defaultMaxRemovals,
        concurrency,
        rereads: true,
        tool: toolInfo(),
        createdAt: new Date(systemClock.date()).toISOString(),
        diagnostics: [],
        signal,
      },
    );
    return plan;
  } finally {
    await sessions.close();
  }
}

/** Where the events of a run are written before the next step is taken. */
export interface JournalSink {
  append(event: ApplyEvent): void;
}

export interface ApplyOptions {
  readonly env: Env;
  /** Stops the run: batches in flight are finished. */
  readonly signal?: AbortSignal;
  readonly journal?: JournalSink;
}

/**
 * Makes a plan so. Each event is read again first; what is so already is dropped, and nothing outside the plan is done.
 * Nothing happens until the events are read.
 */
export async function* applyPlan(
  plan: Plan,
  options: ApplyOptions,
): AsyncGenerator<ApplyEvent, void, undefined> {
  const { env, signal = new AbortController().signal, journal } = options;
  const sessions = await openSessions(
    plan.events.map(({ provider }) => provider),
    { env, timeoutMs },
  );
  try {
    const events = apply(plan, {
      writerOf: (provider) => sessions.writerOf(provider),
      clock: systemClock,
      settleMs: (provider) => sessions.settleMs(provider),
      concurrency,
      verify: true,
      verifyTimeoutMs,
      signal,
      runId: newRunId(systemClock.date()),
      accounts: sessions.accounts,
      tool: toolInfo(),
      requests: () => sessions.requests(),
    });
    for await (const event of events) {
      journal?.append(event);
      yield event;
    }
  } finally {
    await sessions.close();
  }
}

/** The result of a run, or what is known of one that was cut off, from its events. */
export function resultOf(events: Iterable<ApplyEvent>): Result {
  const fold = new ResultFold();
  for (const event of events) fold.add(event);
  return fold.result();
}
