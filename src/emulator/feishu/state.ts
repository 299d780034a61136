import {
  byName,
  contentOf,
  mapOf,
  rescheduled,
  type EmulatedPlatform,
  type Meddling,
  type Rescheduling,
  type Scene,
} from '../platform.ts';
import type { World } from '../world.ts';
import { without } from './delete-attendees.ts';
import { materialise } from './occurrence.ts';
import { rowKey, startingRows, type FeishuRow } from './row.ts';
import { feishuOf, type FeishuContent, type FeishuEvent } from './world.ts';

const text = { type: 'string' };
const flag = { type: 'boolean' };
const ids = {
  type: 'object',
  properties: { open_id: text, union_id: text, user_id: text },
  required: ['open_id', 'union_id', 'user_id'],
};
const feishuRow = {
  attendeeId: text,
  type: { enum: ['user', 'chat', 'resource', 'third_party'] },
  ids: { anyOf: [ids, { type: 'null' }] },
  id: text,
  name: text,
  optional: flag,
  organizer: flag,
  external: flag,
  rsvp: { enum: ['needs_action', 'accept', 'tentative', 'decline', 'removed'] },
  operator: { anyOf: [ids, { type: 'null' }] },
  booking: { type: ['object', 'null'] },
};
const content = contentOf(feishuRow);
const chat = { type: ['object', 'null'], properties: { id: text, owner: flag }, required: ['id', 'owner'] };

/** What of Feishu the state file keeps. */
export const state: EmulatedPlatform['state'] = {
  schemas: { feishu: byName(byName({ allOf: [content, { properties: { chat } }] })) },
  save: (world) => ({
    feishu: mapOf(feishuOf(world).calendars, (calendar) =>
      mapOf(calendar.events, (event) => event.content.live),
    ),
  }),
  restore(world, saved) {
    // It fits the schema above.
    const calendars = saved['feishu'] as Readonly<Record<string, Readonly<Record<string, FeishuContent>>>>;
    for (const [calendarId, events] of Object.entries(calendars)) {
      const calendar = feishuOf(world).calendars.get(calendarId);
      if (calendar === undefined) continue;
      for (const [id, content] of Object.entries(events)) {
        const event = calendar.events.get(id) ?? materialise(calendar, id);
        event?.content.set(content, 0, 0);
      }
    }
  },
};

type Params = Readonly<Record<string, string>>;

function eventAt(world: World, params: Params): FeishuEvent | undefined {
  return feishuOf(world)
    .calendar(params['calendarId'] ?? '')
    ?.events.get(params['eventId'] ?? '');
}

export function hold(world: World, params: Params, now: number, until: number): void {
  eventAt(world, params)?.content.hold(now, until);
}

/** An event that is not there is left alone. */
export function meddle(scene: Scene, params: Params, others: Meddling): void {
  const event = eventAt(scene.world, params);
  if (event !== undefined) meddleFeishu(event, scene, others);
}

function meddleFeishu(event: FeishuEvent, scene: Scene, { add = [], remove = [] }: Meddling): void {
  const content = event.content.live;
  const gone = content.rows.filter((row) =>
    [row.id, ...Object.values(row.ids ?? {})].some((id) => remove.includes(id)),
  );
  const rows = new Map<string, FeishuRow>();
  // Rows of one attendee stay apart by their own id; a removed one gives way to one that is added.
  for (const row of without(content.rows, new Set(gone), scene)) rows.set(row.attendeeId, row);
  const live = new Set([...rows.values()].filter((row) => row.rsvp !== 'removed').map(rowKey));
  for (const row of startingRows(event.key, add, feishuOf(scene.world).people)) {
    if (!live.has(rowKey(row))) rows.set(row.attendeeId, row);
  }
  scene.world.commit(event, { ...content, rows: [...rows.values()] }, scene.now);
}

export function reschedule(scene: Scene, eventId: string, change: Rescheduling): void {
  for (const { events } of feishuOf(scene.world).calendars.values()) {
    const event = events.get(eventId);
    if (event?.exception === true) rescheduled(scene, events, event, change);
  }
}

const typeNames = { user: 'user', chat: 'chat', resource: 'room', third_party: 'email' } as const;

/** Who is on the events with this id, without removed rows. */
export const live: EmulatedPlatform['live'] = (world, eventId) =>
  [...feishuOf(world).calendars.values()]
    .flatMap((calendar) => calendar.events.get(eventId)?.content.live ?? [])
    .filter(({ cancelled }) => !cancelled)
    .flatMap(({ rows }) => rows)
    .filter((row) => row.rsvp !== 'removed')
    .map(({ type, id, optional }) => ({ type: typeNames[type], id, optional }));
