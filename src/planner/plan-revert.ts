import { type Reads, unchangedProblem } from '../diff/event-plan.ts';
import type { EventEffects } from '../revert/effects.ts';
import { type Reverted, desiredOf, revertOf } from '../revert/revert.ts';
import type { ObservedAttendee } from '../model/attendee.ts';
import { type Diagnostic, diagnosticOf, type Problem } from '../model/diagnostic.ts';
import type { Basis, ChatBinding, EventFacts } from '../model/event.ts';
import { given } from '../model/given.ts';
import { say } from '../model/say.ts';
import type { Reader } from '../providers/provider.ts';
import { Standings } from '../providers/standings.ts';
import { type PlannedEvent, type Planning, factsIn, orUnread, toApply, unread } from './plan-event.ts';
import { type PlanContext, type PlanRun, callsFrom, eachEvent, planRunOf } from './plan-events.ts';

/** The plan that undoes a run. */
export interface RevertRun extends PlanRun {
  /** The run did something, and nothing of it can be brought back. */
  readonly hopeless: boolean;
}

/**
 * Reads the events that a run changed, side by side, and plans the inverse of what it did where that is still so. What
 * the run began and its journal does not end is decided by this reading.
 *
 * @throws the signal's reason when it aborts.
 */
export async function planRevert(effects: readonly EventEffects[], context: PlanContext): Promise<RevertRun> {
  const count = callsFrom(effects, context);
  const standings = new Standings(context.organisationOf, context.signal);
  // Nobody who has left meanwhile is invited again.
  const asked = standings.ask(effects.map((event) => [event.ref, removedUsers(event)]));
  asked.catch(() => {});
  const planned = await eachEvent(effects, context, (event, turn): Promise<Found> =>
    orUnread(
      () => {
        const standing = asked.then(() => standings.of(event.ref));
        // A stop can end the event before it looks at this.
        standing.catch(() => {});
        return planOne(event, context.readerOf(event.ref.provider, turn), { ...context, turn, standing });
      },
      (problem) => unreadable(event, problem, context),
      context.signal,
    ),
  );
  const pending = planned.some(({ plan }) => plan.changes.length > 0);
  const diagnostics = [...context.diagnostics, ...(pending ? [appliesAgain] : [])];
  // No manifests are behind this plan: it has the digest of wanting nothing, and follows from no manifests.
  const desired = { asOf: context.policy.asOf, events: [] };
  const run = planRunOf(desired, planned, { ...context, diagnostics }, count(planned, standings));
  const sum = (count: 'reversible' | 'irreversible'): number =>
    planned.reduce((total, event) => total + event[count], 0);
  return { ...run, hopeless: run.plan.complete && sum('irreversible') > 0 && sum('reversible') === 0 };
}

const appliesAgain: Diagnostic = diagnosticOf({
  severity: 'warning',
  code: 'applies-again',
  message: say`the next apply from the manifests will do all of this again`,
  hint: say`Revert the manifests in git first.`,
});

/** Those whom the run took off, and whom the plan may add back. */
function removedUsers({ attendees }: EventEffects): readonly string[] {
  return attendees.flatMap(({ type, id, removed }) => (type === 'user' && removed !== null ? id : []));
}

type Found = PlannedEvent & Pick<Reverted, 'reversible' | 'irreversible'>;

function unreadable(effects: EventEffects, problem: Problem, { policy }: PlanContext): Found {
  return { ...unread(desiredOf(effects), problem, policy), reversible: 0, irreversible: 0 };
}

/** One event: what its journal leaves open, its list, then, where something is to change, a look at the event itself. */
async function planOne(
  effects: EventEffects,
  reader: Reader,
  context: PlanContext & Pick<Planning, 'turn' | 'standing'>,
): Promise<Found> {
  const { signal, policy, turn } = context;
  const { ref, unbound } = effects;
  const chat: ChatBinding | null =
    unbound?.certain === false
      ? ((await reader.meetingChats(ref.calendarId, [ref.eventId], signal)).get(ref.eventId) ?? null)
      : null;
  let facts: EventFacts | null =
    effects.deleted?.certain === false ? await reader.read(ref, 'facts', signal) : null;
  let rows: readonly ObservedAttendee[] | null = null;
  let basis: Basis | undefined;
  if (effects.attendees.length > 0) {
    const observed = await reader.read(ref, 'attendees', signal);
    if (!observed.complete) return unreadable(effects, observed.problem, context);
    rows = observed.attendees;
    turn.holds(rows.length);
    basis = observed.basis;
    facts ??= factsIn(observed);
  }
  const standingOf = await context.standing;
  const reads = (): Reads => ({ rows, facts, chat, ...given({ standingOf }) });
  let planned = revertOf(effects, reads(), policy);
  if (planned.plan.changes.length > 0 && facts === null) {
    facts = await reader.read(ref, 'facts', signal);
    planned = revertOf(effects, reads(), policy);
  }
  // Whatever the run changed is gone with the occurrence that it was changed on.
  if (planned.plan.changes.length > 0 && facts?.state === 'present' && facts.exception === false) {
    return unreadable(effects, unchangedProblem, context);
  }
  if (planned.plan.changes.length === 0) return { ...planned, organizers: [], reading: null, needed: 0 };
  const { rereads } = context;
  return { ...planned, organizers: [], ...toApply(planned.plan, { rows, rereads, ...given({ basis }) }) };
}
