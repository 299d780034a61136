import { expect, test } from 'vitest';
import { identityOf } from '../../src/model/attendee.ts';
import type { PlatformErrorKind } from '../../src/providers/provider.ts';
import {
  applied,
  at,
  faults,
  newWorld,
  onDingTalk,
  only,
  outcomes,
  planned,
  users,
  wanted,
} from './scenario.ts';
import type { ModelPlatform } from '../support/model-platform.ts';

function refuse(model: ModelPlatform, ...ids: readonly string[]): void {
  for (const id of ids) model.refused.add(identityOf({ type: 'user', id }));
}

test('somebody who is gone meanwhile does not stand against the rest', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c', 'ou_d']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  at(world.feishu, 'remove', () => {
    world.feishu.leave('weekly', 'user:ou_c');
  });
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({
    'remove ou_b': 'done',
    'remove ou_c': 'already',
    'remove ou_d': 'done',
  });
  expect(world.feishu.writes.map(({ size }) => size)).toEqual([3, 2]);
  expect(result.exitCode).toBe(0);
});

test('an attendee whom the platform lists and misses for ever is found and named, and the rest goes through', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 8)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  world.feishu.onCall = ({ kind, identities }) =>
    kind === 'remove' && identities.some((one) => one === 'user:ou_x5') ? { error: 'gone' } : undefined;
  const { result } = await applied(world, plan);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_x5']);
  const failed = only(result).changes.filter(({ outcome }) => outcome === 'failed');
  expect(failed).toMatchObject([
    { attendee: { id: 'ou_x5' }, error: { code: 'scripted-gone', logId: 'log-1' } },
  ]);
  expect(result.exitCode).toBe(4);
});

test('an event whose only change was refused has failed, also where it cannot be read again', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  refuse(world.feishu, 'ou_b');
  world.feishu.onCall = ({ kind }) =>
    kind === 'list' && world.feishu.writes.length > 0 ? { unreadable: 'list-failed' } : undefined;
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({ outcome: 'failed', changes: [{ outcome: 'failed' }] });
  expect(only(result).problem).toBeUndefined();
  expect(world.feishu.calls.filter(({ kind }) => kind === 'list')).toHaveLength(3);
});

test.each([
  [8, ['ou_x0']],
  [8, ['ou_x7']],
  [8, ['ou_x0', 'ou_x7']],
  [9, ['ou_x1', 'ou_x4', 'ou_x8']],
  [1, ['ou_x0']],
  [500, ['ou_x137']],
  [500, ['ou_x137', 'ou_x138']],
])('finds the bad entries among %i and lets the rest through: %j', async (count, bad) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', count)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  refuse(world.feishu, ...bad);
  const { result } = await applied(world, plan);
  expect(world.feishu.live('weekly')).toEqual(['ou_a', ...bad].map((id) => `user:${id}`).sort());
  const failed = only(result).changes.filter(({ outcome }) => outcome === 'failed');
  expect(failed.map(({ attendee }) => attendee?.id)).toEqual(bad);
  expect(world.feishu.writes.length - 1).toBeLessThanOrEqual(30);
});

test.each([
  [['ou_b', 'ou_c', 'ou_d'], 'converged'],
  [['ou_c'], 'unchanged'],
])('somebody who was refused for being gone already is no failure: %j', async (leaving, outcome) => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['ou_a', ...leaving]);
  const plan = await planned(world, onDingTalk(wanted('weekly', ['ou_a'])));
  refuse(world.dingtalk, 'ou_c');
  at(world.dingtalk, 'remove', () => {
    world.dingtalk.leave('weekly', 'user:ou_c');
  });
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))['remove ou_c']).toBe('already');
  expect(only(result).outcome).toBe(outcome);
  expect(only(result).changes.every(({ error }) => error === undefined)).toBe(true);
  expect(world.dingtalk.live('weekly')).toEqual(['user:ou_a']);
  expect(result.exitCode).toBe(0);
});

test('halves additions as well', async () => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['ou_a']);
  const plan = await planned(world, onDingTalk(wanted('weekly', ['ou_a', ...users('x', 5)])));
  refuse(world.dingtalk, 'ou_x2');
  const { result } = await applied(world, plan);
  expect(result.summary).toMatchObject({ added: 4, failedChanges: 1 });
  expect(only(result).outcome).toBe('partial');
});

test('saves the call for a half that is known to be refused', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 4)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  refuse(world.feishu, 'ou_x3');
  await applied(world, plan);
  // All four, the first two, then the last two one by one.
  expect(world.feishu.writes.map(({ size }) => size)).toEqual([4, 2, 1, 1]);
});

test('looks for bad entries with at most 30 extra calls an event; what is not settled then has failed', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 1100)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const bad = [...Array(40).keys()].map((index) => `ou_x${index * 10}`);
  refuse(world.feishu, ...bad);
  const { result } = await applied(world, plan);
  const event = only(result);
  // Three batches make three usual calls, whatever their refusals cost.
  expect(world.feishu.writes).toHaveLength(3 + 30);
  const failed = event.changes
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ attendee }) => attendee?.id);
  expect(failed).toEqual(expect.arrayContaining(bad));
  expect(event.changes.every(({ outcome }) => outcome === 'failed' || outcome === 'done')).toBe(true);
  expect(world.feishu.live('weekly')).toHaveLength(1 + failed.length);
  expect(result.exitCode).toBe(4);
});

test.each(['event', 'rate'] as const)(
  "a refusal that is the event's (%s) is not halved and ends its work, and no other's",
  async (error) => {
    const world = newWorld();
    for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b', 'ou_c']);
    const plan = await planned(world, ...['a', 'b'].map((name) => wanted(name, ['ou_a', 'ou_new'])));
    world.feishu.onCall = ({ kind, eventId }) => (kind === 'add' && eventId === 'a' ? { error } : undefined);
    const { result } = await applied(world, plan);
    expect(world.feishu.writes.filter(({ eventId }) => eventId === 'a')).toHaveLength(1);
    expect(result.events.map(({ outcome }) => outcome)).toEqual(['failed', 'converged']);
    expect(result.events.map(outcomes)[0]).toEqual({
      'add ou_new': 'failed',
      'remove ou_b': 'not-attempted',
      'remove ou_c': 'not-attempted',
    });
    expect(result.exitCode).toBe(4);
  },
);

test('a clean refusal with nothing written anywhere is an error', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  faults(world.feishu, 'remove', { error: 'event' });
  const { result } = await applied(world, plan);
  expect(only(result).outcome).toBe('failed');
  expect(result.exitCode).toBe(1);
});

test.each<PlatformErrorKind>(['auth', 'quota'])(
  '%s ends the run, which says what was done',
  async (error) => {
    const world = newWorld();
    for (const name of ['a', 'b', 'c']) world.feishu.create(name, ['ou_a', 'ou_b']);
    const plan = await planned(world, ...['a', 'b', 'c'].map((name) => wanted(name, ['ou_a'])));
    faults(world.feishu, 'remove', undefined, { error });
    const { result } = await applied(world, plan, { concurrency: 1 });
    expect(result.events.map(({ outcome }) => outcome)).toEqual(['converged', 'failed', 'not-attempted']);
    expect(result.events[1]?.changes).toMatchObject([
      { outcome: 'failed', error: { code: `scripted-${error}` } },
    ]);
    expect(world.feishu.calls.filter(({ eventId }) => eventId === 'c').map(({ kind }) => kind)).toEqual([
      'list',
      'look',
    ]);
    expect(result.exitCode).toBe(4);
  },
);

test('a quota that is used up ends the work of its account, and not that of another platform', async () => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b']);
  world.dingtalk.create('z', ['ou_a', 'ou_b']);
  const plan = await planned(
    world,
    ...['a', 'b'].map((name) => wanted(name, ['ou_a'])),
    onDingTalk(wanted('z', ['ou_a'])),
  );
  faults(world.feishu, 'remove', { error: 'quota' });
  const { result } = await applied(world, plan, { concurrency: 1 });
  expect(result.events.map(({ outcome }) => outcome)).toEqual(['failed', 'not-attempted', 'converged']);
  expect(result.exitCode).toBe(4);
});

test.each(['quota', 'credentials'] as const)(
  'a reading that is refused for the %s ends the run too',
  async (unreadable) => {
    const world = newWorld();
    for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b']);
    const plan = await planned(world, wanted('a', ['ou_a']), wanted('b', ['ou_a']));
    faults(world.feishu, 'list', { unreadable });
    const { result } = await applied(world, plan, { concurrency: 1 });
    expect(result.events.map(({ outcome }) => outcome)).toEqual(['unknown', 'not-attempted']);
    expect(world.feishu.writes).toEqual([]);
    expect(result.exitCode).toBe(1);
  },
);

test('a batch that went through before the quota ended is not taken for seen', async () => {
  const world = newWorld();
  world.feishu.create('a', ['ou_a', 'ou_b']);
  world.feishu.create('b', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('a', ['ou_a']), wanted('b', ['ou_a']));
  faults(world.feishu, 'remove', undefined, { error: 'quota' });
  world.feishu.callMs = ({ kind, eventId }) => (kind === 'remove' && eventId === 'a' ? 100 : 0);
  const { result } = await applied(world, plan);
  expect(result.events.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['a', 'not-converged'],
    ['b', 'failed'],
  ]);
  expect(outcomes(result.events[0] ?? only(result))).toEqual({ 'remove ou_b': 'done' });
});

test('guards are checked again without the additions that failed', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_x', 'ou_y'], { guards: { allowEmpty: false } }));
  refuse(world.feishu, 'ou_x', 'ou_y');
  const { result } = await applied(world, plan);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b']);
  expect(only(result)).toMatchObject({ outcome: 'failed', violations: [{ code: 'empty' }] });
  expect(outcomes(only(result))).toMatchObject({ 'add ou_x': 'failed', 'remove ou_a': 'not-attempted' });
});

test('removals go on where enough additions went through', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_x', 'ou_y'], { guards: { allowEmpty: false } }));
  refuse(world.feishu, 'ou_x');
  const { result } = await applied(world, plan);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_y']);
  expect(only(result).outcome).toBe('partial');
});
