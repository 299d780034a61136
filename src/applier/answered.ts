import { membersOf } from '../diff/digest.ts';
import { identityOf, type Identity } from '../model/attendee.ts';
import type { Observed } from '../model/event.ts';
import { type Change, isReplacement, replacedBy } from '../model/plan.ts';
import type { ChangeError } from '../model/result.ts';
import { nameAndId, shortList } from '../model/say.ts';

/** Changes of one write that came to nothing, and why. */
export interface Undone {
  readonly changes: readonly Change[];
  readonly error: ChangeError;
  /** Of additions that are not listed: who is, as plans save it. */
  readonly listed?: string;
}

const hint = 'Use the listed address in the manifest, and plan again.';

type Complete = Observed & { readonly complete: true };

/**
 * Whom a write was to remove and who is still listed, where somebody whom it added is not: a platform that finds the
 * same person behind both addresses does neither. Or whom it added and does not list, though it did all else. Null: there
 * is nobody of the kind.
 */
export function undoneIn(changes: readonly Change[], answer: Observed | null): Undone | null {
  if (answer?.complete !== true) return null;
  return swappedIn(changes, answer) ?? unlistedIn(changes, answer);
}

function swappedIn(changes: readonly Change[], answer: Complete): Undone | null {
  const there = new Set<Identity>(answer.attendees.map(identityOf));
  const replaced = replacedBy(changes);
  const missed = (action: 'remove' | 'add', listed: boolean): (Change & { action: 'remove' | 'add' })[] =>
    changes.flatMap((change) => {
      const isMeant = change.action === action && !isReplacement(change, replaced);
      return isMeant && there.has(identityOf(change.attendee)) === listed ? [change] : [];
    });
  const [stayed, lacking] = [missed('remove', true), missed('add', false)];
  if (stayed.length === 0 || lacking.length === 0) return null;
  const ids = (list: typeof stayed): string =>
    shortList(list.map(({ attendee }) => nameAndId({ type: attendee.type, id: attendee.id }))).text;
  const one = stayed.length === 1 && lacking.length === 1;
  const message = one
    ? `${ids(lacking)} is another address of ${ids(stayed)}, who is neither removed nor added`
    : `${ids(lacking)} are other addresses of people on the event, so none of these is removed: ${ids(stayed)}`;
  return { changes: [...stayed, ...lacking], error: { code: 'alias', message, hint } };
}

function unlistedIn(changes: readonly Change[], { attendees, unlisted }: Complete): Undone | null {
  const lacking = changes.flatMap((change) =>
    change.action === 'add' && unlisted?.has(identityOf(change.attendee)) === true ? [change] : [],
  );
  if (lacking.length === 0) return null;
  const ids = shortList(lacking.map(({ attendee }) => nameAndId({ type: attendee.type, id: attendee.id })));
  const message = `added but not listed: ${ids.text}. It may be another address of someone already invited, or the platform dropped it`;
  const listed = membersOf(attendees.map(identityOf));
  return { changes: lacking, error: { code: 'alias', message, hint }, listed };
}
