import { addressOf, type Attendee, isAddressed, type Identity } from '../../model/attendee.ts';
import { type Diagnostic, diagnosticOf, type Source } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import type { Need } from '../../model/lock.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { plain, quoted, say, who } from '../../model/say.ts';
import { platforms } from '../../platforms/index.ts';
import { errorAt, placeText, type Report, warningAt } from '../diagnostics.ts';
import { type IdKind, idFault, idTypeOf, kindText, notTaken, personAs } from '../ids.ts';
import { lockName, type PlacedLine } from '../lock/read-lock.ts';
import { type ReferenceKind, type Entry, referenceOf } from '../manifest.ts';
import { mentionKind } from '../mentions.ts';
import type { Locate } from '../read/places.ts';
import type { Catalog } from './catalog.ts';
import { hasLeft, keysOf, lineFor, lockedAt, type Person, personAt, personId } from './people.ts';

/** What an entry names, save a roster. */
export interface AttendeeReference {
  readonly kind: Exclude<ReferenceKind, 'roster'>;
  readonly id: string;
}

/** Whom an entry names. */
export type Resolved =
  | { readonly is: 'attendee'; readonly attendee: Attendee; readonly line?: PlacedLine }
  /** Somebody whose id the lock should have, and has not. */
  | { readonly is: 'unresolved'; readonly need: Need }
  /** Somebody who has left, and whose id is not known nor needed any more. */
  | { readonly is: 'gone' };

/** What resolving is told. */
export interface ResolveTerms {
  /** The day that `until` and `left` are judged by. */
  readonly asOf: string;
  /** Whether somebody whom the lock lacks is an error, a warning, or left to the caller. */
  readonly unlocked: 'error' | 'warning' | 'silent';
}

/** What entries are resolved on. */
interface Ground {
  readonly idKind: IdKind;
  readonly catalog: Catalog;
  readonly terms: ResolveTerms;
}

/**
 * The attendee that an entry names for events of one kind of id, or `null` where there is none; why is reported at
 * the entry.
 */
export function resolveEntry(
  { kind, id }: AttendeeReference,
  ground: Ground,
  source: Source,
  report: Report,
): Resolved | null {
  const { idKind } = ground;
  if (kind === 'person') return resolvePerson(id, ground, source, report);
  if (!platforms[idKind.provider].event.attendees.includes(kind)) {
    const { message, hint } = notTaken(kind, idKind.provider);
    const found = say`${plain(kind)} ${quoted(kind, id)} cannot be on this event: ${message}`;
    report(errorAt(source, 'not-allowed', found, hint));
    return null;
  }
  if (!checkId(kind, id, idKind, source, report)) return null;
  const attendee = { type: kind, id };
  return { is: 'attendee', attendee: isAddressed(attendee) ? { type: kind, id: addressOf(id) } : attendee };
}

function resolvePerson(
  reference: string,
  { idKind, catalog, terms }: Ground,
  source: Source,
  report: Report,
): Resolved | null {
  const person = personNamed(reference, catalog, source, report);
  if (person === undefined || person.broken) return null;
  const id = personId(person, idKind);
  if (id !== undefined) {
    tellUnused(person, idKind, id, report);
    return { is: 'attendee', attendee: personAs(idKind, id), ...given({ line: lineFor(person, idKind) }) };
  }
  if (hasLeft(person, terms.asOf)) return { is: 'gone' };
  const keys = keysOf(person);
  if (keys.length === 0) {
    const place = placeText(person.source);
    const message = say`${who('user', person.handle)} has no ${kindText(idKind)} in its Directory (${place})`;
    report(errorAt(source, 'no-id', message, say`add the id at ${place}, or remove the person here`));
    return null;
  }
  // What is not known because it was not read would seem wrong.
  if (catalog.lock.broken || !report.isWhole()) return null;
  if (terms.unlocked !== 'silent') report(unlocked(person, idKind, terms.unlocked, source));
  if (terms.unlocked === 'error') return null;
  const need = { person: person.handle, provider: idKind.provider, idType: idTypeOf(idKind), keys, source };
  return { is: 'unresolved', need };
}

/** A Directory's own id counts; a line that says otherwise is left from before. */
function tellUnused(person: Person, idKind: IdKind, id: string, report: Report): void {
  const line = lockedAt(person, idKind);
  if (line === undefined || line.id === id) return;
  const message = say`${who('user', person.handle)} has another ${kindText(idKind)} at ${placeText(person.source)}, and that one is used`;
  report(warningAt(line.source, 'lock-unused', message, say`run: rollcall lock`));
}

/** Somebody by handle, or by address: of a Directory, else of the lock. */
function personNamed(
  reference: string,
  { people, addresses, lock }: Catalog,
  source: Source,
  report: Report,
): Person | undefined {
  if (!reference.includes('@')) return people.get(reference);
  const address = addressOf(reference);
  const person = addresses.get(address);
  if (person === null) {
    const message = say`several people have the address ${quoted('user', reference)} in a Directory`;
    report(errorAt(source, 'ambiguous-address', message, say`write the handle of the right one`));
    return undefined;
  }
  return person ?? personAt(address, source, lock.byPerson.get(address) ?? []);
}

/** Says that the lock lacks somebody, or has them by what the Directory does not say any more. */
function unlocked(person: Person, idKind: IdKind, severity: 'error' | 'warning', source: Source): Diagnostic {
  const stale = lockedAt(person, idKind);
  const name = say`the ${kindText(idKind)} of ${who('user', person.handle)}`;
  const message =
    stale === undefined
      ? say`${plain(lockName)} lacks ${name}`
      : say`${plain(lockName)} has ${name} by ${quoted('user', stale.value)} (${placeText(stale.source)}), which ${placeText(person.source)} no longer says`;
  const orNow = severity === 'error' ? ', or pass --resolve' : '';
  const hint = plain(`run: rollcall lock, and commit ${lockName}${orNow}`);
  return diagnosticOf({
    severity,
    code: stale === undefined ? 'not-locked' : 'lock-stale',
    message,
    hint,
    source,
  });
}

/** Whether an id can be of the type, and of the kind that the event uses; reports what speaks against it. */
export function checkId(
  type: AttendeeType,
  id: string,
  idKind: IdKind,
  source: Source,
  report: Report,
): boolean {
  const fault = idFault(type, id, idKind);
  if (fault === null) return true;
  const { severity, code, message, hint } = fault;
  report(diagnosticOf({ severity, code, message, hint, source }));
  return severity === 'warning';
}

/** The attendees that one list names itself, each by its first entry. */
export type Listed = Map<Identity, Entry>;

/** The name in the comment behind an entry, without what `import` adds to it. */
export function nameIn(remark: string | undefined): string | undefined {
  const name = remark
    ?.replace(/\s*\(from another tenant\)$/, '')
    .replaceAll(/\s+/g, ' ')
    .slice(0, 100);
  return name === '' ? undefined : name;
}

/** Warns of somebody who is twice in one list. Where the two differ in `optional`, that is said elsewhere. */
export function reportTwice(first: Entry, second: Entry, locate: Locate, report: Report): void {
  if ((first.optional === true) !== (second.optional === true)) return;
  const [one, other] = [referenceOf(first), referenceOf(second)];
  const place = placeText(locate(first));
  const message =
    one.kind === other.kind && one.id === other.id
      ? say`${plain(other.kind)} ${quoted(mentionKind(other.kind), other.id)} is in this list twice: also at ${place}`
      : say`${plain(other.kind)} ${quoted(mentionKind(other.kind), other.id)} is the same attendee as ${plain(one.kind)} ${quoted(mentionKind(one.kind), one.id)} at ${place}`;
  report(warningAt(locate(second), 'listed-twice', message, say`keep one of the two`));
}
