import type { Fault } from '../../src/emulator/intercept.ts';
import type { LiveAttendee } from '../../src/emulator/platform.ts';
import { identityOf } from '../../src/model/attendee.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Change } from '../../src/model/plan.ts';
import { wanted } from '../support/manifest-builders.ts';
import { googleFixture, googleRefusal, organizer } from '../contract/google.ts';
import type { Stage, Wired, Wire } from '../contract/suite/stage.ts';
import { wants } from '../contract/suite/wants.ts';
import type { Random } from './random.ts';

/** Guests answer and invite, and a second writer edits the list, while an event on Google is read and written. */

type Row = Readonly<Record<string, unknown>>;

const replies = ['needsAction', 'declined', 'tentative', 'accepted'] as const;
const people = Array.from({ length: 8 }, (_, index) => `p${index}@corp.com`);
const room = 'c_1@resource.calendar.google.com';

/** The tenant file of one event whose guests have answered this and that. */
export function tenantOf(random: Random): string {
  const guests = people
    .filter(() => random.chance(0.7))
    .map((email) => ({
      email,
      name: `Name of ${email}`,
      reply: random.pick(replies),
      ...(random.chance(0.3) ? { optional: true } : {}),
      ...(random.chance(0.4) ? { comment: `from ${email}`, additionalGuests: random.int(3) } : {}),
    }));
  const attendees = [
    ...(random.chance(0.8) ? [{ email: organizer, reply: 'accepted' }] : []),
    ...guests,
    ...(random.chance(0.5) ? [{ email: room, reply: 'accepted' }] : []),
    { email: 'p0.long@corp.com', reply: 'accepted', ...(random.chance(0.5) ? {} : { optional: true }) },
  ].filter(({ email }) => email !== 'p0.long@corp.com' || !guests.some((one) => one.email === 'p0@corp.com'));
  return JSON.stringify({
    tokens: ['given-token'],
    behaviour: {
      aliasListed: random.pick(['typed', 'primary']),
      aliasSwap: random.pick(['kept', 'reset']),
      groupTime: `${random.int(3)}s`,
      bookingTime: `${random.int(3)}s`,
      roomBooking: random.pick(['accept', 'decline', 'pending']),
      readLag: random.chance(0.2) ? '2s' : '0s',
    },
    google: {
      domains: ['corp.com'],
      accounts: [{ clientEmail: 'contract@demo.iam.gserviceaccount.com', delegated: true }],
      aliases: { 'p0.long@corp.com': 'p0@corp.com' },
      groups: [{ email: 'all@corp.com', members: ['p7@corp.com'] }],
      calendars: [{ id: organizer, events: [{ id: 'a_0', summary: 'A', attendees }] }],
    },
  });
}

/** What a manifest wants of it. */
export function desiredOf(random: Random): DesiredEvent {
  const attendees = [...people, room, 'all@corp.com', 'x@else.org']
    .filter(() => random.chance(0.5))
    .map((id) =>
      wanted(id, {
        type: id === room ? 'room' : id.startsWith('all@') ? 'group' : 'email',
        optional: id !== room && random.chance(0.3),
      }),
    );
  return wants(googleFixture, 'a_0', attendees, {
    sync: random.pick(['exact', 'exact', 'add-only', 'remove-only']),
    optionalDrift: random.pick(['replace', 'ignore']),
    external: random.pick(['keep', 'remove']),
    notify: random.chance(0.5),
  });
}

/** What somebody else does: by calls of their own, which name themselves by `quotaUser`. */
export function meddler(stage: () => Stage<Wired>, random: Random): () => Promise<void> {
  const call = async (calendar: string, body?: object): Promise<Row> => {
    const path = `/calendar/v3/calendars/${encodeURIComponent(calendar)}/events/a_0?quotaUser=other`;
    const response = await fetch(stage().emulator.url + path, {
      method: body === undefined ? 'GET' : 'PATCH',
      headers: { authorization: 'Bearer given-token', 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    });
    // An event, or an error, which has no attendees.
    return (await response.json()) as Row;
  };
  const rowsOn = async (calendar: string): Promise<readonly Row[]> => {
    const { attendees = [] } = await call(calendar);
    return attendees as readonly Row[];
  };
  const answers = async (): Promise<void> => {
    const email = random.pick(['p1@corp.com', 'p2@corp.com', 'p3@corp.com', 'p7@corp.com']);
    await call(email, {
      attendees: [{ email, responseStatus: random.pick(replies), comment: `now ${random.int(9)}` }],
    });
  };
  const invites = async (): Promise<void> => {
    const email = random.pick(['p1@corp.com', 'p2@corp.com', 'p3@corp.com']);
    const rows = await rowsOn(email);
    if (rows.length > 0)
      await call(email, { attendees: [...rows, { email: `friend${random.int(3)}@corp.com` }] });
  };
  const writes = async (): Promise<void> => {
    const rows = await rowsOn(organizer);
    const gone = random.int(rows.length + 2);
    const flagged = random.int(rows.length + 2);
    const next = rows
      .filter((row, index) => index !== gone || row['organizer'] === true)
      .map((row, index) => (index === flagged ? { ...row, optional: row['optional'] !== true } : row));
    const more = random.chance(0.5)
      ? [{ email: random.pick(['p4@corp.com', 'w1@corp.com', 'w2@else.org']) }]
      : [];
    const fresh = more.filter(({ email }) => !next.some((row) => row['email'] === email));
    await call(organizer, { attendees: [...next, ...fresh] });
  };
  return () => random.pick([answers, invites, writes])();
}

/** What goes wrong with a call of ours. */
export function trouble({ operation }: Wire, random: Random): Fault | undefined {
  if (operation !== 'add') return random.chance(0.3) ? googleRefusal('backendError', 503) : undefined;
  return random.pick<Fault>([
    { kind: 'reset', when: 'after' },
    { kind: 'reset', when: 'before' },
    googleRefusal('backendError', 503),
    googleRefusal('rateLimitExceeded', 403),
    { ...googleRefusal('backendError', 500), when: 'after' },
    googleRefusal('conditionNotMet', 412),
  ]);
}

/** Who is on the event, by address. */
export type Rows = ReadonlyMap<string, LiveAttendee>;

export function rowsIn({ emulator }: Stage<Wired>): Rows {
  return new Map(emulator.attendees('a_0').map((one) => [primary(one.id), one]));
}

/** An address as the platform compares them. */
export function primary(address: string): string {
  const lower = address.toLowerCase();
  return lower === 'p0.long@corp.com' ? 'p0@corp.com' : lower;
}

/** Whom a plan adds, removes and gives another flag, by address. */
export function namedIn(changes: readonly Change[]): ReadonlyMap<string, readonly Change['action'][]> {
  const named = new Map<string, Change['action'][]>();
  for (const change of changes) {
    if (!('attendee' in change)) continue;
    const address = primary(identityOf(change.attendee).replace(/^email:/, ''));
    named.set(address, [...(named.get(address) ?? []), change.action]);
  }
  return named;
}

/** Whom a plan removes by one address and adds by another. */
export function swappedIn(changes: readonly Change[]): ReadonlySet<string> {
  const ids = (action: Change['action']): ReadonlyMap<string, string> =>
    new Map(
      changes.flatMap((change) =>
        change.action === action && 'attendee' in change
          ? [[primary(change.attendee.id), change.attendee.id]]
          : [],
      ),
    );
  const [removed, added] = [ids('remove'), ids('add')];
  return new Set(
    [...removed].flatMap(([address, id]) => ((added.get(address) ?? id) === id ? [] : [address])),
  );
}
