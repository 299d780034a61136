import { Document, isMap, isSeq } from 'yaml';
import type { Discovery, FoundEvent, FoundPerson } from '../../model/found.ts';
import { given } from '../../model/given.ts';
import { platforms, type ProviderId } from '../../platforms/index.ts';
import type { PersonIds, PersonManifest } from '../manifest.ts';
import { oneLine, eventNameFrom } from './write-manifest.ts';

/**
 * What was found, as the part of a manifest that it is wanted in: `people` of a Directory, entries of `attendees`, keys
 * of `spec`. Names and titles stand in comments.
 *
 * @param organizer whose calendar was searched, where manifests of the platform name one
 */
export function foundYaml(discovery: Discovery, organizer?: string): string {
  if (discovery.kind === 'people') return peopleYaml(discovery);
  const entries = entriesOf(discovery, organizer);
  const document = new Document(
    entries.map(({ entry }) => entry),
    { schema: 'core', compat: 'yaml-1.1' },
  );
  if (isSeq(document.contents)) {
    for (const [index, node] of document.contents.items.entries()) {
      const comment = oneLine(entries[index]?.comment ?? '');
      // Above the entry: what stands behind one of several keys would seem to belong to that key.
      if (isMap(node) && comment !== '') node.commentBefore = ` ${comment}`;
    }
  }
  return document.toString({ lineWidth: 0 });
}

interface Entry {
  readonly entry: Readonly<Record<string, string>>;
  readonly comment: string;
}

/** Whose calendar it was if nobody was named: a given token acts for a person, who organizes the events of that calendar. */
function ownerOf(
  provider: ProviderId,
  event: Pick<FoundEvent, 'organizer' | 'invitation'>,
): string | undefined {
  if (platforms[provider].event.organizer !== 'subject' || event.invitation) return undefined;
  return event.organizer ?? undefined;
}

function entriesOf(
  discovery: Exclude<Discovery, { kind: 'people' }>,
  organizer: string | undefined,
): Entry[] {
  const { kind, provider, found } = discovery;
  switch (kind) {
    case 'calendars':
      return found.items.map(({ id, title, role }) => ({
        entry: { calendarId: id },
        comment: [title ?? '', role ?? ''].filter((part) => part !== '').join(', '),
      }));
    case 'events':
      return found.items.map(({ id, calendarId, title, start, ...event }) => ({
        entry: {
          ...eventKeys(provider, calendarId, id),
          ...given({ organizer: organizer ?? ownerOf(provider, event) }),
        },
        comment: [title ?? '', start === null ? '' : `starts ${start}`]
          .filter((part) => part !== '')
          .join(', '),
      }));
    case 'chats':
      return found.items.map(({ id, name }) => ({ entry: { chat: id }, comment: name ?? '' }));
    case 'departments':
      return found.items.map(({ id, name }) => ({ entry: { id }, comment: name ?? '' }));
  }
}

function eventKeys(provider: ProviderId, calendarId: string, eventId: string): Record<string, string> {
  const implied = platforms[provider].event.calendarId === 'primary' && calendarId === 'primary';
  return { provider, ...(implied ? {} : { calendarId }), eventId };
}

function peopleYaml({ provider, found }: Extract<Discovery, { kind: 'people' }>): string {
  const taken = new Set<string>();
  const people = Object.fromEntries(
    found.items.map((person) => [handleFor(person, taken), personEntry(provider, person)]),
  );
  const document = new Document(people, { schema: 'core', compat: 'yaml-1.1' });
  flowBelow(document.contents);
  return document.toString({ lineWidth: 0 });
}

/** Each value of a map on one line. */
export function flowBelow(map: unknown): void {
  if (!isMap(map)) return;
  for (const { value } of map.items) if (isMap(value)) value.flow = true;
}

/**
 * What to call somebody in a Directory: as in front of the `@` of their address, else by their name, else by an id; with
 * a number behind it where that is taken. The handle is added to `taken`.
 */
export function handleFor(person: FoundPerson, taken: Set<string>): string {
  const [local] = person.email?.split('@') ?? [];
  const [id] = Object.values(person.ids);
  const wanted = eventNameFrom([local, person.name ?? undefined, id]);
  let handle = wanted;
  for (let count = 2; taken.has(handle); count += 1) handle = `${wanted.slice(0, 59)}-${count}`;
  taken.add(handle);
  return handle;
}

/** Somebody as a Directory has them: name, address, and the ids that manifests of the platform use. */
export function personEntry(provider: ProviderId, { name, email, ids }: FoundPerson): PersonManifest {
  const kinds = platforms[provider].event.userIds.map(({ type }) => type);
  const own = kinds.flatMap((type): [string, string][] => {
    const id = ids[type];
    return id === undefined ? [] : [[type, id]];
  });
  // Where there is one kind of id, the first that was found is it.
  const [only] = Object.values(ids);
  const written: PersonIds | undefined =
    kinds.length === 0 ? only : own.length === 0 ? undefined : Object.fromEntries(own);
  return {
    ...(name === null || oneLine(name) === '' ? {} : { name: oneLine(name) }),
    ...(email === null ? {} : { email }),
    ...given({ [provider]: written }),
  };
}
