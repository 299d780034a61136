import type { Drift, EventPlan, Kept, Missing } from '../model/plan.ts';
import { platforms } from '../platforms/index.ts';
import { visibleDeep } from './escape.ts';
import { changeLines, groupChanges, type ChangeGroups } from './plan-changes-text.ts';
import { problemLines } from './problem-text.ts';
import type { Terminal } from './text/terminal.ts';
import { count, keptWords, label, origin, someOf } from './words.ts';

/** One event of a plan: a line at the margin that names it, and indented lines below. */
export function eventLines(event: EventPlan, terminal: Terminal): string[] {
  const shown = visibleDeep(event);
  const groups = groupChanges(shown.changes);
  return [
    headline(shown, groups, terminal),
    ...placeLines(shown, terminal),
    ...shown.violations.map(({ code, message }) => `  ${terminal.red(`! ${code}:`)} ${message}`),
    ...(shown.problem === undefined ? [] : problemLines(shown.problem, '  ', terminal)),
    ...changeLines(groups, terminal),
    ...conductLines(shown, groups),
    ...leftLines(shown),
    ...shown.notes.map((note) => `  note: ${note}`),
  ];
}

/**
 * Whether there is more to tell of an event than that it is in sync. That an organizer stays is the rule, and no news.
 */
export function isRemarkable(event: EventPlan): boolean {
  return (
    event.status !== 'in-sync' ||
    event.changes.length + event.missing.length + event.drift.length + event.notes.length > 0 ||
    event.kept.some(({ reason }) => reason !== 'organizer')
  );
}

function headline(event: EventPlan, groups: ChangeGroups, terminal: Terminal): string {
  const name = `${terminal.bold(event.name)} (${platforms[event.provider].title}): `;
  const words: Readonly<Record<EventPlan['status'], string>> = {
    'in-sync': terminal.green('in sync'),
    changed: tally(groups),
    refused: `${terminal.red('refused, nothing of it is applied')}: ${tally(groups)}`,
    unknown: terminal.yellow('unknown, left as it is'),
  };
  return `${name}${words[event.status]}`;
}

/** How many changes of each kind there are. Holds nothing from outside. */
export function tally(groups: ChangeGroups): string {
  const counts: readonly (readonly [number, string])[] = [
    [groups.removals.length, 'to remove'],
    [groups.replacements.length, 'to replace'],
    [groups.additions.length, 'to add'],
    [groups.unbindings.length, 'meeting chat to unbind'],
  ];
  const parts = counts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  if (groups.deletions.length > 0) parts.push('the event to delete');
  return parts.join(', ');
}

function placeLines(event: EventPlan, terminal: Terminal): string[] {
  const { summary, start, recurring } = event.event ?? {};
  const facts = [
    ...(summary === undefined ? [] : [`"${summary}"`]),
    ...(start === undefined ? [] : [`starts ${start}`]),
    ...(recurring === true ? ['repeats'] : []),
  ];
  const ids = [
    `event ${event.eventId}`,
    `calendar ${event.calendarId}`,
    ...(event.organizer === undefined ? [] : [`organizer ${event.organizer}`]),
    ...(event.admin === undefined ? [] : [adminText(event.admin)]),
  ];
  return [
    ...(facts.length === 0 ? [] : [`  ${facts.join(', ')}`]),
    `  ${terminal.dim(`${ids.join(', ')}  ${origin(event)}`)}`,
  ];
}

/** As whom the event is changed in meeting-room admin mode. */
export function adminText(admin: NonNullable<EventPlan['admin']>): string {
  const occurrence =
    admin.instanceStartTime === undefined ? '' : `, occurrence at ${admin.instanceStartTime}`;
  return `as meeting-room admin${occurrence}`;
}

/** How the changes are made: order, who is told, what was allowed. */
export function conductLines(event: EventPlan, groups: ChangeGroups): string[] {
  const { allowed } = event.limits;
  const both = groups.removals.length > 0 && groups.additions.length > 0;
  const order = event.order === 'adds-first' ? 'additions before removals' : 'removals before additions';
  const permission = allowed === 'event' ? 'deleting the event' : `up to ${count(allowed ?? 0, 'removal')}`;
  return [
    ...(both ? [`  order: ${order}`] : []),
    ...(event.changes.length > 0 && event.notify
      ? [`  told: ${count(event.notified, 'person', 'people')}`]
      : []),
    ...(allowed === null ? [] : [`  allowed: ${permission}`]),
  ];
}

/** Who is left alone, and why. */
export function leftLines(event: EventPlan): string[] {
  const { missing, drift } = event;
  return [
    ...keptLines(event.kept),
    ...(missing.length === 0
      ? []
      : [`  missing ${missing.length}, sync is remove-only: ${someOf(missing.map(missingText))}`]),
    ...(drift.length === 0
      ? []
      : [`  drift ${drift.length}, optional flag differs: ${someOf(drift.map(driftText))}`]),
  ];
}

/** Who is wanted and not added, and where that is said. */
export function missingText(row: Missing): string {
  return `${label(row.attendee)}${place(row)}`;
}

/** Who has another optional flag than is wanted, and where that is said. */
export function driftText(row: Drift): string {
  const { optional, ...rest } = row.attendee;
  return `${label(rest)} is wanted ${optional ? 'optional' : 'required'}${place(row)}`;
}

function place(row: Missing | Drift): string {
  const from = origin(row);
  return from === '' ? '' : ` at ${from}`;
}

function keptLines(kept: readonly Kept[]): string[] {
  const byReason = new Map<Kept['reason'], string[]>();
  for (const row of kept) {
    const names = byReason.get(row.reason) ?? [];
    names.push(attendeeLabel(row));
    byReason.set(row.reason, names);
  }
  return [...byReason].map(
    ([reason, names]) => `  kept ${names.length}, ${keptWords[reason]}: ${someOf(names)}`,
  );
}

function attendeeLabel({ attendee }: Pick<Kept, 'attendee'>): string {
  return label(attendee);
}
