import type { Attendee, DesiredAttendee, Identity } from '../../model/attendee.ts';
import type { Problem, Source } from '../../model/diagnostic.ts';
import type { Unwanted } from '../../model/event.ts';
import { given } from '../../model/given.ts';
import type { LockLine, Need } from '../../model/lock.ts';
import { sortedByCodePoint } from '../../model/order.ts';
import type { RosterSource } from '../../model/organisation.ts';

/** An attendee that is wanted, while rosters above it may still have their say. */
export interface Wanted {
  readonly attendee: DesiredAttendee;
  /** What entries say of `optional`; `undefined` where none does. */
  readonly said: boolean | undefined;
  /** The place that says `optional: true` and has lost against another. */
  readonly overruled?: Source;
  /** Somebody in a part of the organisation: that the rest of it is optional is no contradiction. */
  readonly expanded?: true;
}

/** What a list of entries comes to on the given day. Never changed once it is handed out. */
export interface Resolution {
  readonly wanted: ReadonlyMap<Identity, Wanted>;
  readonly expired: ReadonlyMap<Identity, Unwanted>;
  readonly excluded: ReadonlyMap<Identity, Unwanted>;
  /** The lines of the lock that it rests on, and the ids that the lock lacks, each once. */
  readonly locked: ReadonlyMap<string, LockLine>;
  readonly unresolved: ReadonlyMap<string, Need>;
  /** What it is expanded from, by key. */
  readonly sources: ReadonlyMap<string, RosterSource>;
  /** Why not everybody in it is known; null where everybody is. */
  readonly unknown: Problem | null;
  /** Something in it could not be resolved, so it must not be used. */
  readonly broken: boolean;
}

/** A resolution in the making. */
export interface OpenResolution extends Resolution {
  readonly wanted: Map<Identity, Wanted>;
  readonly expired: Map<Identity, Unwanted>;
  readonly excluded: Map<Identity, Unwanted>;
  readonly locked: Map<string, LockLine>;
  readonly unresolved: Map<string, Need>;
  readonly sources: Map<string, RosterSource>;
  unknown: Problem | null;
  broken: boolean;
}

/** One that nobody is in yet. */
export function openResolution(): OpenResolution {
  return {
    wanted: new Map(),
    expired: new Map(),
    excluded: new Map(),
    locked: new Map(),
    unresolved: new Map(),
    sources: new Map(),
    unknown: null,
    broken: false,
  };
}

/** Notes what another resolution rests on: lines of the lock, and parts of the organisation. */
export function restOn(
  into: OpenResolution,
  from: Pick<Resolution, 'locked' | 'unresolved' | 'sources' | 'unknown'>,
): void {
  for (const [key, source] of from.sources) into.sources.set(key, source);
  into.unknown ??= from.unknown;
  for (const [place, line] of from.locked) into.locked.set(place, line);
  for (const [place, need] of from.unresolved) note(into.unresolved, place, need);
}

/** Wants somebody: wanted by any entry is wanted, and who is wanted without `optional` is not optional. */
export function want(into: OpenResolution, identity: Identity, wanted: Wanted): void {
  const other = into.wanted.get(identity);
  into.wanted.set(identity, other === undefined ? wanted : combine(other, wanted));
}

function combine(first: Wanted, second: Wanted): Wanted {
  if (first.attendee.optional === second.attendee.optional) {
    const stronger = first.said === undefined ? second.said : first.said;
    const overruled = first.overruled ?? second.overruled;
    return { attendee: first.attendee, said: stronger, ...given({ overruled }) };
  }
  const [winner, loser] = first.attendee.optional ? [second, first] : [first, second];
  return loser.expanded === true ? winner : { ...winner, overruled: loser.attendee.source };
}

/** What a roster's own entry says of `optional`, said of a member. */
export function underRoster(member: Wanted, optional: boolean | undefined, entry: Source): Wanted {
  const { attendee, said, expanded } = member;
  if (optional === undefined || attendee.type === 'room') return member;
  if (!optional) {
    const overruled = said === true && expanded !== true ? { overruled: attendee.source } : {};
    return { ...member, attendee: { ...attendee, optional: false }, said: false, ...overruled };
  }
  if (said === false) return expanded === true ? member : { ...member, overruled: entry };
  return { ...given({ expanded }), attendee: { ...attendee, optional: true }, said: true };
}

/**
 * What attendees are made of. Not of literals: where many of these live on, V8 puts all that come after to where things stay,
 * and making them there takes several times as long.
 */
class Listed implements DesiredAttendee {
  readonly type: DesiredAttendee['type'];
  readonly id: string;
  readonly optional: boolean;
  readonly source: Source;
  readonly via: readonly string[];
  declare readonly name?: string;

  constructor(
    { type, id }: Attendee,
    optional: boolean,
    source: Source,
    via: readonly string[],
    name: string | undefined,
  ) {
    this.type = type;
    this.id = id;
    this.optional = optional;
    this.source = source;
    this.via = via;
    if (name !== undefined) this.name = name;
  }
}

/** An attendee as one entry wants it. `said`: what the entry says of `optional`. */
export function wantedOf(
  attendee: Attendee,
  name: string | undefined,
  said: boolean | undefined,
  source: Source,
  via: readonly string[],
): Wanted {
  const listed = new Listed(attendee, said === true, source, via, name);
  return { attendee: listed, said };
}

/** Notes the first that is said of each identity. */
export function note<K, V>(into: Map<K, V>, key: K, said: V): void {
  if (!into.has(key)) into.set(key, said);
}

/** The wanted, by type and id: the order of their identities. */
export function attendeesOf({ wanted }: Resolution): DesiredAttendee[] {
  return sortedByCodePoint([...wanted.keys()]).flatMap((identity) => wanted.get(identity)?.attendee ?? []);
}

/** Those that are named and not wanted. Struck by a roster weighs more than past its day. */
export function unwantedOf({ wanted, expired, excluded }: Resolution): Map<string, Unwanted> {
  const unwanted = new Map<string, Unwanted>([...expired, ...excluded]);
  for (const identity of wanted.keys()) unwanted.delete(identity);
  return unwanted;
}
