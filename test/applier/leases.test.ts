import { expect, test } from 'vitest';
import type { Lease, Leases, NotHeld } from '../../src/applier/leases.ts';
import { applied, newWorld, only, outcomes, planRun, planned, users, wanted } from './scenario.ts';

const lease: Lease = { fresh: true, overtaken: null, mayStart: () => true, release: () => Promise.resolve() };

function leasesOf(of: (name: string) => Lease | NotHeld): Leases {
  return { acquire: ({ name }) => Promise.resolve(of(name)) };
}

const held: NotHeld = {
  outcome: 'not-attempted',
  problem: { code: 'held', message: 'another run holds this event' },
};
const overtaken: NotHeld = {
  outcome: 'refused',
  problem: { code: 'overtaken', message: 'another run has written this event' },
};

test.each([
  ['that another run holds', held, false, 1],
  ['that another run holds, beside others', held, true, 4],
  ['that another run has written', overtaken, false, 3],
  ['that another run has written, beside others', overtaken, true, 4],
])('an event %s is neither read nor written', async (_name, why, others, exitCode) => {
  const world = newWorld();
  world.feishu.create('taken', ['ou_a']);
  world.feishu.create('free', ['ou_a']);
  const names = others ? ['taken', 'free'] : ['taken'];
  const plan = await planned(world, ...names.map((name) => wanted(name, ['ou_b'])));
  const before = world.feishu.calls.length;
  const leases = leasesOf((name) => (name === 'taken' ? why : lease));
  const { result } = await applied(world, plan, { leases });
  const calls = world.feishu.calls.slice(before).filter(({ eventId }) => eventId === 'taken');
  expect(calls).toEqual([]);
  const event = result.events.find(({ name }) => name === 'taken');
  expect(event).toMatchObject({ outcome: why.outcome, problem: why.problem });
  expect(event?.changes.map(({ outcome }) => outcome)).toEqual(['not-attempted', 'not-attempted']);
  expect(world.feishu.live('free')).toEqual([others ? 'user:ou_b' : 'user:ou_a']);
  expect(result.exitCode).toBe(exitCode);
});

test.each([
  [true, 0],
  [false, 1],
])('what was read while planning stands where no other run wrote since: %s', async (fresh, reads) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const { plan, readings } = await planRun(world, [wanted('weekly', ['ou_a', 'ou_b'])]);
  const before = world.feishu.calls.length;
  const leases = leasesOf(() => ({ ...lease, fresh }));
  const { result } = await applied(world, plan, { leases, readings });
  const calls = world.feishu.calls.slice(before).map(({ kind }) => kind);
  expect(calls.slice(0, calls.indexOf('add'))).toHaveLength(reads);
  expect(only(result).outcome).toBe('converged');
});

test('once its lease is lost an event is written no more, nor read', async () => {
  const world = newWorld();
  world.feishu.create('large', ['ou_a', ...users('x', 600)]);
  const plan = await planned(world, wanted('large', ['ou_a', 'ou_new']));
  let asked = true;
  const leases = leasesOf(() => ({ ...lease, mayStart: () => asked }));
  const lines: string[] = [];
  const { result } = await applied(world, plan, {
    leases,
    onItem: ({ kind }) => {
      lines.push(kind);
      // After the addition and the first of two removing calls.
      if (lines.filter((line) => line === 'batch-done').length === 2) asked = false;
    },
  });
  expect(world.feishu.writes.map(({ kind, size }) => `${kind} ${size}`)).toEqual(['add 1', 'remove 500']);
  expect(world.feishu.calls.at(-1)?.kind).toBe('remove');
  expect(only(result)).toMatchObject({ outcome: 'partial', problem: { code: 'held' } });
  expect(lines.filter((line) => line === 'batch-started')).toHaveLength(2);
  expect(result.exitCode).toBe(4);
});

test('a lease that is lost between its line and its bytes is a batch that failed and was not sent', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_b', 'ou_a']));
  let asked = true;
  const { result, items } = await applied(world, plan, {
    leases: leasesOf(() => ({ ...lease, mayStart: () => asked })),
    onItem: ({ kind }) => {
      if (kind === 'batch-started') asked = false;
    },
  });
  expect(world.feishu.writes).toEqual([]);
  expect(items.find(({ kind }) => kind === 'batch-done')).toMatchObject({
    outcome: 'failed',
    error: { code: 'held' },
  });
  expect(only(result)).toMatchObject({ outcome: 'not-attempted', problem: { code: 'held' } });
  expect(outcomes(only(result))).toEqual({ 'add ou_b': 'not-attempted' });
  expect(result.exitCode).toBe(1);
});

test('a lease is released after the last line of its event', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_b']));
  const told: string[] = [];
  const release = (): Promise<void> => Promise.resolve(void told.push('released'));
  await applied(world, plan, {
    leases: leasesOf(() => ({ ...lease, release })),
    onItem: ({ kind }) => told.push(kind),
  });
  expect(told.slice(-3)).toEqual(['event-done', 'released', 'run-done']);
});

test('a stop while an event is waited for leaves it alone', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_b']));
  const controller = new AbortController();
  const acquire: Leases['acquire'] = async (_event, sleep, signal) => {
    controller.abort();
    await sleep(60_000, signal);
    return lease;
  };
  const { result } = await applied(world, plan, { leases: { acquire }, signal: controller.signal });
  expect(only(result).outcome).toBe('not-attempted');
  expect(result.exitCode).toBe(130);
});

test('a fault of the leases is told of the event that it struck', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_b']));
  const acquire: Leases['acquire'] = () => Promise.reject(new TypeError('no such thing'));
  const { result } = await applied(world, plan, { leases: { acquire } });
  expect(only(result)).toMatchObject({ outcome: 'unknown', problem: { code: 'internal' } });
  expect(world.feishu.writes).toEqual([]);
});

test.each([
  ['removes nobody', ['ou_b'], ['user:ou_a'], 'refused'],
  ['still adds', ['ou_a', 'ou_b'], ['user:ou_a', 'user:ou_b'], 'converged'],
])('after the run of another commit a plan %s', async (_what, desired, live, outcome) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', desired));
  const leases = leasesOf(() => ({ ...lease, fresh: false, overtaken: overtaken.problem }));
  const { result } = await applied(world, plan, { leases });
  expect(only(result).outcome).toBe(outcome);
  expect(world.feishu.live('weekly')).toEqual(live);
});
