import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { manifestDigest, unexpandedShape } from '../diff/digest.ts';
import { liveOf } from '../diff/live.ts';
import { loadManifests } from '../manifest/load.ts';
import { lockName } from '../manifest/lock/read-lock.ts';
import type { DesiredEvent, Unmanaged } from '../model/event.ts';
import type { Plan } from '../model/plan.ts';
import { type PlanRun, sealed } from '../planner/plan-events.ts';
import { placeOf } from '../platforms/index.ts';
import type { Reader } from '../providers/provider.ts';
import type { PlanSettings } from './plan.ts';
import type { Sessions } from './sessions.ts';
import { UsageError } from './usage-error.ts';

/** The manifests that others are compared with. */
export interface Base {
  readonly path: string;
  readonly events: readonly DesiredEvent[];
  /** Errors of those manifests. Then nothing is left out, because what they want is not known. */
  readonly errors: number;
}

/** What came of holding the manifests against those of the base. */
export interface Compared {
  /** The events that want something else than the base. */
  readonly events: readonly DesiredEvent[];
  readonly path: string;
  /** How many want the same and are left out. */
  readonly same: number;
  readonly errors: number;
}

/** An event of the base that the current manifests do not name, and what has its platform event now. */
export interface Dropped {
  readonly event: DesiredEvent;
  readonly renamedTo: string | null;
}

/** The manifests in `path` on a day. @throws UsageError where there is no such path. */
export function baseIn(path: string, asOf: string): Base {
  if (!existsSync(path)) {
    throw new UsageError(`--changed-from ${path}: no such file or folder`, 'Give the path of a checkout.');
  }
  const { desired, diagnostics } = loadManifests([path], { asOf, lockIn: lockFolderOf(path) });
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return { path, events: errors > 0 ? [] : desired.events, errors };
}

/**
 * The folder with the lock of a checkout: the path's own, or the nearest above it within the checkout, which ends where
 * its `.git` is, and before the folder that all of this runs in. Another id in the lock is another person on the event.
 */
function lockFolderOf(path: string): string {
  const real = resolve(path);
  const here = resolve('.');
  const start = statSync(real).isDirectory() ? real : dirname(real);
  for (let folder = start; ; folder = dirname(folder)) {
    const isEnd = existsSync(join(folder, '.git')) || dirname(folder) === folder;
    if (existsSync(join(folder, lockName)) || isEnd) return folder;
    if (`${here}${sep}`.startsWith(`${dirname(folder)}${sep}`)) return folder;
  }
}

/** The events that want something else than the base on the same day. */
export function comparedWith(base: Base, events: readonly DesiredEvent[]): Compared {
  const { path, errors } = base;
  if (errors > 0) return { events, path, same: 0, errors };
  const changed = changedEvents(events, base.events);
  return { events: changed, path, same: events.length - changed.length, errors };
}

/**
 * The base's events that the current manifests no longer name, or name otherwise; `null` where the base has errors, so
 * that it is not known. What counts is the platform's event: a name may have been given to another one.
 */
export function droppedFrom(base: Base, events: readonly DesiredEvent[]): Dropped[] | null {
  if (base.errors > 0) return null;
  const byPlace = new Map(events.map(({ ref, name }) => [placeOf(ref), name]));
  return base.events
    .map((event) => ({ event, renamedTo: byPlace.get(placeOf(event.ref)) ?? null }))
    .filter(({ event, renamedTo }) => renamedTo !== event.name);
}

/** A dropped event as plans tell of it. `count`: its live attendees, where they could be read. */
function unmanagedOf({ event, renamedTo }: Dropped, count: number | null): Unmanaged {
  const { name, source, ref } = event;
  const { provider, calendarId, eventId } = ref;
  const observed = count === null ? null : { count };
  return { name, provider, calendarId, eventId, source, observed, renamedTo };
}

/**
 * The events that want something else than the event of that name does in `base`, and those that `base` does not have.
 * What counts is what a plan's `manifestDigest` counts: moving a manifest changes nothing, moving a member of a roster
 * changes every event that uses it.
 */
export function changedEvents(
  events: readonly DesiredEvent[],
  base: readonly DesiredEvent[],
): readonly DesiredEvent[] {
  // Whom the organisation has in a department is no matter of the manifests.
  const said = (event: DesiredEvent): string => manifestDigest([event], unexpandedShape);
  const before = new Map(base.map((event) => [event.name, said(event)]));
  return events.filter((event) => before.get(event.name) !== said(event));
}

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
