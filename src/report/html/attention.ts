import type { ViolationCode } from '../../model/plan.ts';
import type { Attention } from '../view/attention.ts';
import type { EventView } from '../view/event.ts';
import type { PlanView } from '../view/plan.ts';
import { sourcesTitle } from '../view/beside-events.ts';
import { count, grouped } from '../view/words.ts';
import { type Markup, type Places, eventLink, joined, markup, nothing, placeMarkup } from './markup.ts';

/** So many are shown at once; the rest is a click away. */
const shownAtOnce = 20;
/** So many events of one problem are named at once. */
const namedAtOnce = 10;

/** What every guard means, for those who did not set it. */
const guardWords: Readonly<Record<ViolationCode, string>> = {
  empty: 'Nobody would be left',
  'max-removals': 'Too many would be removed',
  'max-additions': 'Too many would be added',
  'max-notified': 'Too many would be notified',
  'delete-event': 'The event would be deleted',
  'past-event': 'The event is over',
  'run-removals': 'Too many would be removed in one run',
};

/** Guards of the run, refused events, events that could not be read, then what the manifests gave rise to. */
export function attentionMarkup({ attention, events }: PlanView, places: Places): Markup {
  if (attention.length === 0) return nothing;
  const titles = new Map(events.map(({ name, title }) => [name, title ?? name]));
  const items = attention.map((item) => itemMarkup(item, titles, places));
  return markup`<section aria-labelledby="attention-title" id="attention">
<h2 id="attention-title">Needs attention</h2>
${items.slice(0, shownAtOnce)}${folded(items.slice(shownAtOnce))}</section>
`;
}

/** What the event's own part of the page says of its guards and of why it could not be read. */
export function eventAttention(event: EventView): Markup {
  const { violations, problem, lift } = event;
  const guards = violations.map(({ code, message }, index) =>
    callout('refused', guardTitle('Refused', code), code, [
      markup`${message}`,
      commandMarkup(index === violations.length - 1 ? (lift ?? undefined) : undefined),
    ]),
  );
  if (problem === undefined) return markup`${guards}`;
  const { code, message, hint } = problem;
  return markup`${guards}${callout('unknown', 'Not read', code, [markup`${message}`, hintMarkup(hint)])}`;
}

/** Events that the manifests no longer name. */
export function unmanagedMarkup({ unmanaged }: PlanView): Markup {
  if (unmanaged.length === 0) return nothing;
  const items = unmanaged.map(
    ({ name, platform, words, renamedTo, place }) =>
      markup`<li><b><bdi>${name}</bdi></b> <span class="quiet">${platform}</span> ${words}${renamedTo === null ? nothing : markup` <a href="${eventLink(renamedTo)}"><bdi>${renamedTo}</bdi></a>`} <span class="quiet place"><bdi>${place}</bdi></span></li>`,
  );
  return markup`<section aria-labelledby="unmanaged-title" id="unmanaged">
<h2 id="unmanaged-title">No longer in the manifests</h2>
<ul class="plain card">${items}</ul>
</section>
`;
}

/** What rosters were expanded from. */
export function sourcesMarkup({ sources }: PlanView): Markup {
  if (sources.length === 0) return nothing;
  const items = sources.map(
    ({ kind, name, id, extent, platform, people }) =>
      markup`<li>${kind} ${name === null ? nothing : markup`<b><bdi>${name}</bdi></b> `}<span class="quiet"><bdi>${id}</bdi>${extent}, ${platform}</span> ${people}</li>`,
  );
  return markup`<section aria-labelledby="sources-title" id="sources">
<h2 id="sources-title">${sourcesTitle}</h2>
<ul class="plain card">${items}</ul>
</section>
`;
}

function itemMarkup(item: Attention, titles: ReadonlyMap<string, string>, places: Places): Markup {
  const { kind, code, words, events, source, message, hint, details, command } = item;
  const ofGuard = kind === 'guard' || kind === 'run-guard';
  const bad = ofGuard || kind === 'error';
  const links = events.map(
    (name) => markup`<a href="${eventLink(name)}"><bdi>${titles.get(name) ?? name}</bdi></a>`,
  );
  const place =
    source === undefined || events.length > 0
      ? nothing
      : markup`<span class="place">${placeMarkup(source, places)}:${source.column}</span> `;
  const tail =
    details.length === 0
      ? nothing
      : markup` <span class="quiet">(${details.map(({ term, value }) => `${term} ${value}`).join(', ')})</span>`;
  return callout(bad ? 'refused' : 'unknown', ofGuard ? guardTitle(words, code) : words, code, [
    markup`${place}${message}${tail}`,
    hintMarkup(hint),
    namesMarkup(links),
    commandMarkup(command),
  ]);
}

function namesMarkup(links: readonly Markup[]): Markup {
  if (links.length === 0) return nothing;
  const rest = links.slice(namedAtOnce);
  const more =
    rest.length === 0
      ? nothing
      : markup` <details class="left"><summary>and ${count(rest.length, 'more event')}</summary>${joined(rest, ', ')}</details>`;
  return markup`<span class="names">${joined(links.slice(0, namedAtOnce), ', ')}</span>${more}`;
}

function guardTitle(words: string, code: string): string {
  // A plan of a newer rollcall may have guards that this one does not know.
  const meaning = Object.hasOwn(guardWords, code) ? guardWords[code as ViolationCode] : undefined;
  return meaning === undefined ? words : `${words}: ${meaning.charAt(0).toLowerCase()}${meaning.slice(1)}`;
}

function hintMarkup(hint: string | undefined): Markup {
  return hint === undefined ? nothing : markup`<span class="hint">${hint}</span>`;
}

function commandMarkup(command: string | undefined): Markup {
  return command === undefined
    ? nothing
    : markup`<span class="hint">If that is intended: <code class="command"><bdi>${command}</bdi></code></span>`;
}

function folded(rest: readonly Markup[]): Markup {
  if (rest.length === 0) return nothing;
  return markup`<details class="left"><summary>${grouped(rest.length)} more</summary>${rest}</details>`;
}

function callout(
  kind: 'refused' | 'unknown',
  words: string,
  code: string,
  content: readonly Markup[],
): Markup {
  return markup`<div class="callout ${kind}"><p class="what"><b>${words}</b> <code>${code}</code></p><div data-find>${content}</div></div>
`;
}
