import type { ProviderId } from '../platforms/index.ts';
import type { Action, PlanAttendee } from './plan.ts';
import type { ChangeOutcome } from './result.ts';

/** Who made a run, as far as its surroundings said: commit, repository, job and actor. */
export type RunOrigin = Readonly<Partial<Record<'commit' | 'repository' | 'job' | 'actor', string>>>;

/** What a run did to one person on one event, or to the event itself: how it ended at last. */
export interface PastChange {
  /** ISO 8601: when the call was about to be made. */
  readonly at: string;
  readonly run: string;
  readonly kind: string;
  readonly origin: RunOrigin;
  readonly event: {
    readonly name: string;
    readonly provider: ProviderId;
    readonly calendarId: string;
    readonly eventId: string;
  };
  readonly action: Action;
  /** Null: the event itself, or its chat. */
  readonly attendee: Pick<PlanAttendee, 'type' | 'id' | 'name'> | null;
  readonly outcome: ChangeOutcome;
}

/** What was asked for of the past, the latest first. */
export interface History {
  readonly changes: readonly PastChange[];
  /** False: there is more before. */
  readonly complete: boolean;
}
