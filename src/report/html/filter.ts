import type { Plan } from '../../model/plan.ts';
import { platforms, providerIds } from '../../platforms/index.ts';
import { statusWords } from './event.ts';
import { type Markup, markup } from './markup.ts';

interface Choice {
  readonly value: string;
  readonly title: string;
  readonly events: number;
}

/** What chooses and sorts the events. Hidden until the script takes it into use. */
export function filterMarkup(plan: Plan): Markup {
  return markup`<noscript><p class="quiet">Filtering and sorting need the page’s script; everything is listed below.</p></noscript>
<div id="filter" role="search" aria-label="Events" hidden>
<div class="field"><label for="filter-text">Find</label><input type="search" id="filter-text" placeholder="Name, id, reason, file" autocomplete="off" spellcheck="false"></div>
${choices('Platform', 'provider', providersOf(plan))}${choices('Status', 'status', statusesOf(plan))}<div class="field"><label for="sort">Sort by</label><select id="sort"><option value="name">Name</option><option value="status">Status</option><option value="removals">Most removals</option><option value="additions">Most additions</option></select></div>
<div class="foot"><p id="shown" role="status"></p><span class="acts"><button type="button" id="clear">Clear</button><button type="button" id="open-all">Open all</button><button type="button" id="close-all">Close all</button></span></div>
</div>
`;
}

function providersOf(plan: Plan): Choice[] {
  return providerIds
    .map((id) => ({
      value: id,
      title: platforms[id].title,
      events: plan.events.filter(({ provider }) => provider === id).length,
    }))
    .filter(({ events }) => events > 0);
}

function statusesOf(plan: Plan): Choice[] {
  return Object.entries(statusWords)
    .map(([value, title]) => ({
      value,
      title,
      events: plan.events.filter(({ status }) => status === value).length,
    }))
    .filter(({ events }) => events > 0);
}

/** None chosen is all chosen. */
function choices(legend: string, name: string, all: readonly Choice[]): Markup {
  const boxes = all.map(
    ({ value, title, events }) =>
      markup`<label class="chip"><input type="checkbox" name="${name}" value="${value}">${title} <span class="n">${events}</span></label>`,
  );
  return markup`<fieldset><legend>${legend}</legend><div class="chips">${boxes}</div></fieldset>
`;
}
