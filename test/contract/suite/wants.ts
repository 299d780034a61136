import { expect } from 'vitest';

import type { DesiredAttendee } from '../../../src/model/attendee.ts';
import type { DesiredEvent } from '../../../src/model/event.ts';
import { platforms } from '../../../src/platforms/index.ts';
import { desiredEvent, guards, source, wanted } from '../../support/manifest-builders.ts';
import type { Place, World } from './fixture.ts';
import type { Ground, Run } from './ground.ts';

/** Guards that let everything pass: they are no part of what differs between platforms. */
const open = guards({ maxRemovals: '100%', allowEmpty: true, allowDelete: true, maxNotified: 100_000 });

/** An event that is to have these users, by their short names, and these other attendees. */
export function wants(
  fixture: Place,
  eventId: string,
  attendees: readonly (string | DesiredAttendee)[],
  more: Partial<DesiredEvent> & { readonly place?: World['place'] } = {},
): DesiredEvent {
  const { place, ...rest } = more;
  return desiredEvent({
    name: eventId,
    ref: fixture.ref(eventId, place),
    attendees: attendees.map((entry) =>
      person(fixture, typeof entry === 'string' ? wanted(fixture.user(entry)) : entry),
    ),
    guards: open,
    ...rest,
  });
}

/** Whom the suite calls a user is what the platform invites people as. */
function person({ provider }: Place, attendee: DesiredAttendee): DesiredAttendee {
  return attendee.type === 'user' ? { ...attendee, type: platforms[provider].event.people } : attendee;
}

/** An event that is to be deleted. */
export function wantsGone(fixture: Place, eventId: string, more: Partial<DesiredEvent> = {}): DesiredEvent {
  return wants(fixture, eventId, [], { state: 'absent', attendees: null, ...more });
}

/** An event whose meeting chat is to be unbound; its attendees are left to others. */
export function wantsUnbound(
  fixture: Place,
  eventId: string,
  more: Partial<DesiredEvent> & { readonly place?: World['place'] } = {},
): DesiredEvent {
  return wants(fixture, eventId, [], {
    attendees: null,
    unbindChat: { chatId: 'oc_meet', source: source() },
    ...more,
  });
}

/** The short name of one of a crowd. */
export function crowd(n: number): string {
  return `crowd${n}`;
}

/** The short names of a crowd. */
export function crowds(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => crowd(from + index));
}

/** Who is on an event by now, the organizer left out, sorted. */
export function onEvent(ground: Ground, eventId: string): string[] {
  return ground
    .attendees(eventId)
    .map(({ id }) => id)
    .filter((id) => id !== ground.fixture.organizer)
    .sort();
}

/** Sorted ids of users by their short names. */
export function users({ fixture }: Ground, ...names: readonly string[]): string[] {
  return names.map((name) => fixture.user(name)).sort();
}

/** Where a plan is made and applied. */
interface Runs<R extends Run> {
  run(desired: readonly DesiredEvent[], how?: 'fresh' | 'saved'): Promise<R>;
}

/**
 * The step of every group: applying changes the events and shows it, applying again plans nothing and writes nothing.
 */
export async function step<R extends Run>(
  ground: Runs<R>,
  desired: readonly DesiredEvent[],
  how: 'fresh' | 'saved' = 'fresh',
): Promise<R> {
  const run = await ground.run(desired, how);
  expect(run.planned.plan.events.map(({ status }) => status)).toEqual(desired.map(() => 'changed'));
  expect(run.result.events.map(({ outcome, problem }) => ({ outcome, problem }))).toEqual(
    desired.map(() => ({ outcome: 'converged', problem: undefined })),
  );
  expect(run.writes).not.toHaveLength(0);
  await rests(ground, desired);
  return run;
}

/** Nothing is left to do: the plan is empty, and applying it makes no call that writes. */
export async function rests<R extends Run>(ground: Runs<R>, desired: readonly DesiredEvent[]): Promise<R> {
  const run = await ground.run(desired);
  expect(run.planned.plan.events.flatMap(({ changes }) => changes)).toEqual([]);
  expect(run.planned.plan.events.map(({ status }) => status)).toEqual(desired.map(() => 'in-sync'));
  expect(run.writes).toEqual([]);
  expect(run.result.exitCode).toBe(0);
  return run;
}
