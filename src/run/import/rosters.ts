import type { LiveEntry } from '../../manifest/write/found-event.ts';
import type { AttendeeType } from '../../model/platform.ts';
import { compareCodePoints, sortedByCodePoint } from '../../model/order.ts';

/** People who are on the same events, as a Roster. */
export interface SharedRoster {
  readonly name: string;
  readonly members: readonly LiveEntry[];
  /** The names of the events. */
  readonly events: readonly string[];
}

/** Fewer people who share their events are not a team. */
const fewest = 3;

/**
 * Those who attend exactly the same events, two or more, are a Roster: nobody comes to an event through it who is not
 * there. Optional attendance stays with the entry of the event.
 *
 * @param listed by event name, whom its manifest lists
 */
export function sharedRosters(
  listed: ReadonlyMap<string, readonly LiveEntry[]>,
  taken: ReadonlySet<string>,
  kind: AttendeeType = 'user',
): SharedRoster[] {
  const people = new Map<string, { readonly entry: LiveEntry; readonly events: string[] }>();
  for (const [event, entries] of listed) {
    for (const entry of entries) {
      if (entry.type !== kind || entry.optional || entry.external) continue;
      const known = people.get(entry.id);
      if (known === undefined) people.set(entry.id, { entry, events: [event] });
      else known.events.push(event);
    }
  }
  const groups = new Map<string, { members: LiveEntry[]; events: string[] }>();
  for (const { entry, events } of people.values()) {
    if (events.length < 2) continue;
    const sorted = sortedByCodePoint(events);
    const key = JSON.stringify(sorted);
    const group = groups.get(key) ?? { members: [], events: sorted };
    groups.set(key, group);
    group.members.push(entry);
  }
  const names = new Set(taken);
  return [...groups.values()]
    .filter(({ members }) => members.length >= fewest)
    .sort(
      (one, other) =>
        other.members.length - one.members.length ||
        compareCodePoints(one.events.join(), other.events.join()),
    )
    .map(({ members, events }) => {
      let count = 1;
      while (names.has(`shared-${count}`)) count += 1;
      const name = `shared-${count}`;
      names.add(name);
      return { name, members, events };
    });
}
