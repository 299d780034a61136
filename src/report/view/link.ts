import type { Source } from '../../model/diagnostic.ts';

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
