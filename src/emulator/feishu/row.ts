import { createHash } from 'node:crypto';

import type { Behaviour } from '../behaviour.ts';
import type { Context } from '../route.ts';
import type { TenantAttendee } from '../tenant-parts.ts';
import { may, type Caller } from '../tokens.ts';
import {
  shownIdType,
  userIdScope,
  type People,
  type FeishuPerson,
  type UserIds,
  type UserIdType,
} from './people.ts';

/** The kinds of attendee, by the names of the API. */
export type RowType = 'user' | 'chat' | 'resource' | 'third_party';

/** An attendee of a Feishu event. Rows are never changed, only replaced. */
export interface FeishuRow {
  readonly attendeeId: string;
  readonly type: RowType;
  /** Of users alone. */
  readonly ids: UserIds | null;
  /** The chat id, room id, address in lower case, or a user's open_id. */
  readonly id: string;
  readonly name: string;
  readonly optional: boolean;
  readonly organizer: boolean;
  readonly external: boolean;
  readonly rsvp: 'needs_action' | 'accept' | 'tentative' | 'decline' | 'removed';
  /** A room's contact. */
  readonly operator: UserIds | null;
  /** A room that is being booked: what it comes to, and when. */
  readonly booking: { readonly result: 'accept' | 'decline'; readonly at: number } | null;
}

/** What tells an attendee from the others: the type and the id. */
export function rowKey(row: Pick<FeishuRow, 'type' | 'id'>): string {
  return `${row.type}:${row.id}`;
}

/** An attendee id, the same for one attendee of one event at every start; `nth` tells rows of one attendee apart. */
export function attendeeId(eventKey: string, type: RowType, id: string, nth: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([eventKey, type, id, nth]))
    .digest('hex');
  return `${type}_${digest.slice(0, 16)}`;
}

/** The rows that an event of the tenant file starts with, `generate` carried out. */
export function startingRows(
  eventKey: string,
  given: readonly TenantAttendee[],
  people: People,
): readonly FeishuRow[] {
  const times = new Map<string, number>();
  return given.flatMap(numbered).map((row) => {
    const { type, id, ids, person } = identify(row, people);
    const nth = times.get(`${type}:${id}`) ?? 0;
    times.set(`${type}:${id}`, nth + 1);
    return {
      attendeeId: attendeeId(eventKey, type, id, nth),
      type,
      ids,
      id,
      name: row.name ?? person?.name ?? id,
      optional: row.optional ?? false,
      organizer: row.organizer ?? false,
      external: row.external ?? person?.external ?? type === 'third_party',
      rsvp: row.rsvp ?? (type === 'resource' ? 'accept' : 'needs_action'),
      operator: null,
      booking: null,
    };
  });
}

function numbered(row: TenantAttendee): TenantAttendee[] {
  if (row.generate === undefined) return [row];
  const { generate, ...template } = row;
  return Array.from({ length: generate }, (_, index) => {
    const entries = Object.entries(template).map(([key, value]) => [
      key,
      typeof value === 'string' ? value.replaceAll('{}', String(index + 1)) : value,
    ]);
    // The same keys with the same types: only the text of some changes.
    return Object.fromEntries(entries) as TenantAttendee;
  });
}

function identify(
  row: TenantAttendee,
  people: People,
): Pick<FeishuRow, 'type' | 'id' | 'ids'> & { readonly person?: FeishuPerson } {
  if (row.user !== undefined) {
    const { person } = people.find(shownIdType(row.user), row.user);
    return { type: 'user', id: person.ids.open_id, ids: person.ids, person };
  }
  if (row.chat !== undefined) return { type: 'chat', id: row.chat, ids: null };
  if (row.room !== undefined) return { type: 'resource', id: row.room, ids: null };
  return { type: 'third_party', id: (row.email ?? '').toLowerCase(), ids: null };
}

/** The user id that a row shows: for external users never a user_id. */
export function shownUserId(row: FeishuRow, type: UserIdType, behaviour: Behaviour): string {
  const kind = row.external && type === 'user_id' ? behaviour.externalIdType : type;
  return row.ids?.[kind] ?? '';
}

/**
 * A row as the listing answers it.
 * https://open.feishu.cn/document/server-docs/calendar-v4/calendar-event-attendee/list-2
 */
export function rowView(
  row: FeishuRow,
  type: UserIdType,
  { behaviour, now }: Context,
  caller: Caller,
): Readonly<Record<string, unknown>> {
  return {
    type: row.type,
    attendee_id: row.attendeeId,
    rsvp_status: replyOf(row, now),
    is_optional: row.optional,
    is_organizer: row.organizer,
    is_external: row.external,
    display_name: row.name,
    ...(mayShow(row, type, caller) ? idView(row, type, behaviour) : {}),
    ...(row.operator === null ? {} : { operate_id: row.operator[type] }),
  };
}

/** A user_id is shown to whom has the permission for it; without it the field is missing. */
function mayShow(row: FeishuRow, type: UserIdType, caller: Caller): boolean {
  return row.type !== 'user' || type !== 'user_id' || may(caller, userIdScope);
}

/** The field that an attendee's id stands in, by its type. */
export const idFields: Readonly<Record<RowType, string>> = {
  user: 'user_id',
  chat: 'chat_id',
  resource: 'room_id',
  third_party: 'third_party_email',
};

function idView(row: FeishuRow, type: UserIdType, behaviour: Behaviour): Record<string, string> {
  return { [idFields[row.type]]: row.type === 'user' ? shownUserId(row, type, behaviour) : row.id };
}

function replyOf(row: FeishuRow, now: number): FeishuRow['rsvp'] {
  if (row.rsvp === 'removed') return 'removed';
  // A chat has no reply of its own.
  if (row.type === 'chat') return 'needs_action';
  return row.booking !== null && now >= row.booking.at ? row.booking.result : row.rsvp;
}
