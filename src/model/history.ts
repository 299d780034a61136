import type { ProviderId } from '../platforms/index.ts';
import type { Source } from './diagnostic.ts';
import type { PlanAttendee } from './plan.ts';
import type { BatchAction, ChangeOutcome, Origin } from './result.ts';

/** What a run did to one person on one event, or to the event itself: how it ended at last. */
export interface PastChange {
  /** ISO 8601: when the call was about to be made. */
  readonly at: string;
  readonly run: string;
  readonly kind: string;
  /** Whose run it was, of several organisations that were worked on together. */
  readonly tenant: string | null;
  readonly origin: Origin;
  readonly event: {
    readonly name: string;
    readonly provider: ProviderId;
    readonly calendarId: string;
    readonly eventId: string;
  };
  readonly action: BatchAction;
  /** Null: the event itself, or its chat. */
  readonly attendee: Pick<PlanAttendee, 'type' | 'id' | 'name'> | null;
  readonly outcome: ChangeOutcome;
  /** The manifest's line, of the run's commit; null where the journal of an earlier version does not say. */
  readonly source: Source | null;
}

/** What was asked for of the past, the latest first. */
export interface History {
  readonly changes: readonly PastChange[];
  /** False: there is more before. */
  readonly complete: boolean;
}
