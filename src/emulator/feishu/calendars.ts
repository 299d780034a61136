import { objectOf, textsOf } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { calendarOf, requireBot } from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { pageOf, type PageTerms } from './page.ts';
import { feishuOf, type FeishuCalendar } from './world.ts';

const terms: PageTerms = { least: 50, usual: 500, most: 1000, badToken: 190002, expired: 190008 };

/**
 * A page of the calendars that the caller owns or has subscribed to: 50 to 1000, 500 unless asked for otherwise. No
 * sync token is handed out, so one that is given is out of date.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar/list
 */
export function listCalendars(call: Call, context: Context, caller: Caller): Answer {
  requireBot(caller);
  refuseSyncToken(call, ['page_token']);
  const all = [...feishuOf(context.world).calendars.values()].filter(
    ({ role, deleted }) => role !== 'none' && !(deleted && context.behaviour.deletedCalendars === 'left-out'),
  );
  const { items, more } = pageOf(all, call, context, terms);
  return success({ calendar_list: items.map(calendarView), ...more });
}

/** Refuses a sync token: beside these parameters it is a conflict, alone it is out of date. */
export function refuseSyncToken(call: Call, others: readonly string[]): void {
  if ((call.query.get('sync_token') ?? '') === '') return;
  throw new FeishuRefusal(others.some((name) => call.query.has(name)) ? 190009 : 190008);
}

/**
 * One calendar, with what the caller may do in it.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar/get
 */
export function getCalendar(call: Call, context: Context, caller: Caller): Answer {
  requireBot(caller);
  const calendar = calendarOf(call, context);
  if (calendar.role === 'none') throw new FeishuRefusal(191002);
  return success(calendarView(calendar));
}

/**
 * Up to ten calendars by their ids; one that is not there or not the caller's is left out.
 * https://open.feishu.cn/document/calendar-v4/calendar/mget
 */
export function mgetCalendars(call: Call, context: Context, caller: Caller): Answer {
  requireBot(caller);
  const ids = textsOf(objectOf(call.body), 'calendar_ids');
  if (ids.length < 1 || ids.length > 10) throw new FeishuRefusal(190002, 'calendar_ids: 1 to 10');
  const found = ids.flatMap((id) => feishuOf(context.world).calendar(id) ?? []);
  return success({ calendars: found.filter(({ role }) => role !== 'none').map(calendarView) });
}

/**
 * The caller's own calendar.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar/primary
 */
export function primaryCalendar(_call: Call, context: Context, caller: Caller): Answer {
  requireBot(caller);
  const calendar = feishuOf(context.world).calendar('primary');
  if (calendar === undefined) throw new FeishuRefusal(191000);
  return success({ calendars: [{ calendar: calendarView(calendar) }] });
}

function calendarView(calendar: FeishuCalendar): object {
  return {
    calendar_id: calendar.id,
    summary: calendar.summary,
    description: '',
    permissions: 'private',
    color: -1,
    type: calendar.type,
    summary_alias: '',
    is_deleted: calendar.deleted,
    is_third_party: calendar.type === 'google' || calendar.type === 'exchange',
    role: calendar.role,
  };
}
