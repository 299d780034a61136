import { randomBytes } from 'node:crypto';

import { flagOf, listOf, objectOf, textOf, WrongField, type Json } from '../body.ts';
import { param, type Answer, type Call, type Context } from '../route.ts';
import { DingtalkRefusal, found } from './answer.ts';
import { eventView } from './event.ts';
import { dingtalkEvent, dingtalkOf } from './world.ts';

/**
 * Makes an event of the user of the path. It is there as long as the server is.
 * https://open.dingtalk.com/document/development/create-event
 */
export function createEvent(call: Call, context: Context): Answer {
  const user = param(call, 'userId');
  const events = dingtalkOf(context.world).users.get(user);
  if (events === undefined) throw new DingtalkRefusal('permissionDeny');
  if (param(call, 'calendarId') !== 'primary') throw new DingtalkRefusal('invalidParameter');
  const body = objectOf(call.body);
  const summary = textOf(body, 'summary');
  if (summary === undefined) throw new DingtalkRefusal('invalidParameter', 'summary is missing');
  const attendees = listOf(body, 'attendees')
    .map((one) => objectOf(one, 'attendees'))
    .map((one) => ({ user: textOf(one, 'id') ?? '', optional: flagOf(one, 'isOptional', false) }));
  const event = dingtalkEvent(user, {
    id: randomBytes(12).toString('base64url'),
    summary,
    start: timeOf(body, 'start'),
    end: timeOf(body, 'end'),
    attendees,
  });
  events.set(event.id, event);
  context.world.changed();
  return found(eventView(event, event.content.live, 500, user, context));
}

function timeOf(body: Json, field: string): string {
  const time = objectOf(body[field], field);
  const text = textOf(time, 'dateTime') ?? textOf(time, 'date') ?? '';
  if (Number.isNaN(Date.parse(text))) throw new WrongField(field, 'a time');
  return text;
}
