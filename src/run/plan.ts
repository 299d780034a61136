import { systemClock } from '../http/clock.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Desired, DesiredEvent } from '../model/event.ts';
import type { Plan, Selection } from '../model/plan.ts';
import type { ProviderId } from '../platforms/index.ts';
import { type PlanContext, type PlanRun, planEvents, planOfErrors } from '../planner/plan-events.ts';
import type { Env } from '../providers/account.ts';
import { aliasesBefore } from './alias-memory.ts';
import { type Compared, baseIn, comparedWith, droppedFrom, withUnmanaged } from './changed-from.ts';
import { timeZoneOf } from './day.ts';
import { beginEpochs } from './epochs.ts';
import { type Forecast, planForecast } from './forecast.ts';
import { withMonth } from './permits.ts';
import { choiceOfOccurrences } from './select-occurrences.ts';
import { type Reload, resolveNow } from './lock/resolve.ts';
import { checkAllowances, chosenBy, selectEvents } from './select.ts';
import type { Sessions } from './sessions.ts';
import { toolInfo } from './version.ts';

/** The most removals of one run, unless it is told otherwise. */
export const defaultMaxRemovals = 1000;

/** Shows how far the work is. */
export interface Display {
  update(done: number, total: number): void;
  stop(): void;
}

/** What making a plan is told, from the command line and the API alike. */
export interface PlanSettings {
  readonly env: Env;
  readonly signal: AbortSignal;
  readonly selection: Selection;
  /** Removals that are allowed by hand, by event name. */
  readonly allowRemovals: ReadonlyMap<string, number | 'event'>;
  readonly maxRemovals: number;
  /** Events worked on side by side at most. */
  readonly concurrency: number;
  /** Opens the sessions of the providers that the chosen events use. */
  readonly open: (providers: Iterable<ProviderId>) => Promise<Sessions>;
  /** Starts a display once the sessions are open. `total`: how many events there are to read, as far as is known. */
  readonly display?: (sessions: Sessions, forecast: Forecast, total: number) => Promise<Display>;
}

/** What planning from manifests is told in addition. */
export interface ManifestPlanSettings extends PlanSettings {
  /** Manifests to compare with: events that want the same there are left out. */
  readonly changedFrom?: string | undefined;
  /** Told what was left out, before anything is called. */
  readonly onCompared?: (compared: Compared) => void;
  /** Whether apply will read each event again before it writes, for the count of calls needed. */
  readonly rereads: boolean;
  /** Where runs have their journals; `.rollcall/runs` unless it is given. */
  readonly journalDir?: string | undefined;
  /** People who are not in the lock are looked up, and the manifests are read again with what was found. */
  readonly resolve?: Reload | undefined;
}

/** A plan that was made just now, with the sessions that can apply it. */
export interface Planned extends PlanRun {
  readonly sessions: Sessions;
  /** When the events began to be read, by the clock. */
  readonly plannedAt: number;
}

/** Manifests without errors. */
export interface PlanInput {
  readonly desired: Desired;
  readonly diagnostics: readonly Diagnostic[];
  /** What to say where there is no Event. */
  readonly nothing?: string;
}

/**
 * Plans the chosen events. The sessions are the caller's to close.
 *
 * @throws UsageError for a choice without events, an unknown name, or settings that cannot be used; ManifestError where
 *   somebody who is looked up is not found.
 */
export async function planManifests(given: PlanInput, settings: ManifestPlanSettings): Promise<Planned> {
  const choose = ({ desired, nothing }: PlanInput): Promise<readonly DesiredEvent[]> =>
    selectEvents(desired.events, settings.selection, nothing);
  const { resolve } = settings;
  const resolved = resolve === undefined ? null : await resolveNow(given, resolve, { ...settings, choose });
  const sessions = resolved?.sessions ?? null;
  try {
    return await planResolved(resolved?.input ?? given, settings, sessions);
  } catch (error) {
    await sessions?.close();
    throw error;
  }
}

/** @param opened sessions of all platforms that the chosen events use, where there are some already */
async function planResolved(
  input: PlanInput,
  settings: ManifestPlanSettings,
  opened: Sessions | null,
): Promise<Planned> {
  const { desired } = input;
  const { selection, changedFrom } = settings;
  const base = changedFrom === undefined ? null : baseIn(changedFrom, desired.asOf);
  const selected = await selectEvents(desired.events, selection, input.nothing, base?.events);
  checkAllowances(selected, settings.allowRemovals);
  const compared = base === null ? null : comparedWith(base, selected);
  if (compared !== null) settings.onCompared?.(compared);
  const isChosen = await chosenBy(selection);
  const dropped = (base === null ? null : droppedFrom(base, desired.events))?.filter(({ event }) =>
    isChosen(event),
  );
  const events = compared?.events ?? selected;
  if (events.some(({ unresolved }) => unresolved !== undefined)) {
    throw new RangeError('an event that rests on people who are not in the lock is not planned');
  }
  const occurrences = await choiceOfOccurrences(selection, settings.allowRemovals);
  const sessions = opened ?? (await settings.open(events.map(({ ref }) => ref.provider)));
  const plannedAt = systemClock.now();
  const run = await withDisplay(sessions, settings, events, async (onEvent, onKnown) => {
    const places = events.map(({ ref }) => ref);
    const withEpochs = await beginEpochs(sessions, places, settings.signal);
    const planned = await planEvents(
      { ...desired, events },
      {
        ...contextOf(desired.asOf, input.diagnostics, settings, sessions.asApp),
        ...readingOf(sessions),
        rereads: settings.rereads,
        choosesOccurrence: occurrences.chooses,
        remembered: await aliasesBefore(events, sessions, settings.journalDir),
        onEvent,
        onKnown,
      },
    );
    occurrences.check(planned.plan.events);
    const run = await withEpochs(planned);
    return dropped === undefined ? run : withUnmanaged(run, dropped, sessions, settings);
  });
  return { ...run, calls: await withMonth(run.calls, sessions), sessions, plannedAt };
}

/** Shows how the work goes on. Work that fails closes its sessions. */
export async function withDisplay<T>(
  sessions: Sessions,
  settings: Pick<PlanSettings, 'display' | 'concurrency'>,
  events: Parameters<typeof planForecast>[0],
  work: (
    onEvent: NonNullable<PlanContext['onEvent']>,
    onKnown: NonNullable<PlanContext['onKnown']>,
  ) => Promise<T>,
): Promise<T> {
  const { concurrency } = settings;
  const forecast = planForecast(events, { pace: (provider) => sessions.pace(provider), concurrency });
  const display = await settings.display?.(sessions, forecast, events.length);
  try {
    return await work(
      (done, total, event) => {
        forecast.done(event);
        display?.update(done, total);
      },
      (events) => {
        forecast.knows(events);
      },
    );
  } catch (error) {
    await sessions.close();
    throw error;
  } finally {
    display?.stop();
  }
}

/** The plan of manifests that cannot be used, for programs that read plans. */
export function failedPlan(
  { desired, diagnostics }: PlanInput,
  settings: Omit<PlanSettings, 'open' | 'display'>,
): Plan {
  const unreadable = (): never => {
    throw new RangeError('manifests with errors are not planned');
  };
  return planOfErrors(diagnostics, {
    ...contextOf(desired.asOf, diagnostics, settings, new Set()),
    begin: unreadable,
    readerOf: unreadable,
    requests: () => 0,
    accounts: {},
    rereads: true,
  });
}

type Policies = Omit<
  PlanContext,
  'begin' | 'readerOf' | 'organisationOf' | 'requests' | 'metered' | 'accounts' | 'rereads' | 'onEvent'
>;

/** What the plan of a day is made by, but for the sessions. */
export function contextOf(
  asOf: string,
  diagnostics: readonly Diagnostic[],
  settings: Omit<PlanSettings, 'open' | 'display'>,
  asApp: Sessions['asApp'],
): Policies {
  return {
    policy: { asOf, timeZone: timeZoneOf(settings.env), allowed: settings.allowRemovals, asApp },
    selection: settings.selection,
    maxRemovals: settings.maxRemovals,
    concurrency: settings.concurrency,
    tool: toolInfo(),
    createdAt: new Date(systemClock.date()).toISOString(),
    // Of a deletion that nothing allows the guard tells in a plan, and only while there is something to delete.
    diagnostics: diagnostics.filter(({ code }) => code !== 'delete-guarded'),
    signal: settings.signal,
  };
}

/** The reading half of sessions, as planning is handed it. */
export function readingOf(
  sessions: Sessions,
): Pick<PlanContext, 'begin' | 'readerOf' | 'organisationOf' | 'requests' | 'metered' | 'accounts'> {
  return {
    begin: (provider, signal, subject) => sessions.begin(provider, signal, subject),
    readerOf: (provider, turn) => sessions.readerOf(provider, turn),
    organisationOf: (provider, turn) => sessions.organisationOf(provider, turn),
    requests: (provider) => sessions.requests(provider),
    metered: (provider) => sessions.metered(provider),
    accounts: sessions.accounts,
  };
}
