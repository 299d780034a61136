import { type Markup, markup, nothing } from './html-markup.ts';

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
