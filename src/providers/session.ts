import type { ChatBinding, EventFacts, EventRef, Observed } from '../model/event.ts';
import type { Problem } from '../model/diagnostic.ts';
import { given } from '../model/given.ts';
import type { Occurrences, Window } from '../model/occurrence.ts';
import { type Client, createClient } from './client.ts';
import type { Dialect } from './dialect.ts';
import { type Asking, type Finds, finderOf, namedProblem, type ReadGrants } from './find.ts';
import { membersOf, type SourceReads } from './organisation.ts';
import { type StandingCall, standingOf } from './ask-standing.ts';
import { failureOf, problemOf } from './problem.ts';
import type { Probes } from './smoke.ts';
import type {
  Account,
  Organisation,
  Provider,
  Reader,
  ReadCalls,
  Session,
  SessionOptions,
  Turn,
  Writer,
} from './provider.ts';

/** The calls of a platform. All reject with `PlatformError`, or with the signal's reason. */
export interface Calls {
  readonly list: (client: Client, event: EventRef, signal: AbortSignal) => Promise<Observed>;
  readonly look: (client: Client, event: EventRef, signal: AbortSignal) => Promise<EventFacts>;
  /** Several events of one calendar; absent where a call tells of one. Rejects with the signal's reason alone. */
  readonly listAhead?: (
    client: Client,
    events: readonly EventRef[],
    from: string,
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, Observed>>;
  /** Absent where the platform cannot tell. */
  readonly meetingChats?: (
    client: Client,
    calendarId: string,
    eventIds: readonly string[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, ChatBinding>>;
  /** Failures of one series are values. May reject like the others: then nothing is known of any. */
  readonly occurrences: (
    client: Client,
    series: readonly EventRef[],
    window: Window,
    asking: Pick<Asking, 'signal' | 'problemOf'>,
  ) => Promise<ReadonlyMap<string, Occurrences>>;
  readonly edit: (client: Client) => Writer['edit'];
  readonly finds: Finds;
  readonly grants: ReadGrants;
  readonly sources: SourceReads;
  readonly standing: StandingCall;
  /** Absent where nobody has several addresses. */
  readonly aliases?: (client: Client) => NonNullable<Organisation['aliases']>;
  /** Loaded by those who make a smoke test. */
  readonly smoke: () => Promise<{ readonly smoke: Probes }>;
}

/** Failed reads as values, named by the platform's codes. */
function readsOf(client: Client, { list, look }: Calls, dialect: Dialect): ReadCalls {
  return {
    attendees: async (event, signal) => {
      try {
        return await list(client, event, signal);
      } catch (error) {
        return { complete: false, problem: namedProblem(error, dialect, signal) };
      }
    },
    facts: async (event, signal) => {
      try {
        return await look(client, event, signal);
      } catch (error) {
        const failure = failureOf(error, signal);
        const named = dialect.errors(failure.code)?.problem;
        if (named === 'event-deleted') return { state: 'deleted' };
        // Not there, or not on this calendar: no platform tells these apart.
        if (failure.kind === 'absent') return { state: 'absent' };
        return { state: 'unknown', problem: problemOf(failure, named) };
      }
    },
  };
}

function unknownChats(eventIds: readonly string[]): ReadonlyMap<string, ChatBinding> {
  return new Map(eventIds.map((eventId) => [eventId, { state: 'unknown' }]));
}

function readerOf(client: Client, dialect: Dialect, calls: Calls): Reader {
  const reads = readsOf(client, calls, dialect);
  const { listAhead } = calls;
  return Object.freeze({
    read: (event, want, signal) => reads[want](event, signal),
    ...(listAhead === undefined
      ? {}
      : { readAhead: (events, from, signal) => listAhead(client, events, from, signal) }),
    meetingChats: async (calendarId, eventIds, signal) => {
      if (eventIds.length === 0 || calls.meetingChats === undefined) return unknownChats(eventIds);
      try {
        return await calls.meetingChats(client, calendarId, eventIds, signal);
      } catch (error) {
        failureOf(error, signal);
        return unknownChats(eventIds);
      }
    },
    occurrences: async (series, window, signal) => {
      const named = (error: unknown): Problem => namedProblem(error, dialect, signal);
      try {
        return await calls.occurrences(client, series, window, { signal, problemOf: named });
      } catch (error) {
        const problem = named(error);
        return new Map(series.map(({ eventId }) => [eventId, { complete: false, problem }]));
      }
    },
  } satisfies Reader);
}

function openSession(account: Account, options: SessionOptions, dialect: Dialect, calls: Calls): Session {
  const whole = createClient(account, options, dialect);
  const clientOf = (turn?: Turn): Client => (turn === undefined ? whole : whole.of(turn));
  const finder = finderOf(account, options, whole, calls, dialect);
  const shared = new Map<string, Promise<unknown>>();
  const standing = standingOf(account, options, whole, calls.standing, dialect);
  const aliases = calls.aliases?.(whole);
  return {
    get requests() {
      return whole.requests;
    },
    pace: whole.pace,
    begin: (signal, subject) => whole.begin(signal, subject),
    reader: (turn) => readerOf(clientOf(turn), dialect, calls),
    writer: (turn) => {
      const client = clientOf(turn);
      return Object.freeze({
        ...readerOf(client, dialect, calls),
        edit: calls.edit(client),
      } satisfies Writer);
    },
    bench: async () => {
      const [{ benchOf }, { smoke }] = await Promise.all([import('./smoke.ts'), calls.smoke()]);
      return benchOf(whole, dialect, smoke);
    },
    get metered() {
      return whole.metered;
    },
    finder: () => finder,
    organisation: (turn) =>
      Object.freeze({
        members: membersOf(account, options, {
          client: clientOf(turn),
          reads: calls.sources,
          dialect,
          shared,
        }),
        standing,
        ...given({ aliases }),
      } satisfies Organisation),
  };
}

/** A platform of its dialect and its calls. */
export function providerFrom(dialect: Dialect, calls: Calls): Provider {
  return { session: (account, options) => openSession(account, options, dialect, calls) };
}
