import type { Pace, Waiting } from '../http/traffic.ts';
import type { Clock } from '../http/clock.ts';
import type { Limiter, Turn } from '../http/limiter.ts';
import type { Transport } from '../http/transport.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import type { Edit } from '../model/edit.ts';
import type { Basis, ChatBinding, EventFacts, EventRef, Observed } from '../model/event.ts';
import type { FindKind, FindQuery, Found, FoundItems } from '../model/found.ts';
import type { Grants } from '../model/grants.ts';
import type { Occurrences, Window } from '../model/occurrence.ts';
import type { KnownStanding, Membership, RosterSource } from '../model/organisation.ts';
import type { Problem } from '../model/diagnostic.ts';
import type { UserIdType } from '../model/platform.ts';
import type { ProviderId } from '../platforms/index.ts';
import type { Bench } from './smoke.ts';

export type { Clock } from '../http/clock.ts';
export type { Due, Pace } from '../http/traffic.ts';
export type { Turn } from '../http/limiter.ts';

/**
 * What a refusal means for the work; planner and applier branch on this alone.
 *
 * - `rate`: the platform did not take the call and would take it later; the waits within the time limit are used up.
 * - `entry`: something in the batch is not accepted; a smaller batch may be.
 * - `gone`: somebody named in the batch is not on the event (any more).
 * - `conflict`: certainly not taken: the event is not what was read. It is read and judged again.
 * - `done`: what was asked for is already done (an event that is deleted, a chat that is not bound).
 * - `absent`: the event is not there (any more), or not on this calendar.
 * - `event`: the event, its calendar or the caller's rights stand against it; nothing in the batch would change that.
 * - `auth`: the credentials are not accepted, and renewing did not help. Ends the run.
 * - `quota`: the organisation's calls are used up. Ends the run.
 * - `lost`: it is not known whether the call took effect (5xx, reset, time-out).
 * - `malformed`: the answer makes no sense (no JSON, missing fields).
 * - `held`: certainly not sent: the lease of the event is lost. Ends the event.
 */
export type PlatformErrorKind =
  | 'rate'
  | 'entry'
  | 'gone'
  | 'conflict'
  | 'done'
  | 'absent'
  | 'event'
  | 'auth'
  | 'quota'
  | 'lost'
  | 'malformed'
  | 'held';

/** A call that the platform did not answer with success. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly kind: PlatformErrorKind;
  /** The platform's own code as text, or `timeout`, `reset`, `http-502` … where there is none. */
  readonly code: string;
  /** Whether the platform's answer gave the code. */
  readonly isPlatformCode: boolean;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** What the platform's support asks for. */
  readonly logId: string | undefined;

  constructor(
    kind: PlatformErrorKind,
    code: string,
    message: string,
    details: {
      readonly hint?: string | undefined;
      readonly logId?: string | undefined;
      readonly isPlatformCode?: boolean;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.code = code;
    this.isPlatformCode = details.isPlatformCode !== false;
    this.hint = details.hint;
    this.logId = details.logId;
  }
}

/** What can be asked of an event, and what is answered. */
export interface Answers {
  /** Every attendee, read to the last page, or the problem that stood against it. */
  readonly attendees: Observed;
  /** The event itself, in one call. */
  readonly facts: EventFacts;
}

export type Want = keyof Answers;

/** How each is answered. */
export type ReadCalls = {
  readonly [W in Want]: (event: EventRef, signal: AbortSignal) => Promise<Answers[W]>;
};

/** The reading half of a platform. Planning is only ever handed this. */
export interface Reader {
  /** Reads one event. Never rejects but for an abort. */
  read<W extends Want>(event: EventRef, want: W, signal: AbortSignal): Promise<Answers[W]>;
  /**
   * Attendees of events of one calendar that are not over before a day (`YYYY-MM-DD`), by event id: of those of which fewer
   * calls than one for each tell as much as {@link read} would. The others are not in it. Never rejects but for an abort.
   * Absent where a call tells of one event.
   */
  readAhead?(
    events: readonly EventRef[],
    from: string,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Observed>>;
  /** Which of a calendar's events have a meeting chat, in one call. Never rejects but for an abort. */
  meetingChats(
    calendarId: string,
    eventIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ChatBinding>>;
  /**
   * The changed occurrences of series of one calendar, by the series' event ids: all that start in the window are among
   * them, others may be. In as few calls as it takes. Never rejects but for an abort.
   */
  occurrences(
    series: readonly EventRef[],
    window: Window,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Occurrences>>;
}

export interface WriteOptions {
  readonly notify: boolean;
  /**
   * One request's identity (run, event, action, ids, attempt): the same only while that request is repeated. Letters
   * and digits, at most 64, so that it can stand in a header.
   */
  readonly key: string;
  /** Asked in the tick in which the request would be written; false: it is not sent, kind `held`. */
  readonly mayStart?: (() => boolean) | undefined;
}

/** A platform whose events can be changed. Each call rejects with {@link PlatformError}. */
export interface Writer extends Reader {
  /**
   * Does one edit in one request. `basis` is that of the last complete reading, where the platform gives one. Answers
   * what the event is like after the edit where the platform tells, else null. Kind `conflict` means that the event is
   * not what the basis says: nothing was taken.
   */
  edit(
    event: EventRef,
    edit: Edit,
    basis: Basis | undefined,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<Observed | null>;
}

/** The searching half of a platform: it reads, and that is all it can. */
export interface Finder {
  /** All that there is for the account, or what was found until a problem. Never rejects but for an abort. */
  find<K extends FindKind>(kind: K, query: FindQuery, signal: AbortSignal): Promise<Found<FoundItems[K]>>;
  /**
   * What the platform says of the app's permissions, and of whom it may see. `wanted`: codes to ask about where it lists
   * none. `subject`: somebody whose events are worked on, where calls are made for people. Never rejects but for an abort.
   */
  grants(wanted: ReadonlySet<string>, signal: AbortSignal, subject?: string): Promise<Grants>;
}

/** Of whom it is asked how they stand: user ids of one kind, as manifests have them. */
export interface StandingQuery {
  readonly ids: readonly string[];
  /** Absent where the platform has one kind. */
  readonly idType: UserIdType | undefined;
  /** Also who is about to leave, where that takes a call of its own. */
  readonly soon: boolean;
}

/** What was answered. People who are not in it are unverifiable. */
export interface StandingAnswer {
  readonly of: ReadonlyMap<string, KnownStanding>;
  /** What stood against asking further; null where all were asked. */
  readonly problem: Problem | null;
  /** Calls that it took. */
  readonly calls: number;
}

/** Whose addresses are asked for: those that an event names and does not list, and those that it lists. */
export interface AliasQuery {
  readonly event: EventRef;
  readonly named: readonly string[];
  readonly listed: readonly ObservedAttendee[];
}

/** What a platform tells of the organisation's people. It reads, and that is all it can. */
export interface Organisation {
  /** Who is in a source, proved to be all, or why that is not known. Never rejects but for an abort. */
  members(source: RosterSource, signal: AbortSignal): Promise<Membership>;
  /** How people stand, in as few calls as there can be. Once that is refused it is not asked again. Never rejects but for an abort. */
  standing(query: StandingQuery, signal: AbortSignal): Promise<StandingAnswer>;
  /**
   * By address the primary address of the same person, as far as that is told in few calls: each address is asked for once,
   * and nobody once it was refused. Never rejects but for an abort. Absent where nobody has several.
   */
  aliases?(query: AliasQuery, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
}

/** One account at work: one token, one set of rate windows, one count of calls. */
export interface Session {
  /** Calls made so far, repeats included, but not the calls that fetch a token: those do not count in the quota. */
  readonly requests: number;
  /** Those of them that count in what an organisation has a month. */
  readonly metered: number;
  /**
   * Begins the work on one event, once the rate windows, the sockets and memory have room for it: in the order of asking,
   * and as many side by side as keep the windows busy. `subject`: for whom its calls are made, where windows are each
   * person's: what waits for one person's takes no room of the others. Rejects with the signal's reason.
   */
  begin(signal: AbortSignal, subject?: string): Promise<Turn>;
  /** Its calls are part of a turn, where one is given: those of the event that began first go first. */
  reader(turn?: Turn): Reader;
  writer(turn?: Turn): Writer;
  finder(): Finder;
  /** For a smoke test. */
  bench(): Promise<Bench>;
  /** Its calls are part of a turn, where one is given. */
  organisation(turn?: Turn): Organisation;
  readonly pace: Pace;
}

/** Whose calls these are. Comes from the environment alone; the secrets are never printed. */
export interface Account {
  readonly provider: ProviderId;
  /** Without a path and trailing slash: `https://open.feishu.cn`. */
  readonly baseUrl: string;
  /** The app id or key, or the address of a service account, where one is given. */
  readonly appId: string | null;
  /** Its secret, or its private key as PEM. */
  readonly appSecret: string | null;
  /** A token to use as it is; where it is refused there is another one only if `again` has it. */
  readonly accessToken: string | null;
  /** The same account with its credentials as they are by now, where they are kept in a place that is written anew. */
  readonly again?: () => Account | null;
  /** The other hosts of the platform's row, by its names for them. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** The organisation's own domains, where the environment says so. */
  readonly domains?: readonly string[];
  /** For whom the organisation's people are asked about. */
  readonly administrator?: string;
}

export interface SessionOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Keeps the rate windows of each API: those of this process, or of all that share the account. */
  readonly limiter: Limiter;
  /** One call with its repeats, in milliseconds; waiting for the quota is not counted. */
  readonly timeoutMs: number;
  /** Told of each call that waits for another try. */
  readonly onWaiting?: (waiting: Waiting) => void;
}

export interface Provider {
  session(account: Account, options: SessionOptions): Session;
}
