import { root } from '../organisation.ts';
import { param, type Call, type Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { feishuOf, type FeishuCalendar, type FeishuContent, type FeishuEvent } from './world.ts';
import { FeishuRefusal, type RefusalCode } from './answer.ts';
import { handOver } from './leavers.ts';
import { materialise, mirrored } from './occurrence.ts';
import type { UserIdType } from './people.ts';

/** Which id type a call speaks: `user_id_type`, open_id where it is absent. Another one is refused with this code. */
export function userIdTypeOf(call: Call, code: RefusalCode = 190002, name = 'user_id_type'): UserIdType {
  const type = call.query.get(name) ?? 'open_id';
  if (type === '' || type === 'open_id') return 'open_id';
  if (type === 'union_id' || type === 'user_id') return type;
  throw new FeishuRefusal(code, `${name} must be open_id, union_id or user_id`);
}

/** Which of a department's ids is meant. */
export type DepartmentIdType = 'open_department_id' | 'department_id';

/** Which kind a call speaks: `department_id_type`, open_department_id where it is absent. */
export function departmentIdTypeOf(call: Call, name = 'department_id_type'): DepartmentIdType {
  const type = call.query.get(name) ?? '';
  if (type === '' || type === 'open_department_id') return 'open_department_id';
  if (type === 'department_id') return type;
  throw new FeishuRefusal(40001, `${name} must be open_department_id or department_id`);
}

/** An id of the tenant file as that kind: `od-platform` has the department_id `platform`, the root is the same in both. */
export function departmentId(id: string, type: DepartmentIdType): string {
  if (id === root.id || type === 'open_department_id') return id;
  return id.startsWith('od-') ? id.slice(3) : `custom-${id}`;
}

/** A calendar that may be read: reader, writer or owner. */
export function readableCalendar(call: Call, context: Context): FeishuCalendar {
  const calendar = calendarOf(call, context);
  if (calendar.role === 'none' || calendar.role === 'free_busy_reader') throw new FeishuRefusal(191002);
  return calendar;
}

/** A calendar that may be written, by an app with the bot ability: writer or owner, primary or shared. */
export function writableCalendar(call: Call, context: Context, caller: Caller): FeishuCalendar {
  requireBot(caller);
  const calendar = readableCalendar(call, context);
  if (calendar.type !== 'primary' && calendar.type !== 'shared') throw new FeishuRefusal(191004);
  if (calendar.role === 'reader') throw new FeishuRefusal(193002);
  return calendar;
}

/** The app has the bot ability. */
export function requireBot(caller: Caller): void {
  if (!caller.bot) throw new FeishuRefusal(190007);
}

/** Whether there could be something with this id. The pages tell an invalid id from one that is not found, not how. */
function couldBeId(id: string): boolean {
  return /^[\w.@:=+-]+$/.test(id);
}

/** The calendar of the path, whatever the caller may do there. */
export function calendarOf(call: Call, context: Context): FeishuCalendar {
  const id = param(call, 'calendarId');
  const calendar = feishuOf(context.world).calendar(id);
  if (calendar === undefined) throw new FeishuRefusal(couldBeId(id) ? 191000 : 191001);
  if (calendar.deleted) throw new FeishuRefusal(191003);
  handOver(calendar, context);
  return calendar;
}

/** The event of the path, deleted or not. */
export function eventOf(call: Call, context: Context, calendar: FeishuCalendar): FeishuEvent {
  const id = param(call, 'eventId');
  const event = calendar.events.get(id);
  if (event !== undefined) return event;
  // Who only reads makes no changed occurrence of it.
  const found = call.method === 'GET' ? mirrored : materialise;
  const occurrence = context.behaviour.unlistedOccurrence === 'answered' ? found(calendar, id) : undefined;
  if (occurrence !== undefined) return occurrence;
  throw new FeishuRefusal(couldBeId(id) ? 193001 : 193000);
}

/** The event's content as writes find it; a deleted event refuses. */
export function liveContent(event: FeishuEvent): FeishuContent {
  const content = event.content.live;
  if (content.cancelled) throw new FeishuRefusal(193003);
  return content;
}

/** Whether the calendar of the path is the one that the event was made in. */
export function isOrganizer(calendar: FeishuCalendar, event: FeishuEvent, context: Context): boolean {
  return (
    event.organizerCalendar === calendar.id ||
    feishuOf(context.world).calendar(event.organizerCalendar) === calendar
  );
}
