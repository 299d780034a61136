/**
 * A text from outside with every known secret struck out, control characters turned into spaces, and cut to a length
 * that fits a message. Secrets shorter than 4 characters are left: they would strike out ordinary words.
 */
export function scrub(text: string, secrets: Iterable<string | null>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== null && secret.length >= 4) clean = clean.replaceAll(secret, '***');
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  clean = clean.replaceAll(/[\u0000-\u001F\u007F]+/g, ' ').trim();
  return clean.length > 300 ? `${clean.slice(0, 300)}...` : clean;
}
