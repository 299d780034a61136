import { visible } from './escape.ts';

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
