import { addressOf } from '../model/attendee.ts';

/** What a redacted text was: the word before its ordinal. */
export type SecretKind = 'user' | 'chat' | 'room' | 'email' | 'event' | 'calendar';

/** A text that tells who somebody is. */
export interface Secret {
  readonly kind: SecretKind;
  readonly text: string;
}

/** Finds known texts within longer ones. */
export interface TextIndex {
  /** A text to be replaced. The key says whose it is: several texts can be of one key. */
  hide(text: string, key: string): void;
  /** A text that stays, also where it holds one that is hidden. */
  keep(text: string): void;
  /** Replaces every hidden text that stands by itself. */
  replace(text: string, labelOf: (key: string) => string): string;
}

/** Stands for anyone who has no ordinal. */
export const struckOut = '***';

const label = /(?:user|chat|room|email|event|calendar)-\d+(?![A-Za-z0-9_])/y;
// An address; not the id of a shared calendar, which has the form of one.
const address = /[\p{L}\p{N}._%+'-]+@(?!group\.calendar\.)[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*/uy;
const prefixed =
  /(?:(?:ou|on|oc|omm)_(?!id(?![A-Za-z0-9]))|(?:user|chat|resource|third_party)_(?=[A-Za-z0-9_-]*\d))[A-Za-z0-9][A-Za-z0-9_-]*/y;
const kindOfPrefix: ReadonlyMap<string, SecretKind> = new Map([
  ['oc', 'chat'],
  ['chat', 'chat'],
  ['omm', 'room'],
  ['resource', 'room'],
  ['third_party', 'email'],
]);
const word = /[A-Za-z0-9_]+/y;

/** The key of a text of a kind: addresses are compared in lower case. */
export function secretKey({ kind, text }: Secret): string {
  return `${kind}:${kind === 'email' ? addressOf(text) : text}`;
}

/** The known texts that begin alike, and how long they are, the longest first: so each length is looked up once. */
interface Bucket {
  readonly texts: Map<string, string | null>;
  readonly lengths: number[];
}

/** A text that was found, and whose it is; null where it stays. */
interface Hit {
  readonly text: string;
  readonly key: string | null;
}

/** An index without texts. What has the form of an address or of a prefixed id is found without being known. */
export function createTextIndex(): TextIndex {
  const byStart = new Map<string, Bucket>();

  function put(text: string, key: string | null): void {
    if (text === '') return;
    const start = startOf(text, 0);
    const bucket = byStart.get(start) ?? { texts: new Map<string, string | null>(), lengths: [] };
    byStart.set(start, bucket);
    // What stays stays: an event that bears a person's name is called by it.
    if (bucket.texts.get(text) !== null) bucket.texts.set(text, key);
    if (bucket.lengths.includes(text.length)) return;
    bucket.lengths.push(text.length);
    bucket.lengths.sort((one, other) => other - one);
  }

  function known(text: string, at: number, start: string): Hit | null {
    const bucket = byStart.get(start);
    for (const length of bucket?.lengths ?? []) {
      const candidate = text.slice(at, at + length);
      const key = bucket?.texts.get(candidate);
      if (key !== undefined && !endsWithin(text, at + length)) return { text: candidate, key };
    }
    return null;
  }

  function formed(text: string, at: number): { text: string; key: string } | null {
    const mail = matchAt(address, text, at);
    if (mail !== null) return { text: mail, key: secretKey({ kind: 'email', text: mail }) };
    const id = matchAt(prefixed, text, at);
    if (id === null) return null;
    const prefix = id.startsWith('third_party_') ? 'third_party' : id.slice(0, id.indexOf('_'));
    return { text: id, key: secretKey({ kind: kindOfPrefix.get(prefix) ?? 'user', text: id }) };
  }

  return {
    hide: (text, key) => {
      put(text, key);
    },
    keep: (text) => {
      put(text, null);
    },
    replace: (text, labelOf) => {
      let out = '';
      let at = 0;
      while (at < text.length) {
        const start = startOf(text, at);
        const done = matchAt(label, text, at);
        const hit = done === null ? known(text, at, start) : { text: done, key: null };
        const form = done === null ? formed(text, at) : null;
        if (hit !== null && hit.text.length >= (form?.text.length ?? 0)) {
          out += hit.key === null ? hit.text : labelOf(hit.key);
          at += hit.text.length;
        } else if (form !== null) {
          out += labelOf(form.key);
          at += form.text.length;
        } else {
          out += start;
          at += start.length;
        }
      }
      return out;
    },
  };
}

/** The word that begins here, or the one character that is here. */
function startOf(text: string, at: number): string {
  return matchAt(word, text, at) ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function endsWithin(text: string, end: number): boolean {
  return /[A-Za-z0-9_]/.test(text.charAt(end - 1)) && /[A-Za-z0-9_]/.test(text.charAt(end));
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  // Set before every use, so that nothing is carried from one to the next.
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
