import type { Json } from '../body.ts';
import { ruleOf, startingAt, timesOf } from '../moment.ts';
import type { Context } from '../route.ts';
import type { Tenant } from '../tenant-parts.ts';
import { Lagged, stateOf, type World } from '../world.ts';
import { googleMoment, momentSeconds, occurrenceId, type GoogleMoment } from './moments.ts';
import { folded, GooglePeople, isRoom, spread } from './people.ts';
import {
  googlePart,
  type GoogleRole,
  type Reply,
  type TenantGoogleCalendar,
  type TenantGoogleEvent,
  type TenantGoogleException,
  type TenantGuest,
} from './tenant.ts';

/** A guest of an event. Rows are never changed, only replaced. */
export interface GoogleRow {
  readonly email: string;
  readonly name: string | null;
  readonly reply: Reply;
  readonly optional: boolean;
  readonly resource: boolean;
  readonly comment: string | null;
  readonly additionalGuests: number;
  /** A room that has not answered yet, a group whose members are being listed: until when, and what the answer will be. */
  readonly pending: { readonly until: number; readonly reply: Reply } | null;
}

/** `fields`: title, times and all else that only who organizes it can change. `version` goes up with every change. */
export interface GoogleContent {
  readonly rows: readonly GoogleRow[];
  readonly cancelled: boolean;
  readonly version: number;
  readonly updated: number;
  readonly fields: Json;
}

export interface GoogleEvent {
  readonly key: string;
  readonly id: string;
  /** The organizer's address, and the calendar that it is kept on. */
  readonly organizer: string;
  readonly calendar: string;
  readonly iCalUID: string;
  /** Of a changed occurrence: its series, and when it was to start. */
  readonly occurrence: {
    readonly series: string;
    readonly original: number;
    readonly start: GoogleMoment;
  } | null;
  /** Made by a call: the tenant file does not name it. */
  readonly made: boolean;
  readonly content: Lagged<GoogleContent>;
}

export interface GoogleCalendar {
  readonly id: string;
  /** Whose it is; null where nobody's address is known. */
  readonly owner: string | null;
  readonly summary: string;
  readonly timeZone: string;
  readonly shared: ReadonlyMap<string, GoogleRole>;
  readonly events: Map<string, GoogleEvent>;
}

/** What somebody was told of an event. */
export interface GoogleMail {
  readonly eventId: string;
  readonly to: string;
  readonly about: 'invitation' | 'cancellation' | 'update';
}

/** What Google holds. */
class GoogleState {
  readonly people: GooglePeople;
  /** In the order of the tenant file; by their addresses in lower case. */
  readonly calendars: Map<string, GoogleCalendar> = new Map();
  readonly mails: GoogleMail[] = [];
  /** How many guests from outside each user has invited. */
  readonly invited: Map<string, number> = new Map();

  constructor(tenant: Tenant) {
    this.people = new GooglePeople(tenant);
    for (const given of googlePart(tenant).calendars ?? []) {
      const id = this.people.resolve(given.id);
      this.calendars.set(id, calendarOf(id, given, this.people));
    }
  }

  /** A calendar by its address; every user has one. */
  calendar(address: string): GoogleCalendar | undefined {
    const id = this.people.resolve(address);
    const known = this.calendars.get(id);
    if (known !== undefined || this.people.user(id) === undefined) return known;
    const made = calendarOf(id, { id }, this.people);
    this.calendars.set(id, made);
    return made;
  }

  /** The changed occurrences of a series. */
  exceptionsOf(event: GoogleEvent): readonly GoogleEvent[] {
    return [...(this.calendars.get(event.calendar)?.events.values() ?? [])].filter(
      ({ occurrence }) => occurrence?.series === event.id,
    );
  }

  /** Whether somebody is on an event, as its organizer, in a row or through a group. */
  isGuest(address: string, { organizer, content }: GoogleEvent): boolean {
    return (
      folded(organizer) === address ||
      content.live.rows.some(
        ({ email }) =>
          this.people.resolve(email) === address ||
          this.people.members(email).some((one) => this.people.resolve(one) === address),
      )
    );
  }
}

export const googleOf: (world: World) => GoogleState = stateOf((tenant) => new GoogleState(tenant));

/** Gives an event new content under a new version. */
export function commit(
  world: World,
  event: GoogleEvent,
  content: Partial<Omit<GoogleContent, 'version' | 'updated'>>,
  now: number,
  moves = true,
): void {
  const before = event.content.live;
  const version = before.version + (moves ? 1 : 0);
  world.commit<GoogleContent>(event, { ...before, ...content, version, updated: now }, now);
}

/** Rooms answer, and the members of groups are listed, when their time has come: that is a change of the event too. */
export function finishPending(event: GoogleEvent, { world, now }: Context): void {
  const { rows } = event.content.live;
  if (!rows.some(({ pending }) => pending !== null && pending.until <= now)) return;
  const finished = rows.map((row) =>
    row.pending === null || row.pending.until > now
      ? row
      : { ...row, reply: row.pending.reply, pending: null },
  );
  commit(world, event, { rows: finished }, now);
}

/** The rows that an event of the tenant file starts with. */
export function startingRows(guests: readonly TenantGuest[], people: GooglePeople): readonly GoogleRow[] {
  return spread(guests).map((guest) => {
    const { email, name, reply = 'needsAction', optional = false, resource = isRoom(email) } = guest;
    return {
      email,
      name: name ?? people.user(email)?.name ?? people.group(email)?.name ?? null,
      reply,
      optional,
      resource,
      comment: guest.comment ?? null,
      additionalGuests: guest.additionalGuests ?? 0,
      pending: null,
    };
  });
}

/** The recurrence rule of an event; empty where it is not a series. */
export function ruleIn({ fields }: GoogleContent): string {
  const { recurrence } = fields;
  const lines: readonly unknown[] = Array.isArray(recurrence) ? recurrence : [];
  const rule = lines.find((line): line is string => typeof line === 'string' && line.startsWith('RRULE:'));
  return rule?.slice('RRULE:'.length) ?? '';
}

/** When an event starts, or ends. */
export function timeIn({ fields }: GoogleContent, edge: 'start' | 'end'): GoogleMoment {
  return fields[edge] ?? {};
}

function calendarOf(id: string, given: TenantGoogleCalendar, people: GooglePeople): GoogleCalendar {
  const secondary = id.endsWith('@group.calendar.google.com');
  const owner = given.owner ?? (secondary ? null : id);
  const events = (given.events ?? []).flatMap((event) => {
    const series = eventOf(id, event, people);
    return [series, ...(event.exceptions ?? []).map((one) => changedOf(event, series, one, people))];
  });
  return {
    id,
    owner: owner === null ? null : people.resolve(owner),
    summary: given.summary ?? id,
    timeZone: given.timeZone ?? 'Asia/Shanghai',
    shared: new Map((given.shared ?? []).map(({ email, role }) => [people.resolve(email), role])),
    events: new Map(events.map((event) => [event.id, event])),
  };
}

function eventOf(calendar: string, given: TenantGoogleEvent, people: GooglePeople): GoogleEvent {
  const { id, organizer = calendar, summary, iCalUID = `${id}@google.com`, fields = {} } = given;
  const { start, end } = timesOf(given);
  const rule = ruleOf(given);
  return {
    key: `google ${calendar} ${id}`,
    id,
    organizer,
    calendar,
    iCalUID,
    occurrence: null,
    made: false,
    content: new Lagged<GoogleContent>({
      rows: startingRows(given.attendees ?? [], people),
      cancelled: given.status === 'cancelled',
      version: 1,
      updated: 0,
      fields: {
        ...(summary === undefined ? {} : { summary }),
        start: googleMoment(start, 'start'),
        end: googleMoment(end, 'end'),
        ...(rule === '' ? {} : { recurrence: [`RRULE:${rule}`] }),
        sequence: 0,
        ...fields,
      },
    }),
  };
}

/** A changed occurrence of a series, as an event of its own. */
function changedOf(
  given: TenantGoogleEvent,
  series: GoogleEvent,
  { original: text, start: at = text, end, ...changed }: TenantGoogleException,
  people: GooglePeople,
): GoogleEvent {
  const { exceptions: _, recurrence: __, recurring: ___, status: ____, ...same } = given;
  const times = timesOf(given);
  const moved = end === undefined ? startingAt(at, times) : timesOf({ ...same, start: at, end });
  const start = googleMoment(startingAt(text, times).start, 'start');
  const original = momentSeconds(start);
  const id = occurrenceId(series.id, original, start);
  const event = eventOf(series.calendar, { ...same, ...changed, id }, people);
  const { live } = event.content;
  const fields = {
    ...live.fields,
    start: googleMoment(moved.start, 'start'),
    end: googleMoment(moved.end, 'end'),
  };
  return {
    ...event,
    iCalUID: series.iCalUID,
    occurrence: { series: series.id, original, start },
    content: new Lagged<GoogleContent>({ ...live, fields }),
  };
}
