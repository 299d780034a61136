import { type PlanAndWarnings, type Policy, type Reads, planOf, unknownPlan } from '../diff/event-plan.ts';
import { type Reading, readingOf } from '../diff/reading.ts';
import { type Problem, internalProblem } from '../model/diagnostic.ts';
import type { Basis, ChatBinding, DesiredEvent, EventFacts, Observed } from '../model/event.ts';
import { given } from '../model/given.ts';
import type { EventPlan } from '../model/plan.ts';
import type { StandingOf } from '../model/organisation.ts';
import { withAliases } from '../providers/aliases.ts';
import type { Organisation, Reader, Turn } from '../providers/provider.ts';
import type { Ahead } from './ahead.ts';
import { requestsNeeded } from './needed.ts';
import { organizersIn } from './standing.ts';

/** One event's plan with what the rest of the run needs from its listing; the listing itself is dropped. */
export interface PlannedEvent extends PlanAndWarnings {
  /** Present where there is something to apply. */
  readonly reading: Reading | null;
  /** Calls that applying it will take. */
  readonly needed: number;
  /** The people who organize it, as far as that is known. */
  readonly organizers: readonly string[];
  /** What was learnt of its people's addresses. */
  readonly aliases?: DesiredEvent['aliases'];
}

/** What an event is planned by. */
export interface Planning {
  readonly policy: Policy;
  /** Whether apply will read the event again before it writes. */
  readonly rereads: boolean;
  /** Whether an event that is to be changed is looked at; not where nothing of it will be done. */
  readonly looks: boolean;
  readonly turn: Turn;
  /** How the people stand whom the event wants, once that was answered. */
  readonly standing?: Promise<StandingOf>;
  /** What was read of several events at once. */
  readonly ahead?: Ahead;
  /** Who can be asked whose an address is. */
  readonly organisation?: Organisation;
  readonly signal: AbortSignal;
}

/**
 * Plans one event: its list, then, where something is to change, a look at the event itself. An event in sync costs
 * the listing alone, one that is to be deleted the look alone.
 */
export async function planEvent(
  desired: DesiredEvent,
  reader: Reader,
  chat: ChatBinding | null,
  planning: Planning,
): Promise<PlannedEvent> {
  const { policy, rereads, looks, turn, standing, ahead, signal } = planning;
  if (desired.unknown !== undefined) return unread(desired, desired.unknown, policy);
  const absent = desired.state === 'absent';
  let facts: EventFacts | null = absent ? await reader.read(desired.ref, 'facts', signal) : null;
  // Who is told of a deletion is counted; nothing else needs the list then.
  const lists = absent ? desired.notify && facts?.state === 'present' : desired.attendees !== null;
  const known = ahead?.take(desired.name);
  const observed = lists ? (known ?? (await reader.read(desired.ref, 'attendees', signal))) : null;
  if (observed !== null && !observed.complete) {
    return unread(desired, observed.problem, policy);
  }
  const rows = observed?.attendees ?? null;
  turn.holds(rows?.length ?? 0);
  facts ??= factsIn(observed);
  const standingOf = await standing;
  const reads = (): Reads => ({ rows, facts, chat, ...given({ standingOf }) });
  let planned = planOf(desired, reads(), policy);
  const event = await asMeant(desired, planned.plan, rows, planning);
  if (event.aliases !== undefined) planned = planOf(event, reads(), policy);
  if (looks && facts === null && planned.plan.changes.length > 0) {
    facts = await reader.read(desired.ref, 'facts', signal);
    planned = planOf(event, reads(), policy);
  }
  const { plan, warnings } = planned;
  const found = {
    plan,
    warnings,
    organizers: absent ? [] : organizersIn(desired, rows, facts),
    ...given({ aliases: event.aliases }),
  };
  if (!looks || plan.changes.length === 0) return { ...found, reading: null, needed: 0 };
  const basis = observed?.basis ?? (facts?.state === 'present' ? facts.basis : undefined);
  return { ...found, ...toApply(plan, { rows, rereads, ...given({ basis }) }) };
}

/** The event with whom its addresses stand for, where attendees are to be changed: some may be there by another address. */
async function asMeant(
  event: DesiredEvent,
  { changes }: EventPlan,
  rows: Reads['rows'],
  { organisation, signal }: Planning,
): Promise<DesiredEvent> {
  // Of what is remembered it is asked whether it still holds, though it leaves nothing to change.
  const asks = event.remembered !== undefined || changes.some((change) => 'attendee' in change);
  if (rows === null || !asks) return event;
  return withAliases(event, rows, organisation, signal);
}

/** What applying an event's plan takes: the reading that it was made from, and calls. */
export function toApply(
  plan: EventPlan,
  { rows, basis, rereads }: Pick<Reads, 'rows'> & Pick<Planning, 'rereads'> & { readonly basis?: Basis },
): Pick<PlannedEvent, 'reading' | 'needed'> {
  const held = readingOf(plan, rows ?? []);
  const reading = basis === undefined ? held : { ...held, basis };
  return { reading, needed: requestsNeeded(plan, reading, { rows: rows?.length ?? null }, rereads) };
}

/** What a listing tells of the event itself, where it does. */
export function factsIn(observed: Observed | null): EventFacts | null {
  return observed?.complete === true ? (observed.facts ?? null) : null;
}

/** An event that could not be read. */
export function unread(desired: DesiredEvent, problem: Problem, policy: Policy): PlannedEvent {
  return {
    plan: unknownPlan(desired, problem, policy),
    warnings: [],
    organizers: [],
    reading: null,
    needed: 0,
  };
}

/**
 * What failed in a way that nothing was prepared for is the problem of the one event.
 *
 * @throws the signal's reason when it aborts.
 */
export async function orUnread<Found>(
  work: () => Promise<Found>,
  unreadFor: (problem: Problem) => Found,
  signal: AbortSignal,
): Promise<Found> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted) throw error;
    return unreadFor(internalProblem(error));
  }
}
