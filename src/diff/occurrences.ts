import { dayIn, isCalendarDay, timeIn } from '../model/day.ts';
import type { DesiredEvent } from '../model/event.ts';
import type { Occurrence, OfSeries } from '../model/occurrence.ts';
import type { EventPlan, Plan } from '../model/plan.ts';
import { seriesOf } from '../platforms/index.ts';
import { canonicalJson } from './digest.ts';

/** A changed occurrence as an event of its own: what the series' manifest wants, of this event. */
export function occurrenceOf(
  series: DesiredEvent,
  name: string,
  eventId: string,
  of: OfSeries,
): DesiredEvent {
  return {
    ...series,
    name,
    ref: { ...series.ref, eventId },
    exceptions: 'leave',
    series: of,
    // The chat is bound to the series.
    unbindChat: null,
  };
}

/** What stands for all changed occurrences of a series that could not be read. */
export function unreadName(series: string): string {
  return `${series}@*`;
}

/** `NAME@YYYY-MM-DD` of each occurrence after its original start in a zone; where a day has two, with their time. */
export function namesOf(
  series: string,
  occurrences: readonly Pick<Occurrence, 'original'>[],
  timeZone: string,
): string[] {
  const days = occurrences.map(({ original }) => dayOf(original, timeZone));
  const taken = new Set<string>();
  return occurrences.map(({ original }, at) => {
    const day = days[at] ?? '';
    const alone = days.indexOf(day) === days.lastIndexOf(day);
    const time = alone || isCalendarDay(original) ? '' : `T${timeIn(timeZone, Date.parse(original))}`;
    let name = `${series}@${day}${time}`;
    // Where clocks are set back an hour comes twice.
    for (let count = 2; taken.has(name); count += 1) name = `${series}@${day}${time}-${count}`;
    taken.add(name);
    return name;
  });
}

/** The day of an instant in a zone; a day is itself. */
export function dayOf(moment: string, timeZone: string): string {
  return isCalendarDay(moment) ? moment : dayIn(timeZone, Date.parse(moment));
}

/** The events of manifests, and the occurrences in a plan that follow from them: what each event of the plan wants. */
export function withFollowed(
  events: readonly DesiredEvent[],
  plan: Pick<Plan, 'events'>,
): readonly DesiredEvent[] {
  if (plan.events.every(({ series }) => series === undefined)) return events;
  const byName = new Map(events.map((event) => [event.name, event]));
  const followed = plan.events.flatMap((event) => {
    const wanted = wantedOf(event, byName);
    return event.series === undefined || wanted === null ? [] : [wanted];
  });
  return [...events, ...followed];
}

/** What the manifests want of an event of a plan; null where they have no such event, and follow no such occurrence. */
export function wantedOf(
  { name, eventId, series }: EventPlan,
  byName: ReadonlyMap<string, DesiredEvent>,
): DesiredEvent | null {
  if (series === undefined) return byName.get(name) ?? null;
  const master = byName.get(series.name);
  if (master === undefined || master.exceptions === 'leave') return null;
  return occurrenceOf(master, name, eventId, series);
}

/**
 * Whether an event of a plan is written only while it is a changed occurrence: one that follows its series, and one on
 * which a run is undone, whose effects are gone where the series has it again.
 */
export function isWrittenChanged({ provider, eventId, series, changes }: EventPlan): boolean {
  if (series !== undefined) return true;
  return seriesOf(provider, eventId) !== null && changes.some(({ reason }) => reason === 'reverted');
}

/** The settings that an occurrence has from its series, beside its limits. */
const settings = [
  'provider',
  'calendarId',
  'organizer',
  'userIdType',
  'roomContact',
  'internalDomains',
  'sync',
  'external',
  'notify',
] as const satisfies readonly (keyof EventPlan)[];

function settingsOf(event: EventPlan): unknown {
  const { allowed: _, ...limits } = event.limits;
  return { ...Object.fromEntries(settings.map((key) => [key, event[key]])), limits };
}

/** What a plan says of occurrences and is not so, in sentences. */
export function seriesContradictions(events: readonly EventPlan[]): string[] {
  const byName = new Map(events.map((event) => [event.name, event]));
  return events.flatMap((event) => {
    const { name, series, exceptions, occurrences } = event;
    if (series !== undefined) {
      return occurrenceFaults(event, series, byName.get(series.name)).map((fault) => `${name}: ${fault}`);
    }
    return occurrences === undefined || exceptions !== undefined
      ? []
      : [`${name}: it lists occurrences, and its manifest leaves them alone`];
  });
}

function occurrenceFaults(event: EventPlan, of: OfSeries, series: EventPlan | undefined): string[] {
  if (series?.exceptions === undefined) return ['the plan has no series that it follows'];
  const found: string[] = [];
  if (canonicalJson(settingsOf(event)) !== canonicalJson(settingsOf(series))) {
    found.push('it does not have the settings of its series');
  }
  if (event.problem === undefined && series.exceptions !== 'follow') {
    found.push('its series is not followed, so nothing is planned for it');
  }
  if (event.occurrences !== undefined || event.exceptions !== undefined || event.admin !== undefined) {
    found.push('an occurrence is not a series');
  }
  if (of.original === undefined) {
    const stands = event.name === unreadName(series.name) && event.eventId === series.eventId;
    return stands && event.problem !== undefined
      ? found
      : [...found, 'it stands for occurrences that could not be read, but says otherwise'];
  }
  const listed = series.occurrences?.find(({ eventId }) => eventId === event.eventId);
  const isListed = listed?.name === event.name && listed.original === of.original;
  return isListed && isOccurrenceOf(event, of.original, series)
    ? found
    : [...found, 'it is not a changed occurrence of its series'];
}

const dayMs = 86_400_000;

/** Whether id, name and original start are those of one occurrence of the series. A day more each way is for zones. */
function isOccurrenceOf(
  { provider, eventId, name }: EventPlan,
  original: string,
  series: EventPlan,
): boolean {
  const own = seriesOf(provider, eventId);
  if (own === null || own.eventId !== series.eventId) return false;
  const at = own.start * 1000;
  const [, day = ''] =
    /^@(\d{4}-\d{2}-\d{2})(?:T\d{4})?(?:-\d+)?$/.exec(name.slice(series.name.length)) ?? [];
  const isNear = (text: string): boolean => Math.abs(Date.parse(text) - at) <= 2 * dayMs;
  const isSame = isCalendarDay(original) ? isNear(original) : Date.parse(original) === at;
  return isSame && name.startsWith(series.name) && isCalendarDay(day) && isNear(day);
}
