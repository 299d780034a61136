import type { Problem } from '../model/diagnostic.ts';
import type { ChatBinding, DesiredEvent } from '../model/event.ts';
import { orUnread } from './plan-event.ts';
import type { PlanContext } from './plan-events.ts';

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
