import { flagOf, objectOf, textOf, WrongField, type Json } from '../body.ts';
import type { Behaviour } from '../behaviour.ts';
import type { Context } from '../route.ts';
import { GoogleRefusal } from './answer.ts';
import { folded, isRoom } from './people.ts';
import type { Reply } from './tenant.ts';
import { googleOf, type GoogleEvent, type GoogleRow } from './world.ts';

/** A row of a list as it was sent; what is undefined was not. */
export interface SentRow {
  readonly email: string;
  readonly name: string | undefined;
  readonly reply: Reply | undefined;
  readonly optional: boolean;
  readonly resource: boolean;
  readonly comment: string | undefined;
  readonly additionalGuests: number | undefined;
}

const replies: readonly string[] = ['needsAction', 'declined', 'tentative', 'accepted'] satisfies Reply[];

/** Reads the list of a body. */
export function sentRows(list: unknown): readonly SentRow[] {
  if (list === null) return [];
  if (!Array.isArray(list)) throw new WrongField('attendees', 'a list');
  return list.map((one: unknown) => sentRow(objectOf(one, 'attendees')));
}

function sentRow(row: Json): SentRow {
  const email = textOf(row, 'email');
  if (email === undefined) throw new GoogleRefusal('required', 'Missing attendee email.');
  if (!/^[^@\s,;<>"]+@[^@\s,;<>".]+(\.[^@\s,;<>".]+)+$/.test(email)) {
    throw new GoogleRefusal('invalid', 'Invalid attendee email.');
  }
  const { responseStatus: reply, additionalGuests: more } = row;
  if (reply !== undefined && !(typeof reply === 'string' && replies.includes(reply))) {
    throw new GoogleRefusal('invalid', 'Invalid attendee response status.');
  }
  if (more !== undefined && typeof more !== 'number') throw new WrongField('additionalGuests', 'a number');
  return {
    email,
    name: textOf(row, 'displayName'),
    // Held against the list of all replies above.
    reply: reply as Reply | undefined,
    optional: flagOf(row, 'optional', false),
    resource: flagOf(row, 'resource', false) || isRoom(email),
    comment: textOf(row, 'comment'),
    additionalGuests: more,
  };
}

/** The rows of an event once a list has replaced the one it had: a row sent without a reply no longer has one. */
export function replaced(
  event: GoogleEvent,
  sent: readonly SentRow[],
  context: Context,
): readonly GoogleRow[] {
  const { people } = googleOf(context.world);
  const { duplicateRows, rowOrder } = context.behaviour;
  const before = new Map(event.content.live.rows.map((row) => [people.resolve(row.email), row]));
  const next = new Map<string, GoogleRow>();
  sent.forEach((row, index) => {
    const address = people.resolve(row.email);
    const twice = next.has(address);
    if (twice && duplicateRows === 'refused') throw new GoogleRefusal('invalid', 'Duplicate attendee email.');
    if (twice && duplicateRows === 'merged') return;
    next.set(twice ? `${address} ${String(index)}` : address, rowAfter(row, before.get(address), context));
  });
  const rows = capped(withOrganizer([...next.values()], event, context), context.behaviour);
  if (rowOrder === 'sent') return rows;
  return [...rows].sort((one, other) => (folded(one.email) < folded(other.email) ? -1 : 1));
}

function rowAfter(sent: SentRow, row: GoogleRow | undefined, context: Context): GoogleRow {
  const { behaviour } = context;
  if (row === undefined) return newRow(sent, context);
  // The platform finds the same user, whom it neither removes nor adds.
  if (behaviour.aliasSwap === 'kept' && !isCalledSo(row, sent.email, context)) return row;
  const own = behaviour.guestWords === 'kept';
  return {
    ...row,
    name: sent.name ?? row.name,
    optional: sent.optional,
    reply: sent.reply ?? 'needsAction',
    comment: own ? row.comment : (sent.comment ?? null),
    additionalGuests: own ? row.additionalGuests : (sent.additionalGuests ?? 0),
  };
}

/** Whether an address is one that a row is listed by. */
function isCalledSo({ email }: GoogleRow, sent: string, { world, behaviour }: Context): boolean {
  const address = folded(sent);
  if (address === folded(email)) return true;
  return behaviour.aliasListed === 'primary' && address === googleOf(world).people.resolve(email);
}

/** Somebody who was not on the event: rooms answer after a while, and groups are looked into for a while. */
export function newRow(sent: SentRow, { world, behaviour, now }: Context): GoogleRow {
  const { people } = googleOf(world);
  const user = people.user(sent.email);
  const group = people.group(sent.email);
  const isKnown = user !== undefined || group !== undefined || sent.resource || people.isOutside(sent.email);
  if (!isKnown && behaviour.unknownUser === 'refused') {
    throw new GoogleRefusal('invalid', 'Invalid attendee email.');
  }
  const reply = sent.resource ? 'needsAction' : (sent.reply ?? 'needsAction');
  return {
    email: sent.email,
    name: user?.name ?? group?.name ?? sent.name ?? null,
    reply,
    optional: sent.optional,
    resource: sent.resource,
    comment: sent.comment ?? null,
    additionalGuests: sent.additionalGuests ?? 0,
    pending: sent.resource
      ? { until: now + behaviour.bookingTime, reply: bookings[behaviour.roomBooking] }
      : group === undefined
        ? null
        : { until: now + behaviour.groupTime, reply },
  };
}

const bookings: Readonly<Record<Behaviour['roomBooking'], Reply>> = {
  accept: 'accepted',
  decline: 'declined',
  pending: 'needsAction',
};

function withOrganizer(
  rows: readonly GoogleRow[],
  { organizer, content }: GoogleEvent,
  { world, behaviour }: Context,
): readonly GoogleRow[] {
  const { people } = googleOf(world);
  const isOrganizer = ({ email }: GoogleRow): boolean => people.resolve(email) === people.resolve(organizer);
  const own = content.live.rows.find(isOrganizer);
  if (own === undefined || rows.some(isOrganizer) || behaviour.organizerRow === 'removed') return rows;
  if (behaviour.organizerRow === 'kept') return [own, ...rows];
  throw new GoogleRefusal('invalid', 'The organizer cannot be removed.');
}

const caps: Readonly<Record<Behaviour['attendeeCap'], number>> = {
  none: Infinity,
  'at-200': 200,
  'at-500': 500,
  'at-1000': 1000,
};

function capped(rows: readonly GoogleRow[], behaviour: Behaviour): readonly GoogleRow[] {
  const most = caps[behaviour.attendeeCap];
  if (rows.length <= most) return rows;
  if (behaviour.attendeeCapError === 'cut') return rows.slice(0, most);
  throw behaviour.attendeeCapError === 'quota'
    ? new GoogleRefusal('quotaExceeded')
    : new GoogleRefusal('invalid', 'The event has too many attendees.');
}
