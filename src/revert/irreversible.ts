import type { Diagnostic, Source } from '../model/diagnostic.ts';
import type { Change } from '../model/plan.ts';
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
  const warn = (message: string, hint: string, source: Source = effects.source): void => {
    warnings.push({
      severity: 'warning',
      code: 'irreversible',
      message: `${effects.name}: ${message}`,
      hint,
      source,
    });
  };
  if (lost.deleted !== null) {
    warn(
      'the event was deleted and cannot be brought back',
      'Create it again, and put its new id in the manifest.',
      lost.deleted.source,
    );
  }
  if (lost.unbound !== null) {
    const { chatId, source } = lost.unbound;
    warn(
      `the meeting chat ${chatId} was unbound and cannot be bound again`,
      'Create a new meeting chat in the calendar.',
      source,
    );
  }
  if (lost.external.length > 0) {
    warn(
      `${namesOf(lost.external)} from another tenant cannot be added back`,
      'Invite them by hand, in the calendar.',
      lost.external[0]?.removed?.source,
    );
  }
  const back = changes.flatMap((change) => (change.action === 'add' ? [change.attendee] : []));
  const rooms = back.filter(({ type }) => type === 'room');
  if (rooms.length > 0) {
    warn(
      `${namesOf(rooms)} is booked again, which fails if a booking needs a form or an approval`,
      'Book such a room by hand, in the calendar.',
    );
  }
  const people = back.length - rooms.length;
  if (people > 0)
    warn(
      `the replies of the ${people} who come back are lost`,
      'They are invited again and have to reply again.',
    );
  if (changes.length > 0 || lost.deleted !== null || lost.external.length > 0) {
    const told = toldBy(effects);
    if (told !== null) warn(told, 'A notification that was sent cannot be taken back.');
  }
  return warnings;
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
): string[] {
  const lines: readonly (readonly [string, readonly AttendeeEffect[]])[] = [
    ['Back already', since.again],
    ['Added by the run and gone since', since.gone],
    ['Added by the run and changed since', since.changed],
  ];
  return lines
    .filter(([, effects]) => effects.length > 0)
    .map(([what, effects]) => `${what}, left as it is: ${namesOf(effects)}.`);
}

const shown = 10;

function namesOf(attendees: readonly { readonly id: string; readonly name?: string }[]): string {
  const names = attendees
    .slice(0, shown)
    .map(({ id, name }) => (name === undefined || name === id ? id : `${name} (${id})`));
  const more = attendees.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
