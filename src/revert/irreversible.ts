import { type Diagnostic, diagnosticOf, type Source } from '../model/diagnostic.ts';
import { type Change, isReplacement, type PlanAttendee, replacedBy } from '../model/plan.ts';
import { nameAndId, plain, shortList, type Said, say, who } from '../model/say.ts';
import { platforms } from '../platforms/index.ts';
import type { AttendeeEffect, EventEffects } from './effects.ts';

/** Something that is gone for good, and the line of the journal that tells of it. */
export interface Loss {
  readonly source: Source;
}

/** What a run did to an event that no plan can undo. */
export interface Lost {
  /** Users and chats of other tenants who were removed. */
  readonly external: readonly AttendeeEffect[];
  readonly deleted: Loss | null;
  readonly unbound: (Loss & { readonly chatId: string }) | null;
}

/** What cannot come back, beside or instead of the changes of the plan that undoes the rest. */
export function irreversibleWarnings(
  effects: EventEffects,
  lost: Lost,
  changes: readonly Change[],
): Diagnostic[] {
  const warnings: Diagnostic[] = [];
  const warn = (message: Said, hint: Said, source: Source = effects.source): void => {
    warnings.push(
      diagnosticOf({
        severity: 'warning',
        code: 'irreversible',
        message: say`${plain(effects.name)}: ${message}`,
        hint,
        source,
      }),
    );
  };
  if (lost.deleted !== null) {
    warn(
      say`the event was deleted and cannot be brought back`,
      say`Create it again, and put its new id in the manifest.`,
      lost.deleted.source,
    );
  }
  if (lost.unbound !== null) {
    const { chatId, source } = lost.unbound;
    warn(
      say`the meeting chat ${who('chat', chatId)} was unbound and cannot be bound again`,
      say`Create a new meeting chat in the calendar.`,
      source,
    );
  }
  if (lost.external.length > 0) {
    warn(
      say`${shortList(lost.external.map(nameAndId))} from another tenant cannot be added back`,
      say`Invite them by hand, in the calendar.`,
      lost.external[0]?.removed?.source,
    );
  }
  const back = whoComesBack(effects, changes);
  const rooms = back.filter(({ type }) => type === 'room');
  if (rooms.length > 0) {
    warn(
      say`${shortList(rooms.map(nameAndId))} is booked again, which fails if a booking needs a form or an approval`,
      say`Book such a room by hand, in the calendar.`,
    );
  }
  const people = back.length - rooms.length;
  if (people > 0)
    warn(
      say`the replies of the ${people} who come back are lost`,
      say`They are invited again and have to reply again.`,
    );
  if (changes.length > 0 || lost.deleted !== null || lost.external.length > 0) {
    const told = toldBy(effects);
    if (told !== null) warn(plain(told), say`A notification that was sent cannot be taken back.`);
  }
  return warnings;
}

/** Those who are added again. Where a flag is set in place nobody leaves for it. */
function whoComesBack({ ref }: EventEffects, changes: readonly Change[]): readonly PlanAttendee[] {
  const stay = platforms[ref.provider].writes.flag === 'set' ? replacedBy(changes) : new Set<never>();
  return changes.flatMap((change) =>
    change.action === 'add' && !isReplacement(change, stay) ? [change.attendee] : [],
  );
}

function toldBy({ ref, notify, attendees }: EventEffects): string | null {
  if (notify) return 'the people concerned were notified of what the run did';
  const { notice, title } = platforms[ref.provider];
  const removed = attendees.some((effect) => effect.removed !== null);
  return notice.remove === 'platform' && removed
    ? `${title} may have notified those who were removed: it decides`
    : null;
}

/** What somebody else did since, which the plan leaves as it is. */
export function sinceNotes(
  since: Readonly<Record<'again' | 'gone' | 'changed', readonly AttendeeEffect[]>>,
): Said[] {
  const lines: readonly (readonly [string, readonly AttendeeEffect[]])[] = [
    ['Back already', since.again],
    ['Added by the run and gone since', since.gone],
    ['Added by the run and changed since', since.changed],
  ];
  return lines
    .filter(([, effects]) => effects.length > 0)
    .map(([what, effects]) => say`${plain(what)}, left as it is: ${shortList(effects.map(nameAndId))}.`);
}
