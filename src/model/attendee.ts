import type { Source } from './diagnostic.ts';
import type { AttendeeType, UserIdType } from './platform.ts';
import type { ProviderId } from '../platforms/index.ts';

declare const identityBrand: unique symbol;

/** `type:id`, the one thing attendees are compared by. Made by {@link identityOf} alone. */
export type Identity = string & { readonly [identityBrand]: true };

/** An attendee by name only. E-mail addresses are in lower case: normalised once, where they come in. */
export interface Attendee {
  readonly type: AttendeeType;
  readonly id: string;
}

/** The key that attendees are matched by: e-mail addresses are compared in lower case, ids as they are. */
export function identityOf(attendee: Attendee): Identity {
  const id = attendee.type === 'email' ? attendee.id.toLowerCase() : attendee.id;
  // The brand exists at compile time only; this is the one place that gives it.
  return `${attendee.type}:${id}` as Identity;
}

/** An attendee that a manifest wants, with the place that says so. */
export interface DesiredAttendee extends Attendee {
  readonly optional: boolean;
  readonly source: Source;
  /** The rosters between the event and the entry, outermost first. */
  readonly via: readonly string[];
  /** A display name from a Directory. */
  readonly name?: string;
}

/** A reply: `none` covers "no answer yet" and, for rooms, "booking". */
export type Reply = 'none' | 'accepted' | 'tentative' | 'declined' | 'removed';

/**
 * One row of a listing. Several rows can be of one identity. Rows with reply `removed` are kept in the listing by
 * Feishu after a removal and count as absent.
 */
export interface ObservedAttendee extends Attendee {
  /** What a removal names the row by (Feishu). Absent where the platform has no such id (DingTalk). */
  readonly attendeeId?: string;
  readonly name?: string;
  readonly optional: boolean;
  readonly organizer: boolean;
  /** From another tenant. */
  readonly external: boolean;
  readonly reply: Reply;
  /** Who answers for a room's booking (Feishu `operate_id`), in the event's kind of user id. */
  readonly operateId?: string;
}

const prefixOf: Readonly<Record<UserIdType, string | null>> = {
  open_id: 'ou_',
  union_id: 'on_',
  user_id: null,
};

/**
 * The kind of Feishu user id that a prefix shows: `ou_` an open_id, `on_` a union_id, anything else a user_id.
 */
export function userIdTypeOf(id: string): UserIdType {
  if (id.startsWith('ou_')) return 'open_id';
  return id.startsWith('on_') ? 'union_id' : 'user_id';
}

/**
 * The kind of id that `id` shows to be where an event uses `expected`, if it shows another kind than that. An
 * unprefixed id under `open_id` or `union_id` shows nothing and is left to the platform.
 */
export function foreignIdType(provider: ProviderId, expected: UserIdType, id: string): UserIdType | null {
  if (provider === 'dingtalk') return null;
  const shown = userIdTypeOf(id);
  if (shown === expected || prefixOf[shown] === null) return null;
  return shown;
}
