import { expect, test } from 'vitest';
import type { ApplyContext } from '../../src/applier/run.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { Change, EventPlan, Plan, PlanAttendee } from '../../src/model/plan.ts';
import {
  type World,
  applied,
  at,
  faults,
  newWorld,
  onDingTalk,
  only,
  outcomes,
  planRun,
  planned,
  users,
  wanted,
} from './scenario.ts';

test('applying the same plan a second time writes nothing', async () => {
  const world = newWorld();
  const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };
  world.feishu.create('changed', ['ou_a', 'ou_b', 'ou_c'], 'oc_meet');
  world.feishu.create('gone', ['ou_a'], 'oc_meet');
  world.dingtalk.create('ding', ['ou_a', 'ou_b']);
  const plan = await planned(
    world,
    wanted('changed', ['ou_a?', 'ou_d'], { unbindChat }),
    onDingTalk(wanted('ding', ['ou_a', 'ou_c'])),
    wanted('gone', null, { state: 'absent', unbindChat }),
  );
  const first = await applied(world, plan);
  expect(first.result.events.map(({ outcome }) => outcome)).toEqual(['converged', 'converged', 'converged']);
  const writes = world.feishu.writes.length + world.dingtalk.writes.length;
  const second = await applied(world, plan);
  expect(world.feishu.writes.length + world.dingtalk.writes.length).toBe(writes);
  expect(second.result.events.map(({ outcome }) => outcome)).toEqual(['unchanged', 'unchanged', 'unchanged']);
  expect(
    second.result.events.flatMap(({ changes }) => changes).every(({ outcome }) => outcome === 'already'),
  ).toBe(true);
  expect(second.result.exitCode).toBe(0);
});

test('a plan after a converged apply has nothing to do', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'oc_old', 'omm_1', 'li@example.com']);
  const event = wanted('weekly', ['ou_a?', 'ou_c', 'omm_2', 'wang@example.com']);
  await applied(world, await planned(world, event));
  expect((await planned(world, event)).summary).toMatchObject({ inSync: 1, changed: 0 });
});

test('drops what is so already and does the rest', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_x', 'ou_y']));
  world.feishu.leave('weekly', 'user:ou_b');
  world.feishu.join('weekly', 'ou_x');
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({
    'remove ou_b': 'already',
    'remove ou_c': 'done',
    'add ou_x': 'already',
    'add ou_y': 'done',
  });
  expect(result.summary).toMatchObject({ added: 1, removed: 1 });
});

test('leaves those who came since the plan alone and names them', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  world.feishu.join('weekly', { type: 'user', id: 'ou_new', name: 'New' });
  const { result } = await applied(world, plan);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_new']);
  expect(only(result)).toMatchObject({
    outcome: 'converged',
    newcomers: [{ type: 'user', id: 'ou_new', name: 'New' }],
  });
});

test.each([
  ['before the first write', 'list'],
  ['while an answer is being looked for', 'remove'],
] as const)('never removes whoever organizes the event by now, as seen %s', async (_when, kind) => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  at(world.feishu, kind, () => {
    world.feishu.alter('weekly', (rows) =>
      rows.map((row) => (row.id === 'ou_b' ? { ...row, organizer: true } : row)),
    );
  });
  faults(world.feishu, 'remove', { error: 'lost' });
  const { result } = await applied(world, plan);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b']);
  const change = only(result).changes.find(({ attendee }) => attendee?.id === 'ou_b');
  expect(change).toMatchObject({ outcome: 'failed', error: { code: 'organizer' } });
  expect(result.exitCode).toBe(4);
});

test('a later batch does not name those whom a reading in between no longer shows', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', ...users('x', 502)]);
  const plan = await planned(world, wanted('weekly', ['ou_a']));
  const [last = ''] = plan.events
    .flatMap(({ changes }) => changes.flatMap((one) => (one.action === 'remove' ? [one.attendee.id] : [])))
    .slice(-1);
  at(world.feishu, 'remove', () => {
    world.feishu.leave('weekly', `user:${last}`);
  });
  faults(world.feishu, 'remove', { error: 'lost' });
  const { result } = await applied(world, plan);
  expect(world.feishu.writes.map(({ size }) => size)).toEqual([500, 500, 1]);
  const event = only(result);
  expect(event.changes).toHaveLength(502);
  expect(outcomes(event)[`remove ${last}`]).toBe('already');
  expect(event.outcome).toBe('converged');
});

test('an event that cannot be read is left alone, and the others are applied', async () => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('a', ['ou_a']), wanted('b', ['ou_a']));
  world.feishu.onCall = ({ kind, eventId }) =>
    kind === 'list' && eventId === 'a' ? { unreadable: 'list-moved' } : undefined;
  const { result } = await applied(world, plan);
  expect(result.events).toMatchObject([
    { outcome: 'unknown', problem: { code: 'list-moved' }, changes: [{ outcome: 'not-attempted' }] },
    { outcome: 'converged' },
  ]);
  expect(world.feishu.live('a')).toContain('user:ou_b');
  expect(result.exitCode).toBe(4);
});

test('guards are checked again against what is live', async () => {
  const world = newWorld();
  world.feishu.create('weekly', users('x', 10));
  const plan = await planned(world, wanted('weekly', users('x', 5), { guards: { maxRemovals: '50%' } }));
  world.feishu.leave('weekly', 'user:ou_x0');
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({ outcome: 'refused', violations: [{ code: 'max-removals' }] });
  expect(world.feishu.writes).toEqual([]);
  expect(result.exitCode).toBe(3);
});

test('newcomers make no room for removals', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_a'], { guards: { allowEmpty: false } }));
  world.feishu.leave('weekly', 'user:ou_a');
  world.feishu.join('weekly', 'ou_new');
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({ outcome: 'refused', violations: [{ code: 'empty' }] });
});

test('those whom an earlier run of the plan added count as there', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b']);
  const plan = await planned(world, wanted('weekly', ['ou_x', 'ou_y'], { guards: { allowEmpty: false } }));
  faults(world.feishu, 'remove', { error: 'event' });
  await applied(world, plan);
  expect(world.feishu.live('weekly')).toHaveLength(4);
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({ outcome: 'converged', violations: [] });
  expect(world.feishu.live('weekly')).toEqual(['user:ou_x', 'user:ou_y']);
});

test('a tripped run guard stops all, whatever the events say', async () => {
  const world = newWorld();
  for (const name of ['a', 'b']) world.feishu.create(name, ['ou_a', 'ou_b', 'ou_c']);
  const { plan } = await planRun(world, [wanted('a', ['ou_a']), wanted('b', ['ou_a'])], 3);
  const calls = world.feishu.calls.length;
  const { result } = await applied(world, plan);
  expect(result.events).toMatchObject([
    { outcome: 'refused', violations: [{ code: 'run-removals' }] },
    { outcome: 'refused' },
  ]);
  expect(world.feishu.calls).toHaveLength(calls);
  expect(result.exitCode).toBe(3);
});

test('events that the plan refuses or does not know are left alone, the others applied', async () => {
  const world = newWorld();
  for (const name of ['bad', 'good', 'refused']) world.feishu.create(name, ['ou_a', 'ou_b', 'ou_c', 'ou_d']);
  world.feishu.onCall = ({ kind, eventId }) =>
    kind === 'list' && eventId === 'bad' ? { unreadable: 'list-refused' } : undefined;
  const plan: Plan = await planned(
    world,
    wanted('bad', ['ou_a']),
    wanted('good', ['ou_a']),
    wanted('refused', ['ou_a'], { guards: { maxRemovals: 1 } }),
  );
  const { result } = await applied(world, plan);
  expect(result.events).toMatchObject([
    { outcome: 'unknown', problem: { code: 'list-refused' } },
    { outcome: 'converged' },
    { outcome: 'refused', violations: [{ code: 'max-removals' }] },
  ]);
  expect(new Set(world.feishu.writes.map(({ eventId }) => eventId))).toEqual(new Set(['good']));
});

test('a cancelled event is deleted already', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a']);
  const plan = await planned(world, wanted('weekly', null, { state: 'absent' }));
  await applied(world, plan);
  const { result } = await applied(world, plan);
  expect(outcomes(only(result))).toEqual({ 'delete-event': 'already' });
});

/** A plan by somebody who has it say of the one event what they like. */
async function forged(
  world: World,
  event: DesiredEvent,
  change: (plan: EventPlan) => Partial<EventPlan>,
): Promise<[Plan, Partial<ApplyContext>]> {
  const plan = await planned(world, event);
  const events = plan.events.map((one) => ({
    ...one,
    status: 'changed' as const,
    violations: [],
    ...change(one),
  }));
  return [{ ...plan, events }, { follows: new Map([[event.name, event]]) }];
}

function removed(
  attendee: PlanAttendee,
  reason: 'not-in-manifest' | 'optional-drift' = 'not-in-manifest',
): Change {
  return { action: 'remove', attendee, reason, certain: true };
}

test('whom the manifest keeps is not removed, whatever a saved plan that has to follow from it says', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', 'ou_b', { type: 'user', id: 'ou_out', external: true }]);
  const event = wanted('weekly', ['ou_a']);
  const outsider = { type: 'user', id: 'ou_out', optional: false } as const;
  const [plan, setting] = await forged(world, event, ({ changes }) => ({
    changes: [...changes, removed(outsider)],
    kept: [],
  }));
  const { result } = await applied(world, plan, setting);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_out']);
  expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'done', 'remove ou_out': 'failed' });
  expect(only(result).changes.at(-1)).toMatchObject({ error: { code: 'kept' } });
  expect(result.exitCode).toBe(4);
});

test('a flag that the manifest does not have replaced is not, whoever the saved plan says it is', async () => {
  const world = newWorld();
  world.feishu.create('weekly', ['ou_a', { type: 'user', id: 'ou_out', external: true }]);
  const event = wanted('weekly', ['ou_a', 'ou_out?'], { external: 'remove' });
  const half = { type: 'user', id: 'ou_out', optional: false } as const;
  const [plan, setting] = await forged(world, event, () => ({
    changes: [
      removed(half, 'optional-drift'),
      {
        action: 'add',
        attendee: { ...half, optional: true },
        reason: 'optional-drift',
        certain: true,
        source: event.source,
      },
    ],
  }));
  await applied(world, plan, setting);
  expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_out']);
  expect(world.feishu.writes).toEqual([]);
});

test('guards count those whom the manifest has live, whatever a saved plan says was seen', async () => {
  const world = newWorld();
  const outside = users('out', 20).map((id) => ({ type: 'user' as const, id, external: true }));
  world.feishu.create('weekly', [...users('x', 8), ...outside]);
  const event = wanted('weekly', ['ou_x0'], { guards: { maxRemovals: '50%' } });
  const [plan, setting] = await forged(world, event, ({ observed }) => ({
    kept: [],
    observed: { ...observed, count: 28, managed: 28 },
  }));
  const { result } = await applied(world, plan, setting);
  expect(only(result)).toMatchObject({ outcome: 'refused', violations: [{ code: 'max-removals' }] });
  expect(world.feishu.writes).toEqual([]);
});
