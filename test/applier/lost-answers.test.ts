import { expect, test } from 'vitest';
import type { ModelCall } from '../support/model-calls.ts';
import type { ModelPlatform } from '../support/model-platform.ts';
import { applied, at, faults, newWorld, onDingTalk, only, outcomes, planned, wanted } from './scenario.ts';

const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };

/** The calls of a run, with the virtual milliseconds since its first. */
function timeline(model: ModelPlatform, since: number): string[] {
  const calls = model.calls.slice(since);
  const start = calls[0]?.at ?? 0;
  return calls.map(({ kind, size, at }) => `${at - start} ${kind}${size === 0 ? '' : ` ${size}`}`);
}

test('a removal without an answer is read 2 s later before it is sent again', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const since = world.feishu.calls.length;
  faults(world.feishu, 'remove', { error: 'lost' });
  const { result } = await applied(world, plan);
  expect(timeline(world.feishu, since)).toEqual([
    '0 list',
    '0 remove 1',
    '2000 list',
    '2000 remove 1',
    '4000 list',
  ]);
  expect(only(result).outcome).toBe('converged');
});

test.each([
  ['none', 'failed', 'failed'],
  ['all', 'done', 'converged'],
] as const)(
  'a removal refused by something that is not the API is read, and not sent again (effect: %s)',
  async (effect, change, event) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    faults(world.feishu, 'remove', { error: 'malformed', effect });
    const { result } = await applied(world, plan);
    expect(world.feishu.writes).toHaveLength(1);
    expect(outcomes(only(result))).toEqual({ 'remove ou_b': change });
    expect(only(result).outcome).toBe(event);
  },
);

test('a removal without an answer is not sent again where the guards now stand against it', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const guards = { allowEmpty: false };
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b'], { guards }));
  faults(world.feishu, 'remove', { error: 'lost' });
  at(world.feishu, 'remove', () => {
    world.feishu.leave('weekly', 'user:ou_a');
    world.feishu.leave('weekly', 'user:ou_b');
  });
  const { result } = await applied(world, plan);
  expect(world.feishu.writes).toHaveLength(1);
  expect(only(result).violations.map(({ code }) => code)).toEqual(['empty']);
});

test('a removal that took effect is not sent again', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const since = world.feishu.calls.length;
  faults(world.feishu, 'remove', { error: 'lost', effect: 'all' });
  const { result } = await applied(world, plan);
  expect(timeline(world.feishu, since)).toEqual(['0 list', '0 remove 1', '2000 list', '2000 list']);
  expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'done' });
  expect(result.summary.removed).toBe(1);
});

test('of a batch that was half done only the rest is sent again', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c', 'ou_d', 'ou_e']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  faults(world.feishu, 'remove', { error: 'lost', effect: 'half' });
  await applied(world, plan);
  expect(world.feishu.writes.map(({ identities }) => identities)).toEqual([
    ['user:ou_b', 'user:ou_c', 'user:ou_d', 'user:ou_e'],
    ['user:ou_d', 'user:ou_e'],
  ]);
});

test('an addition is sent again only after two readings 2 s apart lack it', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b']));
  const since = world.feishu.calls.length;
  faults(world.feishu, 'add', { error: 'lost' });
  await applied(world, plan);
  expect(timeline(world.feishu, since)).toEqual([
    '0 list',
    '0 add 1',
    '2000 list',
    '4000 list',
    '4000 add 1',
    '6000 list',
  ]);
});

test('an addition that the second reading shows is not sent again', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b']));
  world.feishu.lagMs = 3000;
  faults(world.feishu, 'add', { error: 'lost', effect: 'all' });
  const { result } = await applied(world, plan);
  expect(world.feishu.writes).toHaveLength(1);
  expect(outcomes(only(result))).toEqual({ 'add ou_b': 'done' });
});

test('an addition that one of the two readings shows is not sent again', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b', 'ou_c']));
  let lists = 0;
  world.feishu.onCall = ({ kind }) => {
    if (kind === 'list') lists += 1;
    // The reading before the write is the first; the third one comes from a copy that is behind.
    if (kind === 'list' && lists === 2) world.feishu.join('weekly', 'ou_b');
    if (kind === 'list' && lists === 3) world.feishu.leave('weekly', 'user:ou_b');
    return undefined;
  };
  faults(world.feishu, 'add', { error: 'lost' });
  await applied(world, plan, { verify: false });
  expect(world.feishu.writes.map(({ identities }) => identities)).toEqual([
    ['user:ou_b', 'user:ou_c'],
    ['user:ou_c'],
  ]);
});

test('on DingTalk, whose reads do not lag, the reading is at once', async () => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, onDingTalk(wanted('weekly', ['ou_a'])));
  const since = world.dingtalk.calls.length;
  faults(world.dingtalk, 'remove', { error: 'lost' });
  await applied(world, plan);
  expect(timeline(world.dingtalk, since)).toEqual(['0 list', '0 remove 1', '0 list', '0 remove 1', '0 list']);
  expect(world.clock.slept).toEqual([]);
});

test('a platform that loses one answer after the other is left alone longer and longer', async () => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, onDingTalk(wanted('weekly', ['ou_a'])));
  const since = world.dingtalk.calls.length;
  const lost = { error: 'lost' } as const;
  faults(world.dingtalk, 'remove', lost, lost, lost, lost, lost, lost);
  const { result } = await applied(world, plan);
  const sent = timeline(world.dingtalk, since).filter((line) => line.includes('remove'));
  expect(sent.map((line) => Number.parseInt(line, 10))).toEqual([0, 0, 250, 750, 1750, 3750]);
  // After the last one nothing is sent, so that nothing is waited for.
  expect(timeline(world.dingtalk, since).at(-1)).toBe('3750 list');
  expect(only(result).outcome).toBe('failed');
});

test('requests have keys of their own, and a new one once the event was read again', async () => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.dingtalk.create(name, ['ou_a']);
  const events = ['a', 'b'].map((name) => {
    const event = onDingTalk(wanted(name, ['ou_a', 'ou_b']));
    return { ...event, ref: { ...event.ref, calendarId: 'primary' } };
  });
  const plan = await planned(world, ...events);
  faults(world.dingtalk, 'add', { error: 'lost' }, { error: 'lost' });
  await applied(world, plan);
  const keys = world.dingtalk.writes.map(({ key }) => key);
  expect(keys).toHaveLength(4);
  expect(new Set(keys).size).toBe(4);
});

test('two plans for one event id differ in their keys, and so do two runs', async () => {
  const keys = new Set<string>();
  for (const runId of ['first', 'second']) {
    const world = newWorld();
    world.dingtalk.create('shared', ['ou_a']);
    const events = ['x', 'y'].map((name) => {
      const event = onDingTalk(wanted(name, ['ou_a', 'ou_b']));
      return { ...event, ref: { ...event.ref, eventId: 'shared', organizer: name } };
    });
    await applied(world, await planned(world, ...events), { runId });
    for (const { key } of world.dingtalk.writes) keys.add(key);
  }
  expect(keys.size).toBe(4);
});

test('a deletion is looked at before it is sent again', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', [], { state: 'absent' }));
  const since = world.feishu.calls.length;
  faults(world.feishu, 'delete-event', { error: 'lost' });
  const { result } = await applied(world, plan);
  expect(timeline(world.feishu, since)).toEqual([
    '0 look',
    '0 delete-event',
    '2000 look',
    '2000 delete-event',
    '4000 look',
  ]);
  expect(only(result).outcome).toBe('converged');
});

test("a deletion that is answered as done after a lost answer is this run's", async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  world.feishu.lagMs = 2500;
  const plan = await planned(world, wanted('weekly', [], { state: 'absent' }));
  faults(world.feishu, 'delete-event', { error: 'lost', effect: 'all' });
  const { result } = await applied(world, plan);
  expect(world.feishu.writes).toHaveLength(2);
  expect(outcomes(only(result))).toEqual({ 'delete-event': 'done' });
  expect(result.summary.eventsDeleted).toBe(1);
});

test.each(['delete-event', 'unbind-chat'] as const)(
  'a %s that finds no event is done only where an answer was lost before',
  async (action) => {
    const change = action === 'delete-event' ? { state: 'absent' as const } : { unbindChat };
    const afterLoss = async (...errors: readonly ('lost' | 'absent')[]): Promise<Record<string, string>> => {
      const world = newWorld();
      world.feishu.create('weekly', ['ou_a'], 'oc_meet');
      world.feishu.tellsChats = false;
      const plan = await planned(world, wanted('weekly', null, change));
      faults(world.feishu, action, ...errors.map((error) => ({ error })));
      const { result } = await applied(world, plan, { verify: false });
      return outcomes(only(result));
    };
    expect(await afterLoss('absent')).toEqual({ [action]: 'failed' });
    expect(await afterLoss('lost', 'absent')).toEqual({ [action]: 'done' });
  },
);

test('an unbinding that cannot be asked for is sent again until it is answered', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a'], 'oc_meet');
  world.feishu.tellsChats = false;
  const plan = await planned(world, wanted('weekly', null, { unbindChat }));
  faults(world.feishu, 'unbind-chat', { error: 'lost', effect: 'all' });
  const { result } = await applied(world, plan);
  expect(world.feishu.writes).toHaveLength(2);
  expect(outcomes(only(result))).toEqual({ 'unbind-chat': 'done' });
  expect(result.exitCode).toBe(0);
});

test('an unbinding that is answered as done at once was so already', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a'], null);
  world.feishu.tellsChats = false;
  const plan = await planned(world, wanted('weekly', null, { unbindChat }));
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'unbind-chat': 'already' });
  expect(only(result).outcome).toBe('unchanged');
});

test('after six answers without an end the event is given up, and nothing further of it is done', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_c']));
  world.feishu.onCall = ({ kind }) => (kind === 'add' ? { error: 'lost' } : undefined);
  const { result } = await applied(world, plan);
  expect(world.feishu.writes.map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'add'));
  expect(outcomes(only(result))).toEqual({ 'add ou_c': 'failed', 'remove ou_b': 'not-attempted' });
  expect(only(result).changes.find(({ action }) => action === 'add')?.error?.code).toBe('scripted-lost');
  // Whatever the readings show, something may have been written.
  expect(result.exitCode).toBe(4);
});

test('where the event cannot be read after a lost answer nothing further is sent, and it is said what is not known', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_c']));
  const lists: ModelCall[] = [];
  world.feishu.onCall = (call) => {
    if (call.kind === 'list' && lists.push(call) > 1) return { unreadable: 'list-failed' };
    return call.kind === 'add' ? { error: 'lost' } : undefined;
  };
  const { result } = await applied(world, plan);
  expect(world.feishu.writes).toHaveLength(1);
  const event = only(result);
  expect(outcomes(event)).toEqual({ 'add ou_c': 'unknown', 'remove ou_b': 'not-attempted' });
  expect(event.problem?.code).toBe('list-failed');
  expect(event.changes.find(({ action }) => action === 'add')?.error?.code).toBe('scripted-lost');
  expect(result.exitCode).toBe(4);
});

test('what was in doubt and is seen in the end is done', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  faults(world.feishu, 'remove', { error: 'lost', effect: 'all' });
  faults(world.feishu, 'list', undefined, { unreadable: 'list-failed' });
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'done' });
});

test('what was in doubt and is not seen keeps the error that says so', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  faults(world.feishu, 'remove', { error: 'lost' });
  faults(world.feishu, 'list', undefined, { unreadable: 'list-failed' });
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({
    outcome: 'not-converged',
    changes: [{ outcome: 'unknown', error: { code: 'scripted-lost' } }],
  });
});

test('an unbinding in doubt that cannot be asked about stays in doubt', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a'], 'oc_meet');
  world.feishu.tellsChats = false;
  const plan = await planned(world, wanted('weekly', null, { state: 'absent', unbindChat }));
  faults(world.feishu, 'unbind-chat', { error: 'lost' });
  faults(world.feishu, 'look', undefined, { unreadable: 'list-failed' });
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'unbind-chat': 'unknown', 'delete-event': 'not-attempted' });
  expect(world.feishu.isDeleted('weekly')).toBe(false);
  expect(result.exitCode).toBe(4);
});
