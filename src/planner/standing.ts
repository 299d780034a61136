import type { ObservedAttendee } from '../model/attendee.ts';
import { type Diagnostic, type Problem, diagnosticOf } from '../model/diagnostic.ts';
import type { DesiredEvent, EventFacts, EventRef } from '../model/event.ts';
import { given } from '../model/given.ts';
import { compareCodePoints } from '../model/order.ts';
import { joined, plain, shortList, say, who } from '../model/say.ts';
import { platforms } from '../platforms/index.ts';
import { keyOf, type Standings } from '../providers/standings.ts';

/** The users whom the events want: whether they have left decides what is planned. A list that events share counts once. */
export function wantedUsers(events: readonly DesiredEvent[]): (readonly [EventRef, readonly string[]])[] {
  const seen = new Map<string, Set<unknown>>();
  return events.flatMap(({ ref, attendees, state }) => {
    const own = seen.get(keyOf(ref)) ?? new Set<unknown>();
    seen.set(keyOf(ref), own);
    if (state === 'absent' || attendees === null || own.has(attendees)) return [];
    own.add(attendees);
    return [[ref, attendees.flatMap(({ type, id }) => (type === 'user' ? id : []))] as const];
  });
}

/** The people who organize an event, as its manifest, its list and the look at it name them. */
export function organizersIn(
  { ref }: DesiredEvent,
  rows: readonly ObservedAttendee[] | null,
  facts: EventFacts | null,
): readonly string[] {
  const listed = (rows ?? []).filter(
    ({ type, organizer, external }) => organizer && type === 'user' && !external,
  );
  const looked = facts?.state === 'present' ? facts.organizer : undefined;
  return [...new Set([...listed.map(({ id }) => id), ref.organizer ?? [], looked ?? []].flat())];
}

/** Events and the people who organize them. */
export type Organized = readonly (readonly [DesiredEvent, readonly string[]])[];

/** A warning for each organizer who has left or is about to, with the events concerned. */
export function organizerWarnings(organized: Organized, standings: Standings): Diagnostic[] {
  const byPerson = new Map<
    string,
    { readonly standing: 'left' | 'leaving'; readonly id: string; readonly events: DesiredEvent[] }
  >();
  for (const [event, organizers] of organized) {
    for (const id of organizers) {
      const standing = standings.of(event.ref)(id);
      if (standing !== 'left' && standing !== 'leaving') continue;
      const key = `${keyOf(event.ref)} ${id}`;
      const person = byPerson.get(key) ?? { standing, id, events: [] };
      byPerson.set(key, person);
      person.events.push(event);
    }
  }
  return [...byPerson.values()].map(({ standing, id, events }) => {
    const [first] = events;
    const names = events
      .map(({ name }) => name)
      .toSorted(compareCodePoints)
      .map(plain);
    const left = standing === 'left';
    return diagnosticOf({
      severity: 'warning',
      code: left ? 'organizer-left' : 'organizer-leaving',
      message: say`${who('user', id)}, who organizes ${shortList(names)}, ${plain(left ? 'has left the organisation' : 'is about to leave the organisation')}`,
      hint: say`${plain(left ? 'Check that somebody else organizes the events that should continue' : 'Hand over the events that should continue')}: a platform may reassign a leaver's events, or delete them.`,
      ...given({ source: first?.source }),
    });
  });
}

/**
 * Says once for each platform of these events that it could not be asked who has left. Of a host that has no such calls that is told only
 * where a manifest wants leavers removed.
 */
export function standingWarnings(events: readonly DesiredEvent[], standings: Standings): Diagnostic[] {
  return [...standings.problems].flatMap(([provider, problem]) => {
    const own = events.filter(({ ref }) => ref.provider === provider);
    if (own.length === 0) return [];
    const matters = own.some(({ leavers }) => leavers === 'remove');
    if (!matters && isNotServed(problem)) return [];
    return [
      diagnosticOf({
        severity: 'warning',
        code: 'leavers-unknown',
        message: say`${plain(platforms[provider].title)} does not say who has left, so nobody counts as having left (${joined([who('event', problem.message)], '')})`,
        ...given({ hint: problem.hint === undefined ? undefined : plain(problem.hint) }),
      }),
    ];
  });
}

function isNotServed({ platformCode }: Problem): boolean {
  return platformCode !== undefined && ['http-404', '404', 'InvalidAction.NotFound'].includes(platformCode);
}
