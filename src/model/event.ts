import type { Attendee, DesiredAttendee, GivenReply, Identity, ObservedAttendee } from './attendee.ts';
import type { Problem, Source } from './diagnostic.ts';
import { given } from './given.ts';
import type { Exceptions, OfSeries } from './occurrence.ts';
import type { LockLine, Need } from './lock.ts';
import type { Membership, RosterSource } from './organisation.ts';
import type { AttendeeType, UserIdType } from './platform.ts';
import type { ProviderId } from '../platforms/index.ts';

/** Meeting-room admin mode (Feishu, Lark): the occurrence's start in Unix seconds, where the event repeats. */
export interface Admin {
  readonly instanceStartTime?: string;
}

/** Which event a call is about, and as whom it is asked. */
export interface EventRef {
  readonly provider: ProviderId;
  readonly calendarId: string;
  readonly eventId: string;
  /** DingTalk: the organizer's unionId, which stands in the path. */
  readonly organizer?: string;
  /** Absent where the platform has one kind of user id. */
  readonly userIdType?: UserIdType;
  readonly admin?: Admin;
  /** The contact that added rooms name (`operate_id`). */
  readonly roomContact?: string;
  /** Who is not external: the domains of the organisation, where its platform does not tell. */
  readonly internalDomains?: readonly string[];
}

/** The reference alone, of what holds one: a plan, a line of a journal. */
export function refOf(event: EventRef): EventRef {
  const { provider, calendarId, eventId, organizer, userIdType, admin, roomContact, internalDomains } = event;
  const others = given({ organizer, userIdType, admin, roomContact, internalDomains });
  return { provider, calendarId, eventId, ...others };
}

/** What a look at one event answers. Times are ISO 8601 instants, or `YYYY-MM-DD` for all-day events. */
export type EventFacts =
  | {
      readonly state: 'present';
      readonly summary?: string;
      readonly start?: string;
      readonly end?: string;
      readonly recurring: boolean;
      /** Of an occurrence: whether it was changed. Absent where the platform does not tell. */
      readonly exception?: boolean;
      /** The organizer's user id, where the platform names a person. */
      readonly organizer?: string;
      /** The calendar that organizes the event (Feishu, Lark). */
      readonly organizerCalendar?: string;
      /** Where the platform takes writes under the version that was read. */
      readonly basis?: Basis;
    }
  | { readonly state: 'deleted' }
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly problem: Problem };

/** Whether a meeting chat is bound to an event. */
export type ChatBinding =
  | { readonly state: 'bound'; readonly chatId: string }
  | { readonly state: 'unbound' }
  | { readonly state: 'unknown' };

/** A live attendee that is neither removed nor counted: everything of a type, or one identity. */
export type IgnoreRule = { readonly type: AttendeeType } | Attendee;

/** `N` identities, or `N%` of the managed ones, exactly as the manifest has it (`33.3%`). */
export type RemovalLimit = number | `${number}%`;

/** How far a plan may go, from the manifest alone. */
export interface Guards {
  /** `null`: the default, more than half and more than 5, or all of 3 or more. */
  readonly maxRemovals: RemovalLimit | null;
  readonly allowEmpty: boolean;
  readonly allowDelete: boolean;
  readonly allowPast: boolean;
  readonly maxAdditions: number | null;
  readonly maxNotified: number;
  /** A standing permission: so many removals until that day, the day included. */
  readonly allow: { readonly removals: number; readonly until: string } | null;
}

/** What holds where a manifest sets nothing. */
export const defaultGuards: Guards = {
  maxRemovals: null,
  allowEmpty: false,
  allowDelete: false,
  allowPast: false,
  maxAdditions: null,
  maxNotified: 200,
  allow: null,
};

/** Which half of the difference is applied. */
export type Sync = 'exact' | 'remove-only' | 'add-only';

/** A live attendee's past: what the manifests say of someone they no longer want. */
export interface Unwanted {
  readonly reason: 'excluded' | 'expired';
  readonly source: Source;
  readonly via: readonly string[];
}

/** An address that is another one's; or that was added before and not listed, and is not sent again. */
export interface Remembered {
  readonly address: string;
  readonly other?: string;
}

/** What an earlier run found: both are addresses of one person. `day`: its day, in UTC. */
export interface RememberedAlias {
  readonly address: Identity;
  /** The one that was listed; absent where it was added and not listed, and nobody knows why. */
  readonly other?: Identity;
  readonly run: string;
  readonly day: string;
  /** Where it found several at once, and not which is whose: the addresses that it wrote, and those that were listed. */
  readonly group?: { readonly written: readonly Identity[]; readonly listed: readonly Identity[] };
  /** Without `other`: who was listed, as plans save it. */
  readonly listed?: string;
}

/** What the manifests want of one event on the given day, references resolved. */
export interface DesiredEvent {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly source: Source;
  readonly ref: EventRef;
  readonly state: 'present' | 'absent';
  readonly sync: Sync;
  readonly notify: boolean;
  /** `null`: the attendees are not managed and not listed. */
  readonly attendees: readonly DesiredAttendee[] | null;
  /** By identity: why somebody that the manifests name is not wanted. */
  readonly unwanted: ReadonlyMap<string, Unwanted>;
  readonly ignore: readonly IgnoreRule[];
  readonly external: 'keep' | 'remove';
  readonly optionalDrift: 'ignore' | 'replace';
  /** What becomes of changed occurrences, where this is a series. */
  readonly exceptions: Exceptions;
  /** The series, where this is one of its changed occurrences and follows it. */
  readonly series?: OfSeries;
  /** What becomes of wanted attendees who have left the organisation. */
  readonly leavers: 'keep' | 'remove';
  readonly guards: Guards;
  /** The meeting chat that is to be unbound, or `null`. */
  readonly unbindChat: { readonly chatId: string; readonly source: Source } | null;
  /** Names from Directories by identity, for attendees that the platform gives no name. */
  readonly names: ReadonlyMap<string, string>;
  /** Addresses that any manifest, or the organisation, calls a group, by identity: listings tell them from nobody's. */
  readonly groups?: ReadonlySet<string>;
  /** Addresses of the organisation's people, each with what all addresses of one person have; absent: none are known. */
  readonly aliases?: ReadonlyMap<Identity, Identity>;
  /** What earlier runs found of addresses on this event, the newest first. What `aliases` has of an address comes before it. */
  readonly remembered?: readonly RememberedAlias[];
  /** The lines of the lock that this rests on, sorted; absent: none. */
  readonly locked?: readonly LockLine[];
  /**
   * The ids that the lock lacks; absent: none. Their people are not among the attendees, so that an event with any
   * must not be planned.
   */
  readonly unresolved?: readonly Need[];
  /** What rosters that it uses are expanded from; absent: nothing. */
  readonly sources?: readonly RosterSource[];
  /** What its entries and those rosters say before they are expanded: another text where they say something else. */
  readonly shape?: string;
  /** Why it is not known whom it wants; nothing is planned for it then. Of an event with sources: until they are read. */
  readonly unknown?: Problem;
}

/** What all manifests want on a day: the input of planning. */
export interface Desired {
  /** `YYYY-MM-DD`, the day that `until` was judged by. */
  readonly asOf: string;
  /** By name, in code point order. */
  readonly events: readonly DesiredEvent[];
  /**
   * Expands events by what was read of their sources, under the key of each; pure. What is not there yet may be added
   * until an event that needs it is expanded. Absent where no event has a source.
   */
  readonly expand?: (memberships: ReadonlyMap<string, Membership>) => (event: DesiredEvent) => DesiredEvent;
}

/** An event that the manifests of the base name and the current ones do not: it is left as it is. */
export interface Unmanaged extends Pick<EventRef, 'provider' | 'calendarId' | 'eventId'> {
  readonly name: string;
  /** Where the base's manifests have it. */
  readonly source: Source;
  /** Live attendees; null without credentials or after a failed read. */
  readonly observed: { readonly count: number } | null;
  /** The Event that names the same platform event now, or null. */
  readonly renamedTo: string | null;
}

declare const basisBrand: unique symbol;

/**
 * What a write of the whole list stands on: the version and the rows as they were read. Opaque to all but the provider
 * that made it; it is in no plan and in no journal, since every reply moves the version.
 */
export type Basis = { readonly [basisBrand]: unknown };

/**
 * An event's complete list, or the reason why there is none. A page that failed is never an empty page, and a list that
 * is not complete is not a basis for a write.
 */
export type Observed =
  | {
      readonly complete: true;
      readonly attendees: readonly ObservedAttendee[];
      /** Where one answer has both. */
      readonly facts?: EventFacts;
      /** Where the platform replaces lists. */
      readonly basis?: Basis;
      /** Of an answer to a write: who is still there, and has no longer the reply that the write found, as they were. */
      readonly lost?: readonly (ObservedAttendee & { readonly reply: GivenReply })[];
      /** Of an answer to a write: whom it added and does not list, where all else is just as it was sent. */
      readonly unlisted?: ReadonlySet<Identity>;
    }
  | { readonly complete: false; readonly problem: Problem };
