import { expect, test } from 'vitest';
import { changeErrorOf } from '../../src/applier/batch.ts';
import { PlatformError } from '../../src/providers/provider.ts';
import type { ModelCall } from '../support/model-calls.ts';
import { applied, newWorld, only, onlyPlan, planned, wanted } from './scenario.ts';

/** A scripted throw at the nth call of a kind; a write is lost before that where it says so. */
test.each<[string, ModelCall['kind'], number, boolean]>([
  ['the reading before the first write', 'list', 1, false],
  ['a write', 'remove', 1, false],
  ['the reading after a lost answer', 'list', 2, true],
  ['the last reading', 'list', 2, false],
])(
  'a fault of the program itself in %s is no answer of the platform, and ends the run',
  async (_where, kind, nth, loses) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    let count = 0;
    world.feishu.onCall = (call) => {
      if (call.kind === kind && (count += 1) === nth) throw new TypeError('a bug');
      return loses && call.kind === 'remove' ? { error: 'lost' } : undefined;
    };
    await expect(applied(world, plan)).rejects.toThrow('a bug');
  },
);

test('an event that a saved plan does not know, without why, is left alone', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const { problem: _none, ...event } = { ...onlyPlan(plan), status: 'unknown' as const, changes: [] };
  const { result } = await applied(world, { ...plan, events: [event] });
  expect(only(result)).toMatchObject({ outcome: 'unknown', changes: [] });
  expect(only(result).problem).toBeUndefined();
  expect(world.feishu.writes).toEqual([]);
});

test('who answers for a room that comes back is who the change names', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'omm_1']));
  const event = onlyPlan(plan);
  const changes = event.changes.map((change) =>
    change.action === 'add' ? { ...change, operateId: 'ou_z' } : change,
  );
  const { result } = await applied(world, { ...plan, events: [{ ...event, changes }] });
  expect(world.feishu.rows('weekly').find(({ id }) => id === 'omm_1')?.operateId).toBe('ou_z');
  expect(result.exitCode).toBe(0);
});

test.each<[object, object]>([
  [{}, {}],
  [{ hint: 'Wait.' }, { hint: 'Wait.' }],
  [{ logId: 'log-1' }, { logId: 'log-1' }],
])('of what the platform says beside its error, %j, all is told', (more, told) => {
  const error = new PlatformError('event', '193001', 'no right', more);
  expect(changeErrorOf(error)).toStrictEqual({ code: '193001', message: 'no right', ...told });
});
