import { identityOf } from '../../model/attendee.ts';
import type { Source } from '../../model/diagnostic.ts';
import { given } from '../../model/given.ts';
import type { Change, PlanAttendee } from '../../model/plan.ts';
import type { PlatformWrites } from '../../model/platform.ts';
import { labelled, marksOf, origin, reasonWords } from './words.ts';

type Removal = Extract<Change, { action: 'remove' }>;
type Addition = Extract<Change, { action: 'add' }>;

/** What a line of changes is about. */
export type Subject =
  | {
      readonly what: 'attendee';
      /** Absent where there is none but the id. */
      readonly name?: string;
      readonly id: string;
      /** `room`, `optional` … */
      readonly marks: readonly string[];
    }
  | { readonly what: 'chat'; readonly id: string }
  | { readonly what: 'event' };

export type RowKind = 'remove' | 'replace' | 'add' | 'unbind' | 'delete';

/** One change as a reader sees it. A removal and an addition that replace an optional flag are one row. */
export interface ChangeRow {
  readonly kind: RowKind;
  readonly sign: '-' | '~' | '+';
  readonly subject: Subject;
  /** Of a replaced flag: nobody is invited again for it. */
  readonly inPlace?: true;
  /** Of a replaced flag: what it is and what it becomes. */
  readonly flag?: readonly [from: string, to: string];
  /** Of whose reply is lost: what was answered, where the platform tells. */
  readonly reply?: NonNullable<PlanAttendee['reply']>;
  /** Why, in words of our own: `not in the manifest`, `was removed before`. */
  readonly why: readonly string[];
  readonly source?: Source;
  /** The rosters that lead there, the outermost first. */
  readonly via: readonly string[];
  /** `rosters/oncall.yaml:12 via platform-team`, or empty. */
  readonly origin: string;
}

const replyOrder: Readonly<Record<NonNullable<PlanAttendee['reply']>, number>> = {
  accepted: 0,
  tentative: 1,
  declined: 2,
  none: 3,
};

const kindOrder: Readonly<Record<RowKind, number>> = { remove: 0, replace: 1, add: 2, unbind: 3, delete: 4 };

/**
 * An event's changes in the order of reading: removals, accepted replies first, then replaced flags, additions and
 * the rest; within that the order of the plan, which is by type and id.
 */
export function rowsOf(changes: readonly Change[], flag: PlatformWrites['flag']): ChangeRow[] {
  const added = new Map<string, Addition>();
  for (const change of changes) if (change.action === 'add') added.set(identityOf(change.attendee), change);
  const paired = new Set<Change>();
  const rows: ChangeRow[] = [];
  for (const change of changes) {
    if (paired.has(change)) continue;
    const addition = change.action === 'remove' ? added.get(identityOf(change.attendee)) : undefined;
    if (
      change.action === 'remove' &&
      addition !== undefined &&
      addition.attendee.optional !== change.attendee.optional
    ) {
      paired.add(addition);
      rows.push(replacementRow(change, addition, flag));
    } else {
      rows.push(rowOf(change));
    }
  }
  // Sorting keeps the order of what is equal.
  return rows.sort((a, b) => kindOrder[a.kind] - kindOrder[b.kind] || replyRank(a) - replyRank(b));
}

/** `Zhang San (ou_x, optional)`, `meeting chat oc_1`, `the event itself`. */
export function subjectWords(subject: Subject): string {
  if (subject.what === 'event') return 'the event itself';
  if (subject.what === 'chat') return `meeting chat ${subject.id}`;
  return labelled(subject.name, subject.id, subject.marks);
}

/** Why a row is there, each with what becomes of its flag: `optional -> required: the reply is kept`. */
export function whyWords({ flag, why }: ChangeRow, arrow: string = '->'): readonly string[] {
  return flag === undefined ? why : why.map((words) => `${flag.join(` ${arrow} `)}: ${words}`);
}

/** An attendee as the subject of a line. */
export function subjectOf(
  attendee: Omit<PlanAttendee, 'optional'> & { readonly optional?: boolean },
): Extract<Subject, { what: 'attendee' }> {
  const { name, id } = attendee;
  const own = name === undefined || name === '' || name === id ? {} : { name };
  return { what: 'attendee', ...own, id, marks: marksOf(attendee) };
}

function replyRank({ reply }: ChangeRow): number {
  return replyOrder[reply ?? 'none'];
}

function rowOf(change: Change): ChangeRow {
  switch (change.action) {
    case 'remove':
      return {
        kind: 'remove',
        sign: '-',
        subject: subjectOf(change.attendee),
        ...told(change.attendee),
        ...base(change),
      };
    case 'add':
      return { kind: 'add', sign: '+', subject: subjectOf(change.attendee), ...base(change) };
    case 'unbind-chat':
      return { kind: 'unbind', sign: '-', subject: { what: 'chat', id: change.chatId }, ...base(change) };
    case 'delete-event':
      return { kind: 'delete', sign: '-', subject: { what: 'event' }, ...base(change) };
  }
}

function replacementRow(removal: Removal, addition: Addition, by: PlatformWrites['flag']): ChangeRow {
  const { optional: _, ...attendee } = addition.attendee;
  const flag = (optional: boolean): string => (optional ? 'optional' : 'required');
  return {
    ...base(addition),
    kind: 'replace',
    sign: '~',
    flag: [flag(removal.attendee.optional), flag(addition.attendee.optional)],
    subject: subjectOf({ ...attendee, ...(attendee.name === undefined ? nameOf(removal.attendee) : {}) }),
    // Where the flag is set no reply is lost with it.
    ...(by === 'set' ? { inPlace: true } : told(removal.attendee)),
    why: [by === 'set' ? 'the reply is kept' : 'removed and invited again, the reply is lost'],
  };
}

function nameOf({ name }: PlanAttendee): { readonly name?: string } {
  return given({ name });
}

function told({ reply }: PlanAttendee): { readonly reply?: NonNullable<PlanAttendee['reply']> } {
  return given({ reply });
}

function base(change: Change): Pick<ChangeRow, 'why' | 'source' | 'via' | 'origin'> {
  const { source, via = [] } = change;
  const again = change.action === 'add' && change.wasRemoved === true ? 'was removed before' : '';
  const doubt = change.certain ? '' : 'cannot be read and may be done already';
  return {
    why: [reasonWords[change.reason], again, doubt].filter((words) => words !== ''),
    ...given({ source }),
    via,
    origin: origin(change),
  };
}
