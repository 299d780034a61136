import type { Source } from '../../model/diagnostic.ts';
import { plain, quoted, say, who } from '../../model/say.ts';
import { platforms, providerIds } from '../../platforms/index.ts';
import { errorAt, placeText, type Report } from '../diagnostics.ts';
import type { Locate } from '../read/places.ts';
import type { DirectoryManifest, PersonManifest } from '../manifest.ts';
import { type IdKind, idFault, kindText, userIdTypeOf, withArticle } from '../ids.ts';
import type { LostManifest, ReadManifest } from '../read/read-manifests.ts';

/** Somebody from a Directory. */
export interface Person {
  readonly handle: string;
  readonly name: string | undefined;
  readonly source: Source;
  /** Its entry has mistakes, so nothing more is said about what it lacks. */
  readonly broken: boolean;
  readonly ids: PersonManifest;
}

/**
 * Everybody by handle, also those whose entries have mistakes. Reports handles that are in two Directories, and ids
 * that stand under another kind's key.
 */
export function collectPeople(
  directories: readonly ReadManifest<DirectoryManifest>[],
  lost: readonly LostManifest[],
  report: Report,
): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>();
  for (const { manifest, locate, wrongKeys } of directories) {
    const { people: entries } = manifest.spec;
    for (const [handle, ids] of Object.entries(entries)) {
      const broken = !checkIds(handle, ids, locate, report) || wrongKeys.has(handle);
      addPerson(people, { handle, ids, broken, source: locate(entries, handle) }, report);
    }
  }
  const hopeless = [...directories, ...lost].flatMap(({ wrongKeys, source }) =>
    [...wrongKeys].map((handle) => ({ handle, source })),
  );
  for (const { handle, source } of hopeless) {
    if (!people.has(handle)) addPerson(people, { handle, ids: {}, broken: true, source }, report);
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

/** The person's id of the kind that an event needs. */
export function personId(person: Person, { provider, userIdType }: IdKind): string | undefined {
  const ids = person.ids[provider];
  if (typeof ids !== 'string') return userIdType === null ? undefined : ids?.[userIdType];
  return userIdType === null || userIdTypeOf(provider, ids) === userIdType ? ids : undefined;
}

/** Display names by identity, for one kind of id. Where two people share an id the first one names it. */
export function namesFor(people: ReadonlyMap<string, Person>, kind: IdKind): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const person of people.values()) {
    const id = personId(person, kind);
    if (id === undefined || person.name === undefined || names.has(`user:${id}`)) continue;
    names.set(`user:${id}`, person.name);
  }
  return names;
}
