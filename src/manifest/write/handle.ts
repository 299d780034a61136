import type { FoundPerson } from '../../model/found.ts';
import { platforms, type ProviderId } from '../../platforms/index.ts';
import type { PersonIds, PersonManifest } from '../manifest.ts';
import { eventNameFrom, oneLine } from './write-manifest.ts';
import { given } from '../../model/given.ts';

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
