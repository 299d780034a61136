import { lockedIn, manifestDigest, planDigest } from '../diff/digest.ts';
import type { Policy } from '../diff/event-plan.ts';
import { guardRun } from '../diff/guards.ts';
import type { Reading } from '../diff/reading.ts';
import { countChanges, planSummary } from '../diff/summary.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Desired, DesiredEvent, RememberedAlias } from '../model/event.ts';
import { given } from '../model/given.ts';
import { compareCodePoints } from '../model/order.ts';
import type { CallsOf } from '../model/calls.ts';
import type { PlanSource } from '../model/organisation.ts';
import type { EventPlan, Plan, PlanAccount, Selection } from '../model/plan.ts';
import { platforms, type ProviderId } from '../platforms/index.ts';
import type { Reader, Turn } from '../providers/provider.ts';
import { type Beside, sideBySide } from '../providers/side-by-side.ts';
import { readAhead, chatBindings } from './ahead.ts';
import { findOccurrences, withOccurrences } from './occurrences.ts';
import { type PlannedEvent, orUnread, planEvent, unread } from './plan-event.ts';
import { withLearnt, withRemembered } from '../providers/aliases.ts';
import { type OrganisationOf, Standings } from '../providers/standings.ts';
import { judgingCalls, monthlyWarnings } from './needed.ts';
import { readSources } from './sources.ts';
import { organizerWarnings, standingWarnings, wantedUsers } from './standing.ts';

/** What planning is handed. It holds readers alone: nothing here can write. */
export interface PlanContext extends Beside {
  /** Its calls are part of a turn, where one is given. */
  readonly readerOf: (provider: ProviderId, turn?: Turn) => Reader;
  /** Who can be asked how people stand; absent where nobody is. */
  readonly organisationOf?: OrganisationOf;
  /** Calls made so far on that platform. */
  readonly requests: (provider: ProviderId) => number;
  /** Those of them that count in the month; absent where all of them do. */
  readonly metered?: (provider: ProviderId) => number;
  readonly accounts: Readonly<Partial<Record<ProviderId, PlanAccount>>>;
  readonly policy: Policy;
  readonly selection: Selection;
  /** The most removals over all events. */
  readonly maxRemovals: number;
  /** Whether apply will read each event again before it writes. */
  readonly rereads: boolean;
  /** Whether an occurrence with this name is chosen, where not all are. */
  readonly choosesOccurrence?: (name: string) => boolean;
  /** What earlier runs found of addresses, by event; see {@link DesiredEvent.remembered}. */
  readonly remembered?: ReadonlyMap<string, readonly RememberedAlias[]>;
  readonly tool: Plan['tool'];
  /** When the plan is made, in ISO 8601. */
  readonly createdAt: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Told of the events that were read together, before the others are read. */
  readonly onKnown?: (events: readonly DesiredEvent[]) => void;
  /** Told of each event that is done, with its plan. */
  readonly onEvent?: (done: number, total: number, event: EventPlan) => void;
}

/** A plan, and what its own listings say of each event that has something to apply. */
export interface PlanRun {
  readonly plan: Plan;
  readonly readings: ReadonlyMap<string, Reading>;
  /** The plan's `requests` for each platform apart. */
  readonly calls: CallsOf;
  /** What the events want, their rosters expanded. */
  readonly wants: readonly DesiredEvent[];
}

/**
 * Reads the events side by side and plans each. A read that fails makes its event `unknown` and no other.
 *
 * @throws the signal's reason when it aborts.
 */
export async function planEvents(desired: Desired, context: PlanContext): Promise<PlanRun> {
  const count = callsFrom(desired.events, context);
  const sources = readSources(desired, context);
  const standings = new Standings(context.organisationOf, context.signal);
  // While the lists are read; each event waits for it before it is compared.
  const asked = standings.ask(wantedUsers(desired.events.filter(({ sources: own }) => own === undefined)));
  const askedOfExpanded = sources.all().then(async () => {
    const expanded = desired.events.filter(({ sources: own }) => own !== undefined).map(sources.expanded);
    await standings.ask(wantedUsers(expanded));
  });
  for (const asking of [asked, askedOfExpanded]) asking.catch(() => {});
  const bindings = await chatBindings(desired.events, context);
  const found = await findOccurrences(desired.events, context);
  const events = [...desired.events, ...found.events];
  const { policy, rereads, signal } = context;
  const ahead = await readAhead(events, context.readerOf, policy.asOf, signal);
  const meant = (event: DesiredEvent): DesiredEvent =>
    withRemembered(sources.expanded(event), context.remembered);
  context.onKnown?.(desired.events.filter(({ name }) => ahead.has(name)));
  const planOne = async (asking: DesiredEvent, turn: Turn): Promise<PlannedEvent> => {
    const event = meant(asking);
    const answered = event.sources === undefined ? asked : askedOfExpanded;
    const standing = answered.then(() => standings.of(event.ref));
    // A stop can end the event before it looks at this.
    standing.catch(() => {});
    const chat = bindings.get(event.name) ?? null;
    if (chat !== null && 'code' in chat) return unread(event, chat, policy);
    const reader = context.readerOf(event.ref.provider, turn);
    const looks = !found.reported.has(event.name);
    const organisation = context.organisationOf?.(event.ref.provider, turn);
    const planning = { policy, rereads, looks, turn, standing, ahead, signal, ...given({ organisation }) };
    return orUnread(
      () => planEvent(event, reader, chat, planning),
      (problem) => unread(event, problem, policy),
      signal,
    );
  };
  const each = await eachEvent(events, context, planOne, sources.ready);
  const planned = withOccurrences(each, found);
  const wants = withLearnt(
    desired.events.map(meant),
    planned.map(({ plan, aliases }) => [plan.provider, aliases] as const),
  );
  const told = await aboutStanding(wants, planned, standings);
  const diagnostics = [...context.diagnostics, ...told];
  return planRunOf(
    { asOf: desired.asOf, events: wants },
    planned,
    { ...context, diagnostics },
    count(planned, standings),
    sources.found(),
  );
}

/** Asks for those who organize the events as well, and says what there is to warn of. */
async function aboutStanding(
  events: readonly DesiredEvent[],
  planned: readonly PlannedEvent[],
  standings: Standings,
): Promise<Diagnostic[]> {
  const byName = new Map(planned.map((event) => [event.plan.name, event]));
  const organized = events.map((event) => [event, byName.get(event.name)?.organizers ?? []] as const);
  await standings.ask(
    organized.map(([{ ref }, organizers]) => [ref, organizers] as const),
    true,
  );
  // Where no event could be read, what stood against that is told of each.
  const read = events.filter(({ name }) => byName.get(name)?.plan.status !== 'unknown');
  return [...standingWarnings(read, standings), ...organizerWarnings(organized, standings)];
}

/** Plans events side by side, and tells how many are done. */
export function eachEvent<Item extends Pick<DesiredEvent, 'ref'>, Found extends PlannedEvent>(
  items: readonly Item[],
  context: Beside & Pick<PlanContext, 'onEvent'>,
  planOne: (item: Item, turn: Turn) => Promise<Found>,
  ready?: (item: Item) => Promise<unknown> | null,
): Promise<Found[]> {
  let done = 0;
  return sideBySide(
    items,
    ({ ref }) => ref,
    context,
    async (item, { turn }) => {
      const found = await planOne(item, turn);
      done += 1;
      context.onEvent?.(done, items.length, found.plan);
      return found;
    },
    ready,
  );
}

/** What counts the calls from now on. */
export function callsFrom(
  events: readonly Pick<DesiredEvent, 'ref'>[],
  context: PlanContext,
): (planned: readonly PlannedEvent[], standings: Standings) => CallsOf {
  const { requests, metered = requests } = context;
  const providers = [...new Set(events.map(({ ref }) => ref.provider))];
  const before = new Map(
    providers.map((provider) => [provider, { used: requests(provider), metered: metered(provider) }]),
  );
  return (planned, standings) =>
    new Map(
      providers.map((provider) => {
        const own = planned.filter((event) => event.plan.provider === provider);
        const judging = context.rereads
          ? judgingCalls(
              own.map(({ plan }) => plan),
              standings,
            )
          : 0;
        const used = requests(provider) - (before.get(provider)?.used ?? 0);
        const counted = metered(provider) - (before.get(provider)?.metered ?? 0);
        const free = { used: used - counted, needed: platforms[provider].standing.free ? judging : 0 };
        const counts = { used, needed: neededOf(own) + judging };
        return [provider, free.used + free.needed === 0 ? counts : { ...counts, free }];
      }),
    );
}

/** Brings the events' plans together into the plan of the run. `calls`: those that it took and takes. */
export function planRunOf(
  desired: Desired,
  planned: readonly PlannedEvent[],
  context: PlanContext,
  calls: CallsOf,
  sources: readonly PlanSource[] = [],
): PlanRun {
  const plan = sealed(assemble(desired, planned, context, calls, sources));
  const readings = new Map<string, Reading>();
  for (const { plan: event, reading } of planned) if (reading !== null) readings.set(event.name, reading);
  return { plan, readings, calls, wants: desired.events };
}

/** The plan of manifests that cannot be used: no events, nothing to apply. */
export function planOfErrors(diagnostics: readonly Diagnostic[], context: PlanContext): Plan {
  const plan = assemble(
    { asOf: context.policy.asOf, events: [] },
    [],
    { ...context, diagnostics },
    new Map(),
    [],
  );
  return sealed({ ...plan, complete: false, applyable: false });
}

function assemble(
  desired: Desired,
  planned: readonly PlannedEvent[],
  context: PlanContext,
  calls: CallsOf,
  sources: readonly PlanSource[],
): Omit<Plan, 'digest'> {
  const inOrder = [...planned].sort((a, b) => compareCodePoints(a.plan.name, b.plan.name));
  const events = inOrder.map(({ plan }) => plan);
  const removals = countChanges(
    events.filter(({ status }) => status === 'changed'),
    'remove',
  );
  const violations = guardRun(removals, context.maxRemovals);
  const complete = events.every(({ status }) => status !== 'unknown');
  return {
    formatVersion: '1',
    tool: context.tool,
    createdAt: context.createdAt,
    asOf: desired.asOf,
    manifestDigest: manifestDigest(desired.events),
    ...given({ locked: lockedIn(desired.events) }),
    accounts: context.accounts,
    selection: context.selection,
    maxRemovals: context.maxRemovals,
    complete,
    applyable: complete && violations.length === 0 && events.every(({ status }) => status !== 'refused'),
    summary: planSummary(events, violations.length > 0),
    requests: {
      used: [...calls.values()].reduce((total, { used }) => total + used, 0),
      needed: [...calls.values()].reduce((total, { needed }) => total + needed, 0),
    },
    events,
    ...(sources.length === 0 ? {} : { sources }),
    violations,
    diagnostics: [
      ...context.diagnostics,
      ...inOrder.flatMap(({ warnings }) => warnings),
      ...monthlyWarnings(calls),
    ],
  };
}

function neededOf(planned: readonly PlannedEvent[]): number {
  return planned.reduce((total, { needed }) => total + needed, 0);
}

/** Gives a plan its digest, beside that of the manifests: the keys stand in the order in which they are printed. */
export function sealed(body: Omit<Plan, 'digest'>): Plan {
  const { formatVersion, tool, createdAt, asOf, manifestDigest, ...rest } = body;
  const own = manifestDigest === undefined ? {} : { manifestDigest };
  return Object.assign({ formatVersion, tool, createdAt, asOf, ...own, digest: '' }, rest, {
    digest: planDigest(body),
  });
}
