import { expect, test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import { applied, at, faults, newWorld, only, outcomes, planned, wanted } from './scenario.ts';

const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
const unbound = wanted('weekly', null, { unbindChat });
const deleted = wanted('weekly', null, { state: 'absent' });

test.each<[string, DesiredEvent, RegExp, RegExp]>([
  ['a removal', wanted('weekly', ['ou_a']), /^the removal was accepted, but/, /the platform is keeping it/],
  [
    'an addition',
    wanted('weekly', ['ou_a', 'ou_b', 'ou_c']),
    /^the addition was accepted, but/,
    /can be invited/,
  ],
  [
    'an address',
    wanted('weekly', ['ou_a', 'ou_b', 'li@x.cn']),
    /^the addition was accepted, but/,
    /a user of the tenant/,
  ],
  ['an unbinding', unbound, /^the unbinding was accepted, but/, /again in a minute/],
  ['a deletion', deleted, /^the deletion was accepted, but/, /again in a minute/],
])(
  '%s that was accepted and never shows says so, and what may be why',
  async (_what, event, message, hint) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b'], 'oc_meet');
    const plan = await planned(world, event);
    world.feishu.lagMs = 100_000;
    const { result } = await applied(world, plan);
    expect(only(result)).toMatchObject({ outcome: 'not-converged', changes: [{ outcome: 'unknown' }] });
    const [error] = only(result).changes.map((change) => change.error);
    expect(error).toMatchObject({ code: 'not-seen' });
    expect(error?.message).toMatch(message);
    expect(error?.hint).toMatch(hint);
  },
);

test.each<[string, DesiredEvent, 'look' | 'list']>([
  ['a deletion', deleted, 'look'],
  ['a removal', wanted('weekly', ['ou_a']), 'list'],
])(
  '%s that was accepted and cannot be read any more is not seen, and the problem is told',
  async (_what, event, kind) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const plan = await planned(world, event);
    world.feishu.onCall = (call) =>
      call.kind === kind && world.feishu.writes.length > 0 ? { unreadable: 'list-failed' } : undefined;
    const { result } = await applied(world, plan);
    expect(only(result)).toMatchObject({
      outcome: 'not-converged',
      changes: [{ outcome: 'done' }],
      problem: { code: 'list-failed' },
    });
    expect(result.exitCode).toBe(4);
  },
);

test('what was accepted is waited for as long beside something in doubt', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_c']));
  faults(world.feishu, 'remove', { error: 'lost', effect: 'all' });
  const failed = { unreadable: 'list-failed' } as const;
  faults(world.feishu, 'list', undefined, failed, failed);
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'add ou_c': 'done', 'remove ou_b': 'done' });
  expect(only(result).outcome).toBe('converged');
});

test.each(['omm_1', 'oc_a'])('%s, which has no flag, is seen whatever its row says of one', async (id) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', id]));
  world.feishu.onEffect = () => {
    queueMicrotask(() => {
      world.feishu.alter('weekly', (rows) => rows.map((row) => ({ ...row, optional: row.id === id })));
    });
  };
  const { result } = await applied(world, plan);
  expect(only(result).outcome).toBe('converged');
});

test('the binding is not asked for once an unbinding was accepted beside other changes', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b'], 'oc_meet');
  const plan = await planned(world, wanted('weekly', ['ou_a'], { unbindChat }));
  const before = world.feishu.calls.length;
  const { result } = await applied(world, plan);
  expect(result.exitCode).toBe(0);
  const calls = world.feishu.calls.slice(before).map(({ kind }) => kind);
  expect(calls).toEqual(['chats', 'list', 'remove', 'unbind-chat', 'list']);
});

test('an addition that was refused is not read again: whoever is there by another hand is none of this run', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b']));
  const before = world.feishu.calls.length;
  faults(world.feishu, 'add', { error: 'entry' });
  at(world.feishu, 'add', () => {
    world.feishu.join('weekly', 'ou_b');
  });
  const { result } = await applied(world, plan);
  expect(world.feishu.calls.slice(before).map(({ kind }) => kind)).toEqual(['list', 'add']);
  expect(outcomes(only(result))).toEqual({ 'add ou_b': 'failed' });
});
