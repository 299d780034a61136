import { type LiveAttendee, liveOf } from '../../diff/live.ts';
import type { Problem } from '../../model/diagnostic.ts';
import type { EventFacts, EventRef } from '../../model/event.ts';
import type { Reader, Turn } from '../../providers/provider.ts';
import { type Beside, sideBySide } from '../../providers/side-by-side.ts';

/** An event as it is now. */
export interface ReadEvent {
  readonly ref: EventRef;
  readonly facts: EventFacts;
  readonly attendees: readonly LiveAttendee[];
}

/** An event whose list, or which itself, is not all there. */
export interface UnreadEvent {
  readonly ref: EventRef;
  readonly problem: Problem;
}

export interface ReadTools extends Beside {
  readonly readerOf: (turn: Turn) => Reader;
  readonly onRead: (done: number, total: number) => void;
}

/** Reads events side by side. One that cannot be read holds up no other. */
export async function readEvents(
  refs: readonly EventRef[],
  tools: ReadTools,
): Promise<{ readonly events: readonly ReadEvent[]; readonly unread: readonly UnreadEvent[] }> {
  let done = 0;
  const read = await sideBySide(
    refs,
    (ref) => ref,
    tools,
    async (ref, { turn }) => {
      const one = await readOne(ref, tools.readerOf(turn), tools.signal);
      done += 1;
      tools.onRead(done, refs.length);
      return one;
    },
  );
  return {
    events: read.flatMap((one) => ('facts' in one ? [one] : [])),
    unread: read.flatMap((one) => ('problem' in one ? [one] : [])),
  };
}

async function readOne(ref: EventRef, reader: Reader, signal: AbortSignal): Promise<ReadEvent | UnreadEvent> {
  const observed = await reader.read(ref, 'attendees', signal);
  if (!observed.complete) return { ref, problem: observed.problem };
  const facts = await reader.read(ref, 'facts', signal);
  if (facts.state === 'deleted') {
    return { ref, problem: { code: 'event-deleted', message: 'the event is cancelled' } };
  }
  if (facts.state === 'unknown') return { ref, problem: facts.problem };
  return { ref, facts, attendees: [...liveOf(observed.attendees).attendees.values()] };
}
