import { expect, test } from 'vitest';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Fault, ModelCall } from '../support/model-calls.ts';
import { applied, faults, newWorld, only, outcomes, planned, users, wanted } from './scenario.ts';

const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
const deleted = wanted('weekly', null, { state: 'absent' });
const unbound = wanted('weekly', null, { unbindChat });
const lost = { error: 'lost' } as const;

/** What the answers to the first calls of a kind come to. */
test.each<[string, DesiredEvent, ModelCall['kind'], readonly Fault[], Record<string, string>]>([
  [
    'a deletion that is not allowed, after a lost answer',
    deleted,
    'delete-event',
    [lost, { error: 'event' }],
    { 'delete-event': 'failed' },
  ],
  [
    'an event that is not found, after a lost deletion',
    deleted,
    'delete-event',
    [lost, { error: 'absent' }],
    { 'delete-event': 'unknown' },
  ],
  [
    'an event that is not found at once',
    deleted,
    'delete-event',
    [{ error: 'absent' }],
    { 'delete-event': 'failed' },
  ],
  [
    'an unbinding that is not allowed, after a lost answer',
    unbound,
    'unbind-chat',
    [lost, { error: 'event' }],
    { 'unbind-chat': 'failed' },
  ],
  [
    'an event that is not found, after a lost removal',
    wanted('weekly', ['ou_a']),
    'remove',
    [lost, { error: 'absent' }],
    { 'remove ou_b': 'failed' },
  ],
  [
    'an event that is not found, after a lost addition',
    wanted('weekly', ['ou_a', 'ou_b', 'ou_c']),
    'add',
    [lost, { error: 'absent' }],
    { 'add ou_c': 'failed' },
  ],
])('%s, is no proof of an effect', async (_what, event, kind, answers, expected) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b'], 'oc_meet');
  const plan = await planned(world, event);
  faults(world.feishu, kind, ...answers);
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual(expected);
  expect(result.exitCode).not.toBe(0);
});

test('an addition that misses somebody is halved without a reading: only a list of who is there helps removals', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b', 'ou_c']));
  world.feishu.onCall = ({ kind, identities }) =>
    kind === 'add' && identities.includes('user:ou_b' as never) ? { error: 'gone' } : undefined;
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'add ou_b': 'failed', 'add ou_c': 'done' });
  const before = world.feishu.calls.slice(2).map(({ kind }) => kind);
  expect(before).toEqual(['list', 'add', 'add', 'add', 'list']);
});

test.each([true, false])(
  'a removal that misses somebody is not sent again where the event cannot be read, verified: %s',
  async (verify) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    faults(world.feishu, 'remove', { error: 'gone' });
    faults(world.feishu, 'list', undefined, { unreadable: 'list-failed' });
    const { result } = await applied(world, plan, { verify });
    expect(world.feishu.writes).toHaveLength(1);
    expect(only(result)).toMatchObject({ outcome: 'failed', problem: { code: 'list-failed' } });
  },
);

test('where each removal misses somebody else, the extra calls of the event are counted', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 60)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  let left = 0;
  world.feishu.onCall = ({ kind }) => {
    if (kind === 'remove') world.feishu.leave('weekly', `user:ou_x${(left += 1)}`);
    return undefined;
  };
  const { result } = await applied(world, plan);
  expect(world.feishu.writes).toHaveLength(1 + 30);
  expect(only(result).outcome).toBe('failed');
});

test('an event that was read when the quota ended elsewhere is not attempted', async () => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('a', ['ou_a']), wanted('b', ['ou_a', 'ou_c']));
  world.feishu.callMs = ({ kind, eventId }) => (kind === 'list' && eventId === 'b' ? 100 : 0);
  faults(world.feishu, 'remove', { error: 'quota' });
  const { result } = await applied(world, plan);
  expect(result.events.map(({ outcome }) => outcome)).toEqual(['failed', 'not-attempted']);
  expect(result.exitCode).toBe(1);
});

test("a batch that is seen in spite of an answer that is not the API's does not end its event", async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_c']));
  faults(world.feishu, 'add', { error: 'malformed', effect: 'all' });
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'add ou_c': 'done', 'remove ou_b': 'done' });
  expect(only(result).outcome).toBe('converged');
});
