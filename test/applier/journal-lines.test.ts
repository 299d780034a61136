import { expect, test } from 'vitest';
import { applied, newWorld, onDingTalk, only, planned, wanted } from './scenario.ts';

test('the journal gets the event whole and every row, so that a run can be undone without its plan', async () => {
  const world = newWorld();
  world.feishu.create('weekly', [{ type: 'user', id: 'ou_b', name: 'Bo', optional: true }, 'ou_a']);
  const event = wanted('weekly', ['ou_a', 'omm_1']);
  const ref = { ...event.ref, roomContact: 'ou_z', admin: { instanceStartTime: '1' } };
  const { items } = await applied(world, await planned(world, { ...event, ref }));
  const batches = items.filter((item) => item.kind === 'batch-started');
  expect(batches).toMatchObject([
    {
      batch: 1,
      action: 'add',
      attendees: [{ type: 'room', id: 'omm_1', optional: false, operateId: 'ou_z' }],
      event: {
        name: 'weekly',
        provider: 'feishu',
        calendarId: 'cal',
        eventId: 'weekly',
        admin: { instanceStartTime: '1' },
      },
    },
    {
      batch: 2,
      action: 'remove',
      attendees: [{ type: 'user', id: 'ou_b', attendeeId: 'row_1', name: 'Bo', optional: true }],
    },
  ]);
});

test('tells what bringing somebody back needs to know: who answers for a room, and who is from outside', async () => {
  const world = newWorld();
  world.feishu.create('weekly', [
    'ou_a',
    { type: 'room', id: 'omm_1', operateId: 'ou_z' },
    { type: 'user', id: 'ou_out', external: true },
    { type: 'chat', id: 'oc_out', external: true },
    { type: 'email', id: 'li@example.com', external: true },
    { type: 'group', id: 'all@example.com', external: true },
  ]);
  const event = wanted('weekly', ['ou_a'], { external: 'remove' });
  const { items, result } = await applied(world, await planned(world, event));
  const told = items.flatMap((item) => (item.kind === 'batch-started' ? item.attendees : []));
  expect(told.map(({ id, operateId, external }) => ({ id, operateId, external }))).toEqual([
    { id: 'oc_out', operateId: undefined, external: true },
    { id: 'li@example.com', operateId: undefined, external: undefined },
    { id: 'all@example.com', operateId: undefined, external: undefined },
    { id: 'omm_1', operateId: 'ou_z', external: undefined },
    { id: 'ou_out', operateId: undefined, external: true },
  ]);
  for (const { attendee } of only(result).changes) expect(attendee).not.toHaveProperty('external');
});

const source = { file: 'event.yaml', line: 1, column: 1 };
const told = { kind: 'batch-started', notify: false, source } as const;

test('the journal has of an event on Feishu, and of each attendee, no more than there is', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_b'], 'oc_meet');
  const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
  const wants = wanted('weekly', ['ou_a', 'omm_1', 'oc_a'], { unbindChat });
  const ref = { ...wants.ref, roomContact: 'ou_z' };
  const { items } = await applied(world, await planned(world, { ...wants, ref }));
  const event = {
    name: 'weekly',
    provider: 'feishu',
    calendarId: 'cal',
    eventId: 'weekly',
    userIdType: 'open_id',
  };
  expect(items.filter(({ kind }) => kind === 'batch-started')).toStrictEqual([
    {
      ...told,
      event,
      action: 'add',
      batch: 1,
      attendees: [
        { type: 'room', id: 'omm_1', optional: false, operateId: 'ou_z' },
        { type: 'chat', id: 'oc_a', optional: false },
        { type: 'user', id: 'ou_a', optional: false },
      ],
    },
    {
      ...told,
      event,
      action: 'remove',
      batch: 2,
      attendees: [{ type: 'user', id: 'ou_b', attendeeId: 'row_1', optional: false }],
    },
    {
      ...told,
      event,
      action: 'unbind-chat',
      batch: 3,
      attendees: [],
      chatId: 'oc_meet',
      source: unbindChat.source,
    },
  ]);
  expect(items.filter(({ kind }) => kind === 'batch-done')[0]).toStrictEqual({
    kind: 'batch-done',
    name: 'weekly',
    batch: 1,
    outcome: 'done',
  });
});

test('and of an event on DingTalk, whose rows have no ids, its organizer', async () => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['ou_b']);
  const { items } = await applied(world, await planned(world, onDingTalk(wanted('weekly', ['ou_a']))));
  const event = {
    name: 'weekly',
    provider: 'dingtalk',
    calendarId: 'cal',
    eventId: 'weekly',
    organizer: 'boss',
  };
  const user = (id: string): object => ({ type: 'user', id, optional: false });
  expect(items.filter(({ kind }) => kind === 'batch-started')).toStrictEqual([
    { ...told, event, action: 'add', batch: 1, attendees: [user('ou_a')] },
    { ...told, event, action: 'remove', batch: 2, attendees: [user('ou_b')] },
  ]);
});
