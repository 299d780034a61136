import { foreignIdType, userIdTypeOf } from '../../model/attendee.ts';
import type { Source } from '../../model/diagnostic.ts';
import type { UserIdType } from '../../model/platform.ts';
import type { ProviderId } from '../../platforms/index.ts';
import { errorAt, placeText, type Report } from '../diagnostics.ts';
import type { Locate } from '../read/locate.ts';
import type { DirectoryManifest, PersonIds, PersonManifest } from '../manifest.ts';
import type { LostManifest, ReadManifest } from '../read/read-manifests.ts';

/** Which ids an event needs. DingTalk knows unionIds only. */
export interface IdKind {
  readonly provider: ProviderId;
  readonly userIdType: UserIdType;
}

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
  const message = `the handle ${JSON.stringify(person.handle)} is in two Directories: also at ${placeText(other.source)}`;
  report(
    errorAt(person.source, 'duplicate-handle', message, 'keep one of the two, or give one another handle'),
  );
}

/** Ids by kind whose prefix shows another kind. */
function checkIds(handle: string, person: PersonManifest, locate: Locate, report: Report): boolean {
  let sound = true;
  for (const provider of ['feishu', 'lark'] as const) {
    const ids = person[provider];
    if (ids === undefined || typeof ids === 'string') continue;
    for (const kind of ['open_id', 'union_id'] as const) {
      const shown = foreignIdType(provider, kind, ids[kind] ?? '');
      if (shown === null) continue;
      sound = false;
      const message = `${handle}: ${provider} ${kind} ${JSON.stringify(ids[kind])} has the prefix of ${withArticle(shown)}`;
      report(
        errorAt(locate(ids, kind), 'foreign-id-type', message, `write it as ${shown}, or give the ${kind}`),
      );
    }
  }
  return sound;
}

/** The person's id of the kind that an event needs. */
export function personId(person: Person, { provider, userIdType }: IdKind): string | undefined {
  if (provider === 'dingtalk') return person.ids.dingtalk;
  return idOf(person.ids[provider], userIdType);
}

function idOf(ids: PersonIds | undefined, kind: UserIdType): string | undefined {
  if (typeof ids !== 'string') return ids?.[kind];
  return userIdTypeOf(ids) === kind ? ids : undefined;
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

/** `an open_id`, `a union_id`. */
export function withArticle(kind: UserIdType): string {
  return kind === 'open_id' ? `an ${kind}` : `a ${kind}`;
}

/** The kind of id as messages name it. */
export function kindText({ provider, userIdType }: IdKind): string {
  return provider === 'dingtalk'
    ? 'DingTalk unionId'
    : `${provider === 'lark' ? 'Lark' : 'Feishu'} ${userIdType}`;
}
