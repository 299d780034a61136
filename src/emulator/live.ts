import type { World } from './world.ts';

/** An attendee as a test or a person looking in wants to see it. `id` of a Feishu user is the open_id. */
export interface LiveAttendee {
  readonly type: 'user' | 'chat' | 'room' | 'email';
  readonly id: string;
  readonly optional: boolean;
}

const typeNames = { user: 'user', chat: 'chat', resource: 'room', third_party: 'email' } as const;

/** Who is on the events with this id, on any calendar of any platform; nobody where there is none or it is deleted. */
export function liveAttendees(world: World, eventId: string): readonly LiveAttendee[] {
  const feishu = [...world.calendars.values()].flatMap((calendar) => calendar.events.get(eventId) ?? []);
  const dingtalk = [...world.dingtalkUsers.values()].flatMap((events) => events.get(eventId) ?? []);
  return [
    ...feishu
      .filter((event) => !event.content.live.cancelled)
      .flatMap((event) => event.content.live.rows)
      .filter((row) => row.rsvp !== 'removed')
      .map(({ type, id, optional }) => ({ type: typeNames[type], id, optional })),
    ...dingtalk
      .filter((event) => !event.content.live.cancelled)
      .flatMap((event) => event.content.live.rows)
      .map(({ id, optional }) => ({ type: 'user' as const, id, optional })),
  ];
}
