import {
  byName,
  contentOf,
  mapOf,
  type EmulatedPlatform,
  type LiveAttendee,
  type Meddling,
  type Rescheduling,
  type Scene,
} from '../platform.ts';
import { startingAt, timesOf } from '../moment.ts';
import { Lagged, type World } from '../world.ts';
import { googleMoment, type GoogleMoment } from './moments.ts';
import type { Reply } from './tenant.ts';
import {
  commit,
  googleOf,
  startingRows,
  timeIn,
  type GoogleContent,
  type GoogleEvent,
  type GoogleRow,
} from './world.ts';
import { given } from '../../model/given.ts';

const text = { type: 'string' };
const maybe = { type: ['string', 'null'] };
const row = {
  email: text,
  name: maybe,
  reply: { enum: ['needsAction', 'declined', 'tentative', 'accepted'] },
  optional: { type: 'boolean' },
  resource: { type: 'boolean' },
  comment: maybe,
  additionalGuests: { type: 'number' },
  pending: { type: ['object', 'null'] },
};
const saved = {
  type: 'object',
  required: ['content'],
  properties: { content: contentOf(row), made: { type: ['object', 'null'] } },
};

/** An event in the state file; one that was made by a call stands there as a whole. */
interface Saved {
  readonly content: GoogleContent;
  readonly made: Omit<GoogleEvent, 'content'> | null;
}

/** What of Google the state file keeps. */
export const state: EmulatedPlatform['state'] = {
  schemas: { google: byName(byName(saved)) },
  later: true,
  save(world) {
    return {
      google: mapOf(googleOf(world).calendars, ({ events }) =>
        mapOf(events, ({ content, ...event }): Saved => ({
          content: content.live,
          made: event.made ? event : null,
        })),
      ),
    };
  },
  restore(world, file) {
    // They fit the schema above.
    const kept = (file['google'] ?? {}) as Readonly<Record<string, Readonly<Record<string, Saved>>>>;
    for (const [address, events] of Object.entries(kept)) {
      const calendar = googleOf(world).calendar(address);
      for (const [id, { content, made }] of Object.entries(events)) {
        const known = calendar?.events.get(id);
        if (known !== undefined) known.content.set(content, 0, 0);
        else if (made !== null) calendar?.events.set(id, { ...made, content: new Lagged(content) });
      }
    }
  },
};

type Params = Readonly<Record<string, string>>;

/** The events of an id, on whichever calendar it is kept. */
function eventsOf(world: World, id: string | undefined): readonly GoogleEvent[] {
  return [...googleOf(world).calendars.values()].flatMap(({ events }) => events.get(id ?? '') ?? []);
}

export function hold(world: World, { eventId }: Params, now: number, until: number): void {
  for (const { content } of eventsOf(world, eventId)) content.hold(now, until);
}

const replies: Readonly<Record<string, Reply>> = {
  needs_action: 'needsAction',
  accept: 'accepted',
  tentative: 'tentative',
  decline: 'declined',
};

/** Others come and go. Of those who come, addresses and rooms are added; those already there answer as `rsvp` says. */
export function meddle(scene: Scene, { eventId }: Params, { add = [], remove = [] }: Meddling): void {
  const { world, now } = scene;
  const { people } = googleOf(world);
  for (const event of eventsOf(world, eventId)) {
    const address = ({ email }: { readonly email: string }): string => people.resolve(email);
    const gone = new Set(remove.map((one) => people.resolve(one)));
    const stay = event.content.live.rows.filter((one) => !gone.has(address(one)));
    const next = new Map(stay.map((one) => [address(one), one]));
    let joined = gone.size > 0;
    for (const { email, room = email, rsvp = 'needs_action', optional = false, generate } of add) {
      if (room === undefined) continue;
      const reply = replies[rsvp] ?? 'needsAction';
      const rows = startingRows([{ email: room, reply, optional, ...given({ generate }) }], people);
      for (const one of rows) {
        const known = next.get(address(one));
        joined ||= known === undefined;
        next.set(address(one), known === undefined ? one : { ...known, reply });
      }
    }
    const moves = joined || scene.behaviour.replyEtag === 'moves';
    commit(world, event, { rows: [...next.values()] }, now, moves);
  }
}

/** A changed occurrence is moved, cancelled, or given back to its series. */
export function reschedule({ world, now }: Scene, eventId: string, change: Rescheduling): void {
  for (const event of eventsOf(world, eventId)) {
    if (event.occurrence === null) continue;
    if (change === 'cancelled') commit(world, event, { cancelled: true }, now);
    else if (change === 'restored') {
      googleOf(world).calendars.get(event.calendar)?.events.delete(event.id);
      world.changed();
    } else {
      const content = event.content.live;
      commit(world, event, { fields: { ...content.fields, ...movedTo(change.start, content) } }, now);
    }
  }
}

function movedTo(
  start: string,
  content: GoogleContent,
): { readonly start: GoogleMoment; readonly end: GoogleMoment } {
  const text = (moment: GoogleMoment): string => moment.dateTime ?? moment.date ?? '';
  const { timeZone = 'Asia/Shanghai' } = timeIn(content, 'start');
  const [from, to] = [timeIn(content, 'start'), timeIn(content, 'end')];
  if (from.date !== undefined) return { start: { date: start }, end: { date: start } };
  const moved = startingAt(start, timesOf({ start: text(from), end: text(to), timeZone }));
  return { start: googleMoment(moved.start, 'start'), end: googleMoment(moved.end, 'end') };
}

/** Who is on the events with this id. */
export const live: EmulatedPlatform['live'] = (world, eventId) => {
  const { people } = googleOf(world);
  const typeOf = ({ email, resource }: GoogleRow): LiveAttendee['type'] =>
    resource ? 'room' : people.group(email) === undefined ? 'email' : 'group';
  return eventsOf(world, eventId)
    .map(({ content }) => content.live)
    .filter(({ cancelled }) => !cancelled)
    .flatMap(({ rows }) => rows)
    .map((one) => ({ type: typeOf(one), id: one.email, optional: one.optional, reply: one.reply }));
};

/** Who was told of an event, in the order in which they were. */
export const told: NonNullable<EmulatedPlatform['told']> = (world, eventId) =>
  googleOf(world)
    .mails.filter((mail) => mail.eventId === eventId)
    .map(({ to, about }) => ({ to, about }));
