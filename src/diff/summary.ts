import {
  type Change,
  type EventPlan,
  isReplacement,
  type LeftOut,
  type PlanSummary,
  type RepliesLost,
  replacedBy,
} from '../model/plan.ts';
import { platforms } from '../platforms/index.ts';

/** What a plan comes to. `stopped`: a guard of the run tripped, so nothing of it will be done. */
export function planSummary(events: readonly EventPlan[], stopped: boolean): PlanSummary {
  const inStatus = (status: EventPlan['status']): number =>
    events.filter((event) => event.status === status).length;
  const willBeDone = stopped ? [] : events.filter(({ status }) => status === 'changed');
  return {
    events: events.length,
    inSync: inStatus('in-sync'),
    changed: inStatus('changed'),
    refused: inStatus('refused'),
    unknown: inStatus('unknown'),
    add: countChanges(willBeDone, 'add'),
    remove: countChanges(willBeDone, 'remove'),
    deleteEvents: countChanges(willBeDone, 'delete-event'),
    unbindChats: countChanges(willBeDone, 'unbind-chat'),
    notified: willBeDone.reduce((sum, { notified }) => sum + notified, 0),
    repliesLost: repliesLost(willBeDone),
    leftOut: leftOut(events.filter((event) => event.status !== 'in-sync' && !willBeDone.includes(event))),
  };
}

/** The replies that these events' removals discard, including those of people invited again for another flag. */
export function repliesLost(events: readonly EventPlan[]): RepliesLost {
  const lost = { accepted: 0, tentative: 0, declined: 0 };
  for (const { provider, changes } of events) {
    const stay = platforms[provider].writes.flag === 'set' ? replacedBy(changes) : new Set<never>();
    for (const change of changes) {
      if (change.action !== 'remove' || isReplacement(change, stay)) continue;
      const { reply } = change.attendee;
      if (reply !== undefined && reply !== 'none') lost[reply] += 1;
    }
  }
  return lost;
}

function leftOut(events: readonly EventPlan[]): LeftOut {
  return { add: countChanges(events, 'add'), remove: countChanges(events, 'remove'), events: events.length };
}

/** How many changes of one kind the events have together. */
export function countChanges(events: readonly EventPlan[], action: Change['action']): number {
  return events.reduce(
    (sum, { changes }) => sum + changes.filter((change) => change.action === action).length,
    0,
  );
}
