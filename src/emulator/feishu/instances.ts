import { given } from '../../model/given.ts';
import { secondsOf } from '../moment.ts';
import type { Answer, Call, Context } from '../route.ts';
import { offsetOf, startsOf } from '../series.ts';
import type { Caller } from '../tokens.ts';
import { eventOf, readableCalendar, requireBot, userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { listableCalendar, overlaps, secondsGiven } from './events.ts';
import { appLink, statusOf } from './event.ts';
import { seriesIdOf, splitEventId } from './occurrence.ts';
import { pageOf, type PageTerms } from './page.ts';
import type { FeishuCalendar, FeishuEvent } from './world.ts';

const terms: PageTerms = { least: 10, usual: 50, most: 500, badToken: 190002, expired: 190008 };
const twoYears = 2 * 366 * 86_400;

/**
 * A page of the occurrences of a series within two years, changed and deleted ones among them: 10 to 500, 50 unless asked
 * for otherwise. An event that is not a series has none.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event/instances
 */
export function listInstances(call: Call, context: Context, caller: Caller): Answer {
  requireBot(caller);
  const calendar = readableCalendar(call, context);
  const series = eventOf(call, context, calendar);
  if (series.content.seen(context.now).cancelled) throw new FeishuRefusal(193003);
  const { from, to } = windowOf(call);
  if (to - from > twoYears)
    throw new FeishuRefusal(190002, 'start_time and end_time are at most two years apart');
  const uid = splitEventId(series.id)?.uid ?? series.id;
  const changed = [...calendar.events.values()].filter(
    (event) => event.exception && splitEventId(event.id)?.uid === uid && isWithin(event, from, to, context),
  );
  const plain = series.recurrence === '' ? [] : instancesOf(series, calendar, from, to, context);
  const all = [...plain, ...changed.map((event) => instanceView(event, event.id, 0, context))];
  all.sort((one, other) => one.at - other.at);
  const { items, more } = pageOf(all, call, context, terms);
  return success({
    items: items.map(({ item }) => item),
    ...more,
  });
}

/** Whether a changed occurrence is in a stretch of time: by when it is, or by when it was to be. */
function isWithin(event: FeishuEvent, from: number, to: number, { behaviour }: Context): boolean {
  if (behaviour.instancesBy === 'start') return overlaps(event, from, to);
  const original = splitEventId(event.id)?.start ?? 0;
  return from <= original && original < to;
}

/**
 * What happens in a stretch of less than 40 days, series as their occurrences: at most 1000, in one answer.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event/instance_view
 */
export function viewInstances(call: Call, context: Context, caller: Caller): Answer {
  userIdTypeOf(call);
  requireBot(caller);
  const calendar = listableCalendar(call, context);
  const { from, to } = windowOf(call);
  if (to - from >= 40 * 86_400) throw new FeishuRefusal(193103);
  const items = [...calendar.events.values()]
    .filter((event) => !event.content.seen(context.now).cancelled)
    .flatMap((event) => instancesOf(event, calendar, from, to, context));
  if (items.length >= 1000) throw new FeishuRefusal(193104);
  return success({ items: items.map(({ item, seen }) => ({ ...item, ...seen })) });
}

function windowOf(call: Call): { readonly from: number; readonly to: number } {
  const from = secondsGiven(call, 'start_time');
  const to = secondsGiven(call, 'end_time');
  if (from === undefined || to === undefined || to < from) {
    throw new FeishuRefusal(190002, 'start_time and end_time are needed');
  }
  return { from, to };
}

/** An instance: when it begins, what every answer has of it, and what the view adds. */
interface Instance {
  readonly at: number;
  readonly item: object;
  readonly seen: object;
}

function instancesOf(
  event: FeishuEvent,
  calendar: FeishuCalendar,
  from: number,
  to: number,
  context: Context,
): readonly Instance[] {
  const length = secondsOf(event.end, 'end') - secondsOf(event.start);
  const uid = splitEventId(event.id)?.uid ?? event.id;
  if (event.recurrence === '')
    return overlaps(event, from, to) ? [instanceView(event, event.id, 0, context)] : [];
  const first = secondsOf(event.start);
  const offset = 'day' in event.start ? 0 : offsetOf(event.start.text);
  return [...startsOf(event.recurrence, first, to, offset)]
    .filter((start) => start + length > from && !calendar.events.has(`${uid}_${String(start)}`))
    .map((start) => instanceView(event, `${uid}_${String(start)}`, start - first, context));
}

function instanceView(event: FeishuEvent, id: string, moved: number, context: Context): Instance {
  const time = (moment: FeishuEvent['start']): object =>
    'day' in moment
      ? { date: new Date(Date.parse(moment.day) + moved * 1000).toISOString().slice(0, 10) }
      : { timestamp: String(moment.seconds + moved), timezone: moment.timeZone };
  const series = event.recurrence === '' ? seriesIdOf(id) : event.id;
  const rooms = event.content.seen(context.now).rows.filter((row) => row.type === 'resource');
  return {
    at: secondsOf(event.start) + moved,
    item: {
      event_id: id,
      summary: event.summary,
      start_time: time(event.start),
      end_time: time(event.end),
      status: statusOf(event, event.content.seen(context.now)),
      is_exception: event.exception,
      app_link: appLink(id),
    },
    seen: {
      ...given({ recurring_event_id: series }),
      organizer_calendar_id: event.organizerCalendar,
      attendees: rooms.map((row) => ({ type: row.type, room_id: row.id, display_name: row.name })),
    },
  };
}
