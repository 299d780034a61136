import type { Policy } from '../../src/diff/event-plan.ts';
import type { DesiredAttendee, ObservedAttendee } from '../../src/model/attendee.ts';
import type { Source } from '../../src/model/diagnostic.ts';
import type { DesiredEvent, EventFacts, EventRef, Guards } from '../../src/model/event.ts';
import type { Limits } from '../../src/model/plan.ts';

/** Builders of what manifests want and platforms show: what a test does not name is ordinary. */

export function source(line: number = 1, file: string = 'events/weekly.yaml'): Source {
  return { file, line, column: 7 };
}

/** Somebody whom a manifest wants: a user unless `more` says otherwise. */
export function wanted(id: string, more: Partial<DesiredAttendee> = {}): DesiredAttendee {
  return { type: 'user', id, optional: false, source: source(), via: [], ...more };
}

/** One row of a listing: a user who has not answered, unless `more` says otherwise. */
export function row(id: string, more: Partial<ObservedAttendee> = {}): ObservedAttendee {
  return {
    type: 'user',
    id,
    attendeeId: `${more.type ?? 'user'}_${id}`,
    optional: false,
    organizer: false,
    external: false,
    reply: 'none',
    ...more,
  };
}

/** `count` ids that begin with `prefix`. */
export function ids(count: number, prefix: string = 'ou_'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

/** So many rows of users. */
export function rows(count: number, prefix: string = 'ou_'): ObservedAttendee[] {
  return ids(count, prefix).map((id) => row(id));
}

export function guards(more: Partial<Guards> = {}): Guards {
  return {
    maxRemovals: null,
    allowEmpty: false,
    allowDelete: false,
    allowPast: false,
    maxAdditions: null,
    maxNotified: 200,
    allow: null,
    ...more,
  };
}

export function limits(more: Partial<Limits> = {}): Limits {
  const { allow: _, ...rest } = guards();
  return { ...rest, allowed: null, ...more };
}

export function ref(more: Partial<EventRef> = {}): EventRef {
  return {
    provider: 'feishu',
    calendarId: 'feishu.cn_demo@group.calendar.feishu.cn',
    eventId: 'weekly_0',
    userIdType: 'open_id',
    ...more,
  };
}

export const dingtalkRef: EventRef = {
  provider: 'dingtalk',
  calendarId: 'primary',
  eventId: 'standup',
  organizer: 'unionOrg',
};

export function desiredEvent(more: Partial<DesiredEvent> = {}): DesiredEvent {
  return {
    name: 'weekly',
    labels: {},
    source: source(),
    ref: ref(),
    state: 'present',
    sync: 'exact',
    notify: false,
    attendees: [],
    unwanted: new Map(),
    ignore: [],
    external: 'keep',
    optionalDrift: 'ignore',
    exceptions: 'leave',
    leavers: 'keep',
    guards: guards(),
    unbindChat: null,
    names: new Map(),
    ...more,
  };
}

/** What a look answers for an event that is there. */
export function present(more: Partial<EventFacts & { state: 'present' }> = {}): EventFacts {
  return {
    state: 'present',
    summary: 'Weekly',
    start: '2026-11-24T02:00:00.000Z',
    recurring: false,
    ...more,
  };
}

export function policy(more: Partial<Policy> = {}): Policy {
  return { asOf: '2026-11-20', timeZone: 'UTC', allowed: new Map(), asApp: new Set(), ...more };
}
