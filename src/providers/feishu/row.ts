import { isObject, textOf, type JsonObject } from '../../http/json.ts';
import { addressOf, type ObservedAttendee, type Reply } from '../../model/attendee.ts';
import { given } from '../../model/given.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { malformed } from '../problem.ts';

/** A row that is known by its id, as every row that can be removed has to be. */
export type Row = ObservedAttendee & { readonly attendeeId: string };

/** Each of the platform's attendee types: ours, and the field that holds its id. */
const types: Readonly<Record<string, readonly [AttendeeType, string]>> = {
  user: ['user', 'user_id'],
  chat: ['chat', 'chat_id'],
  resource: ['room', 'room_id'],
  third_party: ['email', 'third_party_email'],
};

const replies: Readonly<Record<string, Reply>> = {
  '': 'none',
  needs_action: 'none',
  accept: 'accepted',
  tentative: 'tentative',
  decline: 'declined',
  removed: 'removed',
};

function own<T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}

function flag(row: JsonObject, name: string): boolean {
  const value = row[name] ?? false;
  if (typeof value !== 'boolean') throw malformed(`${name} of an attendee is not a boolean`);
  return value;
}

/**
 * One row of a listing, or `null` for somebody who was removed and whose ids are gone with them. Everything else has
 * to be there and of its type: a row that is misread could be somebody who is removed by mistake.
 */
export function readRow(value: unknown): Row | null {
  if (!isObject(value)) throw malformed('an attendee is not an object');
  const type = own(types, value['type']);
  if (type === undefined) throw malformed('an attendee has an unknown type');
  const reply = own(replies, value['rsvp_status'] ?? '');
  if (reply === undefined) throw malformed('an attendee has an unknown reply');
  const attendeeId = textOf(value['attendee_id']);
  const id = textOf(value[type[1]]);
  if (attendeeId === undefined || id === undefined) {
    if (reply === 'removed') return null;
    throw malformed(`an attendee has no ${attendeeId === undefined ? 'attendee_id' : type[1]}`);
  }
  const name = textOf(value['display_name']);
  const operateId = type[0] === 'room' ? textOf(value['operate_id']) : undefined;
  return {
    type: type[0],
    id: type[0] === 'email' ? addressOf(id) : id,
    attendeeId,
    ...given({ name }),
    optional: flag(value, 'is_optional'),
    organizer: flag(value, 'is_organizer'),
    external: flag(value, 'is_external'),
    reply,
    ...given({ operateId }),
  };
}
