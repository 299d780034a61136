import { isObject, textOf } from '../../http/json.ts';
import { addressOf, type ObservedAttendee, type Reply } from '../../model/attendee.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { malformed } from '../problem.ts';

/** A row that is known by its id, as every row that can be removed has to be. */
export type Row = ObservedAttendee & { readonly attendeeId: string };

type Filled = { -readonly [Key in keyof Row]: Row[Key] };

/** Each of the platform's attendee types: ours, and the field that holds its id. */
const types: ReadonlyMap<unknown, readonly [AttendeeType, string]> = new Map([
  ['user', ['user', 'user_id']],
  ['chat', ['chat', 'chat_id']],
  ['resource', ['room', 'room_id']],
  ['third_party', ['email', 'third_party_email']],
]);

const replies: ReadonlyMap<unknown, Reply> = new Map([
  ['', 'none'],
  ['needs_action', 'none'],
  ['accept', 'accepted'],
  ['tentative', 'tentative'],
  ['decline', 'declined'],
  ['removed', 'removed'],
]);

function flag(value: unknown, name: string): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value !== 'boolean') throw malformed(`${name} of an attendee is not a boolean`);
  return value;
}

/**
 * One row of a listing, or `null` for somebody who was removed and whose ids are gone with them. Everything else has
 * to be there and of its type: a row that is misread could be somebody who is removed by mistake.
 */
export function readRow(value: unknown): Row | null {
  if (!isObject(value)) throw malformed('an attendee is not an object');
  const known = types.get(value['type']);
  if (known === undefined) throw malformed('an attendee has an unknown type');
  const [type, idField] = known;
  const reply = replies.get(value['rsvp_status'] ?? '');
  if (reply === undefined) throw malformed('an attendee has an unknown reply');
  const attendeeId = textOf(value['attendee_id']);
  const id = textOf(value[idField]);
  if (attendeeId === undefined || id === undefined) {
    if (reply === 'removed') return null;
    throw malformed(`an attendee has no ${attendeeId === undefined ? 'attendee_id' : idField}`);
  }
  const name = textOf(value['display_name']);
  const operateId = type === 'room' ? textOf(value['operate_id']) : undefined;
  const optional = flag(value['is_optional'], 'is_optional');
  const organizer = flag(value['is_organizer'], 'is_organizer');
  const external = flag(value['is_external'], 'is_external');
  const own = type === 'email' ? addressOf(id) : id;
  // There are as many rows as attendees: spreading, and adding a member later, take several times as long.
  const row: Filled =
    name === undefined
      ? { type, id: own, attendeeId, optional, organizer, external, reply }
      : {
          type,
          id: own,
          attendeeId,
          name,
          optional,
          organizer,
          external,
          reply,
        };
  if (operateId !== undefined) row.operateId = operateId;
  return row;
}
