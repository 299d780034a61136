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
  /** Replaces every hidden text that stands by itself. `strict` also strikes out what only may name somebody. */
  replace(text: string, labelOf: (key: string) => string, strict: boolean): string;
}

/** Stands for whoever has no ordinal. */
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

// In what a platform says: ids of no known form, names in other scripts, and two capitalised words in a row.
const opaque = /(?=[A-Za-z_-]*\d)(?=[\d_-]*[A-Za-z])(?![A-Za-z]+[-_]?\d+(?![\w-]))[A-Za-z0-9_-]{8,}/y;
const foreign = /(?:(?![A-Za-z])[\p{L}\p{M}])+/uy;
const fullName = /[A-Z][a-z]+(?: [A-Z][a-z]+)+/y;

/** The key of a text of a kind: addresses are compared in lower case. */
export function secretKey({ kind, text }: Secret): string {
  return `${kind}:${kind === 'email' ? text.toLowerCase() : text}`;
}

/** An index without texts. What has the form of an address or of a prefixed id is found without being known. */
export function createTextIndex(): TextIndex {
  const byStart = new Map<string, Map<string, string | null>>();

  function put(text: string, key: string | null): void {
    if (text === '') return;
    const start = startOf(text, 0);
    const texts = byStart.get(start) ?? new Map<string, string | null>();
    byStart.set(start, texts);
    // What stays stays: an event that bears a person's name is called by it.
    if (texts.get(text) !== null) texts.set(text, key);
  }

  function known(text: string, at: number, start: string): { text: string; key: string | null } | null {
    let found: { text: string; key: string | null } | null = null;
    for (const [candidate, key] of byStart.get(start) ?? []) {
      if (candidate.length <= (found?.text.length ?? 0) || !text.startsWith(candidate, at)) continue;
      if (endsWithin(text, at + candidate.length)) continue;
      found = { text: candidate, key };
    }
    return found;
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
    replace: (text, labelOf, strict) => {
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
          const suspect = strict ? suspicious(text, at) : null;
          out += suspect === null ? start : struckOut;
          at += (suspect ?? start).length;
        }
      }
      return out;
    },
  };
}

function suspicious(text: string, at: number): string | null {
  return matchAt(opaque, text, at) ?? matchAt(foreign, text, at) ?? matchAt(fullName, text, at);
}

/** The word that begins here, or the one character that is here. */
function startOf(text: string, at: number): string {
  return matchAt(word, text, at) ?? String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function endsWithin(text: string, end: number): boolean {
  return /[A-Za-z0-9_]/.test(text.charAt(end - 1)) && /[A-Za-z0-9_]/.test(text.charAt(end));
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  // A copy: a sticky pattern remembers where it stopped.
  const own = new RegExp(pattern);
  own.lastIndex = at;
  return own.exec(text)?.[0] ?? null;
}
