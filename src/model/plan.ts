import { type Identity, type Named, type Reply, identityOf } from './attendee.ts';
import type { Diagnostic, Problem, Source } from './diagnostic.ts';
import type { EventRef, Guards, Remembered, Sync, Unmanaged } from './event.ts';
import type { Exceptions, OfSeries, PlanOccurrence } from './occurrence.ts';
import { compareAttendees } from './order.ts';
import type { PlanSource } from './organisation.ts';
import type { AttendeeType } from './platform.ts';
import { type Part, type Said, told } from './say.ts';
import type { ProviderId } from '../platforms/index.ts';

/** The plan is its own public format: this is the shape of `plan --format json` and of a saved plan. */

/** An attendee as a plan shows it. */
export interface PlanAttendee {
  readonly type: AttendeeType;
  readonly id: string;
  /** The row's id in the listing that the plan was made from; apply sends the one of its own reading. */
  readonly attendeeId?: string;
  readonly name?: string;
  readonly optional: boolean;
  /** Of a removal: what the attendee answered, where the platform tells. It is lost with the removal. */
  readonly reply?: Exclude<Reply, 'removed'>;
}

export type RemoveReason =
  'not-in-manifest' | 'expired' | 'excluded' | 'left' | 'optional-drift' | 'reverted';
export type AddReason = 'in-manifest' | 'optional-drift' | 'reverted';

interface ChangeBase {
  /** False where the platform cannot be asked whether it is already done. */
  readonly certain: boolean;
  readonly source?: Source;
  readonly via?: readonly string[];
}

/** One step, with its reason. */
export type Change =
  | (ChangeBase & {
      readonly action: 'remove';
      readonly attendee: PlanAttendee;
      readonly reason: RemoveReason;
    })
  | (ChangeBase & {
      readonly action: 'add';
      readonly attendee: PlanAttendee;
      readonly reason: AddReason;
      /** The platform still lists it as somebody who was removed. */
      readonly wasRemoved?: true;
      /** Who answers for this room, where it is another than the event's `roomContact`. */
      readonly operateId?: string;
    })
  | (ChangeBase & { readonly action: 'unbind-chat'; readonly chatId: string; readonly reason: 'chat-absent' })
  | (ChangeBase & { readonly action: 'delete-event'; readonly reason: 'state-absent' });

export type Action = Change['action'];

/** A live attendee that is not wanted and is left alone. The first reason that fits. */
export interface Kept {
  readonly attendee: PlanAttendee;
  readonly reason: 'organizer' | 'ignored' | 'external' | 'add-only';
}

/** A wanted attendee, and where a manifest wants it. */
interface WantedPart {
  readonly attendee: PlanAttendee;
  readonly source?: Source;
  readonly via?: readonly string[];
}

/** A wanted attendee that is absent and is not added. */
export interface Missing extends WantedPart {
  readonly reason: 'remove-only';
}

/** A wanted attendee whose optional flag differs; `attendee.optional` is the wanted flag. */
export interface Drift extends WantedPart {
  readonly reason: 'optional-drift';
}

/** A wanted attendee who has left the organisation: neither added nor, where the manifest keeps leavers, removed. */
export interface Skipped extends WantedPart {
  readonly reason: 'left';
}

export type ViolationCode =
  | 'empty'
  | 'max-removals'
  | 'max-additions'
  | 'max-notified'
  | 'delete-event'
  | 'past-event'
  | 'run-removals';

/** A guard that tripped. */
export interface Violation {
  readonly code: ViolationCode;
  readonly message: string;
  /** What the message is made of; absent where it comes out of a file. */
  readonly [told]?: readonly Part[];
}

/** A guard that tripped, in words whose parts are known. */
export function violationOf<C extends ViolationCode>(
  code: C,
  { text, parts }: Said,
): Violation & { readonly code: C } {
  return { code, message: text, [told]: parts };
}

/** The limits of one event, as the guard uses them: manifest and command line combined. */
export interface Limits extends Omit<Guards, 'allow'> {
  /** Removals that were allowed by hand or in git, or `event` where its deletion was. */
  readonly allowed: number | 'event' | null;
}

/** What was live. */
export interface ObservedSummary {
  /** Identities, the organizer and all others included. */
  readonly count: number;
  /** Identities without the organizer, the ignored and the external that are kept. */
  readonly managed: number;
  /** `sha256:` over the sorted lines `type:id:optional`. */
  readonly fingerprint?: string;
  /** Base64 of the sorted first 8 bytes of SHA-256 over each `type:id`. */
  readonly members?: string;
}

/** `changed` has something to do; `refused` tripped a guard; `unknown` could not be read. */
export type EventStatus = 'in-sync' | 'changed' | 'refused' | 'unknown';

export interface EventPlan extends EventRef {
  readonly name: string;
  readonly source: Source;
  /** Counts those who have written the event, by a shared store: another one since means that another run has. */
  readonly epoch?: number;
  /** What the look answered. */
  readonly event?: { readonly summary?: string; readonly start?: string; readonly recurring: boolean };
  readonly sync: Sync;
  /** What the manifest says of attendees from another tenant. Absent in plans of 0.1.0. */
  readonly external?: 'keep' | 'remove';
  /** What the manifest says of changed occurrences. Absent: they are left alone. */
  readonly exceptions?: Exclude<Exceptions, 'leave'>;
  /** The series whose manifest this event follows, as a changed occurrence of it. */
  readonly series?: OfSeries;
  readonly notify: boolean;
  /** People who are told. */
  readonly notified: number;
  readonly order: 'adds-first' | 'removes-first';
  readonly limits: Limits;
  readonly status: EventStatus;
  /** Absent where nothing was listed. */
  readonly observed?: ObservedSummary;
  /** Absent where nobody is managed, or it is not known who is wanted. `digest`: of whom, where rosters were expanded. */
  readonly desired?: { readonly count: number; readonly digest?: string };
  readonly changes: readonly Change[];
  readonly kept: readonly Kept[];
  readonly missing: readonly Missing[];
  readonly drift: readonly Drift[];
  /** The changed occurrences of a series by their original start, where they were read. */
  readonly occurrences?: readonly PlanOccurrence[];
  /** Absent in plans of 0.1.0. */
  readonly skipped?: readonly Skipped[];
  readonly violations: readonly Violation[];
  readonly notes: readonly string[];
  /** What the notes are made of; absent where they come out of a file. */
  readonly [told]?: readonly (readonly Part[])[];
  /** Whom notes and warnings name, beside those in the lists: redaction goes by it. */
  readonly named?: readonly Named[];
  /** What earlier runs found of addresses, as far as this goes by it. */
  readonly remembered?: readonly Remembered[];
  readonly problem?: Problem;
}

/** Replies that the removals discard for good. */
export interface RepliesLost {
  readonly accepted: number;
  readonly tentative: number;
  readonly declined: number;
}

/** What the plan found and will not do: changes of refused events, and events that could not be read. */
export interface LeftOut {
  readonly add: number;
  readonly remove: number;
  readonly events: number;
}

/**
 * The first five count events by status; the others count what will be done, which is nothing of a refused event and
 * nothing at all where the guard of the run tripped.
 */
export interface PlanSummary {
  readonly events: number;
  readonly inSync: number;
  readonly changed: number;
  readonly refused: number;
  readonly unknown: number;
  readonly add: number;
  readonly remove: number;
  readonly deleteEvents: number;
  readonly unbindChats: number;
  readonly notified: number;
  /** Absent in plans of 0.1.0. */
  readonly repliesLost?: RepliesLost;
  /** Absent in plans of 0.1.0, which are shown and not applied. */
  readonly leftOut?: LeftOut;
}

/** Which events were chosen, as given on the command line. */
export interface Selection {
  readonly target: readonly string[];
  readonly exclude: readonly string[];
  readonly selector: readonly string[];
}

/** Whose credentials made the plan. `appId` is null where only an access token was given. */
export interface PlanAccount {
  readonly host: string;
  readonly appId: string | null;
}

export interface Plan {
  readonly formatVersion: '1';
  readonly tool: { readonly name: string; readonly version: string };
  readonly createdAt: string;
  readonly asOf: string;
  /** Absent in a redacted plan. */
  readonly manifestDigest?: string;
  /** The lines of the lock that it rests on; absent where there are none, and in a redacted plan. */
  readonly locked?: { readonly digest: string };
  /** Absent in a redacted plan. */
  readonly digest?: string;
  readonly accounts: Readonly<Partial<Record<ProviderId, PlanAccount>>>;
  readonly selection: Selection;
  readonly maxRemovals: number;
  /** Every event could be read. */
  readonly complete: boolean;
  /** Nothing unknown, no guard tripped. */
  readonly applyable: boolean;
  readonly summary: PlanSummary;
  /** Calls that planning used, and that applying will need. */
  readonly requests: { readonly used: number; readonly needed: number };
  readonly events: readonly EventPlan[];
  /** What rosters were expanded from; absent where none was. Sorted by platform, kind and id. */
  readonly sources?: readonly PlanSource[];
  /** Under `--changed-from`, also where there is none: what the current manifests no longer name. Sorted by name. */
  readonly unmanaged?: readonly Unmanaged[];
  readonly violations: readonly Violation[];
  readonly diagnostics: readonly Diagnostic[];
  readonly redacted?: true;
}

const actionOrder: Readonly<Record<Action, number>> = {
  remove: 0,
  add: 1,
  'unbind-chat': 2,
  'delete-event': 3,
};

interface Ordered {
  readonly action: Action;
  readonly attendee?: { readonly type: string; readonly id: string };
}

/** Remove, add, unbind-chat, delete-event, then by type, then by id. */
export function compareChanges(a: Ordered, b: Ordered): number {
  const byAction = actionOrder[a.action] - actionOrder[b.action];
  if (byAction !== 0 || a.attendee === undefined || b.attendee === undefined) return byAction;
  return compareAttendees(a.attendee, b.attendee);
}

/**
 * The identities that are removed and added by the same changes: their optional flag is replaced. They are removed and
 * added at once after, and such a change is done only when the live flag is the wanted one.
 */
export function replacedBy(changes: readonly Change[]): ReadonlySet<Identity> {
  const removed = new Set<Identity>();
  for (const change of changes) if (change.action === 'remove') removed.add(identityOf(change.attendee));
  const replaced = new Set<Identity>();
  for (const change of changes) {
    if (change.action === 'add' && removed.has(identityOf(change.attendee))) {
      replaced.add(identityOf(change.attendee));
    }
  }
  return replaced;
}

/** Whether a change is one half of a replacement, by what {@link replacedBy} answers. */
export function isReplacement(change: Change, replaced: ReadonlySet<Identity>): boolean {
  return 'attendee' in change && replaced.has(identityOf(change.attendee));
}

/** The key of a change within its event: an event changes one identity at most once a direction. */
export function changeKey(change: Ordered & { readonly chatId?: string }): string {
  const { attendee } = change;
  if (attendee !== undefined) return `${change.action} ${attendee.type}:${attendee.id}`;
  return change.action;
}
