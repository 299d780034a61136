import type { EventPlan, PlanAttendee } from '../model/plan.ts';
import { platforms } from '../platforms/index.ts';
import { folded, table } from './markdown-blocks.ts';
import { code, prose } from './markdown-escape.ts';
import { type ChangeGroups, groupChanges } from './plan-changes-text.ts';
import { adminText, conductLines, leftLines, tally } from './plan-event-text.ts';
import { reasonWords } from './words.ts';

/** One event's changes, folded away: a table with removals first, then what else there is to know. */
export function eventMarkdown(event: EventPlan): string[] {
  const groups = groupChanges(event.changes);
  return folded(event.name, ` (${platforms[event.provider].title}): ${statusWords(event, groups)}`, [
    ...factLines(event),
    '',
    ...table(['change', 'name', 'id', 'why', 'source'], changeRows(groups)),
    ...[
      ...conductLines(event, groups),
      ...leftLines(event),
      ...event.notes.map((note) => `note: ${note}`),
    ].map((text) => `- ${described(text.trim())}`),
  ]);
}

/** What is to become of an event, in a few words of our own. */
export function statusWords(event: EventPlan, groups: ChangeGroups): string {
  switch (event.status) {
    case 'in-sync':
      return 'in sync';
    case 'changed':
      return tally(groups);
    case 'refused':
      return `refused, nothing of it is applied: ${tally(groups)}`;
    case 'unknown':
      return 'unknown, left as it is';
  }
}

/** `- kept 2, …`: the words up to the first colon are our own, and begin the line. */
function described(text: string): string {
  const at = text.indexOf(': ');
  return at < 0 ? text : `${text.slice(0, at)}: ${prose(text.slice(at + 2))}`;
}

function factLines(event: EventPlan): string[] {
  const { summary, start, recurring } = event.event ?? {};
  const parts = [
    ...(summary === undefined ? [] : [`title ${code(summary)}`]),
    ...(start === undefined ? [] : [`starts ${code(start)}`]),
    ...(recurring === true ? ['repeats'] : []),
    `event ${code(event.eventId)}`,
    `calendar ${code(event.calendarId)}`,
    ...(event.organizer === undefined ? [] : [`organizer ${code(event.organizer)}`]),
    ...(event.admin === undefined ? [] : [prose(adminText(event.admin))]),
    `in ${code(`${event.source.file}:${event.source.line}`)}`,
  ];
  return [`About: ${parts.join(', ')}`];
}

function changeRows(groups: ChangeGroups): string[][] {
  const flag = (optional: boolean): string => (optional ? 'optional' : 'required');
  return [
    ...groups.removals.map((change) => attendeeRow('remove', change.attendee, change)),
    ...groups.replacements.map(({ removal, addition }) => {
      const why = `${flag(removal.attendee.optional)} → ${flag(addition.attendee.optional)}: removed and invited again, the reply is lost`;
      return row('replace', attendeeCells({ ...addition.attendee, optional: false }), why, addition);
    }),
    ...groups.additions.map((change) => attendeeRow('add', change.attendee, change)),
    ...groups.unbindings.map((change) =>
      row('unbind', ['meeting chat', code(change.chatId)], whyOf(change), change),
    ),
    ...groups.deletions.map((change) => row('delete', ['the event itself', ''], whyOf(change), change)),
  ];
}

type Change = EventPlan['changes'][number];

function attendeeRow(what: string, attendee: PlanAttendee, change: Change): string[] {
  return row(what, attendeeCells(attendee), whyOf(change), change);
}

function row(
  what: string,
  who: readonly [string, string],
  why: string,
  from: Pick<Change, 'source' | 'via'>,
): string[] {
  const place = from.source === undefined ? [] : [code(`${from.source.file}:${from.source.line}`)];
  const via =
    from.via === undefined || from.via.length === 0 ? [] : [`via ${from.via.map(code).join(' > ')}`];
  return [what, ...who, why, [...place, ...via].join(' ')];
}

/** The name, and the id with what kind it is. */
export function attendeeCells(attendee: PlanAttendee): readonly [string, string] {
  const marks = [
    ...(attendee.type === 'user' ? [] : [attendee.type]),
    ...(attendee.optional ? ['optional'] : []),
  ];
  return [
    code(attendee.name ?? ''),
    marks.length === 0 ? code(attendee.id) : `${code(attendee.id)} (${marks.join(', ')})`,
  ];
}

function whyOf(change: Change): string {
  const parts = [
    reasonWords[change.reason] || 'in the manifest',
    ...(change.action === 'add' && change.wasRemoved === true ? ['was removed before'] : []),
    ...(change.certain ? [] : ['cannot be read, may be so already']),
  ];
  return parts.join('; ');
}
