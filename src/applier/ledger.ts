import { given } from '../model/given.ts';
import { type Change, type EventPlan, changeKey } from '../model/plan.ts';
import type { ChangeError, ChangeOutcome, ChangeResult } from '../model/result.ts';
import type { Said } from '../model/say.ts';

interface Entry {
  readonly change: Change;
  outcome: ChangeOutcome | 'pending';
  error: ChangeError | undefined;
  /** What the last `batch-done` that named it told. */
  told: ChangeOutcome | undefined;
  /** Whether a call that named it was made. */
  sent: boolean;
}

/** How each change of one event stands while it is applied, and what its writes cost beside. */
export class Ledger {
  readonly #entries: ReadonlyMap<string, Entry>;

  constructor(plan: EventPlan) {
    this.#entries = new Map(
      plan.changes.map((change) => [
        changeKey(change),
        { change, outcome: 'pending', error: undefined, told: undefined, sent: false },
      ]),
    );
  }

  /** Replies that writes cost people who stay, in sentences. */
  readonly costs: Said[] = [];
  /** Whether some of them are lost for good. */
  lostReplies = false;

  /** Changes that are still to be made, of those given or of all. */
  pending(changes?: readonly Change[]): Change[] {
    const entries = changes?.map((change) => this.#of(change)) ?? [...this.#entries.values()];
    return entries.filter(({ outcome }) => outcome === 'pending').map(({ change }) => change);
  }

  /** Changes with one of these outcomes. */
  with(...outcomes: readonly ChangeOutcome[]): Change[] {
    return [...this.#entries.values()]
      .filter(({ outcome }) => outcomes.some((wanted) => wanted === outcome))
      .map(({ change }) => change);
  }

  /** Gives changes the outcome that is now known. */
  mark(changes: Iterable<Change>, outcome: ChangeOutcome | 'pending', error?: ChangeError): void {
    for (const change of changes) {
      const entry = this.#of(change);
      entry.outcome = outcome;
      // A change that is tried again keeps its reason, in case it was the last try.
      if (outcome !== 'pending') entry.error = error;
    }
  }

  /** Notes that a batch naming these changes ended so, as the consumer was told. */
  tell(changes: readonly Change[], outcome: ChangeOutcome): void {
    for (const change of changes) {
      const entry = this.#of(change);
      entry.told = outcome;
      entry.sent = true;
    }
  }

  /** Whether a call was made for any change. */
  get sent(): boolean {
    return [...this.#entries.values()].some((entry) => entry.sent);
  }

  /** The changes that ended otherwise than their last batch told, those never sent among them. */
  untold(): ChangeResult[] {
    return [...this.#entries.values()]
      .filter(({ outcome, told, error }) => outcome !== told || (error !== undefined && told !== 'failed'))
      .map(({ change, outcome, error, sent }) => {
        const ended = outcome !== 'pending' ? outcome : sent ? 'failed' : 'not-attempted';
        return {
          action: change.action,
          ...('attendee' in change ? { attendee: change.attendee } : {}),
          ...('chatId' in change ? { chatId: change.chatId } : {}),
          outcome: ended,
          ...given({ error }),
        };
      });
  }

  #of(change: Change): Entry {
    const entry = this.#entries.get(changeKey(change));
    if (entry === undefined) throw new RangeError(`not a change of this plan: ${changeKey(change)}`);
    return entry;
  }
}

/** Why a change that a plan has is not made, by the reading that the work goes on from. */

export const organizesNow: ChangeError = {
  code: 'organizer',
  message: 'organizes the event now, and an organizer is never removed',
  hint: 'Plan again.',
};

export const keptNow: ChangeError = {
  code: 'kept',
  message: 'is kept by the manifest, so it is not removed',
  hint: 'Plan again.',
};

export const heldBack: ChangeError = {
  code: 'alias',
  message: 'was added by an earlier run but is not listed, so it is not sent again',
  hint: 'Use the listed address in the manifest.',
};

export const notLeft: ChangeError = {
  code: 'not-left',
  message: 'no longer counts as having left the organisation, so they are not removed',
  hint: 'Plan again.',
};

export const leftSincePlan: ChangeError = {
  code: 'left',
  message: 'has left the organisation since the plan was made, so they are not added',
  hint: 'Plan again.',
};
