import { randomUUID } from 'node:crypto';

import { given } from '../../model/given.ts';
import { countOf, switchOf, objectOf, textOf, WrongField, type Json } from '../body.ts';
import type { Moment } from '../moment.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import {
  eventOf,
  isOrganizer,
  liveContent,
  readableCalendar,
  requireBot,
  userIdTypeOf,
  writableCalendar,
} from './access.ts';
import { FeishuRefusal, success } from './answer.ts';
import { listedRows } from './leavers.ts';
import { seriesIdOf } from './occurrence.ts';
import type { UserIdType } from './people.ts';
import { rowView, shownUserId } from './row.ts';
import { feishuOf, type FeishuContent, type FeishuEvent, feishuEvent } from './world.ts';

/** When every event was made, in seconds since the epoch: the tenant file does not say. */
const createTime = '1672531200';

/** One event. A deleted one is answered too, with the status `cancelled`.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event/get
 */
export function getEvent(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  const most = Math.min(Math.max(countOf(call.query, 'max_attendee_num', 10), 0), 100);
  const withAttendees = switchOf(call.query, 'need_attendee', false);
  requireBot(caller);
  const event = eventOf(call, context, readableCalendar(call, context));
  const content = event.content.seen(context.now);
  const rows = listedRows(content.rows, context);
  const attendees = {
    attendees: rows.slice(0, most).map((row) => rowView(row, type, context, caller)),
    has_more_attendee: rows.length > most,
  };
  const view = eventView(event, content, type, context);
  return success({ event: withAttendees ? { ...view, ...attendees } : view });
}

/** Deletes an event; the second time it is gone (193003).
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event/delete
 */
export function deleteEvent(call: Call, context: Context, caller: Caller): Answer {
  switchOf(call.query, 'need_notification', true);
  const calendar = writableCalendar(call, context, caller);
  const event = eventOf(call, context, calendar);
  const content = liveContent(event);
  if (!isOrganizer(calendar, event, context)) throw new FeishuRefusal(193002);
  context.world.commit(event, { ...content, cancelled: true }, context.now);
  return success();
}

/** An event as it is answered; attendees are not among it. */
export function eventView(
  event: FeishuEvent,
  content: FeishuContent,
  type: UserIdType,
  context: Context,
): object {
  const series = seriesIdOf(event.id);
  return {
    event_id: event.id,
    organizer_calendar_id: event.organizerCalendar,
    summary: event.summary,
    description: '',
    start_time: momentView(event.start),
    end_time: momentView(event.end),
    vchat: { vc_type: 'no_meeting' },
    visibility: 'default',
    attendee_ability: event.ability,
    free_busy_status: 'busy',
    color: -1,
    recurrence: event.recurrence,
    status: statusOf(event, content),
    is_exception: event.exception,
    create_time: createTime,
    app_link: appLink(event.id),
    ...given({ recurring_event_id: series }),
    ...organizerView(event, content, type, context),
  };
}

/** Where an event opens in the client. */
export function appLink(id: string): string {
  return `https://applink.feishu.cn/client/calendar/event/detail?key=${encodeURIComponent(id)}`;
}

export function statusOf(
  event: FeishuEvent,
  content: FeishuContent,
): 'cancelled' | 'tentative' | 'confirmed' {
  if (content.cancelled) return 'cancelled';
  return event.tentative ? 'tentative' : 'confirmed';
}

function momentView(moment: Moment): object {
  if ('day' in moment) return { date: moment.day };
  return { timestamp: String(moment.seconds), timezone: moment.timeZone };
}

function organizerView(
  event: FeishuEvent,
  content: FeishuContent,
  type: UserIdType,
  context: Context,
): object {
  const row = content.rows.find((row) => row.organizer && row.ids !== null);
  if (row !== undefined) {
    const id = shownUserId(row, type, context.behaviour);
    return { event_organizer: { user_id: id, display_name: row.name } };
  }
  if (event.organizer === null) return {};
  const { person } = feishuOf(context.world).people.find('open_id', event.organizer.open_id);
  const id = event.organizer[type];
  return { event_organizer: { user_id: id, display_name: person.name ?? id } };
}

/**
 * Makes an event; nobody is invited yet, its maker neither. It is there as long as the server is.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event/create
 */
export function createEvent(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  const body = objectOf(call.body);
  const calendar = writableCalendar(call, context, caller);
  const event = feishuEvent(
    calendar.id,
    {
      id: `${randomUUID()}_0`,
      start: timeOf(body, 'start_time'),
      end: timeOf(body, 'end_time'),
      ...given({ summary: textOf(body, 'summary'), recurrence: textOf(body, 'recurrence') }),
    },
    feishuOf(context.world).people,
  );
  calendar.events.set(event.id, event);
  context.world.changed();
  return success({ event: eventView(event, event.content.live, type, context) });
}

/** A time as tenant files have it: a day, or Unix seconds. */
function timeOf(body: Json, field: string): string {
  const time = objectOf(body[field], field);
  const text = textOf(time, 'timestamp') ?? textOf(time, 'date') ?? '';
  if (/^\d+$|^\d{4}-\d{2}-\d{2}$/.test(text)) return text;
  throw new WrongField(field, 'a time');
}
