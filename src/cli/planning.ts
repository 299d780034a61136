import { systemClock } from '../http/clock.ts';
import type { RequestEvent } from '../http/transport.ts';
import type { Plan } from '../model/plan.ts';
import type { ProviderId } from '../platforms/index.ts';
import { type PlanContext, type PlanRun, planEvents, planOfErrors } from '../planner/plan-events.ts';
import { timeZoneOf } from './day.ts';
import { changedFrom } from './changed-from.ts';
import type { Loaded } from './loading.ts';
import type { GuardOptions, RunOptions, SelectOptions } from './options.ts';
import { startProgress } from './progress.ts';
import { progressWords } from './progress-words.ts';
import { checkAllowances, selectEvents } from './select.ts';
import { type Sessions, openSessions } from './sessions.ts';
import type { Surroundings } from './surroundings.ts';
import { toolInfo } from './version.ts';

/** The most removals of one run, unless `--max-removals` says otherwise. */
export const defaultMaxRemovals = 1000;

export type PlanningOptions = SelectOptions &
  RunOptions &
  GuardOptions & {
    /** Manifests to compare with: events that want the same there are left out. */
    readonly changedFrom?: string;
  };

/** Opens the sessions of a command, each request shown where that was asked for. */
export function open(
  surroundings: Surroundings,
  providers: Iterable<ProviderId>,
  options: Pick<RunOptions, 'timeout' | 'verbose'>,
): Promise<Sessions> {
  return openSessions(providers, {
    env: surroundings.env,
    timeoutMs: options.timeout,
    ...(options.verbose === true ? { onRequest: requestLine(surroundings) } : {}),
  });
}

/** A plan that was made just now, with the sessions that can apply it. */
export interface Planned extends PlanRun {
  readonly sessions: Sessions;
}

/**
 * Plans the chosen events. `rereads`: whether apply will read each event again before it writes, for the count of
 * calls needed.
 *
 * @throws UsageError for a choice without events, an unknown name, or settings that cannot be used.
 */
export async function plan(
  surroundings: Surroundings,
  loaded: Loaded,
  options: PlanningOptions,
  rereads: boolean,
): Promise<Planned> {
  const selected = await selectEvents(loaded.desired.events, options);
  checkAllowances(selected, options.allowRemovals);
  const { asOf } = loaded.desired;
  const events =
    options.changedFrom === undefined
      ? selected
      : changedFrom(surroundings, selected, options.changedFrom, { ...options, asOf });
  const sessions = await open(
    surroundings,
    events.map(({ ref }) => ref.provider),
    options,
  );
  const startedAt = systemClock.now();
  const progress = await startProgress(surroundings, options, (done, total) => {
    const elapsedMs = systemClock.now() - startedAt;
    const standing = { done, total, calls: sessions.requests(), elapsedMs };
    return progressWords('Reading events', standing, sessions.quota);
  });
  try {
    const context: PlanContext = {
      ...contextOf(surroundings, loaded, options, sessions.asApp),
      readerOf: (provider) => sessions.readerOf(provider),
      requests: (provider) => sessions.requests(provider),
      accounts: sessions.accounts,
      rereads,
      onEvent: (done, total) => {
        progress.update(done, total);
      },
    };
    const run = await planEvents({ ...loaded.desired, events }, context);
    return { ...run, sessions };
  } catch (error) {
    await sessions.close();
    throw error;
  } finally {
    progress.stop();
  }
}

/** The plan of manifests that cannot be used, for programs that read plans. */
export function failedPlan(surroundings: Surroundings, loaded: Loaded, options: PlanningOptions): Plan {
  const unreadable = (): never => {
    throw new RangeError('manifests with errors are not planned');
  };
  return planOfErrors(loaded.diagnostics, {
    ...contextOf(surroundings, loaded, options, new Set()),
    readerOf: unreadable,
    requests: () => 0,
    accounts: {},
    rereads: true,
  });
}

/** One line a request: what was called, how it ended, how long it took. Never a header or a body. */
export function requestLine({ stderr, redactor }: Surroundings): (event: RequestEvent) => void {
  return ({ api, method, url, status, error, durationMs, attempt }) => {
    const again = attempt > 1 ? `, try ${attempt}` : '';
    // Paths name people too, percent-encoded: DingTalk's begin with the organizer.
    const called = redactor === undefined ? url : `${new URL(url).host} ${api}`;
    stderr.write(`${method} ${called} ${status ?? error ?? ''} (${Math.round(durationMs)} ms${again})\n`);
  };
}

type Settings = Omit<PlanContext, 'readerOf' | 'requests' | 'accounts' | 'rereads' | 'onEvent'>;

function contextOf(
  surroundings: Surroundings,
  loaded: Loaded,
  options: PlanningOptions,
  asApp: Sessions['asApp'],
): Settings {
  const { env, signal } = surroundings;
  const { target, exclude, selector } = options;
  return {
    policy: { asOf: loaded.desired.asOf, timeZone: timeZoneOf(env), allowed: options.allowRemovals, asApp },
    selection: { target, exclude, selector },
    maxRemovals: options.maxRemovals ?? defaultMaxRemovals,
    concurrency: options.concurrency,
    tool: toolInfo(),
    createdAt: new Date(systemClock.now()).toISOString(),
    diagnostics: loaded.diagnostics,
    signal,
  };
}
