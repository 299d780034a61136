import type { Source } from '../../model/diagnostic.ts';
import { escapeHtml, linkOf, visible } from '../escape.ts';

/** A piece of HTML that is safe as it stands. Made by {@link markup} and {@link trusted} alone. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, pieces stay what they are. */
export type Value = string | number | Markup | readonly Markup[];

/** A piece of HTML with nothing in it. */
export const nothing: Markup = new Markup('');

/**
 * A template of HTML. Whatever is put into it is escaped unless it is a piece of HTML itself, so that no field can be
 * forgotten. Values stand in content or in double-quoted attributes, never in a tag name; as an address only what
 * {@link eventLink} and {@link linkOf} make.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.map((part, index) => `${part}${rendered(values[index] ?? '')}`).join(''));
}

/** HTML of our own making, taken as it is. Never given text from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** The pieces with something between them. */
export function joined(pieces: readonly Markup[], between: string): Markup {
  return markup`${pieces.map((piece, index) => (index === 0 ? piece : markup`${between}${piece}`))}`;
}

function rendered(value: Value): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (typeof value === 'number') return String(value);
  return value instanceof Markup ? value.text : value.map(({ text }) => text).join('');
}

/** The id that an event's permalink names. */
export function eventId(name: string): string {
  return `event-${visible(name)}`;
}

/** The permalink within the page. What is spelled out has no lone surrogate left that could not be encoded. */
export function eventLink(name: string): string {
  return `#${encodeURIComponent(eventId(name))}`;
}

/** How lines of manifests are shown: as links where it is known what stands before their path. */
export interface Places {
  /** An `http:` or `https:` address without what comes before a line's path: `https://github.com/o/r/blob/SHA`. */
  readonly linkBase?: string | undefined;
}

/** `rosters/oncall.yaml:12`, and below it the rosters that lead there, the outermost first. */
export function originMarkup(
  { source, via = [] }: { readonly source?: Source; readonly via?: readonly string[] },
  places: Places,
): Markup {
  const line = source === undefined ? nothing : placeMarkup(source, places);
  if (via.length === 0) return line;
  const rosters = via.map((roster) => markup`<bdi>${roster}</bdi>`);
  return markup`${line} <span class="via">via ${joined(rosters, ' › ')}</span>`;
}

/** `manifests/weekly.yaml:12` */
export function placeMarkup(source: Source, { linkBase }: Places): Markup {
  const place = markup`<bdi>${source.file}</bdi>:${source.line}`;
  const link = linkOf(linkBase, source);
  return link === null ? place : markup`<a href="${link}" rel="noreferrer">${place}</a>`;
}

/** A term and what is to be said of it; without a value it is left out. */
export type Term = readonly [term: string, value: string | Markup | undefined];

/** Terms and values, as a description list. */
export function termsMarkup(terms: readonly Term[]): Markup {
  const rows = terms.map(([term, value]) =>
    value === undefined
      ? nothing
      : markup`<div><dt>${term}</dt><dd data-find>${typeof value === 'string' ? markup`<bdi>${value}</bdi>` : value}</dd></div>`,
  );
  return markup`<dl class="facts">${rows}</dl>
`;
}

/** An id or a digest, in letters that can be told apart. */
export function idMarkup(id: string): Markup {
  return markup`<code><bdi>${id}</bdi></code>`;
}
