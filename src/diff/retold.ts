import type { EventPlan, Plan, Violation } from '../model/plan.ts';
import { notesOf, told } from '../model/say.ts';
import { guardPast, guardRun, guardsOf } from './guards.ts';
import { noteAgain } from './notes.ts';
import { countChanges } from './summary.ts';

/**
 * A plan that was read from a file, with the parts of its guards and notes: they are made again from what else the plan
 * says, so that redaction need not leave their words out. What does not follow from the plan stays without parts.
 */
export function retold(plan: Plan): Plan {
  const changed = plan.events.filter(({ status }) => status === 'changed');
  return {
    ...plan,
    events: plan.events.map((event) => retoldEvent(event, plan.asOf)),
    violations: withParts(plan.violations, guardRun(countChanges(changed, 'remove'), plan.maxRemovals)),
  };
}

function retoldEvent(event: EventPlan, asOf: string): EventPlan {
  const { name, limits, provider, violations, notes } = event;
  if (violations.length === 0 && notes.length === 0) return event;
  // The plan has the day on which the event ended in this message alone.
  const past = violations.find(({ code }) => code === 'past-event')?.message.slice(name.length) ?? '';
  const endedOn = /\d{4}-\d{2}-\d{2}/.exec(past)?.[0] ?? null;
  const again = [...guardsOf(event), ...guardPast(name, endedOn, asOf, limits)];
  return {
    ...event,
    violations: withParts(violations, again),
    ...notesOf(notes.map((text) => noteAgain(text, provider) ?? { text, parts: [] })),
  };
}

/** A guard's words are made of the event's name and of numbers: a plan of another version tells the same. */
function withParts(violations: readonly Violation[], again: readonly Violation[]): Violation[] {
  return violations.map((one) => {
    const parts = again.find(({ code }) => code === one.code)?.[told];
    return parts === undefined ? one : { ...one, [told]: parts };
  });
}
