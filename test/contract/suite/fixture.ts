import type { Fault } from '../../../src/emulator/intercept.ts';
import type { DesiredAttendee } from '../../../src/model/attendee.ts';
import type { AttendeeType } from '../../../src/model/platform.ts';
import type { ProviderId } from '../../../src/platforms/index.ts';
import type { EventRef } from '../../../src/model/event.ts';
import type { FindKind } from '../../../src/model/found.ts';
import type { Page } from './page.ts';

/** The calls that a provider makes of one event. */
export type Operation = 'list' | 'look' | 'remove' | 'add' | 'delete' | 'unbind';

/** What a platform may lack; each has a probe that finds out on the wire. */
export type Topic =
  | 'chats'
  | 'rooms'
  | 'emails'
  | 'meeting-chat'
  | 'room-admin'
  | 'user-id-types'
  | 'external'
  | 'removal-notice'
  | 'idempotency-key'
  | 'removed-rows'
  | 'handed-over'
  | 'pages'
  | 'page-token-expiry'
  | 'batches'
  | 'removing-call'
  | 'read-back'
  | 'log-ids'
  | 'leavers'
  | 'contact-range'
  | 'look-ups-together'
  | 'series-together';

/** Something that the other platforms do and this one does not. A probe fails where that is no longer so. */
export interface Deviation {
  readonly topic: Topic;
  readonly reason: string;
}

/** Somebody on an event of the tenant file: a user unless `type` says otherwise. */
export interface Seat {
  readonly id: string;
  readonly type?: AttendeeType;
  readonly optional?: boolean;
  readonly external?: boolean;
  /** Removed before, and still listed as such where the platform does that. */
  readonly removed?: boolean;
}

/** An event of the tenant file. Its organizer is on it unless `bare`. */
export interface Scene {
  readonly id: string;
  readonly seats: readonly Seat[];
  /** So many more users, `crowd(1)` and on. */
  readonly crowd?: number;
  readonly bare?: boolean;
  readonly deleted?: boolean;
  readonly recurring?: boolean;
  /** A series by its rule, from `start` on, with the occurrences that were changed. */
  readonly series?: {
    readonly rule: string;
    readonly start: string;
    readonly exceptions?: readonly {
      readonly original: string;
      readonly start?: string;
      readonly cancelled?: boolean;
      readonly seats?: readonly Seat[];
    }[];
  };
  /** Who organizes it by now, as a look answers, where it was handed over. */
  readonly handedTo?: string;
  readonly meetingChat?: { readonly id: string; readonly owner?: boolean };
}

export interface World {
  readonly scenes: readonly Scene[];
  readonly behaviour?: Readonly<Record<string, string>>;
  /** Users whom the tenant knows beside those on events. */
  readonly people?: readonly {
    readonly id: string;
    readonly gone?: boolean;
    readonly external?: boolean;
    readonly email?: string;
  }[];
  /** Parts of the tenant file that are of no single platform. */
  readonly organisation?: Readonly<Record<string, unknown>>;
  /** Titles of calendars beside that of the events. */
  readonly calendars?: readonly string[];
  /** What the app may do; all unless it is given. */
  readonly scopes?: readonly string[];
  /** Where the events are, instead of the caller's own calendar; `organizer` takes the place of the usual one. */
  readonly place?: { readonly calendarId?: string; readonly organizer?: string; readonly shared?: boolean };
}

/**
 * What an error code means for the work, as the API pages have it.
 *
 * - `later`: the call was not taken and is made again as it was. `transient`: it may have been taken.
 * - `entry`: something in the batch. `gone`: somebody in the batch is not on the event. `event`: all of it.
 * - `done`: it is already done. `restart`: the listing begins again.
 * - `conflict`: the event is not what was read; it is read and written again.
 * - `renew`: a new token is needed. `credentials`, `quota`: nothing goes any more.
 */
export type Meaning =
  | 'later'
  | 'transient'
  | 'entry'
  | 'gone'
  | 'event'
  | 'done'
  | 'restart'
  | 'conflict'
  | 'renew'
  | 'credentials'
  | 'quota';

/** A row of an API page's error table. */
export interface ErrorCase {
  readonly on: Operation;
  readonly status: number;
  readonly code: string;
  readonly meaning: Meaning;
}

/** An answer that asks for patience, and how long that is at least, in milliseconds. */
export interface RateLimit {
  readonly name: string;
  readonly fault: Fault;
  readonly waitMs: number;
}

/** How one kind of thing is listed. */
export interface FindCall {
  readonly api: string;
  /** Rows a page; null where there is one page alone. */
  readonly page: number | null;
  /** The fields that a row's id may stand in. */
  readonly ids: readonly string[];
}

/** Attendees other than people, by a short name: a room, and whatever stands for several people. */
export interface Others {
  readonly room: (name: string) => DesiredAttendee;
  readonly team: (name: string) => DesiredAttendee;
}

/** Who and where on a platform, however it is reached. */
export interface Place {
  readonly provider: ProviderId;
  readonly title: string;
  readonly deviations: readonly Deviation[];
  /** The user with this short name. */
  readonly user: (name: string) => string;
  /** The user who organizes the events of a tenant. */
  readonly organizer: string;
  readonly ref: (eventId: string, place?: World['place']) => EventRef;
}

/** What is the platform's own; all behaviour is the suite's. */
export interface Fixture extends Place {
  /** Page size, and caps a call and an event, as the API pages have them. */
  readonly caps: {
    readonly page: number;
    readonly remove: number;
    readonly add: number;
    readonly event: number;
  };
  /** How changed occurrences of series are read. */
  readonly series: {
    /** The call that finds those of one series, and that of several. */
    readonly one: string;
    readonly several: string;
    /** Days of a daily series that one call tells of. */
    readonly page: number;
    readonly idOf: (eventId: string, original: string) => string;
    /** Nothing tells whether an occurrence is as its series has it again. */
    readonly mute?: true;
  };
  /** What is found, and the call that lists it; absent where the platform cannot. */
  readonly finds: Readonly<Partial<Record<FindKind, FindCall>>>;
  /** The call that tells an app's permissions or what it may see. */
  readonly grants: string;
  /** The call that lists people. */
  readonly listsPeople: string;
  readonly others: Others;
  /** Switches of the server that mean nothing there, and why. */
  readonly inertSwitches?: Readonly<Record<string, string>>;
  /** What comes of adding somebody whom others have added by then, where not what the switch of that name says. */
  readonly duplicateAdd?: Readonly<Record<string, string>>;
  /** What a part of the organisation is called there, where not by its id. */
  readonly sourceId?: (id: string) => string;
  /** Whether somebody, an event or a calendar can go by this name. */
  readonly takesName?: (name: string) => boolean;
  /** A calendar, and an organizer, of this name. */
  readonly placeOf: (name: string) => { readonly calendarId: string; readonly organizer: string };
  /** The server's names of the calls. */
  readonly routes: Readonly<Record<Operation | 'token', string>>;
  /** Operations that another one's call does as well, where that is so. */
  readonly sameCall?: Readonly<Partial<Record<Operation, Operation>>>;
  readonly tenant: (world: World) => string;
  readonly env: (url: string) => Readonly<Record<string, string>>;
  /** The environment variable of a token that is given; one that the tenant knows, and one that it does not. */
  readonly tokenVariable: string;
  readonly tokens: { readonly given: string; readonly unknown: string };
  /** Credentials that are wrong, and what of them no message may show. */
  readonly wrong: {
    readonly env: Readonly<Record<string, string>>;
    readonly canary: string;
    /** What tells which setting it is. */
    readonly hint: string | RegExp;
  };
  readonly refusal: (code: string, status: number, logId?: string) => Fault;
  readonly errors: readonly ErrorCase[];
  readonly rateLimits: readonly RateLimit[];
  /** Codes that stand for one bad entry of a batch. */
  readonly entryCodes: readonly { readonly code: string; readonly status: number }[];
  /** What answers a token that has ended, and one that names wrong credentials. */
  readonly expiredToken: Fault;
  readonly wrongSecret: string;
  readonly quotaUsedUp: Fault;
  readonly serverError: Fault & { readonly kind: 'answer' };
  readonly expiredPage: Fault;
  /** Changes to the body of a page after which it says nothing that can be relied on. */
  readonly badPages: readonly (readonly [string, (body: Page) => unknown])[];
  /** Makes a page name the page after it by this token. */
  readonly withToken: (body: Page, token: string) => unknown;
  /** A page with these rows instead of its own. */
  readonly withRows: (body: Page, change: (rows: readonly unknown[]) => readonly unknown[]) => unknown;
  /** Whether a write tells people, as it stands on the wire; undefined where the platform has no switch. */
  readonly notice: (call: {
    readonly query: Readonly<Record<string, string>>;
    readonly body: unknown;
  }) => boolean | undefined;
  /** What a batch names: a row's own id or the user's, in the words of the platform. */
  readonly named: (body: unknown) => readonly string[];
  /** What {@link Fixture.named} gives for this user of an event of this tenant. */
  readonly nameOf: (eventId: string, userId: string, operation: 'remove' | 'add') => string;
}
