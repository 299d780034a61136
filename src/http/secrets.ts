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
 * A text from outside with every known secret struck out in each of its forms, control characters turned into spaces,
 * and cut to a length that fits a message. Secrets shorter than 4 characters are left.
 */
export function scrub(text: string, secrets: Iterable<string | null>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === null || secret.length < leastStruck) continue;
    for (const form of formsOf(secret)) clean = clean.replaceAll(form, '***');
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  clean = clean.replaceAll(/[\u0000-\u001F\u007F]+/g, ' ').trim();
  return clean.length > 300 ? `${clean.slice(0, 300)}...` : clean;
}

/**
 * Whether what was read holds a secret in any of its forms. `value` is decoded JSON. Secrets shorter than 8 characters
 * are not looked for.
 */
export function holdsSecret(value: unknown, secrets: Iterable<string | null>): boolean {
  const text = JSON.stringify(value) ?? '';
  for (const secret of secrets) {
    if (secret === null || secret.length < leastHeld) continue;
    if (formsOf(secret).some((form) => text.includes(inJson(form)))) return true;
  }
  return false;
}
