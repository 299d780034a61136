import { given } from '../../model/given.ts';
import { WrongField } from '../body.ts';
import { secondsOf } from '../moment.ts';
import type { Answer, Call, Context } from '../route.ts';
import { offsetOf, startsOf } from '../series.ts';
import type { Caller } from '../tokens.ts';
import { readableCalendar, requireBot, userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { refuseSyncToken } from './calendars.ts';
import { eventView } from './event.ts';
import { seriesIdOf, splitEventId } from './occurrence.ts';
import { pageOf, type PageTerms } from './page.ts';
import type { FeishuCalendar, FeishuEvent } from './world.ts';

const terms: PageTerms = {
  least: 50,
  usual: 500,
  most: 1000,
  badToken: 190002,
  expired: 190008,
  uneven: true,
};
const filters = ['anchor_time', 'start_time', 'end_time', 'page_token'];

/**
 * The events of a calendar, without their attendees. From `anchor_time` on they come page by page; between `start_time`
 * and `end_time`, or without either, in one answer that ends where a page does. No sync token is handed out, so one
 * that is given is out of date.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event/list
 */
export function listEvents(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  refuseSyncToken(call, filters);
  requireBot(caller);
  const calendar = listableCalendar(call, context);
  const anchor = secondsGiven(call, 'anchor_time');
  const from = secondsGiven(call, 'start_time');
  const to = secondsGiven(call, 'end_time');
  if (anchor !== undefined && (from ?? to) !== undefined) {
    throw new FeishuRefusal(190002, 'anchor_time stands alone');
  }
  const listed = [...calendar.events.values()].filter(
    (event) =>
      isListed(event, context) && (anchor === undefined ? overlaps(event, from, to) : isFrom(event, anchor)),
  );
  if (anchor === undefined && call.query.has('page_token')) {
    throw new FeishuRefusal(190002, 'page_token goes with anchor_time');
  }
  const { items, more } = pageOf(listed, call, context, terms);
  return success({
    items: items.map((event) => eventView(event, event.content.seen(context.now), type, context)),
    ...(anchor === undefined ? { has_more: more.has_more && context.behaviour.rangeMore === 'told' } : more),
  });
}

/**
 * What happens in a stretch of less than 40 days, series as their occurrences: at most 1000, in one answer.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event/instance_view
 */
export function viewInstances(call: Call, context: Context, caller: Caller): Answer {
  userIdTypeOf(call);
  requireBot(caller);
  const calendar = listableCalendar(call, context);
  const from = secondsGiven(call, 'start_time');
  const to = secondsGiven(call, 'end_time');
  if (from === undefined || to === undefined || to < from) {
    throw new FeishuRefusal(190002, 'start_time and end_time are needed');
  }
  if (to - from >= 40 * 86_400) throw new FeishuRefusal(193103);
  const items = [...calendar.events.values()]
    .filter((event) => !event.content.seen(context.now).cancelled)
    .flatMap((event) => instancesOf(event, calendar, from, to, context));
  if (items.length >= 1000) throw new FeishuRefusal(193104);
  return success({ items });
}

function listableCalendar(call: Call, context: Context): FeishuCalendar {
  const calendar = readableCalendar(call, context);
  if (calendar.type === 'google' || calendar.type === 'exchange') throw new FeishuRefusal(191004);
  return calendar;
}

function secondsGiven(call: Call, name: string): number | undefined {
  const value = call.query.get(name) ?? '';
  if (value === '') return undefined;
  if (/^\d{1,12}$/.test(value)) return Number(value);
  throw new WrongField(name, 'in Unix seconds');
}

function isListed(event: FeishuEvent, context: Context): boolean {
  return context.behaviour.cancelledListed === 'listed' || !event.content.seen(context.now).cancelled;
}

/** Every series, also one that is over; of others those that end from there on, and occurrences that began there too. */
function isFrom(event: FeishuEvent, anchor: number): boolean {
  if (event.recurrence !== '') return true;
  const original = seriesIdOf(event.id) === undefined ? anchor : (splitEventId(event.id)?.start ?? anchor);
  return original >= anchor && secondsOf(event.end, 'end') >= anchor;
}

function overlaps(event: FeishuEvent, from = -Infinity, to = Infinity): boolean {
  if (secondsOf(event.start) >= to) return false;
  return event.recurrence !== '' || secondsOf(event.end, 'end') > from;
}

function instancesOf(
  event: FeishuEvent,
  calendar: FeishuCalendar,
  from: number,
  to: number,
  context: Context,
): readonly object[] {
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

function instanceView(event: FeishuEvent, id: string, moved: number, context: Context): object {
  const time = (moment: FeishuEvent['start']): object =>
    'day' in moment
      ? { date: new Date(Date.parse(moment.day) + moved * 1000).toISOString().slice(0, 10) }
      : { timestamp: String(moment.seconds + moved), timezone: moment.timeZone };
  const series = event.recurrence === '' ? seriesIdOf(id) : event.id;
  const rooms = event.content.seen(context.now).rows.filter((row) => row.type === 'resource');
  return {
    event_id: id,
    summary: event.summary,
    start_time: time(event.start),
    end_time: time(event.end),
    status: event.tentative ? 'tentative' : 'confirmed',
    is_exception: event.recurrence === '' && series !== undefined,
    ...given({ recurring_event_id: series }),
    organizer_calendar_id: event.organizerCalendar,
    attendees: rooms.map((row) => ({ type: row.type, room_id: row.id, display_name: row.name })),
  };
}
