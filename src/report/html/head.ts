import type { Plan } from '../../model/plan.ts';
import { barMarkup, sharesOf, sumOfShares } from './bar.ts';
import { sharesMarkup } from './event.ts';
import { type Markup, markup, momentMarkup, nothing } from './markup.ts';
import { callLines, selectionLines, verdict } from '../plan-text.ts';
import { count } from '../words.ts';

type Kind = 'removed' | 'added' | 'refused' | 'unknown' | '';
type Tile = readonly [term: string, number: number, kind: Kind];

/** The head of the page: what the plan comes to, whether it can be applied, and the totals. */
export function bannerMarkup(plan: Plan): Markup {
  const [first = '', ...rest] = verdict(plan).split(/(?<=\.) /);
  return markup`<header>
<p class="brand">rollcall <span>plan</span></p>
<h1>${first.replace('Plan: ', '')}</h1>
<p class="lead">${stateMarkup(plan)} ${rest.join(' ')}</p>
${redactedMarkup(plan)}<p class="meta">Made ${momentMarkup(plan.createdAt)}, as of ${momentMarkup(plan.asOf)}. ${[...selectionLines(plan.selection), ...callLines(plan).slice(0, 1)].join(' ')}</p>
${totalsMarkup(plan)}${wholeMarkup(plan)}</header>
`;
}

/** The totals; none where no event was read, for zeros would say that there is nothing to do. */
function totalsMarkup({ summary, complete }: Plan): Markup {
  if (summary.events === 0 && !complete) return nothing;
  const events: readonly Tile[] = [
    ['Changed', summary.changed, ''],
    ['Refused', summary.refused, 'refused'],
    ['Unknown', summary.unknown, 'unknown'],
    ['In sync', summary.inSync, ''],
  ];
  const changes: readonly Tile[] = [
    ['To remove', summary.remove, 'removed'],
    ['To add', summary.add, 'added'],
    ['Events to delete', summary.deleteEvents, 'removed'],
    ['Chats to unbind', summary.unbindChats, 'removed'],
    ['People notified', summary.notified, ''],
  ];
  return markup`<div class="totals">
${tiles('Changes', changes)}${tiles(count(summary.events, 'event'), events)}</div>
`;
}

/** What applying the plan would do, in a word. */
function stateMarkup(plan: Plan): Markup {
  const { events, refused, unknown, inSync } = plan.summary;
  const left = refused + unknown;
  if (plan.violations.length > 0) return badge('refused', 'Refused: nothing is applied');
  if (events === 0 && !plan.complete) return badge('refused', 'The manifests have errors');
  if (plan.redacted === true) return badge('unknown', 'For reading alone');
  if (left > 0)
    return badge('unknown', left === 1 ? '1 event is left as it is' : `${left} events are left as they are`);
  return inSync === events ? badge('in-sync', 'In sync') : badge('changed', 'Can be applied');
}

function badge(kind: string, words: string): Markup {
  return markup`<span class="badge ${kind}">${words}</span>`;
}

function redactedMarkup(plan: Plan): Markup {
  if (plan.redacted !== true) return nothing;
  return markup`<p class="callout unknown">Redacted: ordinals stand for people and titles, and it cannot be applied.</p>
`;
}

function tiles(legend: string, all: readonly Tile[]): Markup {
  const items = all.map(
    ([term, number, kind]) =>
      markup`<div class="tile ${number === 0 ? 'zero' : kind}"><dt>${term}</dt><dd>${number}</dd></div>`,
  );
  return markup`<section><h2>${legend}</h2><dl class="tiles">${items}</dl></section>
`;
}

function wholeMarkup(plan: Plan): Markup {
  const shares = plan.events.map(sharesOf).filter((each) => each !== null);
  if (shares.length === 0) return nothing;
  const sum = sumOfShares(shares);
  return markup`<div class="whole">${barMarkup(sum)}<p class="numbers"><span class="quiet">All attendees that were listed:</span> ${sharesMarkup(sum)}</p></div>
`;
}
