import type { EventStatus, Plan } from '../../model/plan.ts';
import type { EventView } from '../view/event.ts';
import { type PlanView, redactedWords } from '../view/plan.ts';
import { workWords, setsFlags } from '../view/question.ts';
import { count, grouped } from '../view/words.ts';
import { barMarkup, numbersMarkup, sharesWords, sumOfShares } from './bar.ts';
import type { Shown } from './event.ts';
import { type Markup, type Term, idMarkup, joined, markup, nothing, termsMarkup } from './markup.ts';

type Kind = 'removed' | 'added' | 'replaced' | 'refused' | 'unknown' | '';
type Tile = readonly [term: string, number: number, kind: Kind, more: string];

/** The head of the page: what the plan comes to, whether it can be applied, and the totals. */
export function headMarkup(view: PlanView, shown: readonly Shown[]): Markup {
  const work = workWords(view);
  const first = work === '' ? view.headline : `${work.charAt(0).toUpperCase()}${work.slice(1)}`;
  return markup`<header>
<p class="brand"><b>rollcall</b> plan ${stateMarkup(view)}</p>
<h1>${first}</h1>
${sentencesMarkup(view, work)}${view.redacted ? markup`<p class="callout unknown">${redactedWords}</p>\n` : nothing}${wholeMarkup(shown)}${totalsMarkup(view, shown)}<p class="meta">Made ${view.made}, as of ${view.asOf}. ${chosenMarkup(view)}</p>
</header>
`;
}

/** What belongs to the first sentence, one thing a line. */
function sentencesMarkup({ headline, sentences }: PlanView, work: string): Markup {
  const first = { kind: 'other', text: headline } as const;
  const items = [...(work === '' ? [] : [first]), ...sentences].map(
    ({ kind, text }) => markup`<li${kind === 'lost' ? markup` class="lost"` : nothing}>${text}</li>`,
  );
  return items.length === 0 ? nothing : markup`<ul class="plain lead">${items}</ul>\n`;
}

/** What applying the plan would do, in a word. */
function stateMarkup({ state, events, redacted }: PlanView): Markup {
  const left = events.filter(({ status }) => status === 'refused' || status === 'unknown').length;
  if (state === 'stopped') return badge('refused', 'Refused: nothing is applied');
  if (state === 'errors') return badge('refused', 'The manifests have errors');
  if (redacted) return badge('unknown', 'For reading only');
  if (left > 0)
    return badge('unknown', left === 1 ? '1 event is left as it is' : `${left} events are left as they are`);
  return state === 'pending' ? badge('changed', 'Can be applied') : badge('in-sync', 'In sync');
}

function badge(kind: string, words: string): Markup {
  return markup`<span class="badge ${kind}">${words}</span>`;
}

/** The totals; none where no event was read, for zeros would say that there is nothing to do. */
function totalsMarkup(view: PlanView, shown: readonly Shown[]): Markup {
  if (shown.length === 0) return nothing;
  const having = (status: EventStatus): number =>
    shown.filter(([, context]) => context.status === status).length;
  const done = shown.filter(([, context]) => context.done).map(([event]) => event);
  const events: readonly Tile[] = [
    ['Changed', having('changed'), '', ''],
    ['Refused', having('refused'), 'refused', ''],
    ['Unknown', having('unknown'), 'unknown', ''],
    ['In sync', having('in-sync'), '', ''],
  ];
  return markup`<div class="totals">
${tiles('Changes', attendeeTiles(view, done))}${tiles(count(shown.length, 'event'), events)}</div>
`;
}

function attendeeTiles({ lost, notified }: PlanView, done: readonly EventView[]): Tile[] {
  const sum = (numberOf: (event: EventView) => number): number =>
    done.reduce((total, event) => total + numberOf(event), 0);
  const managed = sum(({ counts, observed }) => (counts.remove > 0 ? (observed?.managed ?? 0) : 0));
  const rare: readonly Tile[] = [
    ['To invite again', sum((event) => (setsFlags(event) ? 0 : event.counts.replace)), 'replaced', ''],
    ['Flags to change', sum((event) => (setsFlags(event) ? event.counts.replace : 0)), 'replaced', ''],
    ['Events to delete', sum(({ counts }) => counts.delete), 'removed', ''],
    ['Chats to unbind', sum(({ counts }) => counts.unbind), 'removed', ''],
  ];
  return [
    ['To remove', sum(({ counts }) => counts.remove), 'removed', managed > 0 ? `of ${grouped(managed)}` : ''],
    ['To add', sum(({ counts }) => counts.add), 'added', ''],
    ...rare.filter(([, number]) => number > 0),
    ...lostTile(lost, done),
    ['People notified', notified, '', ''],
  ];
}

/** Nothing where no platform tells what was answered: a zero would be a promise. */
function lostTile(lost: PlanView['lost'], done: readonly EventView[]): Tile[] {
  if (!done.some(({ rows }) => rows.some(({ reply }) => reply !== undefined))) return [];
  const more = lost.accepted === 0 ? '' : `${grouped(lost.accepted)} accepted`;
  return [['Replies lost', lost.accepted + lost.tentative + lost.declined, 'removed', more]];
}

function tiles(legend: string, all: readonly Tile[]): Markup {
  const items = all.map(
    ([term, number, kind, more]) =>
      markup`<div class="tile ${number === 0 ? 'zero' : kind}"><dt>${term}</dt><dd>${grouped(number)}${more === '' ? nothing : markup` <small>${more}</small>`}</dd></div>`,
  );
  return markup`<section><h2>${legend}</h2><dl class="tiles">${items}</dl></section>
`;
}

function wholeMarkup(shown: readonly Shown[]): Markup {
  const shares = sumOfShares(shown);
  if (shares === null) return nothing;
  return markup`<div class="whole">${barMarkup(shares)}<p class="numbers"><span class="quiet">All attendees that were listed:</span> ${numbersMarkup(sharesWords(shares))}</p></div>
`;
}

function chosenMarkup({ chosenBy }: PlanView): Markup {
  if (chosenBy.length === 0) return nothing;
  const options = chosenBy.map(([option, value]) => markup`${option} <bdi>${value}</bdi>`);
  return markup`Only the events chosen by ${joined(options, ' ')}.`;
}

/** The foot of the page: what identifies the plan and how it was made. */
export function aboutMarkup(plan: Plan, view: PlanView): Markup {
  const terms: readonly Term[] = [
    ['Made', markup`<time datetime="${plan.createdAt}">${view.made}</time>`],
    ['As of', view.asOf],
    ['Digest', plan.digest === undefined ? 'none: the plan is redacted' : idMarkup(plan.digest)],
    ['Manifests', (plan.manifestDigest ?? '') === '' ? undefined : idMarkup(plan.manifestDigest ?? '')],
    ...view.accounts.map(({ platform, host, appId }): Term => {
      const app = appId === null ? nothing : markup`, app ${idMarkup(appId)}`;
      return [platform, markup`<bdi>${host}</bdi>${app}`];
    }),
    ['Selection', view.chosenBy.length === 0 ? 'All events.' : chosenMarkup(view)],
    ['Removals of a run', `at most ${grouped(plan.maxRemovals)}`],
    ['Calls', view.calls.join(' ')],
    ['Made by', `${plan.tool.name} ${plan.tool.version}`],
  ];
  return markup`<footer>
<details class="fold"><summary><h2>About this plan</h2></summary>
${termsMarkup(terms)}</details>
</footer>
`;
}
