import { flagOf, listOf, objectOf, textOf, textsOf, type Json } from '../body.ts';
import type { Answer, Call, Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import type { FeishuCalendar, FeishuEvent } from './world.ts';
import { eventOf, isOrganizer, liveContent, userIdTypeOf, writableCalendar } from './access.ts';
import { FeishuRefusal, overCap, success } from './answer.ts';
import { materialise, reached, seriesIdOf, splitEventId } from './occurrence.ts';
import type { UserIdType } from './people.ts';
import { idFields, rowKey, shownUserId, type FeishuRow, type RowType } from './row.ts';

/** Attendees a removing call, both lists together. */
const perCall = 500;

/**
 * Removes attendees by attendee id, or by type and id; there is no result for each.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event-attendee/batch_delete
 */
export function deleteAttendees(call: Call, context: Context, caller: Caller): Answer {
  const type = userIdTypeOf(call);
  const body = objectOf(call.body);
  const ids = textsOf(body, 'attendee_ids');
  const named = listOf(body, 'delete_ids').map((item) => identityOf(objectOf(item, 'delete_ids')));
  const admin = flagOf(body, 'is_enable_admin', false);
  const occurrence = textOf(body, 'instance_start_time_admin');
  flagOf(body, 'need_notification', true);
  if (ids.length + named.length > perCall)
    throw overCap(context, `at most ${String(perCall)} attendees a call`);
  if (ids.length + named.length === 0 && context.behaviour.emptyBatch === 'refused') {
    throw new FeishuRefusal(190002, 'attendee_ids and delete_ids are empty');
  }
  const calendar = writableCalendar(call, context, caller);
  const series = eventOf(call, context, calendar);
  liveContent(series);
  if (!admin && !isOrganizer(calendar, series, context)) throw new FeishuRefusal(194003);
  const event =
    admin && occurrence !== undefined ? occurrenceOf(calendar, series, occurrence, context) : series;
  const content = liveContent(event);
  const found = findRows(content.rows, ids, named, type, context);
  const removed = admin ? new Set([...found].filter((row) => row.type === 'resource')) : found;
  refuseProtected(removed, context);
  if (removed.size > 0) {
    const keys = new Set([...removed].map(rowKey));
    for (const one of reached(calendar, event, context.behaviour)) {
      const own = one.content.live;
      const gone = new Set(
        own.rows.filter((row) => (one === event ? removed.has(row) : keys.has(rowKey(row)))),
      );
      context.world.commit(one, { ...own, rows: without(own.rows, gone, context) }, context.now);
    }
  }
  return success();
}

interface Named {
  readonly type: RowType;
  readonly id: string;
}

/** The type and id of an entry, whether it is to be added or removed. */
export function identityOf(entry: Json): Named {
  const type = textOf(entry, 'type');
  if (type !== 'user' && type !== 'chat' && type !== 'resource' && type !== 'third_party') {
    throw new FeishuRefusal(194004);
  }
  const id = textOf(entry, idFields[type]);
  if (id === undefined) throw new FeishuRefusal(190002, `${idFields[type]} is missing`);
  return { type, id: type === 'third_party' ? id.toLowerCase() : id };
}

function findRows(
  rows: readonly FeishuRow[],
  ids: readonly string[],
  named: readonly Named[],
  type: UserIdType,
  context: Context,
): ReadonlySet<FeishuRow> {
  const live = rows.filter((row) => row.rsvp !== 'removed');
  const byId = new Map(live.map((row) => [row.attendeeId, [row]]));
  const byName = new Map<string, FeishuRow[]>();
  for (const row of live) {
    const name = nameOf(row, type, context);
    byName.set(name, [...(byName.get(name) ?? []), row]);
  }
  const hits = [
    ...ids.map((id) => byId.get(id)),
    ...named.map(({ type, id }) => byName.get(`${type}:${id}`)),
  ];
  if (context.behaviour.unknownAttendee === 'refused' && hits.includes(undefined))
    throw new FeishuRefusal(194000);
  return new Set(hits.flatMap((hit) => hit ?? []));
}

function nameOf(row: FeishuRow, type: UserIdType, context: Context): string {
  return `${row.type}:${row.type === 'user' ? shownUserId(row, type, context.behaviour) : row.id}`;
}

function refuseProtected(rows: ReadonlySet<FeishuRow>, context: Context): void {
  for (const row of rows) {
    const outsider = row.external && (row.type === 'user' || row.type === 'chat');
    const kept =
      (row.organizer && context.behaviour.removeOrganizer === 'refused') ||
      (outsider && context.behaviour.removeExternal === 'refused');
    if (kept) throw new FeishuRefusal(194003);
  }
}

/** The rows after a removal: the removed ones marked or left out. */
export function without(
  rows: readonly FeishuRow[],
  gone: ReadonlySet<FeishuRow>,
  context: Pick<Context, 'behaviour'>,
): readonly FeishuRow[] {
  if (context.behaviour.removedRows === 'vanish') return rows.filter((row) => !gone.has(row));
  return rows.map((row) => (gone.has(row) ? { ...row, rsvp: 'removed' as const, booking: null } : row));
}

/** The event that an administrator's change of one occurrence falls on. */
export function occurrenceOf(
  calendar: FeishuCalendar,
  series: FeishuEvent,
  start: string,
  context: Context,
): FeishuEvent {
  if (!/^\d+$/.test(start)) throw new FeishuRefusal(190002, 'instance_start_time_admin is in Unix seconds');
  if (series.recurrence === '' || context.behaviour.adminOccurrence === 'series') return series;
  const id = `${splitEventId(series.id)?.uid ?? series.id}_${start}`;
  if (seriesIdOf(id) === undefined) throw new FeishuRefusal(190002, 'instance_start_time_admin');
  return calendar.events.get(id) ?? materialise(calendar, id) ?? series;
}
