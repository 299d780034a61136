import { switchOf } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { eventOf, isOrganizer, readableCalendar, requireBot, userIdTypeOf } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { listedRows } from './leavers.ts';
import { pageOf, type PageTerms } from './page.ts';
import { rowView } from './row.ts';

const terms: PageTerms = { least: 10, usual: 20, most: 100, badToken: 190002, expired: 190008 };

/**
 * A page of an event's attendees, removed ones included: 10 to 100, 20 unless asked for otherwise.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event-attendee/list-2
 */
export function listAttendees(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  switchOf(call.query, 'need_resource_customization', false);
  requireBot(caller);
  const calendar = readableCalendar(call, context);
  const event = eventOf(call, context, calendar);
  const content = event.content.seen(context.now);
  if (content.cancelled) throw new FeishuRefusal(193003);
  if (!isOrganizer(calendar, event, context) && event.ability === 'none') throw new FeishuRefusal(194001);
  const { items, more } = pageOf(listedRows(content.rows, context), call, context, terms, event.key);
  return success({
    items: items.map((row) => rowView(row, type, context, caller)),
    ...more,
  });
}
