import { domainToASCII } from 'node:url';
import type { Source } from './diagnostic.ts';
import type { AttendeeType } from './platform.ts';

declare const identityBrand: unique symbol;

/** `type:id`, or an address: the one thing attendees are compared by. Made by {@link identityOf} alone. */
export type Identity = string & { readonly [identityBrand]: true };

/** An attendee by name only. E-mail addresses are as {@link addressOf} writes them: once, where they come in. */
export interface Attendee {
  readonly type: AttendeeType;
  readonly id: string;
}

/** Somebody whom a message names. */
export interface Named extends Attendee {
  readonly name?: string;
}

/**
 * The key that attendees are matched by: ids as they are, addresses as {@link addressOf} writes them. An address is one
 * attendee, whatever it is called: no listing tells a group from a person.
 */
export function identityOf(attendee: Attendee): Identity {
  const { type, id } = attendee;
  const key = isAddressed(attendee) ? `email:${addressOf(id)}` : `${type}:${id}`;
  // The brand exists at compile time only; this is the one place that gives it.
  return key as Identity;
}

/** Whether somebody is known by an address: groups always are, rooms on some platforms. */
export function isAddressed({ type, id }: Attendee): boolean {
  return type === 'email' || type === 'group' || (type === 'room' && id.includes('@'));
}

/**
 * An e-mail address in the one form in which addresses are compared: in lower case and NFC, the domain in its ASCII
 * form (IDNA) and without the root's dot. Platforms write addresses as they like, and one that is not recognised
 * would be invited again and then removed.
 */
export function addressOf(written: string): string {
  const text = written.trim().normalize('NFC').toLowerCase().normalize('NFC');
  const at = text.lastIndexOf('@');
  const domain = text.slice(at + 1);
  // In a domain that is ASCII already this would read numbers as an IP address, and in what is none a part of a URL.
  const isAscii = /^[\u0021-\u007e]*$/.test(domain) || /[/?#\\:]/.test(domain);
  const ascii = isAscii ? domain : domainToASCII(domain);
  return text.slice(0, at + 1) + (ascii === '' ? domain : ascii).replace(/\.+$/, '');
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

/** A reply that says something. */
export type GivenReply = Extract<Reply, 'accepted' | 'tentative' | 'declined'>;

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
