import { expect, test } from 'vitest';
import { changeErrorOf } from '../../src/applier/send.ts';
import { PlatformError } from '../../src/providers/provider.ts';
import type { ModelCall } from '../support/model-calls.ts';
import { applied, newWorld, only, onlyPlan, planned, wanted } from './scenario.ts';

/** A scripted throw at the nth call of a kind; a write is lost before that where it says so. */
test.each<[string, ModelCall['kind'], number, boolean, object]>([
  ['the reading before the first write', 'list', 1, false, { outcome: 'unknown' }],
  ['the reading after a lost answer', 'list', 2, true, { outcome: 'not-converged' }],
  ['the last reading', 'list', 2, false, { outcome: 'not-converged' }],
])(
  'a fault of the program itself in %s is a problem of that event, and the others go on',
  async (_where, kind, nth, loses, ending) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    world.feishu.create('other', ['ou_a', 'ou_b']);
    const plan = await planned(world, wanted('other', ['ou_a']), wanted('weekly', ['ou_a']));
    let count = 0;
    world.feishu.onCall = (call) => {
      if (call.eventId !== 'weekly') return undefined;
      if (call.kind === kind && (count += 1) >= nth) throw new TypeError('a bug');
      return loses && call.kind === 'remove' ? { error: 'lost' } : undefined;
    };
    const { result } = await applied(world, plan);
    const [other, weekly] = result.events;
    expect(other?.outcome).toBe('converged');
    expect(weekly).toMatchObject(ending);
    expect(weekly?.problem).toEqual({
      code: 'internal',
      message: 'rollcall failed on this event: a bug',
      hint: 'This is a bug in rollcall: please report it.',
    });
    expect(result.exitCode).toBe(4);
  },
);

test('a fault of the program itself in a write is an answer that nobody understands: what came of it is read', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  world.feishu.onCall = ({ kind }) => {
    if (kind === 'remove') throw new TypeError('a bug');
    return undefined;
  };
  const { result, items } = await applied(world, plan);
  expect(items.flatMap((item) => (item.kind === 'batch-done' ? [item.outcome] : []))).toEqual(['unknown']);
  expect(only(result).changes[0]).toMatchObject({ outcome: 'failed', error: { code: 'internal' } });
  expect(only(result).outcome).toBe('failed');
  expect(result.exitCode).toBe(4);
});

test('a fault of the program itself between its calls is told with what was written', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const lagMs = (): number => {
    throw new TypeError('a bug');
  };
  const { result } = await applied(world, plan, { lagMs });
  expect(only(result)).toMatchObject({ outcome: 'not-converged', problem: { code: 'internal' } });
  expect(result.summary.removed).toBe(1);
  expect(result.exitCode).toBe(4);
});

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
