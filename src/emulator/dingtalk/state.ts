import { given } from '../../model/given.ts';
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
import {
  dingtalkOf,
  startingDingtalkRows,
  type DingtalkContent,
  type DingtalkEvent,
  type Finished,
} from './world.ts';

const text = { type: 'string' };
const dingtalkRow = {
  id: text,
  name: { type: ['string', 'null'] },
  optional: { type: 'boolean' },
  reply: { enum: ['needsAction', 'accepted', 'declined', 'tentative'] },
};

/** What of DingTalk the state file keeps. */
export const state: EmulatedPlatform['state'] = {
  schemas: {
    dingtalk: byName(byName(contentOf(dingtalkRow))),
    finished: byName({
      type: 'object',
      properties: { request: text, at: { type: 'number' } },
      required: ['request', 'at'],
    }),
  },
  save(world) {
    const { users, finished } = dingtalkOf(world);
    return {
      dingtalk: mapOf(users, (events) => mapOf(events, (event) => event.content.live)),
      finished: Object.fromEntries(finished),
    };
  },
  restore(world, saved) {
    const { users, finished } = dingtalkOf(world);
    // They fit the schemas above.
    const lists = saved['dingtalk'] as Readonly<Record<string, Readonly<Record<string, DingtalkContent>>>>;
    const writes = saved['finished'] as Readonly<Record<string, Finished>>;
    for (const [unionId, events] of Object.entries(lists)) {
      for (const [id, content] of Object.entries(events)) {
        users.get(unionId)?.get(id)?.content.set(content, 0, 0);
      }
    }
    for (const [token, write] of Object.entries(writes)) finished.set(token, write);
  },
};

type Params = Readonly<Record<string, string>>;

function eventAt(world: World, params: Params): DingtalkEvent | undefined {
  return dingtalkOf(world)
    .users.get(params['userId'] ?? '')
    ?.get(params['eventId'] ?? '');
}

export function hold(world: World, params: Params, now: number, until: number): void {
  eventAt(world, params)?.content.hold(now, until);
}

/** An event that is not there is left alone; of those who come users alone are taken. */
export function meddle(scene: Scene, params: Params, others: Meddling): void {
  const event = eventAt(scene.world, params);
  if (event !== undefined) meddleDingtalk(event, scene, others);
}

function meddleDingtalk(event: DingtalkEvent, scene: Scene, { add = [], remove = [] }: Meddling): void {
  const content = event.content.live;
  const stay = content.rows.filter((row) => !remove.includes(row.id));
  const users = add.flatMap(({ user, name, optional, generate }) =>
    user === undefined
      ? []
      : [
          {
            user,
            ...given({ name, optional, generate }),
          },
        ],
  );
  const present = new Set(stay.map((row) => row.id));
  const come = startingDingtalkRows(users).filter((row) => !present.has(row.id));
  scene.world.commit(event, { ...content, rows: [...stay, ...come] }, scene.now);
}

export function reschedule(scene: Scene, eventId: string, change: Rescheduling): void {
  for (const events of dingtalkOf(scene.world).users.values()) {
    const event = events.get(eventId);
    if (event !== undefined && event.occurrence !== null) rescheduled(scene, events, event, change);
  }
}

/** Who is on the events with this id. */
export const live: EmulatedPlatform['live'] = (world, eventId) =>
  [...dingtalkOf(world).users.values()]
    .flatMap((events) => events.get(eventId)?.content.live ?? [])
    .filter(({ cancelled }) => !cancelled)
    .flatMap(({ rows }) => rows)
    .map(({ id, optional }) => ({ type: 'user', id, optional }));
