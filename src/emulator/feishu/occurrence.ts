import type { Context } from '../route.ts';
import { Lagged } from '../world.ts';
import type { FeishuCalendar, FeishuContent, FeishuEvent } from './world.ts';

/** The parts of an event id: `<uid>_0` is a single event or a series, `<uid>_<start>` one occurrence. */
export function splitEventId(id: string): { readonly uid: string; readonly start: number } | undefined {
  const [, uid, start] = /^(.+)_(\d+)$/.exec(id) ?? [];
  return uid === undefined ? undefined : { uid, start: Number(start) };
}

/** The id of the series that an occurrence belongs to; undefined for an event that is none. */
export function seriesIdOf(id: string): string | undefined {
  const parts = splitEventId(id);
  return parts === undefined || parts.start === 0 ? undefined : `${parts.uid}_0`;
}

/**
 * The occurrence with this id as an event of its own, begun as a copy of its series and kept in the calendar: a changed
 * occurrence. Undefined where there is no such series.
 */
export function materialise(calendar: FeishuCalendar, id: string): FeishuEvent | undefined {
  const event = mirrored(calendar, id);
  if (event === undefined) return undefined;
  const changed = { ...event, exception: true };
  calendar.events.set(id, changed);
  return changed;
}

/** The events that a write to one reaches: of a series, changed occurrences too where it reaches those. */
export function reached(
  calendar: FeishuCalendar,
  event: FeishuEvent,
  { seriesWrites }: Context['behaviour'],
): readonly FeishuEvent[] {
  if (event.recurrence === '' || seriesWrites === 'plain') return [event];
  const own = [...calendar.events.values()].filter(
    (one) => one.exception && seriesIdOf(one.id) === event.id && !one.content.live.cancelled,
  );
  return [event, ...own];
}

/** The occurrence with this id as its series has it. Undefined where there is no such series. */
export function mirrored(calendar: FeishuCalendar, id: string): FeishuEvent | undefined {
  const parts = splitEventId(id);
  const series = calendar.events.get(seriesIdOf(id) ?? '');
  if (parts === undefined || series === undefined || series.recurrence === '') return undefined;
  const { start, end } = series;
  const moved =
    'day' in start || 'day' in end
      ? {}
      : { start: at(start, parts.start), end: at(end, parts.start + end.seconds - start.seconds) };
  return {
    ...series,
    ...moved,
    id,
    key: `feishu ${calendar.id} ${id}`,
    recurrence: '',
    content: new Lagged<FeishuContent>(series.content.live),
  };
}

function at(
  moment: { readonly timeZone: string },
  seconds: number,
): FeishuEvent['start'] & { seconds: number } {
  return { seconds, timeZone: moment.timeZone, text: new Date(seconds * 1000).toISOString() };
}
