import { membershipDigest } from '../diff/digest.ts';
import { internalProblem, type Problem } from '../model/diagnostic.ts';
import type { Desired, DesiredEvent } from '../model/event.ts';
import { given } from '../model/given.ts';
import { compareCodePoints } from '../model/order.ts';
import { type Membership, type PlanSource, type RosterSource, sourceKey } from '../model/organisation.ts';
import type { Beside } from '../providers/side-by-side.ts';
import type { OrganisationOf } from '../providers/standings.ts';

/** What reads the sources of rosters. */
export interface SourceTools extends Pick<Beside, 'begin' | 'signal'> {
  /** Its calls are part of a turn; absent where nobody can be asked. */
  readonly organisationOf?: OrganisationOf;
}

/** The sources of rosters at work: each is read once, all side by side. */
export interface SourceReading {
  /** Returns once all that an event rests on was read; null where it rests on nothing. Rejects for an abort alone. */
  readonly ready: (event: DesiredEvent) => Promise<unknown> | null;
  /** The event with everybody whom its rosters take in. It has to be ready. */
  readonly expanded: (event: DesiredEvent) => DesiredEvent;
  /** Returns once all was read. Rejects for an abort alone. */
  readonly all: () => Promise<unknown>;
  /** What was read until now, as plans tell of it, in their order. What is not known to its end is not among it. */
  readonly found: () => readonly PlanSource[];
}

/** Begins to read what the events rest on. */
export function readSources(desired: Desired, tools: SourceTools): SourceReading {
  const sources = new Map<string, RosterSource>();
  for (const { sources: own = [] } of desired.events) for (const one of own) sources.set(sourceKey(one), one);
  const memberships = new Map<string, Membership>();
  const readings = new Map(
    [...sources].map(([key, source]) => {
      const reading = readOne(source, tools).then((membership) => memberships.set(key, membership));
      // Its failure is heard where somebody waits for it.
      reading.catch(() => {});
      return [key, reading] as const;
    }),
  );
  const expand = tools.organisationOf === undefined ? undefined : desired.expand?.(memberships);
  return {
    ready: ({ sources: own }) =>
      own === undefined ? null : Promise.all(own.flatMap((one) => readings.get(sourceKey(one)) ?? [])),
    all: async () => Promise.all(readings.values()),
    expanded: (event) => expand?.(event) ?? event,
    found: () =>
      [...sources]
        .sort(([one], [other]) => compareCodePoints(one, other))
        .flatMap(([key, source]) => planSource(source, memberships.get(key)) ?? []),
  };
}

const nobodyAsked: Problem = { code: 'source-unread', message: 'its members were not read' };

async function readOne(
  source: RosterSource,
  { begin, signal, organisationOf }: SourceTools,
): Promise<Membership> {
  if (organisationOf === undefined) return { name: null, complete: false, problem: nobodyAsked };
  const turn = await begin(source.provider, signal);
  try {
    return await organisationOf(source.provider, turn).members(source, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return { name: null, complete: false, problem: internalProblem(error) };
  } finally {
    turn.end();
  }
}

/** What was read of a source, as a plan tells of it; null where it is not known to its end. */
function planSource(source: RosterSource, membership: Membership | undefined): PlanSource | null {
  if (membership?.complete !== true) return null;
  const { kind, provider, id, recursive, userIdType } = source;
  return {
    kind,
    provider,
    id,
    ...(recursive ? { recursive } : {}),
    ...given({ userIdType: userIdType ?? undefined }),
    name: membership.name,
    count: membership.members.length,
    digest: membershipDigest(membership.members),
  };
}
