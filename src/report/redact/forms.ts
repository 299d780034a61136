import type { MentionKind } from '../../model/say.ts';
import { platforms } from '../../platforms/index.ts';

/** Somebody whom a text names, as its form alone tells. */
export interface Formed {
  readonly kind: MentionKind;
  readonly id: string;
}

const label = /(?:user|chat|room|email|event|calendar|department|group|role)-\d+(?![A-Za-z0-9_])/y;
// An address; not the id of a shared calendar, which has the form of one.
const address = /[\p{L}\p{N}._%+'-]+@(?!group\.calendar\.)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/uy;

type Prefixes = ReadonlyMap<string, MentionKind>;
const prefixes = (all: readonly (readonly [string | null | undefined, MentionKind])[]): Prefixes =>
  new Map(all.flatMap(([prefix, kind]) => (prefix == null ? [] : [[prefix, kind] as const])));

const events = Object.values(platforms).map(({ event }) => event);
const ofIds = prefixes(
  events.flatMap(({ userIds, attendees, prefixes }) => [
    ...userIds.map(({ prefix }) => [prefix, 'user'] as const),
    ...attendees.map((type) => [prefixes[type], type] as const),
  ]),
);
// These are words, so that only a digit tells an id from a name.
const ofRows = prefixes(
  events.flatMap(({ attendees, rowPrefixes }) =>
    attendees.map((type) => [rowPrefixes?.[type], type] as const),
  ),
);
const anyOf = (all: Prefixes): string => [...all.keys()].join('|');
const prefixed = new RegExp(
  `(?:(?:${anyOf(ofIds)})(?!id(?![A-Za-z0-9]))|(?:${anyOf(ofRows)})(?=[A-Za-z0-9_-]*\\d))[A-Za-z0-9][A-Za-z0-9_-]*`,
  'y',
);
const word = /[A-Za-z0-9_]+/y;

/** The address in hints on how addresses are written. */
const exampleAddress = 'somebody@example.com';

/**
 * Replaces in a text of which nothing is known but its words, as an error on the terminal, what has the form of an
 * address or of an id with a prefix.
 */
export function replaceFormed(text: string, labelOf: (one: Formed) => string): string {
  let out = '';
  let at = 0;
  while (at < text.length) {
    const done = matchAt(label, text, at);
    const found = done === null ? formedAt(text, at) : null;
    const kept = done ?? startOf(text, at);
    const isOurs = found === null || found.id === exampleAddress;
    out += isOurs ? (found?.id ?? kept) : labelOf(found);
    at += found?.id.length ?? kept.length;
  }
  return out;
}

/** Whether something in a text has the form of an address or of an id with a prefix. */
export function hasFormed(text: string): boolean {
  return replaceFormed(text, () => '') !== text;
}

function formedAt(text: string, at: number): Formed | null {
  const mail = matchAt(address, text, at);
  if (mail !== null) return { kind: 'email', id: mail };
  const id = matchAt(prefixed, text, at);
  if (id === null) return null;
  const [, kind = 'user'] = [...ofIds, ...ofRows].find(([prefix]) => id.startsWith(prefix)) ?? [];
  return { kind, id };
}

/** The word that begins here, or the one character that is here. */
function startOf(text: string, at: number): string {
  return matchAt(word, text, at) ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  // Set before every use, so that nothing is carried from one to the next.
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
