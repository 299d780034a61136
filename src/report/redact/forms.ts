import type { MentionKind } from '../../model/say.ts';

/** Somebody whom a text names, as its form alone tells. */
export interface Formed {
  readonly kind: MentionKind;
  readonly id: string;
}

const label = /(?:user|chat|room|email|event|calendar|department|group|role)-\d+(?![A-Za-z0-9_])/y;
// An address; not the id of a shared calendar, which has the form of one.
const address = /[\p{L}\p{N}._%+'-]+@(?!group\.calendar\.)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/uy;
const prefixed =
  /(?:(?:ou|on|oc|omm)_(?!id(?![A-Za-z0-9]))|(?:user|chat|resource|third_party)_(?=[A-Za-z0-9_-]*\d))[A-Za-z0-9][A-Za-z0-9_-]*/y;
const kindOfPrefix: ReadonlyMap<string, MentionKind> = new Map([
  ['oc', 'chat'],
  ['chat', 'chat'],
  ['omm', 'room'],
  ['resource', 'room'],
  ['third_party', 'email'],
]);
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
  const prefix = id.startsWith('third_party_') ? 'third_party' : id.slice(0, id.indexOf('_'));
  return { kind: kindOfPrefix.get(prefix) ?? 'user', id };
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
