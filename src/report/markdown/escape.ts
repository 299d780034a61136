import { escapeHtml, visible } from '../escape.ts';

/**
 * Words that no Markdown page makes anything of: plain letters, short numbers, and punctuation where it ends a word.
 * Not among them: mentions, references (`#1`, `GH-1`, `owner/repo#1`, a commit's hexadecimal name), addresses and
 * links, emphasis, emoji names, entities, tags.
 */
const harmless = /^[("]?(?:[A-Za-z]+(?:'[a-z]+)?|[a-z]+(?:-[a-z]+)+|\d{1,6}%?)[)",;:!?.]*$/;
/** What a name may be made of, where it stands before an id. */
const ofName = /^(?:[A-Z][A-Za-z']*|\d+)$/;
const commitLike = /^\W*[a-f]{7,}\W*$/i;

/**
 * Text from outside as code, inert wherever a Markdown page has text, table cells included: within code nothing is a
 * mention, a reference, a link, emphasis or a tag, on GitHub and on GitLab. Pipes stand between pieces of code as
 * entities, because no escape of a pipe within code survives a backslash before it.
 */
export function code(text: string): string {
  if (text === '') return '';
  return visible(text).split('|').map(codeSpan).join('&#124;');
}

function codeSpan(text: string): string {
  if (text === '') return '';
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  let fence = 1;
  while (runs.includes(fence)) fence += 1;
  const marks = '`'.repeat(fence);
  // One space on either side is taken away again; it keeps backticks and spaces of the text's own apart.
  const room = /^[ `]|[ `]$/.test(text) && text.trim() !== '' ? ' ' : '';
  return marks + room + text + room + marks;
}

/**
 * A sentence with parts from outside: words that could be made anything of become {@link code}, the others stay. It
 * must not begin a line, where a number and a full stop are a list.
 */
export function prose(text: string): string {
  const words = visible(text).split(' ');
  const parts: string[] = [];
  let unsafe: string[] = [];
  const flush = (): void => {
    const [, text = '', stop = ''] = /^(.*?)([.,;:]?)$/s.exec(unsafe.join(' ')) ?? [];
    // What ends a phrase does not belong to what is quoted.
    if (unsafe.length > 0) parts.push(text === '' ? code(stop) : code(text) + stop);
    unsafe = [];
  };
  for (const word of words) {
    if (word === '' || (harmless.test(word) && !commitLike.test(word))) {
      flush();
      if (word !== '') parts.push(word);
    } else {
      // A name stays with the id behind it: `Room 1 (omm_1)`.
      if (unsafe.length === 0 && word.startsWith('(')) {
        while (ofName.test(parts.at(-1) ?? '')) unsafe.unshift(parts.pop() ?? '');
      }
      unsafe.push(word);
    }
  }
  flush();
  return parts.join(' ');
}

/** Text from outside as code where Markdown is not read: within a tag, like a summary, on one line. */
export function htmlCode(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}
