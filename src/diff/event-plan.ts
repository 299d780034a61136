import type { ObservedAttendee } from '../model/attendee.ts';
import type { Diagnostic, Problem } from '../model/diagnostic.ts';
import { dayIn } from '../model/day.ts';
import type { ChatBinding, DesiredEvent, EventFacts } from '../model/event.ts';
import { given } from '../model/given.ts';
import { type Change, type EventPlan, type Limits, compareChanges } from '../model/plan.ts';
import { notesOf, told } from '../model/say.ts';
import type { StandingOf } from '../model/organisation.ts';
import type { ProviderId } from '../platforms/index.ts';
import { aliasWarnings, heldIn, usedOf } from './aliases.ts';
import { type Difference, difference } from './difference.ts';
import { expandedDigest } from './digest.ts';
import { organizersOf } from './exempt.ts';
import { extentOf, guardChanges, guardPast, ownAdditions, writeOrder } from './guards.ts';
import { type Live, liveOf } from './live.ts';
import { planNotes, warningsOf } from './notes.ts';
import { digestsOf } from './wanted.ts';

/** What planning is told beside the manifests. */
export interface Policy {
  /** `YYYY-MM-DD` */
  readonly asOf: string;
  /** IANA name of the zone that days are counted in. */
  readonly timeZone: string;
  /** What `--allow-removals` gives, by event name. */
  readonly allowed: ReadonlyMap<string, number | 'event'>;
  /** The platforms where calls are made as an app, not as a person. */
  readonly asApp: ReadonlySet<ProviderId>;
}

/** What was read of one event. */
export interface Reads {
  /** Its rows, or null where nothing was listed. */
  readonly rows: readonly ObservedAttendee[] | null;
  /** Null: not asked. */
  readonly facts: EventFacts | null;
  /** Null: nothing to unbind. */
  readonly chat: ChatBinding | null;
  /** How the people stand whom the event wants; absent where nobody was asked. */
  readonly standingOf?: StandingOf;
}

/** An event's plan, and what there is to warn of. */
export interface PlanAndWarnings {
  readonly plan: EventPlan;
  readonly warnings: readonly Diagnostic[];
}

/** The plan of one event: pure and total, from what is wanted and what was read. */
export function planOf(desired: DesiredEvent, reads: Reads, policy: Policy): PlanAndWarnings {
  const { facts } = reads;
  if (facts?.state === 'unknown' && desired.state === 'absent') {
    return { plan: unknownPlan(desired, facts.problem, policy), warnings: [] };
  }
  if (facts?.state === 'deleted' && desired.state === 'present') {
    return { plan: unknownPlan(desired, deletedProblem, policy), warnings: [] };
  }
  if (facts?.state === 'present' && facts.exception === false && desired.series !== undefined) {
    return { plan: unknownPlan(desired, unchangedProblem, policy), warnings: [] };
  }
  const live = reads.rows === null ? null : liveOf(reads.rows);
  const found = live === null ? null : comparison(desired, live, reads);
  return planWith(desired, reads, policy, live, found);
}

/**
 * The plan of one event whose difference is known, guarded. `desired` gives its policies; `found` is null where the
 * attendees have no part in it.
 */
export function planWith(
  desired: DesiredEvent,
  reads: Reads,
  policy: Policy,
  live: Live | null,
  found: Difference | null,
): PlanAndWarnings {
  const { facts } = reads;
  const changes = [...(found?.changes ?? []), ...eventChanges(desired, reads)].sort(compareChanges);
  const limits = limitsOf(desired, policy);
  const counts = { managed: found?.managed ?? 0, live: live?.attendees.size ?? 0 };
  const order = writeOrder(desired.ref.provider, counts.live, changes);
  const extent = extentOf({ provider: desired.ref.provider, notify: desired.notify }, changes, counts);
  const violations =
    changes.length === 0
      ? []
      : [
          ...guardChanges(
            { name: desired.name, provider: desired.ref.provider, notify: desired.notify, limits },
            changes,
            new Set(order === 'removes-first' ? ownAdditions(changes) : []),
            counts,
          ),
          ...guardPast(desired.name, endedOn(facts, policy.timeZone), policy.asOf, limits),
        ];
  const aliases = found?.aliases ?? [];
  const held = live === null ? [] : heldIn(desired, live, changes);
  const remembered = usedOf(aliases, held);
  // In the order in which it is printed. It begins with a name because V8 makes a hidden class for each object that begins
  // with the members of another.
  const plan: EventPlan = {
    name: desired.name,
    ...addressOf(desired),
    ...given({ event: facts?.state === 'present' ? shownFacts(facts) : undefined }),
    ...settingsOf(desired),
    notified: extent.notified,
    order,
    limits,
    status: violations.length > 0 ? 'refused' : changes.length > 0 ? 'changed' : 'in-sync',
    ...given({ observed: live === null ? undefined : observedOf(desired, live, counts.managed) }),
    ...given({ desired: wantedOf(desired) }),
    changes,
    kept: found?.kept ?? [],
    missing: found?.missing ?? [],
    drift: found?.drift ?? [],
    skipped: found?.skipped ?? [],
    ...given({ remembered: remembered.length > 0 ? remembered : undefined }),
    violations,
    ...notesOf(planNotes(desired, live, facts, changes)),
  };
  const warnings = warningsOf(desired, facts, reads.chat, changes, policy.asApp);
  return { plan, warnings: [...warnings, ...aliasWarnings(desired, aliases, held)] };
}

/** The plan of an event that could not be read: nothing is changed. */
export function unknownPlan(desired: DesiredEvent, problem: Problem, policy: Policy): EventPlan {
  return {
    name: desired.name,
    ...addressOf(desired),
    ...settingsOf(desired),
    notified: 0,
    order: 'adds-first',
    limits: limitsOf(desired, policy),
    status: 'unknown',
    ...given({ desired: wantedOf(desired) }),
    changes: [],
    kept: [],
    missing: [],
    drift: [],
    skipped: [],
    violations: [],
    notes: [],
    problem,
  };
}

/** How many are wanted, as far as that is known. */
function wantedOf(desired: DesiredEvent): EventPlan['desired'] {
  const { attendees, sources } = desired;
  if (attendees === null) return undefined;
  if (sources === undefined) return { count: attendees.length };
  const digest = expandedDigest(desired);
  return digest === null ? undefined : { count: attendees.length, digest };
}

/** The same event where it is not known any more whom it wants: nothing of its plan is done. */
export function withheld(event: EventPlan, problem: Problem): EventPlan {
  const { [told]: _, skipped: __, ...rest } = event;
  const none = { notified: 0, changes: [], kept: [], missing: [], drift: [], violations: [], notes: [] };
  return { ...rest, ...none, status: 'unknown', problem };
}

const deletedProblem: Problem = {
  code: 'event-deleted',
  message: 'the event is cancelled',
  hint: 'Use the id of the event that replaced it, or set state: absent.',
};

/** A write would make a changed occurrence of it, which changes of its series no longer reach. */
export const unchangedProblem: Problem = {
  code: 'list-moved',
  message: 'the occurrence matches its series again, so its series covers it',
  hint: 'Plan again.',
};

function comparison(desired: DesiredEvent, live: Live, { facts, standingOf }: Reads): Difference | null {
  if (desired.attendees === null || desired.state === 'absent') return null;
  return difference(desired, desired.attendees, live, organizersOf(desired, live, facts), standingOf);
}

function eventChanges(desired: DesiredEvent, reads: Reads): Change[] {
  const changes: Change[] = [];
  if (desired.state === 'absent' && reads.facts?.state === 'present') {
    changes.push({ action: 'delete-event', reason: 'state-absent', certain: true, source: desired.source });
  }
  const { unbindChat } = desired;
  if (unbindChat === null || reads.chat === null) return changes;
  const bound = reads.chat.state === 'bound' && reads.chat.chatId === unbindChat.chatId;
  if (bound || reads.chat.state === 'unknown') {
    changes.push({
      action: 'unbind-chat',
      chatId: unbindChat.chatId,
      reason: 'chat-absent',
      certain: bound,
      source: unbindChat.source,
    });
  }
  return changes;
}

type Address = Pick<
  EventPlan,
  | 'provider'
  | 'calendarId'
  | 'eventId'
  | 'source'
  | 'organizer'
  | 'userIdType'
  | 'admin'
  | 'roomContact'
  | 'internalDomains'
>;

function addressOf({ source, ref }: DesiredEvent): Address {
  return {
    provider: ref.provider,
    calendarId: ref.calendarId,
    eventId: ref.eventId,
    source,
    ...given({
      organizer: ref.organizer,
      userIdType: ref.userIdType,
      admin: ref.admin,
      roomContact: ref.roomContact,
      internalDomains: ref.internalDomains,
    }),
  };
}

function settingsOf({
  sync,
  external,
  exceptions,
  series,
  notify,
}: DesiredEvent): Pick<EventPlan, 'sync' | 'external' | 'exceptions' | 'series' | 'notify'> {
  const said = exceptions === 'leave' ? undefined : exceptions;
  return { sync, external, ...given({ exceptions: said, series }), notify };
}

function limitsOf(desired: DesiredEvent, policy: Policy): Limits {
  const { allow, maxRemovals, ...guards } = desired.guards;
  const given = policy.allowed.get(desired.name);
  const standing = allow !== null && policy.asOf <= allow.until ? allow.removals : null;
  // A deletion can be allowed by name only; a number says nothing of it.
  const allowed = typeof given === 'number' ? Math.max(given, standing ?? 0) : (given ?? standing);
  return { maxRemovals, ...guards, allowed };
}

function shownFacts(facts: EventFacts & { state: 'present' }): NonNullable<EventPlan['event']> {
  const { summary, start, recurring } = facts;
  return given({ summary, start, recurring });
}

function observedOf(desired: DesiredEvent, live: Live, managed: number): NonNullable<EventPlan['observed']> {
  return {
    count: live.attendees.size,
    managed,
    ...digestsOf(live, desired.attendees ?? []),
  };
}

/** The last day of a single event, in the zone that days are counted in; null for a series or where it is not known. */
function endedOn(facts: EventFacts | null, timeZone: string): string | null {
  if (facts?.state !== 'present' || facts.recurring) return null;
  const end = facts.end ?? facts.start;
  if (end === undefined) return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(end)) return end;
  const instant = Date.parse(end);
  return Number.isNaN(instant) ? null : dayIn(timeZone, instant);
}
