import { type Identity, type ObservedAttendee, identityOf } from '../model/attendee.ts';
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
    attendees.set(identity, joined(identity, row, attendees.get(identity)));
  }
  for (const identity of attendees.keys()) removed.delete(identity);
  return { attendees, removed };
}

function joined(identity: Identity, row: ObservedAttendee, before: LiveAttendee | undefined): LiveAttendee {
  return {
    identity,
    type: row.type,
    id: before?.id ?? row.id,
    name: before?.name ?? row.name,
    optional: row.optional && (before?.optional ?? true),
    organizer: row.organizer || (before?.organizer ?? false),
    external: row.external || (before?.external ?? false),
    rows: before === undefined ? [row] : [...before.rows, row],
  };
}
