import type { Change, EventPlan, PlanAttendee } from '../../model/plan.ts';
import { type Markup, markup, nothing } from './markup.ts';
import { groupChanges, type Replacement } from '../plan-changes-text.ts';
import { reasonWords } from '../words.ts';

interface Row {
  readonly kind: 'remove' | 'replace' | 'add';
  readonly sign: string;
  readonly word: string;
  readonly attendee: Omit<PlanAttendee, 'optional'> & { readonly optional?: boolean };
  readonly why: string;
  readonly place: Pick<Change, 'source' | 'via'>;
}

/** The changes of an event as a table: removals first, then replaced flags, then additions. */
export function changesTable(event: EventPlan): Markup {
  if (event.changes.length === 0) return nothing;
  return markup`<div class="scroll"><table class="changes">
<caption class="quiet">Changes of <bdi>${event.name}</bdi></caption>
<thead><tr><th scope="col">Change</th><th scope="col">Name</th><th scope="col">Id</th><th scope="col">Why</th><th scope="col">Where from</th></tr></thead>
<tbody>
${rowsOf(event).map(rowMarkup)}</tbody>
</table></div>
`;
}

function rowsOf(event: EventPlan): Row[] {
  const groups = groupChanges(event.changes);
  return [
    ...groups.deletions.map((change): Row => ({
      ...removing(change, { type: 'user', id: event.eventId, name: 'The event itself' }),
      word: 'Delete',
    })),
    ...groups.unbindings.map((change): Row => ({
      ...removing(change, { type: 'user', id: change.chatId, name: 'The meeting chat' }),
      word: 'Unbind',
    })),
    ...groups.removals.map((change) => removing(change, change.attendee)),
    ...groups.replacements.map(replacing),
    ...groups.additions.map((change): Row => ({
      kind: 'add',
      sign: '+',
      word: 'Add',
      attendee: change.attendee,
      why: why(change),
      place: change,
    })),
  ];
}

function removing(change: Change, attendee: Row['attendee']): Row {
  return { kind: 'remove', sign: '−', word: 'Remove', attendee, why: why(change), place: change };
}

function replacing({ removal, addition }: Replacement): Row {
  const { optional: _, ...attendee } = addition.attendee;
  const flag = (optional: boolean): string => (optional ? 'optional' : 'required');
  const what = `${flag(removal.attendee.optional)} → ${flag(addition.attendee.optional)}`;
  return {
    kind: 'replace',
    sign: '±',
    word: 'Replace',
    attendee,
    why: `${what}: removed and invited again, the reply is lost`,
    place: addition,
  };
}

function why(change: Change): string {
  const reason = change.reason === 'in-manifest' ? 'in the manifest' : reasonWords[change.reason];
  const again = change.action === 'add' && change.wasRemoved === true ? ', was removed before' : '';
  return `${reason}${again}${change.certain ? '' : ', cannot be read and may be so already'}`;
}

function rowMarkup({ kind, sign, word, attendee, why, place }: Row): Markup {
  return markup`<tr class="${kind}"><td><b>${sign}</b> ${word}</td><th scope="row">${nameMarkup(attendee)}</th><td class="id"><bdi>${attendee.id}</bdi></td><td>${why}</td><td>${originMarkup(place)}</td></tr>
`;
}

function nameMarkup({ type, id, name, optional }: Row['attendee']): Markup {
  const shown = name === undefined || name === '' || name === id ? nothing : markup`<bdi>${name}</bdi>`;
  const marks = [...(type === 'user' ? [] : [type]), ...(optional === true ? ['optional'] : [])];
  const tags = marks.map((mark) => markup` <span class="tag">${mark}</span>`);
  if (shown === nothing && tags.length === 0) return markup`<span class="quiet">no name</span>`;
  return markup`${shown}${tags}`;
}

/** `rosters/oncall.yaml:12`, and below it the rosters that lead there, the outermost first. */
export function originMarkup({ source, via }: Row['place']): Markup {
  const line = source === undefined ? nothing : markup`<bdi>${source.file}</bdi>:${source.line}`;
  if (via === undefined || via.length === 0) return line;
  const path = via.map((roster, index) => markup`${index === 0 ? '' : ' › '}<bdi>${roster}</bdi>`);
  return markup`${line} <span class="via">via ${path}</span>`;
}
