import type { Problem, Source } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import type { EventPlan, EventStatus, RepliesLost } from '../../model/plan.ts';
import { type ProviderId, platforms } from '../../platforms/index.ts';
import { type LeftGroup, leftOf } from './left.ts';
import { type OccurrencesView, occurrencesOf, whenOf } from './occurrences.ts';
import { type ChangeRow, type RowKind, rowsOf } from './rows.ts';
import { count, grouped, lostWords, origin, percent } from './words.ts';

/** A guard that tripped, and the command that lifts it, where one does. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** One term and its value, which is from outside: for a part that few readers need. */
export interface Fact {
  readonly term: string;
  readonly value: string;
  /** Whether it is an id, by which the event is found. */
  readonly id: boolean;
}

/** An event of a plan in the words and the order of a report. Texts from outside stand as they are: formats escape. */
export interface EventView {
  readonly name: string;
  /** What the platform calls it. */
  readonly title?: string;
  readonly provider: ProviderId;
  /** `Feishu` */
  readonly platform: string;
  /** `Mon 2099-01-05 10:00 Asia/Shanghai, repeats` */
  readonly when?: string;
  /** The start as the platform gave it. */
  readonly start?: string;
  readonly status: EventStatus;
  /** What becomes of it: `in sync`, `2 of 11 to remove, 18 %`, `refused, nothing of it is applied: 6 to remove`. */
  readonly statusWords: string;
  /** The changes alone, as in `statusWords`; empty where there are none. */
  readonly tally: string;
  readonly counts: Readonly<Record<RowKind, number>>;
  /** Live attendees, and those of them that rollcall manages; absent where nothing was listed. */
  readonly observed?: { readonly count: number; readonly managed: number };
  /** How many will attend once this is applied; absent where that is not known. */
  readonly afterwards?: number;
  readonly rows: readonly ChangeRow[];
  readonly lost: RepliesLost;
  /** `1 accepted reply is lost for good`; null where none is. */
  readonly lostWords: string | null;
  /** How the changes are made: order, who is told, what was allowed. Words of our own. */
  readonly conduct: readonly string[];
  /** Who is left alone, and why. */
  readonly left: readonly LeftGroup[];
  readonly notes: readonly string[];
  /** The changed occurrences of a series. */
  readonly occurrences: OccurrencesView | null;
  readonly violations: readonly Refusal[];
  /** The command that lifts the guards which a command can lift; null where none does. */
  readonly lift: string | null;
  readonly problem?: Problem;
  readonly source: Source;
  /** `manifests/weekly.yaml:3` */
  readonly place: string;
  /** Ids and settings, for the technical part. */
  readonly facts: readonly Fact[];
  /** Whether there is more to tell than that it is in sync. That an organizer stays is the rule, and no news. */
  readonly remarkable: boolean;
}

/** What an event needs beside itself to be shown. */
export interface EventOptions {
  /** An IANA zone: times are shown in it. */
  readonly timeZone: string;
  /** The command line that makes the plan, for {@link EventView.lift}. */
  readonly command: string;
}

/** One event of a plan as it is shown. */
export function eventView(event: EventPlan, { timeZone, command }: EventOptions): EventView {
  const rows = rowsOf(event.changes, platforms[event.provider].writes.flag);
  const counts = countsOf(rows);
  const lost = lostOf(rows);
  const tally = tallyOf(counts, event);
  const { summary } = event.event ?? {};
  const afterwards = afterwardsOf(event, counts);
  return {
    name: event.name,
    ...(summary === undefined || summary === '' ? {} : { title: summary }),
    provider: event.provider,
    platform: platforms[event.provider].title,
    ...whenOf(event, timeZone),
    status: event.status,
    statusWords: statusWords(event.status, tally),
    tally,
    counts,
    ...(event.observed === undefined
      ? {}
      : { observed: { count: event.observed.count, managed: event.observed.managed } }),
    ...given({ afterwards: afterwards ?? undefined }),
    rows,
    lost,
    lostWords: lostWords(lost),
    conduct: conductOf(event, counts),
    left: leftOf(event),
    notes: event.notes,
    occurrences: occurrencesOf(event, timeZone),
    violations: event.violations,
    lift: liftOf(event, command),
    ...given({ problem: event.problem }),
    source: event.source,
    place: origin(event),
    facts: factsOf(event),
    remarkable: isRemarkable(event),
  };
}

/** A text as one word of a shell's command line. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function statusWords(status: EventStatus, tally: string): string {
  switch (status) {
    case 'in-sync':
      return 'in sync';
    case 'changed':
      return tally;
    case 'refused':
      return `refused, nothing of it is applied: ${tally}`;
    case 'unknown':
      return 'unknown, left as it is';
  }
}

function countsOf(rows: readonly ChangeRow[]): Record<RowKind, number> {
  const counts = { remove: 0, replace: 0, add: 0, unbind: 0, delete: 0 };
  for (const { kind } of rows) counts[kind] += 1;
  return counts;
}

function lostOf(rows: readonly ChangeRow[]): RepliesLost {
  const lost = { accepted: 0, tentative: 0, declined: 0 };
  for (const { reply } of rows) if (reply !== undefined && reply !== 'none') lost[reply] += 1;
  return lost;
}

/** `990 of 1,100 to remove, 90 %; 2 to add`: a share of the attendees that rollcall manages. */
function tallyOf(counts: Readonly<Record<RowKind, number>>, { observed }: EventPlan): string {
  if (counts.delete > 0) {
    return observed === undefined
      ? 'the event to delete'
      : `the event to delete, with ${count(observed.count, 'attendee')}`;
  }
  const managed = Math.max(observed?.managed ?? 0, counts.remove);
  const others: readonly (readonly [number, string])[] = [
    [counts.replace, 'to replace'],
    [counts.add, 'to add'],
    [counts.unbind, 'meeting chat to unbind'],
  ];
  return [
    ...(counts.remove > 0 && observed !== undefined
      ? [`${grouped(counts.remove)} of ${grouped(managed)} to remove, ${percent(counts.remove, managed)}`]
      : counts.remove > 0
        ? [`${grouped(counts.remove)} to remove`]
        : []),
    ...others.filter(([number]) => number > 0).map(([number, what]) => `${grouped(number)} ${what}`),
  ].join('; ');
}

function afterwardsOf(
  { observed, status }: EventPlan,
  counts: Readonly<Record<RowKind, number>>,
): number | null {
  if (observed === undefined || status === 'unknown') return null;
  return counts.delete > 0 ? 0 : Math.max(0, observed.count - counts.remove + counts.add);
}

function conductOf(event: EventPlan, counts: Readonly<Record<RowKind, number>>): string[] {
  const { allowed } = event.limits;
  const { style } = platforms[event.provider].writes;
  const order = event.order === 'adds-first' ? 'additions before removals' : 'removals before additions';
  const permission = allowed === 'event' ? 'deleting the event' : `up to ${count(allowed ?? 0, 'removal')}`;
  return [
    // Where a list is replaced all of it is one step.
    ...(counts.remove > 0 && counts.add > 0 && style === 'delta' ? [order] : []),
    ...(event.changes.length > 0 && event.notify
      ? [`notifies ${count(event.notified, 'person', 'people')}`]
      : []),
    ...(allowed === null ? [] : [`${permission} allowed`]),
  ];
}

/** Limits of removals and of deletions can be lifted by name; the others are the manifest's own. */
function liftOf({ name, changes, violations }: EventPlan, command: string): string | null {
  const codes = new Set(violations.map(({ code }) => code));
  const deletes = codes.has('delete-event');
  if (!deletes && !codes.has('empty') && !codes.has('max-removals')) return null;
  const removals = changes.filter(({ action }) => action === 'remove').length;
  return `${command} --allow-removals ${shellWord(`${name}=${deletes ? 'event' : removals}`)}`;
}

function factsOf(event: EventPlan): Fact[] {
  const { organizer, admin, roomContact, observed, desired, limits } = event;
  const ids = 4;
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Event', event.eventId],
    ['Calendar', event.calendarId],
    ['Organizer', organizer],
    ['Meeting-room admin mode', admin === undefined ? undefined : adminWords(admin)],
    ['Contact for rooms', roomContact],
    ['Kind of user id', event.userIdType],
    ['Live', observed === undefined ? undefined : `${observed.count}, ${observed.managed} of them managed`],
    ['Wanted', desired === undefined ? notCounted(event) : String(desired.count)],
    ['Sync', event.sync],
    ['People of other tenants', event.external === 'remove' ? 'are removed' : undefined],
    ['Notifies', event.notify ? count(event.notified, 'person', 'people') : 'nobody'],
    ['Removal limit', limits.maxRemovals === null ? 'the default' : String(limits.maxRemovals)],
  ];
  return facts.flatMap(([term, value], index) =>
    value === undefined ? [] : [{ term, value, id: index < ids }],
  );
}

/** Why it is not told how many are wanted. */
export function notCounted({ problem }: Pick<EventPlan, 'problem'>): string {
  return problem === undefined ? 'attendees are not managed' : 'not known';
}

function adminWords({ instanceStartTime }: NonNullable<EventPlan['admin']>): string {
  return instanceStartTime === undefined ? 'on' : `for the occurrence at ${instanceStartTime}`;
}

function isRemarkable(event: EventPlan): boolean {
  const { status, changes, missing, drift, skipped = [], notes, kept, occurrences = [] } = event;
  return (
    status !== 'in-sync' ||
    occurrences.length > 0 ||
    changes.length + missing.length + drift.length + skipped.length + notes.length > 0 ||
    kept.some(({ reason }) => reason !== 'organizer')
  );
}
