import type { Source } from '../model/diagnostic.ts';

/**
 * Characters that do something instead of showing something: controls (ANSI escapes begin with one), lone surrogates,
 * line and paragraph separators, bidirectional overrides and isolates, and all that Unicode draws as nothing. The
 * emoji selector U+FE0F is let through after a pictograph, where it is part of ordinary names.
 */
const hazards =
  /(?<!\p{Extended_Pictographic})\ufe0f|(?!\ufe0f)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function spelled(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return short[character] ?? (hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`);
}

function jsonEscape(character: string): string {
  if (character === '\n') return character;
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Text from outside for a terminal, on one line: what would be obeyed is spelled out (`\n`, `\u001b`, `\u202e`). */
export function visible(text: string): string {
  return text.replace(hazards, spelled);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** The same for HTML: as content, or as a quoted attribute value. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * The value with every string in it made {@link visible}. Escaping whole values leaves no field that could be
 * forgotten.
 */
export function visibleDeep<T>(value: T): T {
  // Strings become strings and all else keeps its shape, which the type system cannot follow.
  return deep(value) as T;
}

function deep(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(deep);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep(item)]));
}

/**
 * JSON text with the same characters as escapes, so that printing it is safe too. The value it stands for stays the
 * same: within strings the text has no line break of its own, and outside of strings nothing but line breaks.
 */
export function visibleJson(json: string): string {
  return json.replace(hazards, jsonEscape);
}

/**
 * What GitHub's runner takes for a command in a line of a log (`actions/runner`, `ActionCommand`): `##[` anywhere, and
 * `::` where nothing but space stands before it.
 */
const commands = /##\[|(?<=(?:^|[\n\r])[\s\u0085]*)::/g;

/**
 * Text for a log that GitHub's runner reads, without commands: their last character is spelled out. In JSON and in
 * quoted YAML it stands for the same.
 */
export function withoutCommands(text: string): string {
  return text.replace(commands, (start) => (start === '::' ? ':\\u003a' : '##\\u005b'));
}

/**
 * The page that shows a line of a manifest, as GitHub and GitLab number lines. None for a file outside of the folder
 * that the base stands for.
 *
 * @param base where the current folder is shown, like `https://github.com/acme/meetings/blob/main`
 */
export function linkOf(base: string | undefined, { file, line }: Source): string | null {
  if (base === undefined || file.startsWith('/') || /^[A-Za-z]:/.test(file)) return null;
  const segments = file.split(/[\\/]/).filter((segment) => segment !== '.' && segment !== '');
  if (segments.length === 0 || segments.includes('..')) return null;
  return `${inert(base.replace(/\/+$/, ''))}/${segments.map((one) => encoded(one)).join('/')}#L${line}`;
}

/** Half of a surrogate pair has no encoding. */
function encoded(segment: string): string {
  return inert(encodeURIComponent(segment.replace(/\p{Cs}/gu, '\u{fffd}')));
}

/** What would end a link in Markdown or a cell of a table. */
function inert(part: string): string {
  return part.replace(
    /[()|<>"'\\`\s]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
