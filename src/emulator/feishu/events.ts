import { WrongField } from '../body.ts';
import { secondsOf } from '../moment.ts';
import type { Answer, Call, Context } from '../route.ts';
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

/** A calendar whose events can be listed. */
export function listableCalendar(call: Call, context: Context): FeishuCalendar {
  const calendar = readableCalendar(call, context);
  if (calendar.type === 'google' || calendar.type === 'exchange') throw new FeishuRefusal(191004);
  return calendar;
}

/** A point in time of the query, in Unix seconds. */
export function secondsGiven(call: Call, name: string): number | undefined {
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

/** Whether an event happens between two points in time; a series does once it has begun. */
export function overlaps(event: FeishuEvent, from: number = -Infinity, to: number = Infinity): boolean {
  if (secondsOf(event.start) >= to) return false;
  return event.recurrence !== '' || secondsOf(event.end, 'end') > from;
}
