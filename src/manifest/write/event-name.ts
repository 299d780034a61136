const foreign = /[^\p{L}\p{M}\p{Nd}._-]+/gu;
const longest = 63;

/**
 * A valid `metadata.name` out of the first text that leaves one: lower case, everything that a name cannot hold as
 * `-`, at most 63 characters. `event` where none does.
 */
export function eventNameFrom(texts: readonly (string | undefined)[]): string {
  for (const text of texts) {
    const kept = trimmed((text ?? '').normalize('NFC').toLowerCase().replace(foreign, '-'));
    const name = trimmed(Array.from(kept).slice(0, longest).join(''));
    if (name !== '') return name;
  }
  return 'event';
}

/** A name that begins with `-` would read as an option where a command takes it. */
function trimmed(text: string): string {
  return text.replace(/^[-._]+|[-._]+$/g, '');
}
