import { visible } from '../escape.ts';

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

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text from outside as content or as a quoted attribute value; what would be obeyed is spelled out. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}

/**
 * A template of HTML. Whatever is put into it is escaped unless it is a piece of HTML itself, so that no field can be
 * forgotten. Values stand in content or in double-quoted attributes, never in a tag name or in an address.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(parts.map((part, index) => `${part}${rendered(values[index] ?? '')}`).join(''));
}

/** HTML of our own making, taken as it is. Never given text from outside. */
export function trusted(text: string): Markup {
  return new Markup(text);
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

/** A term and what is to be said of it; without a value it is left out. */
export type Fact = readonly [term: string, value: string | Markup | undefined];

/** Terms and values, as a description list. */
export function factsMarkup(facts: readonly Fact[]): Markup {
  const rows = facts.map(([term, value]) =>
    value === undefined
      ? nothing
      : markup`<div><dt>${term}</dt><dd data-find>${valueMarkup(value)}</dd></div>`,
  );
  return markup`<dl class="facts">${rows}</dl>
`;
}

function valueMarkup(value: string | Markup): Markup {
  return typeof value === 'string' ? markup`<bdi>${value}</bdi>` : value;
}

/** An id or a digest, in letters that can be told apart. */
export function idMarkup(id: string): Markup {
  return markup`<code><bdi>${id}</bdi></code>`;
}

/** An instant to the minute, in UTC as the plan has it; anything else as it stands. */
export function momentMarkup(moment: string): Markup {
  const [, date, time] = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?Z$/.exec(moment) ?? [];
  if (date === undefined || time === undefined) return markup`<bdi>${moment}</bdi>`;
  return markup`<time datetime="${moment}">${date} ${time} UTC</time>`;
}
