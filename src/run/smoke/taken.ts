import type { EventRef } from '../../model/event.ts';
import type { Reader } from '../../providers/provider.ts';
import { UsageError } from '../usage-error.ts';
import { isPerson } from './tidy.ts';

/**
 * The title of an event that a smoke test may use: one that is there, whose attendees can be read to the end, without the
 * test person, whose reply would be lost.
 *
 * @throws UsageError for any other
 */
export async function takenTitle(
  reader: Reader,
  event: EventRef,
  person: string,
  signal: AbortSignal,
): Promise<string> {
  const facts = await reader.read(event, 'facts', signal);
  if (facts.state !== 'present') {
    const problem = facts.state === 'unknown' ? facts.problem : { message: `the event is ${facts.state}` };
    throw new UsageError(`the event of --event cannot be used: ${problem.message}`, 'Name another one.');
  }
  const seen = await reader.read(event, 'attendees', signal);
  if (!seen.complete) {
    throw new UsageError(`the event of --event cannot be used: ${seen.problem.message}`, seen.problem.hint);
  }
  if (seen.attendees.some(({ id, reply }) => isPerson(event, id, person) && reply !== 'removed')) {
    throw new UsageError(
      'the test person of --attendee is on that event already',
      'Name somebody else, or another event: the reply would be lost.',
    );
  }
  return facts.summary ?? 'without a title';
}
