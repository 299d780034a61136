import type { GivenReply } from './attendee.ts';
import type { Problem, Source } from './diagnostic.ts';
import type { EventRef } from './event.ts';
import type { Action, PlanAccount, PlanAttendee, Violation } from './plan.ts';
import type { AttendeeType } from './platform.ts';
import type { Part, told } from './say.ts';
import type { ProviderId } from '../platforms/index.ts';

/** A platform's answer to a write that did not go through, as results and journals show it. */
export interface ChangeError {
  /** The platform's own code, or the transport's (`timeout`, `reset`). */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly logId?: string;
}

/**
 * `already`: it needed no call; `unknown`: the answer was lost and reading did not show the outcome; `not-attempted`: no call
 * was made for it.
 */
export type ChangeOutcome = 'done' | 'already' | 'failed' | 'unknown' | 'not-attempted';

export interface ChangeResult {
  readonly action: Action;
  readonly attendee?: PlanAttendee;
  readonly chatId?: string;
  readonly outcome: ChangeOutcome;
  readonly error?: ChangeError;
}

/**
 * `converged`: every change is in effect and was seen. `applied`: written and, as asked, not read again. `unchanged`:
 * there was nothing to do. `partial`: some changes failed, others went through. `unknown`: it could not be read.
 */
export type EventOutcome =
  | 'converged'
  | 'applied'
  | 'unchanged'
  | 'partial'
  | 'failed'
  | 'refused'
  | 'unknown'
  | 'not-converged'
  | 'not-attempted'
  | 'interrupted';

/** Somebody who came after the plan was made: reported and left alone. */
export interface Newcomer {
  readonly type: AttendeeType;
  readonly id: string;
  readonly name?: string;
}

/** How an event ended, beside what became of its changes. */
interface EventEnd {
  readonly name: string;
  readonly outcome: EventOutcome;
  readonly newcomers: readonly Newcomer[];
  readonly notes: readonly string[];
  /** What the notes are made of; absent where they come out of a file. */
  readonly [told]?: readonly (readonly Part[])[];
  readonly violations: readonly Violation[];
  readonly problem?: Problem;
}

export interface EventResult extends EventEnd {
  readonly changes: readonly ChangeResult[];
}

export interface ResultSummary {
  readonly events: number;
  readonly converged: number;
  readonly applied: number;
  readonly unchanged: number;
  readonly partial: number;
  readonly failed: number;
  readonly refused: number;
  readonly unknown: number;
  readonly notConverged: number;
  readonly notAttempted: number;
  readonly interrupted: number;
  readonly added: number;
  readonly removed: number;
  readonly failedChanges: number;
  readonly eventsDeleted: number;
  readonly chatsUnbound: number;
}

/** The shape of `apply --format json`. */
export interface Result {
  readonly formatVersion: '1';
  readonly runId: string;
  /** Absent in a redacted result. */
  readonly planDigest?: string;
  /** The journal's path, or null where the run wrote nothing. */
  readonly journal: string | null;
  readonly exitCode: number;
  readonly requests: { readonly used: number };
  readonly summary: ResultSummary;
  readonly events: readonly EventResult[];
  readonly redacted?: true;
}

/** Whose work a run is, as far as the CI's variables say. */
export interface Origin {
  readonly commit?: string;
  readonly repository?: string;
  /** Where the job is seen: a URL, or its name where it has none. */
  readonly job?: string;
  readonly actor?: string;
}

/** One row of a batch. */
export interface BatchAttendee {
  readonly type: AttendeeType;
  readonly id: string;
  readonly attendeeId?: string;
  readonly name?: string;
  readonly optional: boolean;
  /** Who answers for a room. */
  readonly operateId?: string;
  /** From another tenant: once removed it cannot be added back. */
  readonly external?: true;
  /** Of a reply that is put back: which. */
  readonly reply?: GivenReply;
  /** Where a manifest wants them, or says that they are not wanted any more, if that is not where it has the event. */
  readonly source?: Source;
}

/** What a batch does: changes of the plan, or giving people back the replies that a write cost them. */
export type BatchAction = Action | 'reply';

/** The event that a batch was sent for, whole, so that a journal can be undone without the plan. */
export interface BatchEvent extends Omit<EventRef, 'roomContact' | 'internalDomains'> {
  readonly name: string;
}

/**
 * What apply tells while it works. `batch-started` comes before the call and `batch-done` after it; the next step is
 * taken when the consumer asks for more, so a consumer that writes each line to disk first is ahead of every effect.
 */
export type ApplyEvent =
  | {
      readonly kind: 'run-started';
      readonly runId: string;
      readonly tool: { readonly name: string; readonly version: string };
      readonly accounts: Readonly<Partial<Record<ProviderId, PlanAccount>>>;
      readonly planDigest: string;
      readonly asOf: string;
      readonly events: readonly string[];
      readonly origin?: Origin;
    }
  | {
      readonly kind: 'batch-started';
      readonly event: BatchEvent;
      readonly action: BatchAction;
      /** Counts the run's batches from 1. */
      readonly batch: number;
      readonly notify: boolean;
      readonly attendees: readonly BatchAttendee[];
      readonly chatId?: string;
      /** Where a manifest has the event. */
      readonly source?: Source;
    }
  | {
      readonly kind: 'batch-done';
      readonly name: string;
      readonly batch: number;
      readonly outcome: 'done' | 'failed' | 'unknown';
      readonly error?: ChangeError;
      /** Of additions that the answer does not list: who it lists, as plans save it. */
      readonly listed?: string;
    }
  | (EventEnd & {
      readonly kind: 'event-done';
      /** The changes whose end is another than their last batch tells: settled by reading, or never sent. */
      readonly settled: readonly ChangeResult[];
    })
  | {
      readonly kind: 'run-done';
      readonly exitCode: number;
      readonly requests: number;
    };
