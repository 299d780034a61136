import { countOf, switchOf } from '../body.ts';
import { pageStart, pageToken } from '../pages.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { eventOf, isOrganizer, readableCalendar, requireBot, userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { rowView } from './row.ts';

/**
 * A page of an event's attendees, removed ones included: 10 to 100, 20 unless asked for otherwise.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event-attendee/list-2
 */
export function listAttendees(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  const size = pageSize(call, context);
  switchOf(call.query, 'need_resource_customization', false);
  requireBot(caller);
  const calendar = readableCalendar(call, context);
  const event = eventOf(call, context, calendar);
  const content = event.content.seen(context.now);
  if (content.cancelled) throw new FeishuRefusal(193003);
  if (!isOrganizer(calendar, event, context) && event.ability === 'none') throw new FeishuRefusal(194001);
  const start = startOf(call, event.key, context);
  const end = start + size;
  const items = content.rows
    .slice(start, end)
    .map((row) => rowView(row, type, context.behaviour, context.now));
  const more = end < content.rows.length;
  const token = more ? { page_token: pageToken(event.key, end, context.now) } : {};
  return success({ items, has_more: more, ...token });
}

function pageSize(call: Call, context: Context): number {
  const size = countOf(call.query, 'page_size', 20);
  if (size > 100 && context.behaviour.largePage === 'refused') {
    throw new FeishuRefusal(190002, 'page_size is at most 100');
  }
  return Math.min(Math.max(size, 10), 100);
}

function startOf(call: Call, list: string, context: Context): number {
  const given = call.query.get('page_token') ?? '';
  const start = pageStart(given, list, context.now, context.behaviour.pageTokenLifetime);
  if ('offset' in start) return start.offset;
  throw start.problem === 'expired' ? new FeishuRefusal(190008) : new FeishuRefusal(190002, 'page_token');
}
