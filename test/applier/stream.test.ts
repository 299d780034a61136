import { expect, test } from 'vitest';
import { apply } from '../../src/applier/apply.ts';
import { streamOf } from '../../src/applier/stream.ts';
import type { ApplyEvent } from '../../src/model/result.ts';
import { applied, newWorld, optionsOf, planned, users, wanted } from './scenario.ts';

/** Gives everything that can go on by itself the time to do so. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test('a consumer that does not ask for more stops the next effect', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const items = apply(plan, optionsOf(world));
  const kinds: string[] = [];
  for (let item = await items.next(); item.done !== true; item = await items.next()) {
    kinds.push(item.value.kind);
    await quiet();
    if (item.value.kind === 'batch-started') expect(world.feishu.writes).toEqual([]);
    if (item.value.kind === 'batch-done') expect(world.feishu.writes).toHaveLength(1);
  }
  expect(kinds).toEqual(['run-started', 'batch-started', 'batch-done', 'event-done', 'run-done']);
});

test('each event goes on only once its own item was asked past', async () => {
  const world = newWorld();
  for (const name of ['a', 'b', 'c']) world.feishu.create(name, ['ou_a', 'ou_b']);
  const events = ['a', 'b', 'c'].map((name) => wanted(name, ['ou_a']));
  const handled: string[] = [];
  const unheard: string[] = [];
  world.feishu.onEffect = ({ eventId }) => {
    if (!handled.includes(eventId)) unheard.push(eventId);
  };
  await applied(world, await planned(world, ...events), {
    onItem: (item) => {
      if (item.kind === 'batch-started') handled.push(item.event.eventId);
    },
  });
  expect(unheard).toEqual([]);
  expect(world.feishu.effects).toHaveLength(3);
});

test.each([
  ['goes away', () => true],
  [
    'fails',
    () => {
      throw new Error('the disk is full');
    },
  ],
])('a consumer that %s at a batch leaves that batch and all others unsent', async (_how, leave) => {
  const world = newWorld();
  for (const name of ['a', 'b', 'c']) world.feishu.create(name, ['ou_a', ...users('x', 700)]);
  const plan = await planned(world, ...['a', 'b', 'c'].map((name) => wanted(name, ['ou_a'])));
  const run = async (): Promise<void> => {
    for await (const item of apply(plan, optionsOf(world)))
      if (item.kind === 'batch-started' && leave()) break;
  };
  await run().catch((error: unknown) => {
    expect(String(error)).toContain('the disk is full');
  });
  await quiet();
  expect(world.feishu.writes).toEqual([]);
});

test('a call in flight as the consumer goes away is the last one of its event', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 700)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  for await (const item of apply(plan, optionsOf(world))) if (item.kind === 'batch-done') break;
  await quiet();
  expect(world.feishu.writes).toHaveLength(1);
});

test("a run tells its plan's digest, and how many of its events are through", async () => {
  const world = newWorld();
  for (const name of ['a', 'b', 'c']) world.feishu.create(name, ['ou_a', 'ou_b']);
  const plan = await planned(world, ...['a', 'b', 'c'].map((name) => wanted(name, ['ou_a'])));
  const digest = `sha256:${'ab'.repeat(32)}`;
  const through: [number, number][] = [];
  const onEvent = (done: number, total: number): unknown => through.push([done, total]);
  const { result } = await applied(world, { ...plan, digest }, { onEvent });
  expect(result.planDigest).toBe(digest);
  expect(through).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
});

test('a fault of the work itself reaches the consumer, after what was told before', async () => {
  const seen: number[] = [];
  const bug = new TypeError('a bug');
  const run = async (): Promise<void> => {
    const items = streamOf<number>(async (emit) => {
      await emit(1);
      throw bug;
    });
    for await (const item of items) seen.push(item);
  };
  await expect(run()).rejects.toBe(bug);
  expect(seen).toEqual([1]);
});

test('a step that is told after the consumer went away is refused', async () => {
  const refusals: unknown[] = [];
  const items = streamOf<number>(async (emit) => {
    await emit(1).catch((error: unknown) => refusals.push(error));
    await emit(2).catch((error: unknown) => refusals.push(error));
  });
  await items.next();
  await items.throw(new Error('broken')).catch(() => {});
  await quiet();
  expect(refusals.map((error) => (error instanceof Error ? error.name : ''))).toEqual([
    'StreamClosed',
    'StreamClosed',
  ]);
});

test('what happens at the same moment is kept together, before any of it is told or done', async () => {
  const world = newWorld();
  const names = ['a', 'b', 'c'];
  for (const name of names) world.feishu.create(name, ['ou_a', 'ou_b']);
  const plan = await planned(world, ...names.map((name) => wanted(name, ['ou_a'])));
  const kept: string[][] = [];
  const told: string[] = [];
  const done = new Set<string>();
  world.feishu.onEffect = ({ eventId }) => {
    expect(kept.flat()).toContain(`batch-started ${eventId}`);
    done.add(eventId);
  };
  const label = (item: ApplyEvent): string =>
    item.kind === 'batch-started' ? `${item.kind} ${item.event.name}` : item.kind;
  const keep = (items: readonly ApplyEvent[]): void => {
    kept.push(items.map(label));
  };
  await applied(world, plan, {
    keep,
    onItem: (item) => {
      told.push(label(item));
      expect(kept.flat().slice(0, told.length)).toEqual(told);
    },
  });
  expect(kept[1]).toEqual(names.map((name) => `batch-started ${name}`));
  expect(done).toEqual(new Set(names));
});

test('what cannot be kept is not done', async () => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b']);
  const plan = await planned(world, ...['a', 'b'].map((name) => wanted(name, ['ou_a'])));
  const keep = (items: readonly ApplyEvent[]): void => {
    if (items.some(({ kind }) => kind === 'batch-started')) throw new Error('the disk is full');
  };
  await expect(applied(world, plan, { keep })).rejects.toThrow('the disk is full');
  await quiet();
  expect(world.feishu.writes).toEqual([]);
});
