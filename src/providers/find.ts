import { isObject, textOf } from '../http/json.ts';
import type { Problem } from '../model/diagnostic.ts';
import type { Found, FindKind, FindQuery, FoundItems, FoundPerson, Unfound } from '../model/found.ts';
import { given } from '../model/given.ts';
import { platforms } from '../platforms/index.ts';
import type { Grants } from '../model/grants.ts';
import { actsAsApp } from './account.ts';
import type { Client } from './client.ts';
import type { Dialect } from './dialect.ts';
import { type Listing, readRows } from './pages.ts';
import { failureOf, problemOf } from './problem.ts';
import type { Account, Finder, SessionOptions } from './provider.ts';

/** Whose calls they are. */
export interface Asker {
  readonly client: Pick<Client, 'ask' | 'account'>;
  readonly signal: AbortSignal;
}

/** What asking works with. */
export interface Asking extends Asker {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Names a failure as the platform's error table has it. */
  readonly problemOf: (error: unknown) => Problem;
}

/** What a search works with. */
export interface Search extends Asking {
  readonly query: FindQuery;
}

/** How a platform finds each kind; absent where it cannot. May reject with `PlatformError`. */
export type Finds = {
  readonly [K in FindKind]?: (search: Search) => Promise<Found<FoundItems[K]>>;
};

/** What asking for an app's permissions works with. */
export interface GrantSearch extends Omit<Asking, 'now'> {
  readonly client: Pick<Client, 'ask' | 'account' | 'letIn'>;
  /** Somebody whose events are worked on, where calls are made for people. */
  readonly subject?: string;
  readonly wanted: ReadonlySet<string>;
  /** Calls are made as the app itself, and not as a person. */
  readonly asApp: boolean;
}

/** How a platform tells them. May reject with `PlatformError`. */
export type ReadGrants = (search: GrantSearch) => Promise<Grants>;

/** Collects what is found, and what stood against the rest. */
export interface Gathering<T> {
  readonly items: T[];
  readonly missing: Unfound[];
  readonly notes: string[];
  /** Reads a listing to its end into its own array. A failure is kept, and ends that listing alone. */
  read<Row>(listing: Listing<Row>, what: string): Promise<Row[]>;
  /** A failure of one call is kept; the answer is undefined then. */
  ask<R>(call: Promise<R>): Promise<R | undefined>;
  /** It is not all there. The first problem is told. */
  failed(problem: Problem): void;
  readonly isWhole: boolean;
  found(): Found<T>;
}

export function gathering<T>({ problemOf: named }: Pick<Asking, 'problemOf'>): Gathering<T> {
  let problem: Problem | null = null;
  const items: T[] = [];
  const missing: Unfound[] = [];
  const notes: string[] = [];
  const failed = (one: Problem): void => {
    problem ??= one;
  };
  return {
    items,
    missing,
    notes,
    failed,
    get isWhole() {
      return problem === null;
    },
    read: async <Row>(listing: Listing<Row>, what: string) => {
      const rows: Row[] = [];
      try {
        const fault = await readRows(listing, what, rows);
        if (fault !== null) failed(fault);
      } catch (error) {
        failed(named(error));
      }
      return rows;
    },
    ask: async (call) => {
      try {
        return await call;
      } catch (error) {
        failed(named(error));
        return undefined;
      }
    },
    found: () =>
      problem === null
        ? { items, missing, notes, complete: true }
        : { items, missing, notes, complete: false, problem },
  };
}

/** Keeps of what was listed what the texts name, by id or by a part of the title: all of it where there are none. */
export function keepNamed<T extends { readonly id: string }>(
  gathered: Pick<Gathering<T>, 'items' | 'missing' | 'isWhole'>,
  listed: readonly T[],
  texts: readonly string[],
  titleOf: (item: T) => string | null,
): void {
  const named = new Set<string>();
  for (const item of listed) {
    const own = texts.filter((text) => item.id === text || holdsText(titleOf(item), text));
    for (const text of own) named.add(text);
    if (texts.length === 0 || own.length > 0) gathered.items.push(item);
  }
  const reason = gathered.isWhole ? 'not-found' : 'not-visible';
  gathered.missing.push(
    ...texts.filter((text) => !named.has(text)).map((query) => ({ query, reason }) as const),
  );
}

/** A failure as a value; `wants` tells which permissions there have to be, where that is what it is for want of. */
export function namedProblem(error: unknown, dialect: Dialect, signal: AbortSignal, wants?: string): Problem {
  const failure = failureOf(error, signal);
  const row = dialect.errors(failure.code);
  const problem = problemOf(failure, row?.problem);
  if (wants === undefined || row?.permission !== true) return problem;
  return { ...problem, hint: `${problem.hint ?? ''} ${wants}`.trim() };
}

/** The finder of a session. A failure is a value, and one for want of a permission says which there have to be. */
export function finderOf(
  account: Account,
  { clock }: Pick<SessionOptions, 'clock'>,
  client: Client,
  { finds, grants }: { readonly finds: Finds; readonly grants: ReadGrants },
  dialect: Dialect,
): Finder {
  const { title, finds: abilities } = platforms[account.provider];
  return Object.freeze({
    find: async <K extends FindKind>(kind: K, query: FindQuery, signal: AbortSignal) => {
      const ability = abilities[kind];
      const wants =
        'cannot' in ability
          ? undefined
          : `To find ${kind}, ${title} requires: ${ability.permissions.join(', ')}.`;
      const named = (error: unknown): Problem => namedProblem(error, dialect, signal, wants);
      const find = finds[kind];
      if (find === undefined) return nothing<FoundItems[K]>(cannotProblem(account, kind));
      try {
        return await find({ client, query, signal, now: () => clock.date(), problemOf: named });
      } catch (error) {
        return nothing<FoundItems[K]>(named(error));
      }
    },
    grants: async (wanted, signal, subject) => {
      const named = (error: unknown): Problem => namedProblem(error, dialect, signal);
      try {
        const asApp = actsAsApp(account);
        return await grants({ client, signal, wanted, asApp, problemOf: named, ...given({ subject }) });
      } catch (error) {
        return { told: new Map(), listed: false, range: null, problem: named(error) };
      }
    },
  } satisfies Finder);
}

/** What is said where a platform has no such search. */
function cannotProblem({ provider }: Pick<Account, 'provider'>, kind: FindKind): Problem {
  const { title, finds } = platforms[provider];
  const ability = finds[kind];
  const why = 'cannot' in ability ? `: ${ability.cannot}` : '';
  return { code: 'list-refused', message: `${kind} cannot be found on ${title}${why}` };
}

function nothing<T>(problem: Problem): Found<T> {
  return { items: [], missing: [], notes: [], complete: false, problem };
}

/** What a text that names somebody looks like. `number`: a job number; `text`: a name, or an id without a prefix. */
export type TextKind = 'email' | 'mobile' | 'number' | 'text';

export function kindOfText(text: string): TextKind {
  if (/^[^\s@]+@[^\s@]+$/.test(text)) return 'email';
  const digits = bareMobile(text);
  // A mainland number needs no country code.
  if (/^\+\d{6,15}$/.test(digits) || /^1[3-9]\d{9}$/.test(digits)) return 'mobile';
  return /^\d+$/.test(text) ? 'number' : 'text';
}

/** A mobile number without what is written between its digits. */
export function bareMobile(text: string): string {
  return text.replaceAll(/[\s()-]/g, '');
}

/** A mobile number as it is compared: the digits alone, mainland ones without their country code. */
export function mobileDigits(mobile: string): string {
  const digits = mobile.replaceAll(/\D/g, '');
  return /^86(1[3-9]\d{9})$/.exec(digits)?.[1] ?? digits;
}

/** Whether a name holds a text, whatever the case. */
export function holdsText(name: string | null, text: string): boolean {
  const plain = (one: string): string => one.normalize('NFC').toLowerCase();
  return name !== null && plain(name).includes(plain(text));
}

/** A text of an object, or null: what is missing and what is empty are the same. */
export function textIn(value: unknown, key: string): string | null {
  return (isObject(value) ? textOf(value[key]) : undefined) ?? null;
}

/** Somebody of whom nothing is known. */
export const nobody: FoundPerson = {
  name: null,
  ids: {},
  email: null,
  mobile: null,
  employeeNo: null,
  status: null,
  asked: [],
};
