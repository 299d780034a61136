import type { EventView } from '../view/event.ts';
import { isPerson, setsFlags } from '../view/question.ts';
import { count } from '../view/words.ts';
import { type Shown, numbersOf, statusWords } from './event.ts';
import { numbersMarkup } from './bar.ts';
import { type Markup, eventLink, joined, markup, nothing } from './markup.ts';

/** So many people are shown at once; the rest is a click away. */
const shownAtOnce = 12;
/** Beyond so many people, those who are concerned by one event alone are counted: their event has them. */
const listedAtMost = 500;

/** Somebody whom changes concern, with the events. */
interface PersonRow {
  readonly name: string;
  readonly id: string;
  readonly leaves: EventView[];
  readonly joins: EventView[];
  readonly again: EventView[];
  readonly flags: EventView[];
}

/**
 * Who is concerned by what will be done, those first who are by most events: `Bob leaves 3 meetings`. Nothing where
 * that would say the same as the only event's table.
 *
 * @param events those that something will be done to
 */
export function peopleMarkup(events: readonly EventView[]): Markup {
  const people = peopleOf(events);
  const several = people.filter((person) => eventsOf(person) > 1);
  const listed = people.length > listedAtMost ? several : people;
  const concerned = new Set(people.flatMap(({ leaves, joins, again }) => [...leaves, ...joins, ...again]));
  if (concerned.size < 2 || listed.length === 0) return nothing;
  const items = listed.map(personMarkup);
  const uncounted = people.length - listed.length;
  const rest = items.slice(shownAtOnce);
  return markup`<section aria-labelledby="people-title" id="people">
<h2 id="people-title">By person</h2>
<ul class="plain card">${items.slice(0, shownAtOnce)}</ul>
${rest.length === 0 ? nothing : markup`<details class="left"><summary>${count(rest.length, 'more person', 'more people')}</summary><ul class="plain card">${rest}</ul></details>\n`}${uncounted === 0 ? nothing : markup`<p class="quiet">${count(uncounted, 'more person is', 'more people are')} affected in one event each.</p>\n`}</section>
`;
}

function peopleOf(events: readonly EventView[]): PersonRow[] {
  const people = new Map<string, PersonRow>();
  for (const event of events) {
    for (const row of event.rows) {
      if (row.subject.what !== 'attendee' || !isPerson(row)) continue;
      const { name = '', id, marks } = row.subject;
      const key = JSON.stringify([event.provider, marks.includes('email'), id]);
      const known = people.get(key) ?? { name, id, leaves: [], joins: [], again: [], flags: [] };
      people.set(key, known.name === '' ? { ...known, name } : known);
      if (row.kind === 'remove') known.leaves.push(event);
      else if (row.kind === 'add') known.joins.push(event);
      else if (setsFlags(event)) known.flags.push(event);
      else known.again.push(event);
    }
  }
  return [...people.values()].toSorted(
    (a, b) => eventsOf(b) - eventsOf(a) || b.leaves.length - a.leaves.length,
  );
}

function eventsOf({ leaves, joins, again, flags }: PersonRow): number {
  return leaves.length + joins.length + again.length + flags.length;
}

function personMarkup({ name, id, leaves, joins, again, flags }: PersonRow): Markup {
  const parts: readonly (readonly [readonly EventView[], string, string])[] = [
    [leaves, 'removed', `leaves ${count(leaves.length, 'meeting')}`],
    [joins, 'added', `joins ${count(joins.length, 'meeting')}`],
    [again, 'replaced', `is invited again to ${count(again.length, 'meeting')}`],
    [flags, 'replaced', `has another flag in ${count(flags.length, 'meeting')}`],
  ];
  const said = parts
    .filter(([events]) => events.length > 0)
    .map(
      ([events, kind, words]) =>
        markup`<span class="n-${kind}">${words}</span>: ${joined(events.map(linkMarkup), ', ')}`,
    );
  const shown =
    name === ''
      ? markup`<bdi>${id}</bdi>`
      : markup`<bdi>${name}</bdi> <small class="id"><bdi>${id}</bdi></small>`;
  return markup`<li><b>${shown}</b> <span>${joined(said, '; ')}</span></li>`;
}

function linkMarkup({ name, title = name }: EventView): Markup {
  return markup`<a href="${eventLink(name)}"><bdi>${title}</bdi></a>`;
}

/** All events in a table: what is printed where printing every change would fill a book. */
export function eventsTable(events: readonly Shown[]): Markup {
  const rows = events.map(([event, context]) => {
    const { name, title = name, when = '', platform, lostWords } = event;
    const lost =
      context.done && lostWords !== null ? markup`<span class="lost">${lostWords}</span>` : nothing;
    return markup`<tr><th scope="row"><bdi>${title}</bdi><span class="when">${when === '' ? '' : `${when} · `}${platform}</span></th><td>${statusWords[context.status]}</td><td>${numbersMarkup(numbersOf(event, context))}${lost}</td></tr>
`;
  });
  return markup`<table class="overview">
<caption>${count(events.length, 'event')}. On screen the page has every change; an event that is opened there is printed in full.</caption>
<thead><tr><th scope="col">Event</th><th scope="col">Status</th><th scope="col">Attendees</th></tr></thead>
<tbody>
${rows}</tbody>
</table>
`;
}
