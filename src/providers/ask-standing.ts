import type { Problem } from '../model/diagnostic.ts';
import type { KnownStanding } from '../model/organisation.ts';
import { platforms } from '../platforms/index.ts';
import type { Client } from './client.ts';
import type { Dialect } from './dialect.ts';
import { type Asking, namedProblem } from './find.ts';
import { failureOf } from './problem.ts';
import type { Account, Organisation, SessionOptions, StandingQuery, StandingAnswer } from './provider.ts';

/** What asking how people stand works with. */
export interface StandingSearch extends Asking, StandingQuery {
  /** Takes down what was learnt, so that it is there also where the asking ends early. */
  readonly learn: (userId: string, standing: KnownStanding) => void;
}

/** How a platform is asked. May reject with `PlatformError`: then it is not asked any further. */
export type StandingCall = (asking: StandingSearch) => Promise<void>;

/** The asking of a session. What is refused once would be refused each time. */
export function standingOf(
  account: Account,
  { clock }: Pick<SessionOptions, 'clock'>,
  client: Client,
  standing: StandingCall,
  dialect: Dialect,
): Organisation['standing'] {
  const { title, standing: how } = platforms[account.provider];
  const permissions = how.permissions.join(', ');
  let refused: Problem | null = null;
  const named = (error: unknown, signal: AbortSignal): Problem => {
    const wants = `To tell who has left, ${title} requires: ${permissions}.`;
    const problem = namedProblem(error, dialect, signal, wants);
    const { kind } = failureOf(error, signal);
    if (kind !== 'lost' && kind !== 'rate') refused = problem;
    return problem;
  };
  return async (query, signal): Promise<StandingAnswer> => {
    const of = new Map<string, KnownStanding>();
    if (query.ids.length === 0 || refused !== null) return { of, problem: refused, calls: 0 };
    let calls = 0;
    try {
      await standing({
        ...query,
        ids: [...new Set(query.ids)],
        client: {
          account: client.account,
          ask: (request) => {
            calls += 1;
            return client.ask({ ...request, aside: true });
          },
        },
        signal,
        now: () => clock.date(),
        learn: (userId, how) => of.set(userId, how),
        problemOf: (error) => named(error, signal),
      });
      return { of, problem: null, calls };
    } catch (error) {
      return { of, problem: named(error, signal), calls };
    }
  };
}
