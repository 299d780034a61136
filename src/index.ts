/**
 * The programmatic API: what the command line does, as functions. Each has the checks of the command that it stands
 * for.
 */
import { ResultFold } from './applier/result-of.ts';
import { systemClock } from './http/clock.ts';
import type { RequestEvent } from './http/transport.ts';
import { type Loaded, loadManifests as load } from './manifest/load.ts';
import { dayIn } from './model/day.ts';
import type { Desired } from './model/event.ts';
import { given } from './model/given.ts';
import type { Plan } from './model/plan.ts';
import type { ApplyEvent, Result } from './model/result.ts';
import type { Env } from './providers/account.ts';
import { planJsonParts } from './report/json.ts';
import { applyRun, type JournalSink, newRunId } from './run/apply.ts';
import { defaultPlanTtlMs, prepareSaved } from './run/apply-saved.ts';
import { timeZoneOf } from './run/day.ts';
import { type Fresh, beginReading, forgetReadings, freshOf } from './run/fresh.ts';
import { originOf } from './run/origin.ts';
import { reloadOf, wantedIn } from './run/lock/resolve.ts';
import { checkedManifests } from './run/manifests.ts';
import { type ManifestPlanSettings, type Planned, defaultMaxRemovals, planManifests } from './run/plan.ts';
import { effectsIn, planJournal } from './run/revert.ts';
import { type Sessions, openSessions } from './run/sessions.ts';
import { waitAfterCrash, wasWrittenSince } from './run/lag.ts';
import { type Journal, defaultJournalDir, openJournal as journalIn } from './store/journal.ts';
import { writePlan as savePlan } from './store/plan-file.ts';
import { type StoredJournal, checkJournal } from './store/read-journal.ts';

export type * from './model/attendee.ts';
export type * from './model/diagnostic.ts';
export type * from './model/event.ts';
export type * from './model/occurrence.ts';
export type * from './model/organisation.ts';
export type * from './model/plan.ts';
export type * from './model/result.ts';
export type { AttendeeType, QuotaWindow, UserIdType } from './model/platform.ts';
export type { ProviderId } from './platforms/index.ts';
export type { HttpMethod, RequestEvent, TransportErrorKind } from './http/transport.ts';
export type { Loaded, ReadCounts } from './manifest/load.ts';
export type { LockBy, LockKey, LockLine, LockedKind, Need } from './model/lock.ts';
export type { Mention, MentionKind, Part } from './model/say.ts';
export type { JournalSink } from './run/apply.ts';
export type { Env } from './providers/account.ts';
export type { DiagnosticFormat, PlanFormat, ResultFormat } from './run/render.ts';
export type { RefusalCode } from './run/usage-error.ts';
export type { Journal, JournalLine } from './store/journal.ts';
export type { JournalFault, StoredJournal } from './store/read-journal.ts';
export { type RenderOptions, renderDiagnostics, renderPlan, renderResult } from './run/rendered.ts';
export { ManifestError, PlanRefusedError, UsageError } from './run/usage-error.ts';
export { JournalError } from './store/journal.ts';
export { PlanFileError, readPlan } from './store/plan-file.ts';
export { JournalFileError, readJournal } from './store/read-journal.ts';

/**
 * Reads and checks manifests; offline. `asOf` (`YYYY-MM-DD`) is the day that `until` is judged by: today, in the zone
 * that `env` names (`ROLLCALL_TIME_ZONE`), else in UTC, unless it is given. Events with errors are not among the
 * desired.
 */
export function loadManifests(
  paths: readonly string[],
  options: { readonly asOf?: string; readonly env?: Env } = {},
): Loaded {
  return load(paths, { asOf: options.asOf ?? dayIn(timeZoneOf(options.env ?? {}), systemClock.date()) });
}

/** What all functions that call a platform are told. */
export interface CallOptions {
  /** Credentials, hosts and settings, named as for the command line. Nothing else of the process is read. */
  readonly env: Env;
  /** Stops the work: calls in flight are finished, no new one is started. */
  readonly signal?: AbortSignal;
  /** Events worked on side by side at most; as many as keep the rate windows busy unless it is given. */
  readonly concurrency?: number;
  /** One call with its repeats, in milliseconds; waiting for the quota is not counted. 60,000 unless it is given. */
  readonly timeoutMs?: number;
  /** Told of each request once it is over; never of a secret. */
  readonly onRequest?: (event: RequestEvent) => void;
  /** Told after each event. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What the caller may allow. */
export interface GuardOptions {
  /** By the full name of an event: how many attendees it may lose, or `event`: it may be deleted. */
  readonly allowRemovals?: Readonly<Record<string, number | 'event'>>;
  /** The most removals over all events; 1000 unless it is given. */
  readonly maxRemovals?: number;
}

export interface PlanOptions extends CallOptions, GuardOptions {
  /** Globs over event names. */
  readonly target?: readonly string[];
  readonly exclude?: readonly string[];
  /** `KEY=VALUE` over labels; all have to fit. */
  readonly selector?: readonly string[];
  /** A file or folder with other manifests: events that want the same there are left out. */
  readonly changedFrom?: string;
  /** Where earlier runs wrote their journals; `.rollcall/runs` unless it is given. */
  readonly journalDir?: string;
  /**
   * People named by address or number who are not in `rollcall.lock` are looked up. It takes what
   * {@link loadManifests} answered; the manifests are read again.
   */
  readonly resolve?: boolean;
}

/**
 * Lists the events and works out the plan. Changes nothing.
 *
 * @param manifests what {@link loadManifests} answered, or what it found as desired
 * @throws ManifestError for manifests with errors; UsageError for credentials that are missing and a choice that matches
 *   nothing; the signal's reason when it aborts.
 */
export async function planEvents(manifests: Loaded | Desired, options: PlanOptions): Promise<Plan> {
  const given = 'desired' in manifests ? manifests : { desired: manifests, diagnostics: [] };
  const reload = options.resolve === true ? reloadOf(given) : undefined;
  const input = reload?.([]) ?? given;
  const { target = [], exclude = [], selector = [] } = options;
  return planned(true, () =>
    planManifests(checkedManifests(input), {
      ...settingsOf(options),
      selection: { target, exclude, selector },
      changedFrom: options.changedFrom,
      journalDir: options.journalDir,
      resolve: reload,
    }),
  );
}

/**
 * Reads the events that a run changed and plans the inverse of what it did, where that is still so. Changes nothing.
 *
 * @throws JournalFileError for a journal that cannot be relied on, wherever it is from; PlanRefusedError for the run of
 *   another account; UsageError and the signal's reason as {@link planEvents}.
 */
export async function planRevert(journal: StoredJournal, options: CallOptions & GuardOptions): Promise<Plan> {
  const checked = checkJournal(journal);
  return planned(false, () => planJournal(checked, effectsIn(checked), settingsOf(options)));
}

export interface ApplyOptions extends CallOptions, GuardOptions {
  /**
   * Manifests that the plan has to follow from, as `apply --plan FILE PATH` has it. Without them the plan is
   * trusted.
   */
  readonly paths?: readonly string[];
  /** People who are not in `rollcall.lock` are looked up, as for a plan that was made that way; beside `paths`. */
  readonly resolve?: boolean;
  /** How old the plan may be, in milliseconds; a day unless it is given. */
  readonly ttlMs?: number;
  /** The day that the plan may be for, beside `paths`, where it is another than today (`YYYY-MM-DD`). */
  readonly asOf?: string;
  /** An app whose plans are taken too, beside those of the account in `env`. */
  readonly account?: string;
  /** Takes each event before the next step is taken, in place of a file. */
  readonly journal?: JournalSink;
  /** Where the journal is written without such a sink; `.rollcall/runs` unless it is given. */
  readonly journalDir?: string;
  /** Told where the journal is written, before the first write. */
  readonly onJournal?: (path: string) => void;
  /** Whether each changed event is read again at the end; true unless it is given. */
  readonly verify?: boolean;
  /** How long an event may take to show its changes, in milliseconds; 30,000 unless it is given. */
  readonly verifyTimeoutMs?: number;
  /** With a shared store, how long an event is waited for that another run holds, in milliseconds; 60,000 unless it is given. */
  readonly waitMs?: number;
}

/**
 * Applies a plan. It makes all checks of `apply --plan`, always: digest, age, account, redaction, guard of the run, what
 * the plan says of itself, and with `paths` that every change follows from the manifests there. Each event is read
 * again first, unless `planEvents` read it for this very plan just now; what is already in the desired state is
 * dropped, and nothing outside the plan is done. Each batch is in the journal before it is sent.
 *
 * @throws PlanRefusedError before anything is written; ManifestError and UsageError as {@link planEvents}; JournalError
 *   where the journal cannot be written.
 */
export async function* applyPlan(
  plan: Plan,
  options: ApplyOptions,
): AsyncGenerator<ApplyEvent, void, undefined> {
  const { env, paths, journalDir = defaultJournalDir, verify = true } = options;
  const { verifyTimeoutMs = 30_000, waitMs } = options;
  const { signal, allowRemovals, concurrency, open } = settingsOf(options);
  const applying = await prepareSaved(plan, {
    ttlMs: options.ttlMs ?? defaultPlanTtlMs,
    maxRemovals: options.maxRemovals,
    allowRemovals,
    account: options.account,
    asOf: options.asOf,
    journalDir,
    manifests: paths === undefined ? null : (asOf) => wantedIn(paths, asOf, plan, { ...options, open }),
    open,
    signal,
  });
  const fresh = paths === undefined ? usable(freshOf(plan), env, journalDir) : null;
  forgetReadings();
  try {
    await waitAfterCrash(env, journalDir, signal);
    const { readings, wants, plannedAt } = fresh ?? {};
    const { journal, events } = applyRun(
      {
        ...applying,
        ...given({ readings, plannedAt }),
        ...(wants === undefined || wants === null ? {} : { wants }),
      },
      {
        signal,
        concurrency,
        verify,
        verifyTimeoutMs,
        journal: options.journal ?? journalDir,
        kind: 'apply',
        origin: originOf(env),
        ...given({ waitMs }),
        ...given({ onEvent: options.onProgress }),
      },
    );
    if (journal !== null) options.onJournal?.(journal);
    yield* events;
  } finally {
    forgetReadings();
    await applying.sessions.close();
  }
}

/**
 * The result of a run, or what is known of one that was cut off, from its events: those of {@link applyPlan} as they
 * come, or the lines of a journal.
 *
 * @param journal where the events were written, for the result to say so
 */
export function resultOf(events: Iterable<ApplyEvent>, journal?: string | null): Result;
export function resultOf(events: AsyncIterable<ApplyEvent>, journal?: string | null): Promise<Result>;
export function resultOf(
  events: Iterable<ApplyEvent> | AsyncIterable<ApplyEvent>,
  journal: string | null = null,
): Result | Promise<Result> {
  const fold = new ResultFold();
  if (Symbol.iterator in events) {
    for (const event of events) fold.add(event);
    return fold.result(journal);
  }
  return (async () => {
    for await (const event of events) fold.add(event);
    return fold.result(journal);
  })();
}

/** Opens a journal file for one run, to be handed to {@link applyPlan}. @throws JournalError */
export function openJournal(directory: string = defaultJournalDir): Journal {
  return journalIn(directory, newRunId(systemClock.date()), () => systemClock.date());
}

/** Saves a plan, readable by its owner alone, for `apply --plan` or {@link readPlan}. @throws PlanFileError */
export function writePlan(path: string, plan: Plan): void {
  savePlan(path, planJsonParts(plan));
}

type Settings = Omit<ManifestPlanSettings, 'changedFrom' | 'onCompared'>;

function settingsOf(options: CallOptions & GuardOptions): Settings {
  const { env, signal = new AbortController().signal, timeoutMs = 60_000, onRequest, onProgress } = options;
  return {
    env,
    signal,
    selection: { target: [], exclude: [], selector: [] },
    allowRemovals: new Map(Object.entries(options.allowRemovals ?? {})),
    maxRemovals: options.maxRemovals ?? defaultMaxRemovals,
    concurrency: options.concurrency ?? Number.POSITIVE_INFINITY,
    rereads: true,
    open: (providers): Promise<Sessions> =>
      openSessions(providers, { env, timeoutMs, signal, ...given({ onRequest }) }),
    ...(onProgress === undefined
      ? {}
      : { display: () => Promise.resolve({ update: onProgress, stop: () => {} }) }),
  };
}

/** For how long a reading stands for what is live, in milliseconds. */
const freshForMs = 60_000;

/** Plans, and keeps what was read for an apply that comes at once. */
async function planned(ofManifests: boolean, work: () => Promise<Planned>): Promise<Plan> {
  const keep = beginReading();
  const readAt = systemClock.date();
  const until = systemClock.now() + freshForMs;
  const { plan, readings, wants, sessions, plannedAt } = await work();
  await sessions.close();
  keep(plan, { readings, wants: ofManifests ? wants : null, readAt, plannedAt, until });
  return plan;
}

function usable(fresh: Fresh | null, env: Env, journalDir: string): Fresh | null {
  if (fresh === null || systemClock.now() > fresh.until) return null;
  return wasWrittenSince(env, journalDir, fresh.readAt) ? null : fresh;
}
