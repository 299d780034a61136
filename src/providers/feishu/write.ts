import type { EventRef } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { AttendeeType } from '../../model/platform.ts';
import type { AddedAttendee, RemovedRow } from '../../model/edit.ts';
import type { WireCall } from '../dialect.ts';
import { PlatformError, type WriteOptions } from '../provider.ts';
import { eventPath } from './dialect.ts';

function roomsOnly(event: EventRef, batch: readonly { readonly type: string }[]): void {
  if (event.admin === undefined || batch.every((entry) => entry.type === 'room')) return;
  throw new PlatformError('event', 'admin-rooms-only', 'in admin mode only rooms can be changed', {
    hint: 'List only rooms in an event with admin.',
  });
}

function adminFields(event: EventRef): Readonly<Record<string, unknown>> {
  if (event.admin === undefined) return {};
  const start = event.admin.instanceStartTime;
  return { is_enable_admin: true, ...given({ instance_start_time_admin: start }) };
}

/** Each of our types that there is: the platform's, and the field that holds its id. */
const fields: Readonly<Partial<Record<AttendeeType, readonly [string, string]>>> = {
  user: ['user', 'user_id'],
  chat: ['chat', 'chat_id'],
  room: ['resource', 'room_id'],
  email: ['third_party', 'third_party_email'],
};

function typedId(entry: Pick<RemovedRow, 'type' | 'id'>): Readonly<Record<string, unknown>> {
  const named = fields[entry.type];
  if (named === undefined)
    throw new PlatformError('event', 'not-supported', `there is no ${entry.type} here`);
  const [type, field] = named;
  return { type, [field]: entry.id };
}

/**
 * Removes up to 500 rows (page: `calendar-event-attendee/batch_delete`). Rows are named by the attendee_id of the
 * listing they come from. In admin mode they are named by room: the listing is the occurrence's, the call the series'.
 */
export function removal(event: EventRef, batch: readonly RemovedRow[], options: WriteOptions): WireCall {
  roomsOnly(event, batch);
  const attendeeIds: string[] = [];
  const deleteIds: Readonly<Record<string, unknown>>[] = [];
  for (const row of batch) {
    if (event.admin === undefined && row.attendeeId !== undefined) attendeeIds.push(row.attendeeId);
    else deleteIds.push(typedId(row));
  }
  return {
    method: 'POST',
    path: `${eventPath(event)}/attendees/batch_delete`,
    query: { user_id_type: event.userIdType },
    body: {
      json: {
        ...(attendeeIds.length === 0 ? {} : { attendee_ids: attendeeIds }),
        ...(deleteIds.length === 0 ? {} : { delete_ids: deleteIds }),
        need_notification: options.notify,
        ...adminFields(event),
      },
    },
  };
}

function added(entry: AddedAttendee, event: EventRef): Readonly<Record<string, unknown>> {
  if (entry.type !== 'room') return { ...typedId(entry), is_optional: entry.optional };
  const contact = entry.operateId ?? event.roomContact;
  return { ...typedId(entry), ...given({ operate_id: contact }) };
}

/**
 * Adds up to 1000 attendees, 100 rooms among them (page: `calendar-event-attendee/create`). The contact of a room is
 * not made an attendee, which the platform would do by default.
 */
export function addition(event: EventRef, batch: readonly AddedAttendee[], options: WriteOptions): WireCall {
  roomsOnly(event, batch);
  return {
    method: 'POST',
    path: `${eventPath(event)}/attendees`,
    query: { user_id_type: event.userIdType },
    body: {
      json: {
        attendees: batch.map((entry) => added(entry, event)),
        need_notification: options.notify,
        add_operator_to_attendee: false,
        ...adminFields(event),
      },
    },
  };
}

/** Deletes the event (page: `calendar-event/delete`). The switch is a text in the query, not a boolean in a body. */
export function deletion(event: EventRef, options: WriteOptions): WireCall {
  return {
    method: 'DELETE',
    path: eventPath(event),
    query: { need_notification: String(options.notify) },
  };
}

/** Unbinds the meeting chat (page: `calendar-event-meeting_chat/delete`). */
export function unbinding(event: EventRef, chatId: string): WireCall {
  return {
    method: 'DELETE',
    path: `${eventPath(event)}/meeting_chat`,
    query: { meeting_chat_id: chatId },
  };
}
