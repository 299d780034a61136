import { nearest } from '../nearest.ts';
import type { Key } from './keys.ts';

/** The kinds of manifest, by the names of their schemas. */
export const manifestNames = ['event', 'roster', 'directory', 'fleet-tenant'] as const;

/** The files that people write, likewise: manifests first, then those of the embedded platform. */
export const explained: readonly string[] = [...manifestNames, 'tenant', 'faults'];

/** A key and the way to it, as it is written for `rollcall explain`. */
export interface FoundKey {
  readonly path: string;
  readonly key: Key;
}

/** A path that leads nowhere. */
export interface UnknownKey {
  readonly message: string;
  /** The nearest that leads somewhere, or what there is. */
  readonly hint: string;
}

/** A kind of file, with all its keys. */
export type KeysOfKind = (kind: string) => Key;

/**
 * Finds a key by its path: `event.spec.attendees.user`, with or without `[]` after a list. Where names are free, as
 * labels are, any name will do, or none.
 */
export function findKey(text: string, keysOfKind: KeysOfKind): FoundKey | UnknownKey {
  const asked = text.replaceAll(/\[\d*\]/g, '');
  const [first = '', ...names] = asked.split('.');
  const kind = explained.find((one) => one === first.toLowerCase());
  if (kind === undefined) return unknownKind(asked, first, names, keysOfKind);
  let found: FoundKey = { path: kind, key: keysOfKind(kind) };
  for (const [index, name] of names.entries()) {
    const next = below(found, name);
    if (next === undefined) return unknownKey(found, name, names.slice(index + 1));
    found = next;
  }
  return found;
}

/** Free names are stepped over where what is asked for is below them. */
function below({ path, key }: FoundKey, name: string): FoundKey | undefined {
  const at = (one: Key): FoundKey => ({ path: `${path}.${one.name}`, key: one });
  const exact = key.keys.find((one) => one.name === name);
  if (exact !== undefined) return at(exact);
  const free = key.keys.find((one) => one.name === '*');
  if (free === undefined) return undefined;
  return below(at(free), name) ?? at(free);
}

function unknownKind(
  asked: string,
  first: string,
  names: readonly string[],
  keysOfKind: KeysOfKind,
): UnknownKey {
  const ends = (path: string): boolean => `.${path}`.toLowerCase().endsWith(`.${asked.toLowerCase()}`);
  const elsewhere = explained.flatMap((kind) => pathsIn({ path: kind, key: keysOfKind(kind) })).filter(ends);
  const near = nearest(first, explained);
  const hint =
    elsewhere.length > 0
      ? didYouMean(elsewhere)
      : near === undefined
        ? `A path begins with one of ${explained.join(', ')}: rollcall explain event.spec.`
        : didYouMean([[near, ...names].join('.')]);
  return { message: `there is no kind of file called ${JSON.stringify(first)}`, hint };
}

function unknownKey({ path, key }: FoundKey, name: string, rest: readonly string[]): UnknownKey {
  const known = key.keys.map((one) => one.name).filter((one) => one !== '*');
  const near = nearest(name, known);
  const elsewhere = pathsIn({ path, key }).filter((one) => one.endsWith(`.${name}`));
  const hint =
    near !== undefined
      ? didYouMean([[path, near, ...rest].join('.')])
      : elsewhere.length > 0
        ? didYouMean(elsewhere)
        : known.length > 0
          ? `The keys there are ${known.join(', ')}.`
          : `It has no keys of its own: rollcall explain ${path}`;
  return { message: `there is no key ${JSON.stringify(name)} in ${path}`, hint };
}

function pathsIn({ path, key }: FoundKey): string[] {
  return [path, ...key.keys.flatMap((one) => pathsIn({ path: `${path}.${one.name}`, key: one }))];
}

/** Up to three ways on. */
function didYouMean(paths: readonly string[]): string {
  return `Did you mean ${paths
    .slice(0, 3)
    .map((path) => `"rollcall explain ${path}"`)
    .join(' or ')}?`;
}
