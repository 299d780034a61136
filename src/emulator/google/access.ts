import { param, type Call, type Context } from '../route.ts';
import type { Caller } from '../tokens.ts';
import { GoogleRefusal } from './answer.ts';
import { googlePart, type GoogleRole } from './tenant.ts';
import { folded } from './people.ts';
import { googleOf, type GoogleCalendar } from './world.ts';

/** For whom a call is made. */
export interface Acting {
  /** The user whom it acts for; null for a token of the tenant file that acts for every owner. */
  readonly subject: string | null;
  /** The service account that fetched the token; null for one of the tenant file. */
  readonly account: string | null;
}

/** What the token that an account fetches for a user is known by. */
export function callerId(subject: string, account: string): string {
  return `for ${subject} by ${account}`;
}

export function actingOf({ id }: Caller, { world }: Context): Acting {
  const [, subject, account] = /^for (\S+) by (\S+)$/.exec(id) ?? [];
  if (subject !== undefined && account !== undefined) return { subject, account };
  const fixed = googlePart(world.tenant).subject;
  return { subject: fixed === undefined ? null : googleOf(world).people.resolve(fixed), account: null };
}

/** Whether a service account calls for itself: it may not invite anybody. */
export function isBare({ subject, account }: Acting): boolean {
  return subject !== null && subject === account;
}

/** A calendar as a caller has it. */
export interface Seat {
  readonly calendar: GoogleCalendar;
  readonly role: GoogleRole;
}

/** The role that somebody has on a calendar; undefined where there is none. */
export function roleOn(calendar: GoogleCalendar, { subject }: Acting): GoogleRole | undefined {
  return subject === null || subject === calendar.owner ? 'owner' : calendar.shared.get(subject);
}

/** The calendar of the path: `primary` is the subject's, and one that the caller may not see is not found. */
export function seatOf(call: Call, context: Context, caller: Caller): Seat {
  const google = googleOf(context.world);
  const acting = actingOf(caller, context);
  const { withoutCalendar = [] } = googlePart(context.world.tenant);
  if (withoutCalendar.some((one) => folded(one) === acting.subject)) {
    throw new GoogleRefusal('notACalendarUser');
  }
  const id = param(call, 'calendarId');
  const [first] = google.calendars.values();
  const named = id === 'primary' ? (acting.subject ?? first?.id ?? '') : id;
  const calendar = google.calendar(named);
  const role = calendar === undefined ? undefined : roleOn(calendar, acting);
  if (calendar === undefined || role === undefined) throw new GoogleRefusal('notFound');
  return { calendar, role };
}

/** The calendar of the path, which the caller may change. */
export function writableSeat(call: Call, context: Context, caller: Caller): Seat {
  const seat = seatOf(call, context, caller);
  if (seat.role !== 'owner' && seat.role !== 'writer') throw new GoogleRefusal('requiredAccessLevel');
  return seat;
}

/** Who calls, by `Authorization: Bearer`. */
export function authorize(call: Call, context: Context): Caller {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(call.headers['authorization'] ?? '') ?? [];
  const caller = context.tokens.caller('google', token, context.now);
  if (caller === undefined) throw new GoogleRefusal('authError');
  return caller;
}
