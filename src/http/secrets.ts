/** Shorter secrets are left: they would strike out ordinary words. */
const leastStruck = 4;

/** Shorter secrets are not looked for in what is read: an id or a name could hold them by chance. */
const leastHeld = 8;

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A text within a base64 text, behind 0, 1 or 2 other bytes: the characters that it fills alone, without padding. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

/** A secret as it may stand in a text: as it is, and as URLs, forms, JSON and base64 write it. The longest comes first. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  // Through the bytes: half a surrogate pair has no encoding.
  const inUrl = encodeURIComponent(bytes.toString('utf8'));
  const base64 = inBase64(bytes);
  const forms = [
    secret,
    inJson(secret),
    inJson(inJson(secret)),
    inUrl,
    inUrl.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
    new URLSearchParams({ '': secret }).toString().slice(1),
    bytes.toString('base64').replace(/=+$/, ''),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(forms)].sort((left, right) => right.length - left.length);
}

/**
 * A JSON text that escapes as few characters as can be: JSON may escape any, and a secret with them. Character by
 * character, since an answer that is nested deeper than the stack could not be written anew.
 */
function fewestEscapes(json: string): string {
  return json.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (escape, hex?: string, short?: string) => {
    if (short === '/') return '/';
    if (hex === undefined) return escape;
    const code = Number.parseInt(hex, 16);
    // Halves of a pair are joined by standing side by side.
    return code >= 0xd800 && code <= 0xdfff ? String.fromCharCode(code) : inJson(String.fromCharCode(code));
  });
}

interface Forms {
  readonly struck: readonly string[];
  /** As a JSON text has them. */
  readonly held: readonly string[];
}

/** What may be in no output. */
export class Secrets {
  // Made once for each secret: every answer is searched for all of them.
  readonly #known = new Map<string, Forms>();

  constructor(secrets: Iterable<string | null> = []) {
    for (const secret of secrets) this.add(secret);
  }

  add(secret: string | null): void {
    if (secret === null || this.#known.has(secret)) return;
    const forms = formsOf(secret);
    this.#known.set(secret, {
      struck: secret.length < leastStruck ? [] : forms,
      held: secret.length < leastHeld ? [] : forms.map(inJson),
    });
  }

  /**
   * A text from outside with every secret struck out in each of its forms, control characters turned into spaces, and
   * cut to a length that fits a message. Secrets shorter than 4 characters are left.
   */
  scrub(text: string): string {
    let clean = text;
    for (const { struck } of this.#known.values()) {
      for (const form of struck) clean = clean.replaceAll(form, '***');
    }
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    clean = clean.replaceAll(/[\u0000-\u001F\u007F]+/g, ' ').trim();
    // Not in the middle of a character beyond U+FFFF.
    return clean.length > 300 ? `${clean.slice(0, 300).replace(/[\ud800-\udbff]$/, '')}...` : clean;
  }

  /** Whether a JSON text holds a secret in any of its forms. Secrets shorter than 8 characters are not looked for. */
  areIn(json: string): boolean {
    const text = json.includes('\\') ? fewestEscapes(json) : json;
    for (const { held } of this.#known.values()) {
      if (held.some((form) => text.includes(form))) return true;
    }
    return false;
  }
}
