import { expect, test } from 'vitest';
import type { ModelCall } from '../support/model-calls.ts';
import {
  applied,
  newWorld,
  onDingTalk,
  only,
  outcomes,
  planRun,
  planned,
  users,
  wanted,
} from './scenario.ts';

const rooms = (count: number): string[] => Array.from({ length: count }, (_, index) => `omm_${index}`);
const sizes = (calls: readonly ModelCall[]): string[] => calls.map(({ kind, size }) => `${kind} ${size}`);

test('removes 500 rows a call', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 1200)]);
  const { result } = await applied(world, await planned(world, wanted('weekly', ['ou_a'])));
  expect(sizes(world.feishu.writes)).toEqual(['remove 500', 'remove 500', 'remove 200']);
  expect(only(result).outcome).toBe('converged');
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a']);
});

test('counts the rows of an attendee who has several, and keeps them in one call', async () => {
  const world = newWorld();
  const twice = users('x', 251).flatMap((id) => [id, id]);
  world.feishu.create('weekly', ['ou_a', ...twice]);
  await applied(world, await planned(world, wanted('weekly', ['ou_a'])));
  expect(sizes(world.feishu.writes)).toEqual(['remove 500', 'remove 2']);
  expect(new Set(world.feishu.writes[1]?.identities).size).toBe(1);
});

test('adds 1000 a call on Feishu, at most 100 of them rooms', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  await applied(world, await planned(world, wanted('weekly', ['ou_a', ...users('x', 1200), ...rooms(150)])));
  expect(world.feishu.writes.map(({ size, rooms }) => [size, rooms])).toEqual([
    [1000, 100],
    [350, 50],
  ]);
});

test('adds 500 a call on DingTalk', async () => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['ou_a']);
  await applied(world, await planned(world, onDingTalk(wanted('weekly', ['ou_a', ...users('x', 501)]))));
  expect(sizes(world.dingtalk.writes)).toEqual(['add 500', 'add 1']);
});

test('sends one batch at a time within an event, and works on events side by side', async () => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', ...users('x', 1000)]);
  world.feishu.callMs = ({ kind }) => (kind === 'remove' ? 100 : 0);
  const plan = await planned(world, wanted('a', ['ou_a']), wanted('b', ['ou_a']));
  await applied(world, plan);
  const begins = (name: string): number[] =>
    world.feishu.writes.filter(({ eventId }) => eventId === name).map(({ at }) => at);
  const [first = 0, second = 0] = begins('a');
  expect(second - first).toBe(100);
  expect(begins('b')).toEqual(begins('a'));
});

test.each([
  ['reads that lag give', 2000, ['a', 'b', 'a done', 'b done']],
  ['reads that do not lag keep', 0, ['a', 'a done', 'b', 'b done']],
])('an event whose %s its place to another', async (_what, lagMs, expected) => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('a', ['ou_a']), wanted('b', ['ou_a']));
  const { items } = await applied(world, plan, { concurrency: 1, lagMs: () => lagMs });
  const order = items.flatMap((item) =>
    item.kind === 'event-done'
      ? [`${item.name} done`]
      : item.kind === 'batch-started'
        ? [item.event.name]
        : [],
  );
  expect(order).toEqual(expected);
});

test('adds before it removes', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  await applied(world, await planned(world, wanted('weekly', ['ou_a', 'ou_c'])));
  expect(sizes(world.feishu.writes)).toEqual(['add 1', 'remove 1']);
});

test('removes first where the additions would not fit beside those who go', async () => {
  const world = newWorld();
  world.feishu.create('weekly', users('x', 3000));
  const { result } = await applied(
    world,
    await planned(world, wanted('weekly', [...users('x', 2999), 'ou_new'])),
  );
  expect(sizes(world.feishu.writes)).toEqual(['remove 1', 'add 1']);
  expect(only(result).outcome).toBe('converged');
});

test('replaces a flag last of all: removed, and added again at once', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const { result } = await applied(world, await planned(world, wanted('weekly', ['ou_a?', 'ou_b?', 'ou_d'])));
  expect(world.feishu.writes.map(({ kind, identities }) => `${kind} ${identities.join(' ')}`)).toEqual([
    'add user:ou_d',
    'remove user:ou_c',
    'remove user:ou_a user:ou_b',
    'add user:ou_a user:ou_b',
  ]);
  expect(only(result).outcome).toBe('converged');
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a?', 'user:ou_b?', 'user:ou_d']);
});

test('adds a batch of replaced flags back before it removes the next', async () => {
  const world = newWorld();
  world.feishu.create('weekly', users('x', 700));
  await applied(
    world,
    await planned(
      world,
      wanted(
        'weekly',
        users('x', 700).map((id) => `${id}?`),
      ),
    ),
  );
  expect(sizes(world.feishu.writes)).toEqual(['remove 500', 'add 500', 'remove 200', 'add 200']);
});

test('adds whoever left meanwhile with a new flag in the batch that is theirs', async () => {
  const world = newWorld();
  world.feishu.create('weekly', users('x', 700));
  const optional = users('x', 700).map((id) => `${id}?`);
  const plan = await planned(world, wanted('weekly', optional));
  // By the order of ids the last one of all.
  world.feishu.leave('weekly', 'user:ou_x99');
  await applied(world, plan);
  expect(sizes(world.feishu.writes)).toEqual(['remove 500', 'add 500', 'remove 199', 'add 200']);
});

test('adds back only those of a replaced flag who were removed', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a?', 'ou_b?']));
  const before = world.feishu.onCall;
  world.feishu.onCall = (call) =>
    call.kind === 'remove' && call.identities.some((one) => one === 'user:ou_a')
      ? { error: 'entry' }
      : before(call);
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({
    'remove ou_a': 'failed',
    'remove ou_b': 'done',
    'add ou_a': 'not-attempted',
    'add ou_b': 'done',
  });
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b?']);
});

test('deletes last, after the chat was unbound', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a'], 'oc_meet');
  const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
  const plan = await planned(world, wanted('weekly', ['ou_a'], { state: 'absent', unbindChat }));
  const { result } = await applied(world, plan);
  expect(world.feishu.writes.map(({ kind }) => kind)).toEqual(['unbind-chat', 'delete-event']);
  expect(only(result).outcome).toBe('converged');
  expect(result.summary).toMatchObject({ eventsDeleted: 1, chatsUnbound: 1 });
});

test('unbinds a chat after the attendees are settled', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b'], 'oc_meet');
  const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
  const { result } = await applied(
    world,
    await planned(world, wanted('weekly', ['ou_a', 'ou_c'], { unbindChat })),
  );
  expect(world.feishu.writes.map(({ kind }) => kind)).toEqual(['add', 'remove', 'unbind-chat']);
  expect(only(result).outcome).toBe('converged');
});

test('says with every call whether people are told, false as well', async () => {
  for (const notify of [true, false]) {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const { items } = await applied(
      world,
      await planned(world, wanted('weekly', ['ou_a', 'ou_c'], { notify })),
    );
    expect(world.feishu.writes.map((call) => call.notify)).toEqual([notify, notify]);
    expect(items.flatMap((item) => (item.kind === 'batch-started' ? [item.notify] : []))).toEqual([
      notify,
      notify,
    ]);
  }
});

test('names rows by the ids of its own reading, not by those of the plan', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  world.feishu.leave('weekly', 'user:ou_b');
  world.feishu.join('weekly', 'ou_b');
  const { result } = await applied(world, plan);
  expect(only(result).outcome).toBe('converged');
  expect(world.feishu.writes).toHaveLength(1);
});

test("takes the plan's own listings where it is handed them, and makes no call before the first write", async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const { plan, readings } = await planRun(world, [wanted('weekly', ['ou_a'])]);
  const before = world.feishu.calls.length;
  await applied(world, plan, { readings });
  expect(world.feishu.calls.slice(before).map(({ kind }) => kind)).toEqual(['remove', 'list']);
});
