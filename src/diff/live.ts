import { type Identity, type ObservedAttendee, type Reply, identityOf } from '../model/attendee.ts';
import { compareCodePoints } from '../model/order.ts';
import type { AttendeeType } from '../model/platform.ts';

/** Everybody of one identity who is live: several rows of a listing can be one attendee. */
export interface LiveAttendee {
  readonly identity: Identity;
  readonly type: AttendeeType;
  readonly id: string;
  readonly name: string | undefined;
  /** Whether all of its rows are optional. */
  readonly optional: boolean;
  readonly organizer: boolean;
  readonly external: boolean;
  /** The firmest reply of all rows. */
  readonly reply: Exclude<Reply, 'removed'>;
  readonly rows: readonly ObservedAttendee[];
}

export interface Live {
  readonly attendees: ReadonlyMap<Identity, LiveAttendee>;
  /** Those that the platform lists as removed and not as live. */
  readonly removed: ReadonlySet<Identity>;
}

/** Brings a listing's rows together by identity. Rows that are marked as removed are absent. */
export function liveOf(rows: readonly ObservedAttendee[]): Live {
  const attendees = new Map<Identity, LiveAttendee>();
  const removed = new Set<Identity>();
  for (const row of rows) {
    const identity = identityOf(row);
    if (row.reply === 'removed') {
      removed.add(identity);
      continue;
    }
    const before = attendees.get(identity);
    attendees.set(identity, before === undefined ? alone(identity, row, row.reply) : joined(before, row));
  }
  for (const identity of attendees.keys()) removed.delete(identity);
  return { attendees, removed };
}

function alone(identity: Identity, row: ObservedAttendee, reply: LiveAttendee['reply']): LiveAttendee {
  const { type, id, name, optional, organizer, external } = row;
  return { identity, type, id, name, optional, organizer, external, reply, rows: [row] };
}

function joined(before: LiveAttendee, latest: ObservedAttendee): LiveAttendee {
  // Which of several rows is shown goes by their ids: a list has them in any order.
  const rows = [...before.rows, latest].sort(byRowId);
  const { type, id } = rows[0] ?? latest;
  return {
    identity: before.identity,
    type,
    id,
    name: rows.find(({ name }) => name !== undefined)?.name,
    optional: rows.every(({ optional }) => optional),
    organizer: rows.some(({ organizer }) => organizer),
    external: rows.some(({ external }) => external),
    reply: firmness.find((reply) => rows.some((one) => one.reply === reply)) ?? 'none',
    rows,
  };
}

const firmness = ['accepted', 'tentative', 'declined'] as const;

function byRowId(a: ObservedAttendee, b: ObservedAttendee): number {
  return compareCodePoints(a.attendeeId ?? '', b.attendeeId ?? '');
}
