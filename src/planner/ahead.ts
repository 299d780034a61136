import type { Problem } from '../model/diagnostic.ts';
import type { DesiredEvent, Observed, ChatBinding } from '../model/event.ts';
import { ownCalendarOf, type ProviderId } from '../platforms/index.ts';
import type { Reader } from '../providers/provider.ts';
import { orUnread } from './plan-event.ts';
import type { PlanContext } from './plan-events.ts';

/** What is known of events before each is read by itself. */
export interface Ahead {
  /** What an event's own reading would answer; undefined where it has to be made. It is kept no longer than that. */
  readonly take: (name: string) => Observed | undefined;
  readonly has: (name: string) => boolean;
}

/** Reads events of one calendar together where the platform tells of several in fewer calls. Rejects for an abort alone. */
export async function readAhead(
  events: readonly DesiredEvent[],
  readerOf: (provider: ProviderId) => Reader,
  asOf: string,
  signal: AbortSignal,
): Promise<Ahead> {
  const calendars = new Map<string, DesiredEvent[]>();
  for (const event of events) {
    const { ref, state, attendees, unknown } = event;
    if (state === 'absent' || attendees === null || unknown !== undefined) continue;
    const key = JSON.stringify([ref.provider, ownCalendarOf(ref), ref.organizer]);
    const own = calendars.get(key);
    if (own === undefined) calendars.set(key, [event]);
    else own.push(event);
  }
  const known = new Map<string, Observed>();
  await Promise.all(
    [...calendars.values()].map(async (own) => {
      const [first] = own;
      if (first === undefined) return;
      const refs = own.map(({ ref }) => ref);
      const found = await readerOf(first.ref.provider).readAhead?.(refs, asOf, signal);
      for (const { name, ref } of own) {
        const observed = found?.get(ref.eventId);
        if (observed !== undefined) known.set(name, observed);
      }
    }),
  );
  return {
    has: (name) => known.has(name),
    take: (name) => {
      const observed = known.get(name);
      known.delete(name);
      return observed;
    },
  };
}

/** One call for all events of a calendar that have a meeting chat to unbind. */
export async function chatBindings(
  events: readonly DesiredEvent[],
  context: Pick<PlanContext, 'readerOf' | 'signal'>,
): Promise<ReadonlyMap<string, ChatBinding | Problem>> {
  const calendars = new Map<string, DesiredEvent[]>();
  for (const event of events) {
    if (event.unbindChat === null) continue;
    const key = `${event.ref.provider} ${event.ref.calendarId}`;
    calendars.set(key, [...(calendars.get(key) ?? []), event]);
  }
  const bindings = new Map<string, ChatBinding | Problem>();
  for (const group of calendars.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const ids = group.map(({ ref }) => ref.eventId);
    const reader = context.readerOf(first.ref.provider);
    const bindingOf = await orUnread(
      async () => {
        const answered = await reader.meetingChats(first.ref.calendarId, ids, context.signal);
        return (id: string): ChatBinding | Problem => answered.get(id) ?? { state: 'unknown' };
      },
      (problem) => () => problem,
      context.signal,
    );
    for (const event of group) bindings.set(event.name, bindingOf(event.ref.eventId));
  }
  return bindings;
}
