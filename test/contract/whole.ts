import { identityOf } from '../../src/model/attendee.ts';
import { platforms } from '../../src/platforms/index.ts';
import type { Session } from '../../src/providers/provider.ts';
import type { ModelCall } from '../support/model-calls.ts';
import { noPace, roomForAll } from '../support/turns.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { WholePlatform } from '../support/whole-platform.ts';
import type { Place, Scene, World } from './suite/fixture.ts';
import { worker, type Ground, type Trouble } from './suite/ground.ts';

const user = (name: string): string => `union${name}`;

/** A platform in memory whose lists are replaced as a whole; its row is the one of `whole-row.ts`. */
export const wholePlace: Place = {
  provider: 'dingtalk',
  title: 'a platform in memory that replaces lists',
  deviations: [
    { topic: 'chats', reason: 'its row takes users only' },
    { topic: 'rooms', reason: 'its row takes users only' },
    { topic: 'emails', reason: 'its row takes users only' },
    { topic: 'meeting-chat', reason: 'its row knows no meeting chats' },
    { topic: 'room-admin', reason: 'its row knows no rooms' },
    { topic: 'user-id-types', reason: 'its row has one kind of id' },
    { topic: 'removal-notice', reason: 'its row has no switch for removals' },
    { topic: 'removed-rows', reason: 'whoever was removed is gone from the list' },
    { topic: 'page-token-expiry', reason: 'a list is one answer' },
  ],
  user,
  organizer: user('Org'),
  ref: (eventId) => ({ provider: 'dingtalk', calendarId: 'primary', eventId, organizer: user('Org') }),
};

/** The ground of a world in memory. */
export function openWhole(world: World, trouble: Trouble = {}): Promise<Ground> {
  const clock = virtualClock(Date.UTC(2026, 10, 20));
  const model = new WholePlatform('dingtalk', clock);
  for (const scene of world.scenes) settle(model, scene);
  if (trouble.refused !== undefined)
    model.refused.add(identityOf({ type: 'user', id: user(trouble.refused) }));
  let lost = false;
  model.onCall = ({ kind, eventId }: ModelCall) => {
    if (kind === 'list' && eventId === trouble.unreadable) return { unreadable: 'list-failed' };
    if (kind !== 'whole' || trouble.loses !== true || lost) return undefined;
    lost = true;
    return { error: 'lost', effect: 'all' };
  };
  const session: Session = {
    get requests() {
      return model.calls.length;
    },
    pace: noPace,
    begin: roomForAll,
    get metered() {
      return model.calls.length;
    },
    bench: () => Promise.reject(new RangeError('a model has nothing to find out')),
    finder: () => {
      throw new RangeError('nothing is looked for in a model');
    },
    organisation: () => {
      throw new RangeError('a model has no organisation');
    },
    reader: () => model,
    writer: () => model,
  };
  const accounts = { dingtalk: { host: new URL(platforms.dingtalk.env.host).host, appId: null } };
  const { plan, apply } = worker(session, clock, accounts);
  return Promise.resolve({
    fixture: wholePlace,
    attendees: (eventId) => (model.isDeleted(eventId) ? [] : model.rows(eventId)),
    plan,
    apply,
    async run(desired, how) {
      const before = model.writes.length;
      const planned = await plan(desired);
      const result = await apply(planned, how);
      return { planned, result, writes: model.writes.slice(before) };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}

function settle(model: WholePlatform, { id, seats, crowd = 0, bare, deleted, handedTo }: Scene): void {
  model.create(id, [
    ...(bare === true ? [] : [{ id: user('Org') }]),
    ...seats.filter(({ removed }) => removed !== true).map((seat) => ({ ...seat, id: user(seat.id) })),
    ...Array.from({ length: crowd }, (_, index) => ({ id: user(`crowd${index + 1}`) })),
  ]);
  if (handedTo !== undefined) model.facts = { organizer: user(handedTo) };
  if (deleted === true) model.erase(id);
}
