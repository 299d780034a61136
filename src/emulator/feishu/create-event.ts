import { randomUUID } from 'node:crypto';

import { given } from '../../model/given.ts';
import { objectOf, textOf, WrongField, type Json } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { userIdTypeOf, writableCalendar } from './access.ts';
import { success } from './answer.ts';
import { eventView } from './event.ts';
import { feishuEvent, feishuOf } from './world.ts';

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
