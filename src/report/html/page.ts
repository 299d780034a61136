import { createHash } from 'node:crypto';
import type { Plan } from '../../model/plan.ts';
import { barPatterns } from './bar.ts';
import { aboutMarkup } from './about.ts';
import { eventMarkup } from './event.ts';
import { filterMarkup } from './filter.ts';
import { type Markup, markup, nothing, trusted } from './markup.ts';
import { attentionMarkup } from './attention.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { bannerMarkup } from './head.ts';
import { verdict } from '../plan-text.ts';

/** Up to so many changes in all, what is not in sync is open from the start. */
const openUpTo = 100;

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
export function planHtml(plan: Plan): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${verdict(plan)} · rollcall</title>
<link rel="icon" href="data:,">
<style>${trusted(style)}</style>
</head>
<body>
${plan.events.length === 0 ? nothing : markup`<a class="skip" href="#events">Skip to the events</a>\n`}${barPatterns}
${bannerMarkup(plan)}<main>
${attentionMarkup(plan)}${eventsMarkup(plan)}</main>
${aboutMarkup(plan)}${plan.events.length === 0 ? nothing : markup`<script>${trusted(script)}</script>\n`}</body>
</html>
`;
  return page.text;
}

/** Whether browsers should leave what is off the screen until it is scrolled to. */
function isLong(plan: Plan, changes: number): boolean {
  return plan.events.length > openUpTo || changes > openUpTo;
}

function eventsMarkup(plan: Plan): Markup {
  if (plan.events.length === 0) return nothing;
  const changes = plan.events.reduce((sum, event) => sum + event.changes.length, 0);
  const articles = plan.events.map((event) =>
    eventMarkup(event, changes <= openUpTo && event.status !== 'in-sync'),
  );
  return markup`<section aria-labelledby="events-title" id="events" tabindex="-1">
<h2 id="events-title">Events</h2>
${filterMarkup(plan)}<div id="list"${isLong(plan, changes) ? markup` class="long"` : nothing}>
${articles}</div>
<p id="none" hidden>No event fits the filter.</p>
</section>
`;
}
