import { createHash } from 'node:crypto';
import type { EventStatus, Plan } from '../../model/plan.ts';
import { platforms, providerIds } from '../../platforms/index.ts';
import type { EventView } from '../view/event.ts';
import { type PlanView, planView, type ViewOptions } from '../view/plan.ts';
import { doneEvents } from '../view/question.ts';
import { attentionMarkup, sourcesMarkup, unmanagedMarkup } from './attention.ts';
import { barPatterns } from './bar.ts';
import { eventMarkup, type Shown, statusWords } from './event.ts';
import { aboutMarkup, headMarkup } from './head.ts';
import { type Markup, markup, nothing, type Places, trusted } from './markup.ts';
import { eventsTable, peopleMarkup } from './overview.ts';
import { script } from './script.ts';
import { style } from './style.ts';

/**
 * Up to so many changes in all, what is not in sync is open from the start and all is printed; beyond, browsers leave
 * what is off the screen until it is scrolled to, and the table of the events is printed.
 */
const openUpTo = 100;

/** How a page is made, beside what it shows. */
export interface HtmlOptions extends ViewOptions, Places {}

/**
 * What the page may do: nothing but its own style and script, known by their hashes. An image may only be in the page
 * itself, which keeps browsers from asking for an icon.
 */
const policy: string = [
  "default-src 'none'",
  `style-src '${hashOf(style)}'`,
  `script-src '${hashOf(script)}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/**
 * A plan as one page that needs nothing from elsewhere. Everything is in the page without its script; the script
 * filters, sorts and follows links to events.
 */
export function planHtml(plan: Plan, options: HtmlOptions = {}): string {
  const view = planView(plan, options);
  const shown = shownEvents(view, options);
  const some = shown.length > 0;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${view.headline} · rollcall</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
${some ? markup`<a class="skip" href="#events">Skip to the events</a>\n` : nothing}${barPatterns}
${headMarkup(view, shown)}<main>
${attentionMarkup(view, options)}${unmanagedMarkup(view)}${sourcesMarkup(view)}${peopleMarkup(doneEvents(view))}${eventsMarkup(shown)}</main>
${aboutMarkup(plan, view)}${some ? trusted(`<script>${script}</script>\n`) : nothing}</body>
</html>
`;
  return page.text;
}

function shownEvents(view: PlanView, { linkBase }: Places): Shown[] {
  const done = new Set(doneEvents(view));
  const titles = new Map<string, number>();
  for (const { title = '' } of view.events) titles.set(title, (titles.get(title) ?? 0) + 1);
  const short = changesOf(view.events) <= openUpTo;
  return view.events.map((event) => {
    const status = view.state === 'stopped' && event.status === 'changed' ? 'refused' : event.status;
    const open = short && status !== 'in-sync';
    const ambiguous = (titles.get(event.title ?? '') ?? 0) > 1;
    return [event, { linkBase, done: done.has(event), status, open, ambiguous }];
  });
}

function eventsMarkup(shown: readonly Shown[]): Markup {
  if (shown.length === 0) return nothing;
  const long = changesOf(shown.map(([event]) => event)) > openUpTo || shown.length > openUpTo;
  return markup`<section aria-labelledby="events-title" id="events" tabindex="-1"${long ? markup` class="long"` : nothing}>
<h2 id="events-title">Events</h2>
${filterMarkup(shown)}${long ? eventsTable(shown) : nothing}<div id="list">
${shown.map(eventMarkup)}</div>
<p id="none" hidden>No event matches the filter.</p>
</section>
`;
}

function changesOf(events: readonly EventView[]): number {
  return events.reduce((sum, { rows }) => sum + rows.length, 0);
}

interface Choice {
  readonly value: string;
  readonly title: string;
  readonly events: number;
}

/** What chooses and sorts the events. Hidden until the script takes it into use. */
function filterMarkup(events: readonly Shown[]): Markup {
  const ofProviders = providerIds.map((id) => ({
    value: id,
    title: platforms[id].title,
    events: events.filter(([{ provider }]) => provider === id).length,
  }));
  // The keys of a literal are those of its type.
  const ofStatuses = (Object.keys(statusWords) as EventStatus[]).map((value) => ({
    value,
    title: statusWords[value],
    events: events.filter(([, { status }]) => status === value).length,
  }));
  return markup`<noscript><p class="quiet">Filtering and sorting need the page’s script; everything is listed below.</p></noscript>
<div id="filter" role="search" aria-label="Events" hidden>
<div class="field"><label for="filter-text">Find</label><input type="search" id="filter-text" placeholder="Person, event, reason, file" autocomplete="off" spellcheck="false"></div>
${choices('Platform', 'provider', ofProviders)}${choices('Status', 'status', ofStatuses)}
<div class="foot"><p id="shown" role="status"></p><span class="acts"><span class="sort"><label for="sort">Sort by</label><select id="sort"><option value="name">Name</option><option value="title">Title</option><option value="start">Start</option><option value="status">Status</option><option value="removals">Most removals</option><option value="additions">Most additions</option></select></span><span class="sort narrow"><label for="sort-rows">Changes by</label><select id="sort-rows"></select></span><button type="button" id="clear">Clear</button><button type="button" id="open-all">Open all</button><button type="button" id="close-all">Close all</button></span></div>
</div>
`;
}

/** Those that are there. None chosen is all chosen. */
function choices(legend: string, name: string, all: readonly Choice[]): Markup {
  const boxes = all
    .filter(({ events }) => events > 0)
    .map(
      ({ value, title, events }) =>
        markup`<label class="chip"><input type="checkbox" name="${name}" value="${value}">${title} <span class="n">${events}</span></label>`,
    );
  return markup`<fieldset><legend>${legend}</legend><div class="chips">${boxes}</div></fieldset>
`;
}
