import { addressOf } from '../../model/attendee.ts';
import type { Edit } from '../../model/edit.ts';
import type { Basis, EventRef } from '../../model/event.ts';
import { platforms } from '../../platforms/index.ts';
import { PlatformError, type Writer, type Reader } from '../../providers/provider.ts';
import type { Draft } from '../../providers/smoke.ts';
import { UsageError } from '../usage-error.ts';

/** What a smoke test could not clean up: in a sentence, and how to do it by hand. Names the event, so it is for its user alone. */
export interface Left {
  readonly what: string;
  readonly how: string;
}

/** The event that was made. Where its id is not known it can be found by its title. */
export function ownLeft(event: EventRef, { title, start }: Draft): Left {
  const when = new Date(start * 1000).toISOString().replace('T', ' ').slice(0, 16);
  const what = `the test event "${title}" of ${when} UTC`;
  if (event.eventId === '') {
    return {
      what: `${what} may still exist`,
      how: 'Look for it in the calendar on that day, and delete it.',
    };
  }
  const { provider, calendarId, eventId, organizer } = event;
  const spec = { provider, calendarId, eventId, organizer, state: 'absent', guards: { allowDelete: true } };
  // JSON is YAML too.
  const manifest = { apiVersion: 'rollcall.dev/v1', kind: 'Event', metadata: { name: 'smoke' }, spec };
  return {
    what: `${what} is left`,
    how: `Delete it in the calendar, or save this line as smoke.yaml and run "rollcall apply smoke.yaml":\n${JSON.stringify(manifest)}`,
  };
}

const tries = 3;

/** Deletes the event that was made. Answers what is left of it. */
export function tidy(
  writer: Writer,
  event: EventRef,
  draft: Draft,
  signal: AbortSignal,
): Promise<Left | null> {
  return retried(ownLeft(event, draft), async (attempt) => {
    let basis: Basis | undefined;
    if (platforms[event.provider].writes.style === 'whole') {
      const facts = await writer.read(event, 'facts', signal);
      if (facts.state === 'deleted' || facts.state === 'absent') return;
      if (facts.state === 'unknown')
        throw new PlatformError('lost', facts.problem.code, facts.problem.message);
      ({ basis } = facts);
    }
    const options = { notify: false, key: `${draft.stamp}end${attempt}` };
    await writer.edit(event, { kind: 'delete-event' }, basis, options, signal);
  });
}

/** Takes the test person off the event that was named, who was not on it before. Answers what is left. */
export function putBack(
  writer: Writer,
  event: EventRef,
  person: string,
  draft: Draft,
  signal: AbortSignal,
): Promise<Left | null> {
  const left = {
    what: 'the test person may still be on the event that you named',
    how: 'Look at its attendees, and remove that person.',
  };
  return retried(left, async (attempt) => {
    const seen = await writer.read(event, 'attendees', signal);
    if (!seen.complete) throw new PlatformError('lost', seen.problem.code, seen.problem.message);
    const remove = seen.attendees.filter(
      ({ id, reply }) => isPerson(event, id, person) && reply !== 'removed',
    );
    if (remove.length === 0) return;
    const edit: Edit = { kind: 'attendees', remove, add: [], set: [] };
    const options = { notify: false, key: `${draft.stamp}back${attempt}` };
    await writer.edit(event, edit, seen.basis, options, signal);
  });
}

/** Whether an attendee of an event is the test person. */
function isPerson({ provider }: EventRef, id: string, person: string): boolean {
  return platforms[provider].event.people === 'email' ? addressOf(id) === addressOf(person) : id === person;
}

async function retried(left: Left, clean: (attempt: number) => Promise<void>): Promise<Left | null> {
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      await clean(attempt);
      return null;
    } catch (error) {
      if (!(error instanceof PlatformError)) return left;
      if (error.kind === 'done' || error.kind === 'absent') return null;
      if (error.kind !== 'conflict' && error.kind !== 'lost') return left;
    }
  }
  return left;
}

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
