import { type Attendee, type DesiredAttendee, type Identity, identityOf } from '../model/attendee.ts';
import type { DesiredEvent } from '../model/event.ts';
import { given } from '../model/given.ts';
import { compareAttendees } from '../model/order.ts';
import {
  type Change,
  type Drift,
  type Kept,
  type Missing,
  type PlanAttendee,
  type Skipped,
  compareChanges,
} from '../model/plan.ts';
import { nobodyAsked, type StandingOf } from '../model/organisation.ts';
import { type Alias, type Aliased, aliasesIn } from './aliases.ts';
import { type Exemption, exemptions } from './exempt.ts';
import type { Live, LiveAttendee } from './live.ts';
import { type WantedOf, wantedIn } from './wanted.ts';

/** What lies between the manifest and the live attendees of one event. Every list is sorted by type, then id. */
export interface Difference {
  /** Removals first, then additions. A replaced flag is one of each. */
  readonly changes: readonly Change[];
  readonly kept: readonly Kept[];
  readonly missing: readonly Missing[];
  readonly drift: readonly Drift[];
  /** Wanted ones who have left the organisation and are left as they are: there, or not. */
  readonly skipped: readonly Skipped[];
  /** Addresses in the manifest of people who are there, or wanted, by another. By code points. */
  readonly aliases: readonly Alias[];
  /** Live attendees without the organizer, the ignored and the external that are kept. */
  readonly managed: number;
}

/** Compares by identity. Of those whom nobody wants, only who is not exempt is removed. */
export function difference(
  desired: DesiredEvent,
  attendees: readonly DesiredAttendee[],
  live: Live,
  organizers: ReadonlySet<Identity>,
  standingOf: StandingOf = nobodyAsked,
): Difference {
  const hasLeft = ({ type, id }: Attendee): boolean => type === 'user' && standingOf(id) === 'left';
  const exemptionOf = exemptions(desired, organizers);
  const wanted = wantedIn(attendees);
  const people = aliasesIn(desired, wanted, live, organizers);
  const changes: Change[] = [];
  const kept: Kept[] = [];
  const missing: Missing[] = [];
  const drift: Drift[] = [];
  const skipped: Skipped[] = [];
  const count = { managed: 0, matched: 0 };
  for (const one of live.attendees.values()) {
    const row = known(desired, one);
    const exemption = exemptionOf(row);
    const match = wanted.get(row.identity)?.attendee;
    const meant = people.kept.get(row.identity);
    if (match === undefined && meant !== undefined) {
      if (meant === null) continue;
      if (exemption === null || exemption === 'external') count.managed += 1;
      if (flagDiffers(meant, row)) drift.push(drifted(desired, meant, row));
    } else if (match === undefined) {
      if (exemption === null) count.managed += 1;
      const reason = exemption ?? (desired.sync === 'add-only' ? 'add-only' : null);
      if (reason === null) changes.push(removal(desired, row));
      else kept.push({ attendee: shown(desired, row), reason });
    } else {
      count.matched += 1;
      if (exemption === null || exemption === 'external') count.managed += 1;
      if (hasLeft(match)) {
        if (removesLeaver(desired, exemption)) changes.push(reasoned(desired, row, match, 'left'));
        // Nobody who has left could be invited again with another flag.
        else skipped.push({ ...wish(desired, match, row.name), reason: 'left' });
        continue;
      }
      if (!flagDiffers(match, row)) continue;
      if (replaces(desired, row, exemption)) changes.push(...replacement(desired, match, row, live));
      else drift.push(drifted(desired, match, row));
    }
  }
  for (const attendee of absentIn(wanted, count.matched, live, organizers, people)) {
    if (hasLeft(attendee)) skipped.push({ ...wish(desired, attendee), reason: 'left' });
    else if (desired.sync === 'remove-only') missing.push(missed(desired, attendee));
    else changes.push(addition(desired, attendee, 'in-manifest', live));
  }
  return {
    changes: changes.sort(compareChanges),
    kept: sorted(kept),
    missing: sorted(missing),
    drift: sorted(drift),
    skipped: sorted(skipped),
    aliases: people.aliases,
    managed: count.managed,
  };
}

/** A live attendee as what it is known to be: a listing has the address of a group like that of a person. */
function known({ groups }: DesiredEvent, row: LiveAttendee): LiveAttendee {
  return row.type === 'email' && groups?.has(row.identity) ? { ...row, type: 'group' } : row;
}

function replacement(
  desired: DesiredEvent,
  wanted: DesiredAttendee,
  row: LiveAttendee,
  live: Live,
): Change[] {
  const removed = reasoned(desired, row, wanted, 'optional-drift');
  return [removed, addition(desired, wanted, 'optional-drift', live)];
}

/** Who is wanted and is not there, by whatever address. `matched`: how many are there by the address that is wanted. */
function absentIn(
  wanted: WantedOf,
  matched: number,
  live: Live,
  organizers: ReadonlySet<Identity>,
  { added }: Aliased,
): readonly DesiredAttendee[] {
  // Most events are in sync: then nobody has to be looked for.
  if (matched === wanted.size) return [];
  const absent: DesiredAttendee[] = [];
  for (const [identity, { attendee }] of wanted) {
    if (!live.attendees.has(identity) && !organizers.has(identity) && !added.has(identity))
      absent.push(attendee);
  }
  return absent;
}

function missed(desired: DesiredEvent, wanted: DesiredAttendee): Missing {
  return { ...wish(desired, wanted), reason: 'remove-only' };
}

function drifted(desired: DesiredEvent, wanted: DesiredAttendee, { name }: LiveAttendee): Drift {
  return { ...wish(desired, wanted, name), reason: 'optional-drift' };
}

/** Rooms have no optional flag that could be set. */
function flagDiffers(wanted: DesiredAttendee, row: LiveAttendee): boolean {
  return wanted.type !== 'room' && wanted.optional !== row.optional;
}

/** Replacing a flag removes first: not for those who are never removed, nor where adding again could fail. */
export function replaces(desired: DesiredEvent, row: LiveAttendee, exemption: Exemption | null): boolean {
  if (desired.optionalDrift !== 'replace' || desired.sync !== 'exact' || exemption !== null) return false;
  return row.type === 'email' || row.type === 'group' || (row.type === 'user' && !row.external);
}

function removal(desired: DesiredEvent, row: LiveAttendee): Change {
  const past = desired.unwanted.get(row.identity);
  return {
    action: 'remove',
    attendee: leaving(desired, row),
    reason: past?.reason ?? 'not-in-manifest',
    certain: true,
    ...(past === undefined ? {} : { source: past.source, via: past.via }),
  };
}

/** Whether a wanted attendee who has left is taken off: an exemption holds for them as for anybody else. */
export function removesLeaver({ leavers, sync }: DesiredEvent, exemption: Exemption | null): boolean {
  return leavers === 'remove' && sync !== 'add-only' && exemption === null;
}

/** The removal of somebody who is wanted. */
function reasoned(
  desired: DesiredEvent,
  row: LiveAttendee,
  wanted: DesiredAttendee,
  reason: 'optional-drift' | 'left',
): Change {
  const { source, via } = wanted;
  return {
    action: 'remove',
    attendee: leaving(desired, row),
    reason,
    certain: true,
    source,
    via,
  };
}

function addition(
  desired: DesiredEvent,
  attendee: DesiredAttendee,
  reason: 'in-manifest' | 'optional-drift',
  live: Live,
): Change {
  const identity = identityOf(attendee);
  return {
    action: 'add',
    ...wish(desired, attendee, live.attendees.get(identity)?.name),
    reason,
    certain: true,
    ...(live.removed.has(identity) ? { wasRemoved: true as const } : {}),
  };
}

function shown(desired: DesiredEvent, row: LiveAttendee): PlanAttendee {
  const attendeeId = row.rows[0]?.attendeeId;
  const name = row.name ?? desired.names.get(row.identity);
  return {
    type: row.type,
    id: row.id,
    ...given({ attendeeId, name }),
    optional: row.optional,
  };
}

function leaving(desired: DesiredEvent, row: LiveAttendee): PlanAttendee {
  return { ...shown(desired, row), ...lostReply(row) };
}

/** The reply that a removal discards. Chats never reply, and what a room answers is its booking. */
export function lostReply({ type, reply }: LiveAttendee): Pick<PlanAttendee, 'reply'> {
  return type === 'user' || type === 'email' ? { reply } : {};
}

/** A wanted attendee as a plan shows it, with where it comes from. */
function wish(
  desired: DesiredEvent,
  wanted: DesiredAttendee,
  liveName?: string,
): Pick<Drift, 'attendee' | 'source' | 'via'> {
  const { type, id, optional, source, via } = wanted;
  const name = liveName ?? wanted.name ?? desired.names.get(identityOf(wanted));
  return { attendee: { type, id, ...given({ name }), optional }, source, via };
}

function sorted<T extends { readonly attendee: PlanAttendee }>(items: T[]): T[] {
  return items.sort((a, b) => compareAttendees(a.attendee, b.attendee));
}
