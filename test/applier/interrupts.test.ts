import { expect, test } from 'vitest';
import { ResultFold } from '../../src/applier/result-of.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { ModelCall } from '../support/model-calls.ts';
import {
  type World,
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

const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };

/** Additions, removals, replaced flags, a deletion and an unbinding, on two platforms. */
async function mixed(): Promise<{ world: World; plan: Plan }> {
  const world = newWorld();
  world.feishu.create('flags', ['ou_a', 'ou_b', 'ou_c'], 'oc_meet');
  world.feishu.create('gone', ['ou_a']);
  world.dingtalk.create('large', ['ou_a', ...users('x', 501)]);
  const plan = await planned(
    world,
    wanted('flags', ['ou_a?', 'ou_c', 'ou_d'], { unbindChat }),
    wanted('gone', null, { state: 'absent' }),
    onDingTalk(wanted('large', ['ou_a', ...users('y', 20)])),
  );
  return { world, plan };
}

/** Stops the run at the start of its nth call. */
function stopAt(world: World, n: number): AbortController {
  const controller = new AbortController();
  let calls = 0;
  for (const model of [world.feishu, world.dingtalk]) {
    model.onCall = () => {
      calls += 1;
      if (calls === n) controller.abort();
      return undefined;
    };
  }
  return controller;
}

test('stopped at any call, a run finishes what is in flight, tells all of it, and the next run finishes the rest', async () => {
  for (let n = 1; n < 30; n += 1) {
    const { world, plan } = await mixed();
    const { signal } = stopAt(world, n);
    const { items, result } = await applied(world, plan, { signal, concurrency: 1 });
    const started = items.filter(({ kind }) => kind === 'batch-started').length;
    expect(items.filter(({ kind }) => kind === 'batch-done')).toHaveLength(started);
    expect(items.at(-1)?.kind).toBe('run-done');
    const open = result.events.some(
      ({ outcome }) => outcome === 'interrupted' || outcome === 'not-attempted',
    );
    expect(result.exitCode, `stopped at call ${n}`).toBe(open ? 130 : 0);
    // Nobody is left without the flag that is being replaced.
    expect(
      world.feishu.live('flags').some((one) => one.startsWith('user:ou_a')),
      `stopped at call ${n}`,
    ).toBe(true);
    await world.clock.sleep(10_000);
    const again = await applied(world, plan);
    expect(again.result.exitCode, `after a stop at call ${n}`).toBe(0);
    expect(world.feishu.live('flags')).toEqual(['user:ou_a?', 'user:ou_c', 'user:ou_d']);
    expect(world.dingtalk.live('large')).toHaveLength(21);
    expect(world.feishu.isDeleted('gone')).toBe(true);
  }
});

test('starts no batch after the stop', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 1200)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const controller = new AbortController();
  at(world.feishu, 'remove', () => {
    controller.abort();
  });
  const { result } = await applied(world, plan, { signal: controller.signal });
  expect(world.feishu.writes).toHaveLength(1);
  expect(only(result).outcome).toBe('interrupted');
  expect(result.summary.removed).toBe(500);
  expect(only(result).changes.filter(({ outcome }) => outcome === 'not-attempted')).toHaveLength(700);
  expect(result.exitCode).toBe(130);
});

test('a run that is stopped before it begins makes no call', async () => {
  const { world, plan } = await mixed();
  const calls = world.feishu.calls.length + world.dingtalk.calls.length;
  const { result } = await applied(world, plan, { signal: AbortSignal.abort() });
  expect(world.feishu.calls.length + world.dingtalk.calls.length).toBe(calls);
  expect(result.events.map(({ outcome }) => outcome)).toEqual([
    'not-attempted',
    'not-attempted',
    'not-attempted',
  ]);
  expect(result.exitCode).toBe(130);
});

test('what was accepted before a stop during verification stays told as done', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const controller = new AbortController();
  const { result } = await applied(world, plan, {
    signal: controller.signal,
    onItem: (item) => {
      if (item.kind === 'batch-done') controller.abort();
    },
  });
  expect(only(result)).toMatchObject({ outcome: 'interrupted', changes: [{ outcome: 'done' }] });
  expect(only(result).changes[0]?.error).toBeUndefined();
  expect(result.exitCode).toBe(130);
});

test.each([true, false])(
  'a stop while a lost answer is looked for is an interruption (verify: %s)',
  async (verify) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    const controller = new AbortController();
    at(world.feishu, 'remove', () => {
      controller.abort();
    });
    faults(world.feishu, 'remove', { error: 'lost' });
    const { result } = await applied(world, plan, { signal: controller.signal, verify });
    expect(only(result)).toMatchObject({ outcome: 'interrupted', changes: [{ outcome: 'unknown' }] });
    expect(result.exitCode).toBe(130);
  },
);

test('a stop while a refused batch is halved tells of the refusal', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const controller = new AbortController();
  at(world.feishu, 'remove', () => {
    controller.abort();
  });
  faults(world.feishu, 'remove', { error: 'entry' });
  const { result } = await applied(world, plan, { signal: controller.signal });
  expect(only(result)).toMatchObject({
    outcome: 'interrupted',
    changes: [
      { outcome: 'failed', error: { code: 'scripted-entry' } },
      { outcome: 'failed', error: { code: 'scripted-entry' } },
    ],
  });
});

test.each<[string, ModelCall['kind'], Parameters<typeof faults>[2]]>([
  ['removed', 'remove', undefined],
  ['removed, without an answer', 'remove', { error: 'lost', effect: 'all' }],
  ['being added back, without an answer', 'add', { error: 'lost' }],
])('whoever is %s for a new flag as the run is stopped is added back', async (_how, kind, fault) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a?', 'ou_b?']));
  const controller = new AbortController();
  at(world.feishu, kind, () => {
    controller.abort();
  });
  faults(world.feishu, kind, fault);
  const { result } = await applied(world, plan, { signal: controller.signal });
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a?', 'user:ou_b?']);
  expect(Object.values(outcomes(only(result)))).toEqual(['done', 'done', 'done', 'done']);
  expect(result.exitCode).toBe(130);
});

test('of flags in several batches only the one in flight is finished', async () => {
  const world = newWorld();
  world.feishu.create('weekly', users('x', 700));
  const plan = await planned(
    world,
    wanted(
      'weekly',
      users('x', 700).map((id) => `${id}?`),
    ),
  );
  const controller = new AbortController();
  at(world.feishu, 'remove', () => {
    controller.abort();
  });
  const { result } = await applied(world, plan, { signal: controller.signal });
  expect(world.feishu.writes.map(({ kind, size }) => `${kind} ${size}`)).toEqual(['remove 500', 'add 500']);
  expect(world.feishu.live('weekly')).toHaveLength(700);
  expect(result.exitCode).toBe(130);
});

test('a stream that is cut off anywhere tells of every effect, and takes none for certain that it did not see end', async () => {
  const { items: whole } = await mixed().then(({ world, plan }) => applied(world, plan));
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const fold = new ResultFold();
    for (const item of whole.slice(0, cut)) fold.add(item);
    const ended = new Map<string, boolean>();
    for (const item of whole.slice(0, cut)) {
      if (item.kind === 'batch-started') ended.set(`${item.batch}`, false);
      if (item.kind === 'batch-done') ended.set(`${item.batch}`, true);
    }
    const { exitCode, events } = fold.result();
    const told = events.flatMap(({ changes }) => changes.map(({ outcome }) => outcome));
    const inFlight = [...ended.values()].filter((end) => !end).length;
    expect(told.includes('unknown'), `cut at ${cut}`).toBe(inFlight > 0);
    expect(exitCode, `cut at ${cut}`).toBe(cut === whole.length ? 0 : 130);
  }
});

test('a batch that waits to be sent again when the run is stopped is not sent again, and is told as not attempted', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const controller = new AbortController();
  let sends = 0;
  // As the client does between tries: only a stop ends this wait.
  world.feishu.remove = (_event, _batch, _options, signal) => {
    sends += 1;
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(signal.reason);
      });
      controller.abort(new Error('enough'));
    });
  };
  const { items, result } = await applied(world, plan, { signal: controller.signal });
  expect(sends).toBe(1);
  expect(result).toMatchObject({
    exitCode: 130,
    events: [{ outcome: 'not-attempted', changes: [{ action: 'remove', outcome: 'not-attempted' }] }],
  });
  expect(items.find(({ kind }) => kind === 'batch-done')).toMatchObject({
    outcome: 'failed',
    error: { code: 'stopped' },
  });
});
