import { createHash } from 'node:crypto';
import type { Plan } from '../../model/plan.ts';
import type { EventView } from '../view/event.ts';
import { type PlanView, type ViewOptions, planView } from '../view/plan.ts';
import { doneEvents } from '../view/question.ts';
import { attentionMarkup, unmanagedMarkup } from './attention.ts';
import { barPatterns } from './bar.ts';
import { type EventContext, eventMarkup } from './event.ts';
import { filterMarkup } from './filter.ts';
import { aboutMarkup, headMarkup } from './head.ts';
import { type Markup, type Places, markup, nothing, trusted } from './markup.ts';
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
  const done = new Set(doneEvents(view));
  const some = plan.events.length > 0;
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
${headMarkup(view, done)}<main>
${attentionMarkup(view, options)}${unmanagedMarkup(view)}${peopleMarkup([...done])}${eventsMarkup(view, done, options)}</main>
${aboutMarkup(plan, view)}${some ? markup`<script>${trusted(script)}</script>\n` : nothing}</body>
</html>
`;
  return page.text;
}

function eventsMarkup(view: PlanView, done: ReadonlySet<EventView>, { linkBase }: Places): Markup {
  if (view.events.length === 0) return nothing;
  const changes = view.events.reduce((sum, { rows }) => sum + rows.length, 0);
  const long = changes > openUpTo || view.events.length > openUpTo;
  const titles = new Map<string, number>();
  for (const { title = '' } of view.events) titles.set(title, (titles.get(title) ?? 0) + 1);
  const events = view.events.map((event): readonly [EventView, EventContext] => {
    const status = view.state === 'stopped' && event.status === 'changed' ? 'refused' : event.status;
    const context = {
      linkBase,
      done: done.has(event),
      status,
      open: changes <= openUpTo && status !== 'in-sync',
      ambiguous: (titles.get(event.title ?? '') ?? 0) > 1,
    };
    return [event, context];
  });
  return markup`<section aria-labelledby="events-title" id="events" tabindex="-1"${long ? markup` class="long"` : nothing}>
<h2 id="events-title">Events</h2>
${filterMarkup(events)}${long ? eventsTable(events) : nothing}<div id="list">
${events.map(([event, context]) => eventMarkup(event, context))}</div>
<p id="none" hidden>No event fits the filter.</p>
</section>
`;
}
