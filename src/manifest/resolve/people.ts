import { addressOf, type Identity, identityOf } from '../../model/attendee.ts';
import type { Source } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import { isBy, type LockKey, lockKey, lockKeys } from '../../model/lock.ts';
import { plain, quoted, say, who } from '../../model/say.ts';
import { platforms, providerIds } from '../../platforms/index.ts';
import { errorAt, placeText, type Report } from '../diagnostics.ts';
import type { Locate } from '../read/places.ts';
import type { DirectoryManifest, PersonManifest } from '../manifest.ts';
import { type IdKind, idFault, idTypeOf, kindText, personAs, userIdTypeOf, withArticle } from '../ids.ts';
import type { Lock, PlacedLine } from '../lock/read-lock.ts';
import type { LostManifest, ReadManifest } from '../read/read-manifests.ts';

/** Somebody from a Directory. */
export interface Person {
  readonly handle: string;
  readonly name: string | undefined;
  readonly source: Source;
  /** Its entry has mistakes, so nothing more is said about what it lacks. */
  readonly broken: boolean;
  readonly ids: PersonManifest;
  /** Where the Directory says that they leave. */
  readonly leftAt?: Source;
  /** What the lock has of them. */
  readonly locked: readonly PlacedLine[];
}

/**
 * Everybody by handle, also those whose entries have mistakes. Reports handles that are in two Directories, and ids
 * that stand under another kind's key.
 */
export function collectPeople(
  directories: readonly ReadManifest<DirectoryManifest>[],
  lost: readonly LostManifest[],
  lock: Lock,
  report: Report,
): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  for (const { manifest, locate, wrongKeys } of directories) {
    const { people: entries } = manifest.spec;
    for (const [handle, ids] of Object.entries(entries)) {
      const broken = !checkIds(handle, ids, locate, report) || wrongKeys.has(handle);
      const leftAt = ids.left === undefined ? undefined : locate(ids, 'left');
      const locked = lock.byPerson.get(handle) ?? [];
      const source = locate(entries, handle);
      addPerson(people, { handle, ids, broken, source, locked, ...given({ leftAt }) }, report);
    }
  }
  const hopeless = [...directories, ...lost].flatMap(({ wrongKeys, source }) =>
    [...wrongKeys].map((handle) => ({ handle, source })),
  );
  for (const { handle, source } of hopeless) {
    if (!people.has(handle)) addPerson(people, { handle, ids: {}, broken: true, source, locked: [] }, report);
  }
  return people;
}

function addPerson(people: Map<string, Person>, person: Omit<Person, 'name'>, report: Report): void {
  const other = people.get(person.handle);
  if (other === undefined) {
    people.set(person.handle, { ...person, name: person.ids.name });
    return;
  }
  const message = say`the handle ${quoted('user', person.handle)} is in two Directories: also at ${placeText(other.source)}`;
  report(
    errorAt(person.source, 'duplicate-handle', message, say`keep one of the two, or give one another handle`),
  );
}

/** Whether each id can be what the Directory says it is. */
function checkIds(handle: string, person: PersonManifest, locate: Locate, report: Report): boolean {
  let sound = true;
  const check = (id: string, kind: IdKind, name: string, object: object, key: string): void => {
    const fault = idFault('user', id, kind);
    if (fault?.severity !== 'error') return;
    sound = false;
    const { userIdType } = kind;
    const shown = userIdTypeOf(kind.provider, id);
    if (fault.code === 'foreign-id-type' && userIdType !== null && shown !== undefined) {
      const message = say`${who('user', handle)}: ${plain(name)} ${quoted('user', id)} has the prefix of ${withArticle(shown)}`;
      const hint = say`write it as ${plain(shown)}, or give the ${plain(userIdType)}`;
      report(errorAt(locate(object, key), fault.code, message, hint));
    } else {
      const message = say`${who('user', handle)}: ${plain(name)} ${fault.message}`;
      report(errorAt(locate(object, key), fault.code, message, say`give the ${kindText(kind)}`));
    }
  };
  for (const provider of providerIds) {
    const ids = person[provider];
    if (typeof ids === 'string') {
      const userIdType = userIdTypeOf(provider, ids) ?? null;
      check(ids, { provider, userIdType }, provider, person, provider);
    } else {
      for (const { type } of platforms[provider].event.userIds) {
        const id = ids?.[type];
        if (ids !== undefined && id !== undefined)
          check(id, { provider, userIdType: type }, `${provider} ${type}`, ids, type);
      }
    }
  }
  return sound;
}

/** The person's id of the kind that an event needs: the Directory's own, else the lock's. */
export function personId(person: Person, kind: IdKind): string | undefined {
  return givenId(person, kind) ?? lineFor(person, kind)?.id ?? addressFor(person, kind);
}

/** Where people are known by their addresses, the Directory's own address is the id. */
function addressFor({ ids: { email } }: Person, { provider }: IdKind): string | undefined {
  return platforms[provider].event.people === 'email' && email !== undefined ? addressOf(email) : undefined;
}

/** The id that the Directory itself gives. */
function givenId(person: Person, { provider, userIdType }: IdKind): string | undefined {
  const ids = person.ids[provider];
  if (typeof ids !== 'string') return userIdType === null ? undefined : ids?.[userIdType];
  return userIdType === null || userIdTypeOf(provider, ids) === userIdType ? ids : undefined;
}

/** The lock's line for a kind of id, as long as it was found by what the Directory still says. */
export function lineFor(person: Person, kind: IdKind): PlacedLine | undefined {
  const line = lockedAt(person, kind);
  return line !== undefined && givenId(person, kind) === undefined && isBy(line, keysOf(person))
    ? line
    : undefined;
}

/** The lock's line for a kind of id, whatever it was found by. */
export function lockedAt({ locked }: Person, kind: IdKind): PlacedLine | undefined {
  const idType = idTypeOf(kind);
  return locked.find((line) => line.provider === kind.provider && line.idType === idType);
}

/** What a person can be found by. */
export function keysOf({ ids }: Person): readonly LockKey[] {
  return lockKeys.flatMap((by) => (ids[by] === undefined ? [] : [lockKey(by, ids[by])]));
}

/** Somebody whom no Directory has, by an address. */
export function personAt(address: string, source: Source, locked: readonly PlacedLine[]): Person {
  return { handle: address, name: undefined, source, broken: false, ids: { email: address }, locked };
}

/** Whether somebody's last day is over. */
export function hasLeft({ ids: { left } }: Person, asOf: string): boolean {
  return left !== undefined && left < asOf;
}

/** Those whose last day is over, by each identity that an event can have them under, and where that is said. */
export function leftBy(
  people: ReadonlyMap<string, Person>,
  kind: IdKind,
  asOf: string,
): ReadonlyMap<Identity, Source> {
  const left = new Map<Identity, Source>();
  for (const person of people.values()) {
    if (!hasLeft(person, asOf)) continue;
    const { ids, source, leftAt = source } = person;
    const id = personId(person, kind);
    if (id !== undefined) left.set(identityOf(personAs(kind, id)), leftAt);
    if (ids.email !== undefined) left.set(identityOf({ type: 'email', id: ids.email }), leftAt);
  }
  return left;
}

/** Display names by identity, for one kind of id. Where two people share an id the first one names it. */
export function namesFor(people: ReadonlyMap<string, Person>, kind: IdKind): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const person of people.values()) {
    const id = personId(person, kind);
    if (id === undefined || person.name === undefined) continue;
    const identity = identityOf(personAs(kind, id));
    if (!names.has(identity)) names.set(identity, person.name);
  }
  return names;
}
