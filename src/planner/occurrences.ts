import { dayOf, namesOf, occurrenceOf, unreadName } from '../diff/occurrences.ts';
import { dayStart, daysAfter } from '../model/day.ts';
import type { Problem } from '../model/diagnostic.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { Occurrence, Occurrences, PlanOccurrence } from '../model/occurrence.ts';
import type { EventPlan } from '../model/plan.ts';
import type { Reader } from '../providers/provider.ts';
import { sideBySide } from '../providers/side-by-side.ts';
import { type PlannedEvent, orUnread, unread } from './plan-event.ts';
import type { PlanContext } from './plan-events.ts';

/** How many days ahead occurrences are read. */
const daysAhead = 365;

/** The changed occurrences of all series whose manifests ask for them. */
export interface FoundOccurrences {
  /** Those that are read and compared, as events of their own. */
  readonly events: readonly DesiredEvent[];
  /** The names of those among them for which nothing is planned. */
  readonly reported: ReadonlySet<string>;
  /** What stands for occurrences that could not be read. */
  readonly unread: readonly PlannedEvent[];
  /** What each series has, by its name; nothing of a series that could not be read. */
  readonly lists: ReadonlyMap<string, readonly PlanOccurrence[]>;
}

/** Reads the changed occurrences of the series that report or follow them: all series of a calendar in one go. */
export async function findOccurrences(
  events: readonly DesiredEvent[],
  context: PlanContext,
): Promise<FoundOccurrences> {
  const asking = events.filter(({ exceptions }) => exceptions !== 'leave');
  const groups = await sideBySide(
    calendarsOf(asking),
    ([first]) => first.ref,
    context,
    (series, { turn }) => readGroup(series, context.readerOf(series[0].ref.provider, turn), context),
  );
  const planned: DesiredEvent[] = [];
  const reported = new Set<string>();
  const missing: PlannedEvent[] = [];
  const lists = new Map<string, readonly PlanOccurrence[]>();
  for (const { series, found } of groups.flat()) {
    const { name, ref } = series;
    if (!found.complete) {
      const all = occurrenceOf(series, unreadName(name), ref.eventId, { name });
      if (context.choosesOccurrence?.(all.name) === false) continue;
      missing.push(unread(all, found.problem, context.policy));
      continue;
    }
    const list = listOf(name, found.occurrences, context);
    lists.set(name, list);
    for (const { name: own, eventId, original, start } of list) {
      planned.push(occurrenceOf(series, own, eventId, { name, original, start }));
      if (series.exceptions === 'report') reported.add(own);
    }
  }
  return { events: planned, reported, unread: missing, lists };
}

type Calendar = readonly [DesiredEvent, ...DesiredEvent[]];

function calendarsOf(events: readonly DesiredEvent[]): Calendar[] {
  const calendars = new Map<string, [DesiredEvent, ...DesiredEvent[]]>();
  for (const event of events) {
    const { provider, calendarId, organizer } = event.ref;
    const key = JSON.stringify([provider, calendarId, organizer ?? null]);
    const known = calendars.get(key);
    if (known === undefined) calendars.set(key, [event]);
    else known.push(event);
  }
  return [...calendars.values()];
}

interface SeriesRead {
  readonly series: DesiredEvent;
  readonly found: Occurrences;
}

async function readGroup(
  series: Calendar,
  reader: Reader,
  { policy: { asOf, timeZone }, signal }: PlanContext,
): Promise<SeriesRead[]> {
  // A day more each way: days without a time begin elsewhere at another hour.
  const fromMs = dayStart(timeZone, daysAfter(asOf, -1));
  const toMs = dayStart(timeZone, daysAfter(asOf, daysAhead + 2));
  const refs = series.map(({ ref }) => ref);
  const failed = (problem: Problem): ReadonlyMap<string, Occurrences> =>
    new Map(refs.map(({ eventId }) => [eventId, { complete: false, problem }]));
  const found = await orUnread(() => reader.occurrences(refs, { fromMs, toMs }, signal), failed, signal);
  return series.map((one) => ({
    series: one,
    found: found.get(one.ref.eventId) ?? { complete: false, problem: unanswered },
  }));
}

const unanswered: Problem = { code: 'list-malformed', message: 'there was no answer about this series' };

/** Those that start from the plan's day on, by their original start, with the names that their plans have. */
function listOf(
  series: string,
  found: readonly Occurrence[],
  { policy: { asOf, timeZone }, choosesOccurrence = () => true }: PlanContext,
): PlanOccurrence[] {
  const last = daysAfter(asOf, daysAhead);
  const ahead = found
    .filter(({ start }) => {
      const day = dayOf(start, timeZone);
      return asOf <= day && day <= last;
    })
    .sort((one, other) => Date.parse(one.original) - Date.parse(other.original));
  const names = namesOf(series, ahead, timeZone);
  return ahead
    .map((one, at) => ({ name: names[at] ?? series, ...one }))
    .filter(({ name }) => choosesOccurrence(name));
}

/**
 * The plans with what was found of occurrences: each series lists its own, and of one that is reported what its manifest
 * would change stands there and nowhere else.
 */
export function withOccurrences(
  planned: readonly PlannedEvent[],
  { reported, unread: missing, lists }: FoundOccurrences,
): PlannedEvent[] {
  const differences = new Map<string, EventPlan>();
  for (const { plan } of planned) {
    if (reported.has(plan.name) && plan.status !== 'unknown') differences.set(plan.name, plan);
  }
  const listed = planned
    .filter(({ plan }) => !differences.has(plan.name))
    .map((event) => {
      const list = event.plan.series === undefined ? lists.get(event.plan.name) : undefined;
      if (list === undefined) return event;
      const occurrences = list.map((one) => withDifference(one, differences.get(one.name)));
      return { ...event, plan: { ...event.plan, occurrences } };
    });
  return [...listed, ...missing];
}

function withDifference(one: PlanOccurrence, plan: EventPlan | undefined): PlanOccurrence {
  if (plan === undefined) return one;
  const { changes, missing, drift } = plan;
  return { ...one, differs: { changes, missing, drift } };
}
