import type { EventStatus } from '../../model/plan.ts';
import { platforms, providerIds } from '../../platforms/index.ts';
import { type Shown, statusWords } from './event.ts';
import { type Markup, markup } from './markup.ts';

interface Choice {
  readonly value: string;
  readonly title: string;
  readonly events: number;
}

/** What chooses and sorts the events. Hidden until the script takes it into use. */
export function filterMarkup(events: readonly Shown[]): Markup {
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
