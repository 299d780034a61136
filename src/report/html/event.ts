import { setsFlags } from '../view/question.ts';
import type { EventStatus } from '../../model/plan.ts';
import type { EventView } from '../view/event.ts';
import type { LeftGroup } from '../view/left.ts';
import type { OccurrencesView } from '../view/occurrences.ts';
import { type ChangeRow, type RowKind, subjectWords, whyWords } from '../view/rows.ts';
import { count, grouped } from '../view/words.ts';
import { eventAttention } from './attention.ts';
import { type Share, barMarkup, numbersMarkup, sharesOf } from './bar.ts';
import {
  type Markup,
  type Places,
  eventId,
  eventLink,
  idMarkup,
  joined,
  markup,
  nothing,
  originMarkup,
  placeMarkup,
  termsMarkup,
} from './markup.ts';

/** Every status in the words of the page. */
export const statusWords: Readonly<Record<EventStatus, string>> = {
  refused: 'Refused',
  unknown: 'Unknown',
  changed: 'Changed',
  'in-sync': 'In sync',
};

/** What an event's part of the page depends on beside the event. */
export interface EventContext extends Places {
  /** What will be done is said otherwise than what is left out. */
  readonly done: boolean;
  /** As the page has it: where a guard stops the run, what would be changed is refused. */
  readonly status: EventStatus;
  /** Whether it is open from the start. */
  readonly open: boolean;
  /** Another event has the same title: the name tells them apart. */
  readonly ambiguous: boolean;
}

/** An event and how the page has it. */
export type Shown = readonly [event: EventView, context: EventContext];

/** One event: a line to look at and, when it is opened, all that the plan says of it. */
export function eventMarkup([event, context]: Shown): Markup {
  const { name, title = name, provider, start = '', counts } = event;
  const removals = counts.remove + (counts.delete > 0 ? (event.observed?.count ?? 0) : 0);
  return markup`<article class="event ${context.status}" id="${eventId(name)}" aria-label="${title}" data-provider="${provider}" data-status="${context.status}" data-removals="${removals}" data-additions="${counts.add}" data-start="${start}">
<details${context.open ? markup` open` : nothing}>
<summary>${lineMarkup(event, context)}</summary>
<div class="body">
${eventAttention(event)}${changesTable(event, context)}${notesMarkup(event)}${afterMarkup(event, context)}${technicalMarkup(event, context)}</div>
</details>
<a class="permalink" href="${eventLink(name)}" title="Link to this event"><span aria-hidden="true">#</span><span class="unseen">Link to ${title}</span></a>
</article>
`;
}

function lineMarkup(event: EventView, context: EventContext): Markup {
  const { name, title, when, start, platform, lostWords } = event;
  const shares = sharesOf(event);
  const time =
    when === undefined
      ? []
      : [start === undefined ? markup`${when}` : markup`<time datetime="${start}">${when}</time>`];
  const ownName = title !== undefined && context.ambiguous ? [markup`<bdi>${name}</bdi>`] : [];
  const under = joined([...time, markup`<span class="provider">${platform}</span>`, ...ownName], ' · ');
  const lost = context.done && lostWords !== null ? markup`<span class="lost">${lostWords}</span>` : nothing;
  return markup`<span class="who"><h3 data-find><bdi>${title ?? name}</bdi></h3><span class="when" data-find>${under}</span></span><span class="status">${statusWords[context.status]}</span><span class="share">${shares === null ? nothing : barMarkup(shares)}<span class="numbers">${numbersMarkup(numbersOf(event, context))}</span>${lost}</span>`;
}

/** What happens in numbers, and how many attend afterwards. */
export function numbersOf(
  { provider, observed, counts, status, afterwards, tally }: EventView,
  { done }: Pick<EventContext, 'done'>,
): Share[] {
  if (observed === undefined)
    return [['kept', '', status === 'unknown' ? 'not read' : 'attendees not listed']];
  if (counts.delete > 0) return [[done ? 'removed' : 'kept', '−', tally]];
  const managed = Math.max(observed.managed, counts.remove);
  const againWords = setsFlags({ provider }) ? 'with another flag' : 'to invite again';
  const all: readonly (readonly [number, Share])[] = [
    [counts.remove, ['removed', '−', `${grouped(counts.remove)} of ${grouped(managed)} to remove`]],
    [counts.replace, ['replaced', '±', `${grouped(counts.replace)} ${againWords}`]],
    [counts.add, ['added', '+', `${grouped(counts.add)} to add`]],
    [counts.unbind, ['removed', '−', 'chat to unbind']],
  ];
  const shares = all.filter(([number]) => number > 0).map(([, share]) => share);
  const now = count(observed.count, 'attendee');
  if (done) return [...shares, ['kept', '', `${grouped(afterwards ?? observed.count)} afterwards`]];
  // What is not done has no colour.
  const spared = shares.map(([, sign, words]): Share => ['kept', sign, words]);
  return [...spared, ['kept', '', shares.length === 0 ? now : `left as it is, ${now}`]];
}

const changeWords: Readonly<Record<RowKind, readonly [sign: string, word: string, style: string]>> = {
  remove: ['−', 'Remove', 'remove'],
  replace: ['±', 'Invite again', 'replace'],
  add: ['+', 'Add', 'add'],
  unbind: ['−', 'Unbind', 'remove'],
  delete: ['−', 'Delete', 'remove'],
};

/** The changes of an event as a table: removals first, then replaced flags, then additions. */
function changesTable({ name, title = name, rows }: EventView, places: Places): Markup {
  if (rows.length === 0) return nothing;
  const replies = rows.some(({ reply }) => reply !== undefined);
  const reply = replies ? markup`<th scope="col">Reply</th>` : nothing;
  return markup`<div class="scroll"><table class="changes${replies ? ' replies' : ''}">
<caption class="quiet">Changes of <bdi>${title}</bdi></caption>
<thead><tr><th scope="col">Change</th><th scope="col">Name</th>${reply}<th scope="col">Why</th><th scope="col">Id</th><th scope="col">Where from</th></tr></thead>
<tbody>
${rows.map((row) => rowMarkup(row, replies, places))}</tbody>
</table></div>
`;
}

function rowMarkup(row: ChangeRow, replies: boolean, places: Places): Markup {
  const [sign, word, style] = changeWords[row.kind];
  const { subject, reply, inPlace = false } = row;
  const why = whyWords(row);
  const told =
    reply === undefined
      ? nothing
      : markup`<span class="r-${reply}">${reply === 'none' ? 'no reply' : reply}</span>`;
  return markup`<tr class="${style}"><td><b>${sign}</b> <span>${inPlace ? 'Change flag' : word}</span></td><th scope="row">${nameMarkup(row)}</th>${replies ? markup`<td>${told}</td>` : nothing}<td>${why.length === 0 ? 'in the manifest' : why.join(', ')}</td><td class="id">${subject.what === 'event' ? nothing : markup`<bdi>${subject.id}</bdi>`}</td><td class="from">${originMarkup(row, places)}</td></tr>
`;
}

function nameMarkup({ subject }: ChangeRow): Markup {
  if (subject.what === 'event') return markup`The event itself`;
  if (subject.what === 'chat') return markup`The meeting chat`;
  const tags = subject.marks.map((mark) => markup` <span class="tag">${mark}</span>`);
  const shown =
    subject.name === undefined
      ? markup`<span class="quiet">no name</span>`
      : markup`<bdi>${subject.name}</bdi>`;
  return markup`${subject.name === undefined && tags.length > 0 ? nothing : shown}${tags}`;
}

function notesMarkup({ conduct, notes, left, occurrences }: EventView): Markup {
  const how = conduct.map((words) => markup`<li>${words}</li>`);
  const told = notes.map((note) => markup`<li>${note}</li>`);
  const list =
    how.length + told.length === 0 ? nothing : markup`<ul class="notes" data-find>${how}${told}</ul>\n`;
  const apart = left.filter(({ attends }) => !attends).map(groupFold);
  return markup`${list}${apart}${occurrences === null ? nothing : occurrencesFold(occurrences)}`;
}

/** The changed occurrences of a series, open: they are what a reviewer was told of nowhere else. */
function occurrencesFold({ words, all }: OccurrencesView): Markup {
  const items = all.map(({ name, title, when, words: own, names }) => {
    const heading = title === undefined ? nothing : markup` <bdi>${title}</bdi>`;
    const told = [when, own].filter((part) => part !== '').join(', ');
    return markup`<li><bdi>${name}</bdi>${heading} <span class="quiet">${told}</span>${names.length === 0 ? nothing : namesList(names, true)}</li>`;
  });
  return markup`<details class="left" open><summary>${words}</summary><ul data-find>${items}</ul></details>
`;
}

function groupFold({ words, names }: LeftGroup): Markup {
  return markup`<details class="left"><summary>${words}</summary>${namesList(names, true)}</details>
`;
}

function namesList(names: readonly string[], found: boolean): Markup {
  return markup`<ul${found ? markup` data-find` : nothing}>${names.map((name) => markup`<li><bdi>${name}</bdi></li>`)}</ul>`;
}

/** Who will be there: all whom the plan names, and the number of those whom it does not. */
function afterMarkup(event: EventView, { done }: EventContext): Markup {
  const { observed, counts, afterwards, rows, left } = event;
  if (observed === undefined || (done && counts.delete > 0)) return nothing;
  const named = (kind: RowKind): readonly string[] =>
    done ? rows.filter((row) => row.kind === kind).map(({ subject }) => subjectWords(subject)) : [];
  const [come, again] = [named('add'), named('replace')];
  // Who comes is found by the rows of the changes.
  const groups = [
    ...(come.length === 0 ? [] : [{ words: `${grouped(come.length)} new`, names: come, found: false }]),
    ...(again.length === 0
      ? []
      : [
          {
            words: `${grouped(again.length)} ${setsFlags(event) ? 'with another flag' : 'invited again'}`,
            names: again,
            found: false,
          },
        ]),
    ...left.filter(({ attends }) => attends).map((group) => ({ ...group, found: true })),
  ];
  if (!done && groups.length === 0) return nothing;
  const total = done ? (afterwards ?? observed.count) : observed.count;
  const rest = total - groups.reduce((sum, { names }) => sum + names.length, 0);
  const others =
    rest <= 0
      ? nothing
      : markup`<div><dt>${count(rest, groups.length === 0 ? 'stays' : 'other stays', groups.length === 0 ? 'stay' : 'others stay')}</dt><dd class="quiet">The plan holds their number and not their names.</dd></div>`;
  const words = done ? `Afterwards: ${count(total, 'attendee')}` : `${count(total, 'attendee')}, as before`;
  const items = groups.map(
    (group) => markup`<div><dt>${group.words}</dt><dd>${namesList(group.names, group.found)}</dd></div>`,
  );
  return markup`<details class="left after"><summary>${words}</summary><dl>${items}${others}</dl></details>
`;
}

function technicalMarkup({ name, source, facts }: EventView, places: Places): Markup {
  const terms = facts.map(({ term, value, id }) => [term, id ? idMarkup(value) : value] as const);
  return markup`<details class="left technical"><summary>Technical details</summary>${termsMarkup([['Name', idMarkup(name)], ['Manifest', placeMarkup(source, places)], ...terms])}</details>
`;
}
