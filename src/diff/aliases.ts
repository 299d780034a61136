import { type DesiredAttendee, type Identity, identityOf } from '../model/attendee.ts';
import { type Diagnostic, diagnosticOf, type Source } from '../model/diagnostic.ts';
import type { DesiredEvent, Remembered, RememberedAlias } from '../model/event.ts';
import type { Change } from '../model/plan.ts';
import { given } from '../model/given.ts';
import { compareCodePoints } from '../model/order.ts';
import { memberTest, membersIn } from './digest.ts';
import { joined, plain, type Said, say, who } from '../model/say.ts';
import type { Live } from './live.ts';
import type { WantedOf } from './wanted.ts';

/**
 * People listed under another address than the manifest has. What is known about them only ever takes changes out of a
 * plan: people are added under the very address in the manifest, and nobody is removed whom it lists under another one.
 */

/** An address in the manifest of somebody who is there, or wanted, by another. */
export interface Alias {
  readonly address: string;
  /** The address by which they are there, or wanted too. */
  readonly other: string;
  readonly as: 'listed' | 'organizer' | 'wanted' | 'ignored';
  /** Whom the manifest wants by it; null: it has the address under `ignore`. */
  readonly wanted: DesiredAttendee | null;
  /** The run that found it, where it is known from that alone. */
  readonly found?: RememberedAlias;
}

/** What the aliases of one event mean for its difference. */
export interface Aliased {
  /** Of those who are wanted and not listed: who is not added. */
  readonly added: ReadonlySet<Identity>;
  /** Of those who are listed and not wanted: as whom they are wanted all the same; null: by `ignore`. */
  readonly kept: ReadonlyMap<Identity, DesiredAttendee | null>;
  readonly aliases: readonly Alias[];
}

const none: Aliased = { added: new Set(), kept: new Map(), aliases: [] };

/**
 * Who is known: of an address that the platform tells of now nothing is remembered. Of several that were found at once it is
 * not known who of those that are listed is meant: while all of these are there, and one is wanted, none is touched.
 */
function known(
  { aliases, remembered = [] }: Pick<DesiredEvent, 'aliases' | 'remembered'>,
  wanted: WantedOf,
  live: Live,
): {
  readonly personOf: ReadonlyMap<Identity, Identity>;
  readonly foundBy: ReadonlyMap<Identity, RememberedAlias>;
} {
  const personOf = new Map(aliases);
  const foundBy = new Map<Identity, RememberedAlias>();
  for (const one of remembered) {
    const { address, other, group } = one;
    if (other === undefined) continue;
    if (aliases?.has(address) === true || aliases?.has(other) === true || personOf.has(address)) continue;
    const isOpen =
      group === undefined ||
      (group.listed.every((row) => live.attendees.has(row)) && group.written.some((own) => wanted.has(own)));
    if (!isOpen) continue;
    const person = personOf.get(other) ?? other;
    personOf.set(other, person).set(address, person);
    for (const own of [address, other]) if (!foundBy.has(own)) foundBy.set(own, one);
  }
  return { personOf, foundBy };
}

export function aliasesIn(
  desired: Pick<DesiredEvent, 'aliases' | 'remembered' | 'ignore'>,
  wanted: WantedOf,
  live: Live,
  organizers: ReadonlySet<Identity>,
): Aliased {
  const { personOf, foundBy } = known(desired, wanted, live);
  if (personOf.size === 0) return none;
  const foundOf = (one: Identity): Pick<Alias, 'found'> => given({ found: foundBy.get(one) });
  const ignored = new Set(desired.ignore.flatMap((rule) => ('id' in rule ? identityOf(rule) : [])));
  const added = new Set<Identity>();
  const kept = new Map<Identity, DesiredAttendee | null>();
  const aliases: Alias[] = [];
  for (const [person, own] of addressesByPerson(personOf)) {
    const listed = own.filter((one) => live.attendees.has(one));
    const wants = own.flatMap((one) => wanted.get(one)?.attendee ?? []);
    const named = new Set(wants.map(identityOf));
    if (wants.length === 0) {
      const rule = own.find((one) => ignored.has(one));
      if (rule === undefined) continue;
      for (const one of listed) {
        if (ignored.has(one)) continue;
        kept.set(one, null);
        aliases.push({
          address: addressIn(rule),
          other: addressIn(one),
          as: 'ignored',
          wanted: null,
          ...foundOf(one),
        });
      }
      continue;
    }
    const there = [...listed, ...own.filter((one) => organizers.has(one))];
    // Of several that are wanted one stands for the person: one that is there, else the primary one, else the first.
    const stands =
      there.find((one) => named.has(one)) ?? there[0] ?? (named.has(person) ? person : [...named][0]);
    if (stands === undefined) continue;
    const meant = wants.find((one) => identityOf(one) === stands) ?? wants[0] ?? null;
    for (const one of listed) if (!named.has(one)) kept.set(one, meant);
    const as = listed.length > 0 ? 'listed' : there.length > 0 ? 'organizer' : 'wanted';
    for (const one of wants) {
      const identity = identityOf(one);
      if (identity === stands || there.includes(identity)) continue;
      added.add(identity);
      aliases.push({ address: one.id, other: addressIn(stands), as, wanted: one, ...foundOf(identity) });
    }
  }
  return {
    added,
    kept,
    aliases: aliases.sort((one, other) => compareCodePoints(one.address, other.address)),
  };
}

/** What a plan goes by of what is remembered. Of several aliases it is told by the journals alone. */
export function usedOf(aliases: readonly Alias[], held: readonly Held[]): readonly Remembered[] {
  return [
    ...aliases.flatMap(({ address, other, found }) =>
      found === undefined || found.group !== undefined ? [] : [{ address, other }],
    ),
    ...held.map(([{ address }]) => ({ address: addressIn(address) })),
  ];
}

/**
 * Additions of addresses that were added before but never listed, as long as everybody who was there then still is, and
 * stays: anyone who leaves may be the owner of the address. What the platform says of an address now takes precedence.
 */
export function heldIn(
  { aliases, remembered = [] }: Pick<DesiredEvent, 'aliases' | 'remembered'>,
  { attendees }: Live,
  changes: readonly Change[],
): readonly Held[] {
  if (changes.some(({ action }) => action === 'remove')) return [];
  return remembered.flatMap((one): Held[] => {
    const { address, listed } = one;
    if (listed === undefined || aliases?.has(address) === true) return [];
    const isMember = memberTest(listed);
    if ([...attendees.keys()].filter(isMember).length < membersIn(listed)) return [];
    const change = changes.find((own) => own.action === 'add' && identityOf(own.attendee) === address);
    return change === undefined ? [] : [[one, change]];
  });
}

type Held = readonly [RememberedAlias, Change];

/** All addresses of each person, in code point order. */
function addressesByPerson(personOf: ReadonlyMap<Identity, Identity>): ReadonlyMap<Identity, Identity[]> {
  const byPerson = new Map<Identity, Identity[]>();
  for (const [identity, person] of personOf) {
    const own = byPerson.get(person);
    if (own === undefined) byPerson.set(person, [identity]);
    else own.push(identity);
  }
  for (const own of byPerson.values()) own.sort(compareCodePoints);
  return byPerson;
}

/** Those who have several addresses are known by addresses alone. */
function addressIn(identity: Identity): string {
  return identity.slice('email:'.length);
}

/** How many addresses of one event are told one by one. */
const mostTold = 10;
/** How many people are named of whom one is meant. */
const mostNamed = 5;

/** One of several; null where there is nothing to choose. */
function among(listed: readonly Identity[]): Said | null {
  if (listed.length < 2) return null;
  const named = listed.slice(0, mostNamed).map((one) => who('email', addressIn(one)));
  const rest = listed.length - named.length;
  return say`one of ${joined(rest > 0 ? [...named, plain(`${rest} more`)] : named, ', ')}`;
}

/** A warning for each address that a plan takes for another one, at its place in the manifest. */
export function aliasWarnings(
  { name, source }: Pick<DesiredEvent, 'name' | 'source'>,
  aliases: readonly Alias[],
  held: readonly Held[],
): Diagnostic[] {
  const warningOf = (message: Said, hint: Said, at: Source = source): Diagnostic =>
    diagnosticOf({ severity: 'warning', code: 'other-address', message, hint, source: at });
  const told = aliases.slice(0, mostTold).map(({ address, other, as, wanted, found }) => {
    const one = who('email', address);
    const two = among(found?.group?.listed ?? []) ?? who('email', other);
    const words = {
      listed: say`${one} is another address of ${two}, who is on the event, so nobody is added or removed for it`,
      organizer: say`${one} is another address of ${two}, who organizes the event, so nobody is added for it`,
      wanted: say`${one} and ${two} are addresses of one person, who is added once`,
      ignored: say`ignore has ${one}, which is another address of ${two}, who is left alone`,
    }[as];
    const todo = as === 'wanted' ? say`Remove one of them.` : say`Write ${two} in the manifest.`;
    const since = found && say`Found by the run ${plain(found.run)} of ${plain(found.day)}.`;
    const hint = since === undefined ? todo : say`${todo} ${since}`;
    return warningOf(say`${plain(name)}: ${words}`, hint, wanted?.source);
  });
  for (const [{ address, run, day }, change] of held.slice(0, mostTold - told.length)) {
    const one = who('email', addressIn(address));
    told.push(
      warningOf(
        say`${plain(name)}: ${one} was added by the run ${plain(run)} of ${plain(day)} but is not listed. It may be another address of someone already invited, or the platform dropped it. It is not sent again.`,
        say`Use the listed address in the manifest.`,
        change.source,
      ),
    );
  }
  const more = aliases.length + held.length - told.length;
  if (more <= 0) return told;
  const message = plain(
    `${name}: ${more} more addresses in the manifest belong to people who are listed under another address`,
  );
  const hint = plain('Use the listed addresses in the manifest.');
  return [...told, diagnosticOf({ severity: 'warning', code: 'other-address', message, hint, source, more })];
}
