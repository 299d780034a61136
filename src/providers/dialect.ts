import type { FetchedToken } from '../http/token.ts';
import type { HttpAnswer, HttpRequest } from '../http/transport.ts';
import type { Query } from '../http/url.ts';
import type { ProblemCode } from '../model/diagnostic.ts';
import type { Account, PlatformErrorKind } from './provider.ts';

/** What a call does, as far as its refusals differ. `batch` adds or removes attendees. */
export type Operation = 'read' | 'batch' | 'delete' | 'unbind' | 'token';

/** What a call's token is for. Calls that say the same share one; where nothing is said it is the account's own. */
export interface TokenUse {
  /** The person for whom a service account acts. */
  readonly subject?: string;
  /** The permissions to ask for: the first that the account has, of several that would do. */
  readonly scopes: readonly [string, ...string[]];
  /** The work can do without it. */
  readonly aside?: true;
}

/** One request as a platform's pages describe it. */
export interface WireCall {
  readonly method: HttpRequest['method'];
  /** Behind the host, each id encoded: see `pathOf`. */
  readonly path: string;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
  readonly as?: TokenUse;
  readonly body?: { readonly json: unknown } | { readonly form: Readonly<Record<string, string>> };
  /** What of it no output may show, beside the account's own secrets. */
  readonly secret?: string;
}

/** What is known of one error code. */
export interface ErrorRow {
  /** `entry` and `gone` hold for batches; other calls have nothing to halve and take them as `event`. */
  readonly kind: PlatformErrorKind;
  readonly meaning: string;
  readonly hint: string;
  /** The operation that has what it wanted where it gets this answer. */
  readonly doneFor?: Operation;
  /** The token is at its end: a new one may be accepted. */
  readonly renew?: true;
  /** The same request is at work already: it is asked again as it was. */
  readonly repeat?: true;
  /** The account lacks a permission: a search says which it takes. */
  readonly permission?: true;
  /** Said of the person for whom a token was asked, and of no other. */
  readonly ofPerson?: true;
  /** What a read that ends like this is called, where that says more than the kind. */
  readonly problem?: ProblemCode;
}

/** An answer taken apart. */
export type Opened =
  /** A success. `body`: what the caller asked for, undecoded. */
  | { readonly state: 'ok'; readonly body: unknown }
  | {
      readonly state: 'refused';
      readonly code: string;
      /** What the platform says beyond the meaning of its code. */
      readonly said: readonly string[];
      /** Permissions that are missing, as the platform names them. */
      readonly missing: readonly string[];
      readonly logId: string | undefined;
    }
  /** The gateway blocks this network address for some minutes. */
  | { readonly state: 'barred'; readonly minutes: number | null }
  /** Neither success nor an error of the API: HTML, nothing, a code that belies the status. */
  | { readonly state: 'senseless'; readonly logId: string | undefined };

/** What a token is asked for, and when: in milliseconds since the epoch. */
export interface TokenAsked {
  readonly now: number;
  readonly subject?: string;
  readonly scope?: string;
}

/** What differs between platforms on the wire: all that the one client asks of them. */
export interface Dialect {
  /** The call that buys a token; `use` and `scope` where the call that needs it says what for. `now`: milliseconds. */
  readonly tokenCall: (account: Account, asked: TokenAsked) => WireCall;
  /** The token in its answer, or null where there is none that can be used. */
  readonly tokenOf: (body: unknown) => FetchedToken | null;
  /** The call with its token, in a header or in the query. */
  readonly authorize: (call: WireCall, token: string) => WireCall;
  /** The host of a call, where not all are on the account's own. */
  readonly hostOf?: (account: Account, call: WireCall) => string;
  /** Whether a call is not among those that an organisation has a month. */
  readonly isFree?: (call: WireCall) => boolean;
  readonly open: (answer: HttpAnswer) => Opened;
  readonly errors: (code: string) => ErrorRow | undefined;
  /** The rate window that a call counts in, by the name of its API, and the person for whom it is made. */
  readonly lane: (api: string, subject?: string) => string;
  /** What a call counts there, where that is more than one. */
  readonly units?: (api: string) => number;
  /** The header, in lower case, that says how long a rate limit lasts, in seconds. */
  readonly resetHeader?: string;
  /** The documented rest after a rate limit, in milliseconds. */
  readonly rateRestMs?: number;
  /** What the platform's support calls the name of one call. */
  readonly logIdName: 'log id' | 'request id';
}
