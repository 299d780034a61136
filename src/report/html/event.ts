import type { EventPlan, Kept } from '../../model/plan.ts';
import { platforms } from '../../platforms/index.ts';
import { barMarkup, type Shares, sharesOf } from './bar.ts';
import { changesTable, originMarkup } from './changes.ts';
import {
  eventId,
  eventLink,
  type Fact,
  factsMarkup,
  idMarkup,
  type Markup,
  markup,
  momentMarkup,
  nothing,
} from './markup.ts';
import { problemMarkup, violationMarkup } from './attention.ts';
import { driftText, missingText } from '../plan-event-text.ts';
import { count, keptWords, label } from '../words.ts';

/** Every status in the words of the page. */
export const statusWords: Readonly<Record<EventPlan['status'], string>> = {
  refused: 'Refused',
  unknown: 'Unknown',
  changed: 'Changed',
  'in-sync': 'In sync',
};

/** One event: a line to look at and, when it is opened, all that the plan says of it. */
export function eventMarkup(event: EventPlan, open: boolean): Markup {
  const { name, provider, status } = event;
  const shares = sharesOf(event);
  return markup`<article class="event ${status}" id="${eventId(name)}" aria-label="${name}" data-provider="${provider}" data-status="${status}" data-removals="${shares === null ? 0 : shares.removed + shares.deleted}" data-additions="${shares?.added ?? 0}">
<details${open ? markup` open` : nothing}>
<summary>${lineMarkup(event, shares)}</summary>
<div class="body">
${event.violations.map(violationMarkup)}${event.problem === undefined ? nothing : problemMarkup(event.problem)}${changesTable(event)}${leftMarkup(event)}${notesMarkup(event.notes)}${factsMarkup(factsOf(event))}</div>
</details>
<a class="permalink" href="${eventLink(name)}" title="Link to this event"><span aria-hidden="true">#</span><span class="unseen">Link to ${name}</span></a>
</article>
`;
}

function lineMarkup(event: EventPlan, shares: Shares | null): Markup {
  const { name, provider, status } = event;
  const title = event.event?.summary;
  const bar = shares === null ? nothing : barMarkup(shares);
  return markup`<span class="who"><h3 data-find><bdi>${name}</bdi></h3>${
    title === undefined ? nothing : markup`<span class="title" data-find><bdi>${title}</bdi></span>`
  }</span><span class="provider">${platforms[provider].title}</span><span class="status">${statusWords[status]}</span><span class="share">${bar}<span class="numbers">${numbersMarkup(event, shares)}</span></span>`;
}

function numbersMarkup(event: EventPlan, shares: Shares | null): Markup {
  if (shares === null) return markup`${event.status === 'unknown' ? 'not read' : 'attendees not listed'}`;
  if (event.changes.some(({ action }) => action === 'delete-event')) {
    return shareMarkup('removed', '−', `event to delete, with ${count(shares.deleted, 'attendee')}`);
  }
  const unbound = event.changes.some(({ action }) => action === 'unbind-chat');
  return sharesMarkup(shares, unbound ? [shareMarkup('removed', '−', 'chat to unbind')] : []);
}

/** The shares in words, those that are not nothing; `more` stands before the kept. */
export function sharesMarkup(shares: Shares, more: readonly Markup[] = []): Markup {
  const parts = [
    ...(shares.removed > 0 ? [shareMarkup('removed', '−', `${shares.removed} to remove`)] : []),
    ...(shares.deleted > 0 ? [shareMarkup('removed', '−', `${shares.deleted} in deleted events`)] : []),
    ...(shares.replaced > 0 ? [shareMarkup('replaced', '±', `${shares.replaced} to replace`)] : []),
    ...(shares.added > 0 ? [shareMarkup('added', '+', `${shares.added} to add`)] : []),
    ...more,
    shareMarkup('kept', '', `${shares.kept} kept`),
  ];
  return markup`${parts.map((part, index) => markup`${index === 0 ? '' : ' '}${part}`)}`;
}

function shareMarkup(kind: 'kept' | 'removed' | 'replaced' | 'added', sign: string, words: string): Markup {
  return markup`<span class="n-${kind}">${sign === '' ? nothing : markup`<b>${sign}</b>`}${words}</span>`;
}

function leftMarkup(event: EventPlan): Markup {
  const { kept, missing, drift } = event;
  const reasons = [...new Set(kept.map(({ reason }) => reason))];
  const groups = [
    ...reasons.map((reason) => {
      const rows = kept.filter((row) => row.reason === reason);
      return groupMarkup(`${rows.length} left alone: ${keptWords[reason]}`, rows.map(attendeeText));
    }),
    ...(missing.length === 0
      ? []
      : [groupMarkup(`${missing.length} missing: sync is remove-only`, missing.map(missingText))]),
    ...(drift.length === 0
      ? []
      : [groupMarkup(`${drift.length} with another optional flag`, drift.map(driftText))]),
  ];
  return markup`${groups}`;
}

function groupMarkup(title: string, names: readonly string[]): Markup {
  const items = names.map((name) => markup`<li><bdi>${name}</bdi></li>`);
  return markup`<details class="left"><summary>${title}</summary><ul data-find>${items}</ul></details>
`;
}

function attendeeText({ attendee }: Pick<Kept, 'attendee'>): string {
  return label(attendee);
}

function notesMarkup(notes: readonly string[]): Markup {
  if (notes.length === 0) return nothing;
  return markup`<ul class="notes" data-find>${notes.map((note) => markup`<li>${note}</li>`)}</ul>
`;
}

function factsOf(event: EventPlan): Fact[] {
  const { event: seen, organizer, admin, roomContact, observed, desired, limits } = event;
  const both = ['remove', 'add'].every((action) => event.changes.some((change) => change.action === action));
  return [
    ['Starts', seen?.start === undefined ? undefined : momentMarkup(seen.start)],
    ['Repeats', seen?.recurring === true ? 'yes' : undefined],
    ['Manifest', originMarkup({ source: event.source })],
    ['Event', idMarkup(event.eventId)],
    ['Calendar', idMarkup(event.calendarId)],
    ['Organizer', organizer === undefined ? undefined : idMarkup(organizer)],
    ['Meeting-room admin', admin === undefined ? undefined : (admin.instanceStartTime ?? 'yes')],
    ['Contact for rooms', roomContact === undefined ? undefined : idMarkup(roomContact)],
    ['Kind of ids', event.userIdType],
    ['Live', observed === undefined ? undefined : `${observed.count}, ${observed.managed} of them managed`],
    ['Wanted', desired === undefined ? 'attendees are not managed' : String(desired.count)],
    ['Sync', event.sync],
    ['Order', both ? orderWords[event.order] : undefined],
    ['Notified', event.notify ? count(event.notified, 'person', 'people') : 'notify is false'],
    ['Removal limit', limits.maxRemovals === null ? 'the default' : String(limits.maxRemovals)],
    ['Allowed', limits.allowed === null ? undefined : allowedText(limits.allowed)],
  ];
}

const orderWords: Readonly<Record<EventPlan['order'], string>> = {
  'adds-first': 'additions before removals',
  'removes-first': 'removals before additions',
};

function allowedText(allowed: number | 'event'): string {
  return allowed === 'event' ? 'deleting the event' : `up to ${count(allowed, 'removal')}`;
}
