import type { FindKind } from './found.ts';
import type { AnyPermission, Use } from './grants.ts';
import type { SourceKind } from './organisation.ts';
import type { LockBy } from './lock.ts';

/** What a platform's row says of it. The rows are in `src/platforms`, their numbers from the platforms' API pages. */

/** What can be invited. `room` is Feishu's `resource`, `email` its `third_party`; a `group` is one row, however many are in it. */
export type AttendeeType = 'user' | 'chat' | 'room' | 'email' | 'group';

/** Which of a user's ids a manifest uses, where the platform has several. */
export type UserIdType = 'open_id' | 'union_id' | 'user_id';

/** A kind of user id, and how its ids begin; null where they begin in no way of their own. */
export interface UserIdKind {
  readonly type: UserIdType;
  readonly prefix: string | null;
  /** Each app has ids of its own for people: to another they mean somebody else, or nobody. */
  readonly perApp?: true;
}

/** Keys of an Event that some platforms know. */
export type EventKey = 'meetingChat' | 'admin' | 'roomContact' | 'internalDomains';

/** At most `calls` in any stretch of `perMs` milliseconds. */
export interface QuotaWindow {
  readonly calls: number;
  readonly perMs: number;
  /** All calls of the account count in it; else those of one API, or for one person. */
  readonly shared?: true;
}

/** An app by its id and its secret, each in a variable. */
export interface AppCredentials {
  readonly app: string;
  readonly secret: string;
}

/** A file that holds the key of a service account, by the variable that has its path. */
export interface KeyFileCredentials {
  readonly keyFile: string;
}

/** Where a platform is reached, and the names of the variables that say so and hold the credentials. */
export interface PlatformEnv {
  /** The base URL where the variable is not set. */
  readonly host: string;
  readonly baseUrl: string;
  readonly credentials: AppCredentials | KeyFileCredentials;
  readonly token: string;
  /** How tokens begin with which calls are made as the app itself, where others are a person's. */
  readonly appToken: string | null;
  /** Hosts of some calls that are not on the account's own: each with its variable, and what it is without. */
  readonly otherHosts?: Readonly<Record<string, { readonly variable: string; readonly host: string }>>;
  /** Says which domains are the organisation's own, where its events do not. */
  readonly domains?: string;
  /** Says for which administrator the organisation's people are asked about. */
  readonly administrator?: string;
}

/** What the manifests of a platform may say; the conditions of the event schema follow from it. */
export interface PlatformEvent {
  readonly attendees: readonly AttendeeType[];
  /** What people are invited as: whom a Directory, a source or the organizer names. */
  readonly people: 'user' | 'email';
  /** `primary`: it may be left out, and stands for the organizer's own calendar then. */
  readonly calendarId: 'required' | 'primary' | 'none';
  /** `subject`: whom calls are made for. A manifest may lack it, and credentials that act for people need it. */
  readonly organizer: 'required' | 'subject' | 'none';
  /** The first is used where a manifest names none. Empty: there is one kind and nothing to choose. */
  readonly userIds: readonly UserIdKind[];
  /** What the one kind is called, where there is one. */
  readonly onlyUserId?: string;
  /** How the ids of other types begin, where they begin in a way of their own. */
  readonly prefixes: Readonly<Partial<Record<AttendeeType, string>>>;
  /** How they end, likewise, where they are addresses. */
  readonly endings?: Readonly<Partial<Record<AttendeeType, string>>>;
  /** How the ids of the rows of a list begin, by the type of attendee; a digit follows somewhere. */
  readonly rowPrefixes?: Readonly<Partial<Record<AttendeeType, string>>>;
  readonly keys: readonly EventKey[];
  /** What can be done about the changed occurrences of a series. */
  readonly exceptions: {
    /** Why they cannot be planned as events of their own, as the end of "… on X: "; null where they can. */
    readonly cannotFollow: string | null;
    /**
     * `uid-start`: an occurrence's id is `<uid>_<start>`, with the original start in Unix seconds, and `<uid>_0` is its
     * series. `series-instant`: `<series>_<start>`, the original start as in `20260105T020000Z`, or the day. Null: ids do
     * not tell.
     */
    readonly ids: 'uid-start' | 'series-instant' | null;
  };
  /** Attendees an event can hold. */
  readonly most: number;
}

export interface PlatformReads {
  /** Attendees a page, the largest that the platform gives; null where a listing is one answer. */
  readonly pageSize: number | null;
  /** Whether one answer has both the attendees and the event's own facts. */
  readonly factsInList: boolean;
  /** Whether a look at an occurrence takes another at its series, which alone tells whether it was changed. */
  readonly looksAtSeries?: true;
  /** Whether a listing goes on showing those who were removed, marked as such. */
  readonly showsRemoved: boolean;
  /** How long, in milliseconds, reads may lag behind writes. */
  readonly lagMs: number;
}

/** Attendees are removed and added by calls of their own, a number of them a call. */
export interface DeltaWrites {
  readonly style: 'delta';
  /** Rows a removing call. */
  readonly remove: number;
  /** Attendees an adding call. */
  readonly add: number;
  /** Of one type at most so many an adding call, counted among `add`. */
  readonly addOf?: Readonly<Partial<Record<AttendeeType, number>>>;
  /** An attendee's optional flag is changed by a removal and an addition, which loses the reply. */
  readonly flag: 'readd';
}

/** The list is replaced by one call under the version that was read. */
export interface WholeWrites {
  readonly style: 'whole';
  /** An attendee's optional flag is set in place. */
  readonly flag: 'set';
}

export type PlatformWrites = DeltaWrites | WholeWrites;

/** Who decides whether people are told: a switch in the call, or the platform. */
export type Notice = 'switch' | 'platform';

/** Whether a platform's account can find something of a kind, and what it takes. */
export type FindAbility =
  | {
      /** All that it takes, as the platform's console names them. */
      readonly permissions: readonly string[];
      /** What a search is bound to. */
      readonly needs?: 'calendar' | 'organizer';
      /** Only on the organizer's own calendar. */
      readonly primaryOnly?: true;
    }
  | {
      /** Why there is no such search, as the end of "… cannot be found on X: ". */
      readonly cannot: string;
    };

/** Whether a Roster can take in the people of a kind of source, and what it takes. */
export type SourceAbility =
  | {
      /** All that it takes, as the platform's console names them. */
      readonly permissions: readonly string[];
      /** What its ids look like: a regular expression, and words for it. */
      readonly ids: string;
      readonly idWords: string;
    }
  | {
      /** Why there is none, as the end of "… cannot be read on X: ". */
      readonly cannot: string;
    };

/** What an app is permitted, as the developer console has it. */
export interface PlatformPermissions {
  /** What each use takes: of each of these any. Empty: nothing; absent: the platform has no such thing. */
  readonly of: Readonly<Partial<Record<Use, readonly AnyPermission[]>>>;
  /** The codes of errors that say that a permission is lacking. */
  readonly refusals: readonly string[];
  /** How one is had. */
  readonly grant: string;
  /** Where the part of the organisation is chosen that the app may see. */
  readonly range: string;
}

/** What work on events calls, by the names that APIs have in counts. */
export interface PlatformApis {
  /** Reads the attendees. */
  readonly list: string;
  /** Reads the event's own facts. */
  readonly look: string;
  readonly remove: string;
  readonly add: string;
  readonly 'delete-event': string;
  readonly 'unbind-chat': string;
}

export interface Platform {
  /** The name people know it by. */
  readonly title: string;
  readonly env: PlatformEnv;
  readonly event: PlatformEvent;
  readonly apis: PlatformApis;
  readonly reads: PlatformReads;
  readonly writes: PlatformWrites;
  readonly notice: { readonly add: Notice; readonly remove: Notice };
  /** The documented rate windows of each API for one app. */
  readonly windows: readonly QuotaWindow[];
  /** Calls a month that an organisation has for all its apps, where that is documented. */
  readonly monthlyCalls: number | null;
  readonly permissions: PlatformPermissions;
  readonly finds: Readonly<Record<FindKind, FindAbility>>;
  readonly sources: Readonly<Record<SourceKind, SourceAbility>>;
  /** By what somebody is found whom manifests name without an id: the first that they have is asked first. */
  readonly peopleBy: readonly LockBy[];
  /** How it is asked who has left. */
  readonly standing: {
    /** All that it takes, as the platform's console names them. */
    readonly permissions: readonly string[];
    /** People a call. */
    readonly batch: number;
    /** Before that each person takes a call, and it one to know whether anybody has left. */
    readonly singly: boolean;
    /** Whether these calls are none of those that an organisation has a month. */
    readonly free: boolean;
  };
}
