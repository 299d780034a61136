import type { Observed } from '../../src/model/event.ts';
import { type Identity, identityOf } from '../../src/model/attendee.ts';
import type { ProblemCode } from '../../src/model/diagnostic.ts';
import type { Action } from '../../src/model/plan.ts';
import type { AddedAttendee, RemovedRow } from '../../src/model/edit.ts';
import { PlatformError, type PlatformErrorKind } from '../../src/providers/provider.ts';

/** A call as it comes in. `identities`: who a batch names. */
export interface ModelCall {
  readonly kind: Action | 'whole' | 'list' | 'look' | 'chats';
  readonly eventId: string;
  readonly identities: readonly Identity[];
  /** The rows that a removal names, as {@link targetOf} has them; the identities that an addition names. */
  readonly targets: readonly string[];
  /** Rows or attendees of a batch. */
  readonly size: number;
  readonly rooms: number;
  readonly key: string;
  readonly notify: boolean;
  readonly at: number;
}

/** What goes wrong with a call: a write that is answered with an error, or a listing that cannot be read. */
export type Fault =
  | {
      readonly error: PlatformErrorKind;
      readonly effect?: 'none' | 'half' | 'all';
      /** How long after the answer the effect comes, in milliseconds. */
      readonly lateMs?: number;
    }
  | { readonly unreadable: ProblemCode }
  /** Answered with success, and no more than that done. */
  | { readonly drops: 'all' | 'half' };

/** What a call changed. */
export interface Effect {
  readonly action: Action;
  readonly eventId: string;
  readonly identity: Identity | null;
  /** The row that was removed, the identity that was added; null where it is the event or its chat. */
  readonly target: string | null;
  readonly at: number;
}

/** Who a batch names. */
export function named(
  batch: readonly AddedAttendee[] | readonly RemovedRow[],
): Pick<ModelCall, 'identities' | 'targets' | 'size' | 'rooms'> {
  return {
    identities: batch.map((one) => identityOf(one)),
    targets: batch.map(targetOf),
    size: batch.length,
    rooms: batch.filter(({ type }) => type === 'room').length,
  };
}

/** What a batch names somebody by: a removal by the row where rows have ids. */
export function targetOf(one: AddedAttendee | RemovedRow): string {
  return 'attendeeId' in one && one.attendeeId !== undefined ? one.attendeeId : identityOf(one);
}

/** The error that a script asks for. */
export function scripted(kind: PlatformErrorKind): PlatformError {
  return new PlatformError(kind, `scripted-${kind}`, `scripted ${kind}`, { logId: 'log-1' });
}

/** A listing that cannot be read. */
export function unreadable(code: ProblemCode): Observed {
  return { complete: false, problem: { code, message: `scripted ${code}` } };
}
