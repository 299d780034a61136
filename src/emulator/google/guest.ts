import type { Json } from '../body.ts';
import type { Context } from '../route.ts';
import type { Seat } from './access.ts';
import { GoogleRefusal } from './answer.ts';
import { newRow, sentRows, type SentRow } from './rows.ts';
import { googleOf, startingRows, type GoogleEvent, type GoogleRow } from './world.ts';

/** The rows once the owner of this calendar has answered for themselves; the rest of what was sent has no effect. */
export function answeredAs(
  { calendar }: Seat,
  event: GoogleEvent,
  body: Json,
  context: Context,
): readonly GoogleRow[] {
  const { people } = googleOf(context.world);
  const own = sentRows(body['attendees'] ?? []).find(({ email }) => people.resolve(email) === calendar.id);
  const { rows } = event.content.live;
  if (own === undefined) return rows;
  const isOwn = ({ email }: GoogleRow): boolean => people.resolve(email) === calendar.id;
  if (rows.some(isOwn)) return rows.map((row) => (isOwn(row) ? answer(row, own) : row));
  const [row] = startingRows([{ email: own.email }], people);
  const listed = context.behaviour.groupReplies === 'listed' && row !== undefined;
  return listed ? [...rows, answer(row, own)] : rows;
}

function answer(row: GoogleRow, { reply = row.reply, comment, additionalGuests }: SentRow): GoogleRow {
  return {
    ...row,
    reply,
    comment: comment ?? row.comment,
    additionalGuests: additionalGuests ?? row.additionalGuests,
  };
}

/**
 * The rows once a guest changed an event: an answer, and further guests where guests may invite them. Anything else is
 * refused, or nothing comes of the whole call.
 */
export function guestRows(
  seat: Seat,
  event: GoogleEvent,
  body: Json,
  context: Context,
): readonly GoogleRow[] {
  const { people } = googleOf(context.world);
  const { rows, fields } = event.content.live;
  const sent = sentRows(body['attendees'] ?? []);
  const are = new Set(sent.map(({ email }) => people.resolve(email)));
  const were = new Set(rows.map(({ email }) => people.resolve(email)));
  const added = sent.filter(
    ({ email }) => !were.has(people.resolve(email)) && people.resolve(email) !== seat.calendar.id,
  );
  const sees = fields['guestsCanSeeOtherGuests'] !== false;
  const isAnswer = sent.length === 1 && are.has(seat.calendar.id);
  const removes = !isAnswer && sees && [...were].some((address) => !are.has(address));
  const others = Object.keys(body).some((name) => name !== 'attendees' && name !== 'attendeesOmitted');
  const invites = added.length === 0 || fields['guestsCanInviteOthers'] !== false;
  const lists = body['attendees'] !== undefined;
  if ((lists && removes) || others || !invites) {
    if (context.behaviour.nonOrganizer === 'refused') throw new GoogleRefusal('forbiddenForNonOrganizer');
    return rows;
  }
  return [...answeredAs(seat, event, body, context), ...added.map((row) => newRow(row, context))];
}
