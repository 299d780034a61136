import type { Problem, ProblemCode } from '../model/diagnostic.ts';
import {
  type Member,
  type Membership,
  type RosterSource,
  type SourceKind,
  sourceWords,
} from '../model/organisation.ts';
import { platforms } from '../platforms/index.ts';
import { given } from '../model/given.ts';
import type { Client } from './client.ts';
import type { Dialect } from './dialect.ts';
import { type Asking, namedProblem } from './find.ts';
import { type Listing, readRows } from './pages.ts';
import type { Account, Organisation, SessionOptions } from './provider.ts';

/** What reading a source works with. */
export interface SourceSearch extends Asking {
  readonly source: RosterSource;
  /** Does what sources have in common once, for all of a session. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Everybody whom a platform has in a source. */
export interface Everybody {
  readonly name: string | null;
  readonly members: readonly Member[];
  /** The addresses of groups that are in it. */
  readonly groups?: readonly string[];
}

export function memberOf(id: string, name: string | null): Member {
  return name === null ? { id } : { id, name };
}

/** How a platform reads each kind of source; absent where it cannot. Rejects where not all of it could be read. */
export type SourceReads = {
  readonly [K in SourceKind]?: (search: SourceSearch) => Promise<Everybody>;
};

/** Why a source is not known, where no call was refused. */
class UnreadError extends Error {
  override readonly name = 'UnreadError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** What is rejected with where fewer were found than there should be, or that cannot be told. */
export function incomplete(message: string, hint: string): Error {
  return new UnreadError({ code: 'source-incomplete', message, hint });
}

/** Rejects fewer than the platform counts. */
export function checkCount(found: number, counted: number, what: string, hint: string): void {
  if (found < counted) throw incomplete(`only ${found} of its ${counted} ${what} were found`, hint);
}

/** Rejects a list of nobody that no number proves: who is in it may be hidden from the app. */
export function checkSomebody(found: readonly unknown[]): void {
  if (found.length > 0) return;
  throw incomplete(
    'it lists nobody, and nothing says whether it is really empty',
    'Check what the app may see; if nobody is in it, remove it from the Roster.',
  );
}

/** Rejects what stood against a listing. */
export function checkWhole(problem: Problem | null): void {
  if (problem !== null) throw new UnreadError(problem);
}

/** All of it, once each call has ended: what is still in flight would outlive its run. Rejects as the first that did. */
export async function allOf<T extends readonly unknown[] | []>(
  calls: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(calls);
  return Promise.all(calls);
}

/** All rows of a listing. Rejects where there may be others. */
export async function allRows<Row>(listing: Listing<Row>, what: string): Promise<readonly Row[]> {
  const rows: Row[] = [];
  checkWhole(await readRows(listing, what, rows));
  return rows;
}

/** What reads the sources of an account. */
interface SourceReading {
  readonly client: Client;
  readonly reads: SourceReads;
  readonly dialect: Dialect;
  /** What was asked once for all of them. */
  readonly shared: Map<string, Promise<unknown>>;
}

/** The sources of an account. */
export function membersOf(
  account: Account,
  { clock }: Pick<SessionOptions, 'clock'>,
  { client, reads, dialect, shared }: SourceReading,
): Organisation['members'] {
  const { title, sources } = platforms[account.provider];
  const once = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const known = shared.get(key) ?? work();
    shared.set(key, known);
    // Under one key there is only ever what the same work made.
    return known as Promise<T>;
  };
  return async (source: RosterSource, signal: AbortSignal): Promise<Membership> => {
    const ability = sources[source.kind];
    const read = reads[source.kind];
    if (read === undefined || 'cannot' in ability) {
      const why = 'cannot' in ability ? `: ${ability.cannot}` : '';
      const message = `the members of a ${source.kind} cannot be read on ${title}${why}`;
      return { name: null, complete: false, problem: { code: 'source-unread', message } };
    }
    const wants = `To read a ${source.kind}, ${title} requires: ${ability.permissions.join(', ')}.`;
    const problemOf = (error: unknown): Problem => namedProblem(error, dialect, signal, wants);
    try {
      const { name, members, groups } = await read({
        client,
        source,
        signal,
        once,
        now: () => clock.date(),
        problemOf,
      });
      const everybody = new Map(members.map((one) => [one.id, one]));
      return { name, complete: true, members: [...everybody.values()], ...given({ groups }) };
    } catch (error) {
      const problem = error instanceof UnreadError ? error.problem : problemOf(error);
      return { name: null, complete: false, problem: ofSource(source, problem) };
    }
  };
}

/** The problem of a source as the events that need it have it. What ends all reading goes by its own name. */
function ofSource(source: RosterSource, { code, message, ...rest }: Problem): Problem {
  const words = sourceWords(source, null);
  const { title } = platforms[source.provider];
  if (code === 'source-incomplete') return { code, message: `${title} ${words}: ${message}`, ...rest };
  const own: ProblemCode = code === 'quota' || code === 'credentials' ? code : 'source-unread';
  return { code: own, message: `${words} could not be read: ${message}`, ...rest };
}
