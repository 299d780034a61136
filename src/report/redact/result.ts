import { given } from '../../model/given.ts';
import type { ChangeResult, EventResult, Result } from '../../model/result.ts';
import { told } from '../../model/say.ts';
import type { Labels } from './labels.ts';
import { redactError, redactNotes, redactProblem, redactViolation } from './messages.ts';
import { redactAttendee } from './plan.ts';

/** A result without names and ids. */
export function redactResult(result: Result, labels: Labels): Result {
  const { planDigest: _, ...rest } = result;
  const events = result.events.map((event) => redactEvent(event, labels));
  return { ...rest, events, redacted: true };
}

function redactEvent(event: EventResult, labels: Labels): EventResult {
  const { [told]: _, ...rest } = event;
  return {
    ...rest,
    changes: event.changes.map((one) => redactChange(one, labels)),
    newcomers: event.newcomers.map(({ type, id, name }) => ({ type, id: labels.of(type, id, name) })),
    notes: redactNotes(event, labels),
    violations: event.violations.map((one) => redactViolation(one, labels)),
    ...given({ problem: event.problem && redactProblem(event.problem, labels) }),
  };
}

function redactChange(one: ChangeResult, labels: Labels): ChangeResult {
  const { error, attendee, chatId } = one;
  return {
    ...one,
    ...given({
      attendee: attendee && redactAttendee(attendee, labels),
      chatId: chatId && labels.of('chat', chatId),
      error: error && redactError(error, labels),
    }),
  };
}
