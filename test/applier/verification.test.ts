import { expect, test } from 'vitest';
import { applied, at, faults, newWorld, onDingTalk, only, outcomes, planned, wanted } from './scenario.ts';
import type { ModelPlatform } from '../support/model-platform.ts';

const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };

/** When the event was listed, in milliseconds after its last write. */
function listedAfterWrites(model: ModelPlatform): number[] {
  const last = model.writes.at(-1)?.at ?? 0;
  const writeAt = model.calls.findLastIndex(({ at, kind }) => at === last && kind !== 'list');
  return model.calls.slice(writeAt + 1).map(({ at }) => at - last);
}

test('lists once, 2 s after the last write, where reads keep up', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  world.feishu.lagMs = 1900;
  const { result } = await applied(world, await planned(world, wanted('weekly', ['ou_a', 'ou_c'])));
  expect(listedAfterWrites(world.feishu)).toEqual([2000]);
  expect(only(result).outcome).toBe('converged');
});

test('lists at once on DingTalk', async () => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['ou_a', 'ou_b']);
  await applied(world, await planned(world, onDingTalk(wanted('weekly', ['ou_a']))));
  expect(listedAfterWrites(world.dingtalk)).toEqual([0]);
});

test('waits longer and longer, up to 5 s, until the changes are seen', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  world.feishu.lagMs = 20_000;
  const { result } = await applied(world, plan);
  expect(listedAfterWrites(world.feishu)).toEqual([2000, 3000, 5000, 9000, 14_000, 19_000, 24_000]);
  expect(result.exitCode).toBe(0);
});

test('ends after the time that it is given, and says who is still there', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  at(world.feishu, 'remove', () => {
    world.feishu.onEffect = ({ identity }) => {
      if (identity === 'user:ou_c') world.feishu.join('weekly', 'ou_b');
    };
  });
  const { result } = await applied(world, plan, { verifyTimeoutMs: 10_000 });
  expect(listedAfterWrites(world.feishu)).toEqual([2000, 3000, 5000, 9000, 10_000]);
  const event = only(result);
  expect(event.outcome).toBe('not-converged');
  expect(event.changes).toMatchObject([
    { attendee: { id: 'ou_b' }, outcome: 'unknown', error: { code: 'not-seen' } },
    { attendee: { id: 'ou_c' }, outcome: 'done' },
  ]);
  expect(result.exitCode).toBe(4);
});

test('without verification nothing is read again, and the event is told as applied', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const { result } = await applied(world, await planned(world, wanted('weekly', ['ou_a'])), {
    verify: false,
  });
  expect(listedAfterWrites(world.feishu)).toEqual([]);
  expect(only(result)).toMatchObject({ outcome: 'applied', changes: [{ outcome: 'done' }] });
  expect(result.exitCode).toBe(0);
});

test('whoever came with another flag than asked for is not seen', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b?']));
  at(world.feishu, 'add', () => {
    world.feishu.join('weekly', 'ou_b');
  });
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({
    outcome: 'not-converged',
    changes: [{ error: { code: 'not-seen' } }],
  });
});

test('a room that is still booking is there, with a note', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  world.feishu.roomReply = 'none';
  const { result } = await applied(world, await planned(world, wanted('weekly', ['ou_a', 'omm_1'])));
  expect(only(result)).toMatchObject({ outcome: 'converged', notes: ['booking-pending: omm_1'] });
  expect(result.exitCode).toBe(0);
});

test.each([
  [['ou_a', 'omm_1'], 'failed'],
  [['ou_a', 'ou_b', 'omm_1'], 'partial'],
])('a room that declined has failed: %j', async (attendees, outcome) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  world.feishu.roomReply = 'declined';
  const { result } = await applied(world, await planned(world, wanted('weekly', attendees)));
  expect(only(result).outcome).toBe(outcome);
  expect(only(result).changes.find(({ attendee }) => attendee?.id === 'omm_1')).toMatchObject({
    outcome: 'failed',
    error: { code: 'room-declined' },
  });
  // It was written all the same.
  expect(result.exitCode).toBe(4);
});

test('reads on after a reading that failed', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  faults(world.feishu, 'list', undefined, { unreadable: 'list-failed' }, { unreadable: 'list-moved' });
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({ outcome: 'converged' });
  expect(only(result).problem).toBeUndefined();
});

test('what was accepted and could not be read again is done, and not seen', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  at(world.feishu, 'remove', () => {
    world.feishu.onCall = ({ kind }) => (kind === 'list' ? { unreadable: 'list-failed' } : undefined);
  });
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({
    outcome: 'not-converged',
    problem: { code: 'list-failed' },
    changes: [{ outcome: 'done' }],
  });
  expect(result.exitCode).toBe(4);
});

test('stops reading once the quota is used up', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  at(world.feishu, 'remove', () => {
    world.feishu.onCall = ({ kind }) => (kind === 'list' ? { unreadable: 'quota' } : undefined);
  });
  const { result } = await applied(world, plan);
  expect(listedAfterWrites(world.feishu)).toEqual([2000]);
  expect(only(result)).toMatchObject({ outcome: 'not-converged', problem: { code: 'quota' } });
});

test('a deletion is seen by asking for the event', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', null, { state: 'absent' }));
  world.feishu.lagMs = 3000;
  const { result } = await applied(world, plan);
  expect(world.feishu.calls.slice(-2).map(({ kind }) => kind)).toEqual(['look', 'look']);
  expect(only(result).outcome).toBe('converged');
});

test('an unbinding alone is seen by asking for the binding', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a'], 'oc_meet');
  const plan = await planned(world, wanted('weekly', null, { unbindChat }));
  world.feishu.lagMs = 3000;
  const { result } = await applied(world, plan);
  expect(world.feishu.calls.slice(-2).map(({ kind }) => kind)).toEqual(['chats', 'chats']);
  expect(outcomes(only(result))).toEqual({ 'unbind-chat': 'done' });
});

test('an unbinding in doubt is not taken for done because the attendees are', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b'], 'oc_meet');
  const plan = await planned(world, wanted('weekly', ['ou_a'], { unbindChat }));
  at(world.feishu, 'unbind-chat', () => {
    faults(world.feishu, 'list', { unreadable: 'list-failed' });
  });
  faults(world.feishu, 'unbind-chat', { error: 'lost' });
  const { result } = await applied(world, plan);
  expect(world.feishu.chatOf('weekly')).toBe('oc_meet');
  expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'done', 'unbind-chat': 'unknown' });
  expect(result.exitCode).toBe(4);
});

test('an unbinding in doubt that took effect is done once the binding was asked for', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b'], 'oc_meet');
  const plan = await planned(world, wanted('weekly', ['ou_a'], { unbindChat }));
  at(world.feishu, 'unbind-chat', () => {
    faults(world.feishu, 'list', { unreadable: 'list-failed' });
  });
  faults(world.feishu, 'unbind-chat', { error: 'lost', effect: 'all' });
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'done', 'unbind-chat': 'done' });
  expect(only(result)).toMatchObject({ outcome: 'converged' });
});
