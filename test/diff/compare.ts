import { type Difference, difference } from '../../src/diff/difference.ts';
import { organizersOf } from '../../src/diff/exempt.ts';
import { liveOf } from '../../src/diff/live.ts';
import type { ObservedAttendee } from '../../src/model/attendee.ts';
import type { DesiredEvent, EventFacts } from '../../src/model/event.ts';

/** The difference of one event, from its manifest, its rows and what a look answered. */
export function compare(
  desired: DesiredEvent,
  rows: readonly ObservedAttendee[],
  facts: EventFacts | null = null,
): Difference {
  const live = liveOf(rows);
  return difference(desired, desired.attendees ?? [], live, organizersOf(desired, live, facts));
}

/** Each change in a word: `- ou_a`, `+ ou_b`. */
export function steps({ changes }: Pick<Difference, 'changes'>): string[] {
  return changes.map((change) => {
    if (!('attendee' in change)) return change.action;
    return `${change.action === 'remove' ? '-' : '+'} ${change.attendee.id}`;
  });
}

/** Who was kept and why: `ou_boss organizer`. */
export function keptOf({ kept }: Pick<Difference, 'kept'>): string[] {
  return kept.map(({ attendee, reason }) => `${attendee.id} ${reason}`);
}
