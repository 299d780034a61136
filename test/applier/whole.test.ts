import { describe, expect, test } from 'vitest';
import { identityOf } from '../../src/model/attendee.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { WholePlatform } from '../support/whole-platform.ts';
import { replaceLists } from '../support/whole-row.ts';
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
  wanted,
} from './scenario.ts';

/** Where one request replaces the whole list, under the version that was read. */

replaceLists();

function listOf(world: World): WholePlatform {
  if (!(world.dingtalk instanceof WholePlatform)) throw new TypeError('its lists are not replaced');
  return world.dingtalk;
}

function kinds(world: World): string[] {
  return world.dingtalk.calls.map(({ kind }) => kind);
}

/** Somebody replies: the version moves, and nobody comes or goes. */
function reply(world: World): void {
  world.dingtalk.alter('weekly', (rows) => rows.map((row) => ({ ...row, reply: 'tentative' })));
}

const event = onDingTalk(wanted('weekly', ['a', 'f?', 'n']));

function there(): World {
  const world = newWorld();
  world.dingtalk.create('weekly', ['a', { type: 'user', id: 'f', reply: 'accepted' }, 'z']);
  return world;
}

describe('an event', () => {
  test('is changed by one request, flags in place and replies kept, as the plan counts', async () => {
    const world = there();
    const { plan, readings } = await planRun(world, [event]);
    const before = world.dingtalk.calls.length;
    const { result } = await applied(world, plan);
    // The answer to the write is what is verified.
    expect(kinds(world).slice(before)).toEqual(['list', 'whole']);
    expect(plan.requests.needed).toBe(2);
    expect(only(result).outcome).toBe('converged');
    expect(world.dingtalk.live('weekly')).toEqual(['user:a', 'user:f?', 'user:n']);
    expect(world.dingtalk.rows('weekly').find(({ id }) => id === 'f')?.reply).toBe('accepted');
    expect(readings.size).toBe(1);
  });

  test('is written on the listing of its plan, where that was made just now', async () => {
    const world = there();
    const { plan, readings } = await planRun(world, [event]);
    const before = world.dingtalk.calls.length;
    await applied(world, plan, { readings });
    expect(kinds(world).slice(before)).toEqual(['whole']);
  });

  test('has a line for what is removed and one for what is added, both ahead of the one request', async () => {
    const world = there();
    const { items } = await applied(world, await planned(world, event), {
      onItem: ({ kind }) => {
        if (kind === 'batch-started') expect(world.dingtalk.writes).toEqual([]);
      },
    });
    expect(
      items.flatMap((item) =>
        item.kind === 'batch-started'
          ? [
              `${item.batch} ${item.action} ${item.attendees.map(({ id, optional }) => `${id}${optional ? '?' : ''}`).join(' ')}`,
            ]
          : item.kind === 'batch-done'
            ? [`${item.batch} ${item.outcome}`]
            : [],
      ),
    ).toEqual(['1 remove f z', '2 add f? n', '1 done', '2 done']);
  });

  test('beside others tells of its batches in the order of their numbers', async () => {
    const world = there();
    world.dingtalk.create('other', ['a', 'z']);
    const other = onDingTalk(wanted('other', ['a', 'n']));
    const { items } = await applied(world, await planned(world, event, other));
    const begun = items.flatMap((item) => (item.kind === 'batch-started' ? [item.batch] : []));
    expect(begun).toEqual([1, 2, 3, 4]);
    expect(items.filter((item) => item.kind === 'batch-done')).toHaveLength(4);
  });

  test('needs no look between, whoever takes whose place', async () => {
    const world = newWorld();
    world.dingtalk.create('weekly', ['a', 'b']);
    const guards = { maxRemovals: '100%', allowEmpty: false } as const;
    const { plan } = await planRun(world, [onDingTalk(wanted('weekly', ['x'], { guards }))]);
    const before = world.dingtalk.calls.length;
    const { result } = await applied(world, plan);
    expect(kinds(world).slice(before)).toEqual(['list', 'whole']);
    expect([plan.requests.needed, result.exitCode]).toEqual([2, 0]);
  });

  test('whose list comes without a version is not written', async () => {
    const world = there();
    const plan = await planned(world, event);
    listOf(world).versions = false;
    const { result } = await applied(world, plan);
    expect(world.dingtalk.writes).toEqual([]);
    expect(only(result)).toMatchObject({ outcome: 'failed', problem: { code: 'list-malformed' } });
  });

  test('is read again before its next request, where the answer does not have the list', async () => {
    const world = there();
    listOf(world).answers = false;
    world.dingtalk.refused.add(identityOf({ type: 'user', id: 'n' }));
    const plan = await planned(world, event);
    const { result, items } = await applied(world, plan);
    expect(outcomes(only(result))).toMatchObject({ 'remove z': 'done', 'add f': 'done', 'add n': 'failed' });
    const codes = items.flatMap((item) =>
      item.kind === 'batch-done' && item.error ? [item.error.code] : [],
    );
    expect(new Set(codes)).toEqual(new Set(['scripted-entry']));
    expect(world.dingtalk.live('weekly')).toEqual(['user:a', 'user:f?']);
  });
});

describe('a conflict', () => {
  test('is read again, and the same plan is written on what is there now', async () => {
    const world = there();
    const plan = await planned(world, event);
    at(world.dingtalk, 'whole', () => {
      world.dingtalk.leave('weekly', 'user:z');
      world.dingtalk.join('weekly', 'guest');
    });
    const { result, items } = await applied(world, plan);
    expect(only(result)).toMatchObject({ outcome: 'converged', newcomers: [{ id: 'guest' }] });
    expect(outcomes(only(result))).toEqual({
      'remove f': 'done',
      'remove z': 'already',
      'add f': 'done',
      'add n': 'done',
    });
    expect(world.dingtalk.live('weekly')).toEqual(['user:a', 'user:f?', 'user:guest', 'user:n']);
    // Each try has lines of its own; what was not taken is told so.
    expect(items.flatMap((item) => (item.kind === 'batch-done' ? [item.outcome] : []))).toEqual([
      'failed',
      'failed',
      'done',
      'done',
    ]);
    expect(items.filter(({ kind }) => kind === 'batch-started')).toHaveLength(4);
    const [first, second] = world.dingtalk.writes;
    expect(first?.key).not.toBe(second?.key);
  });

  test('that comes again and again is given up after six tries, with growing pauses', async () => {
    const world = there();
    const plan = await planned(world, event);
    const before = world.dingtalk.onCall;
    world.dingtalk.onCall = (call) => {
      if (call.kind === 'whole') reply(world);
      return before(call);
    };
    const { result } = await applied(world, plan);
    expect(only(result)).toMatchObject({
      outcome: 'not-converged',
      problem: { code: 'list-moved', message: 'the event keeps changing: scripted conflict' },
    });
    const times = world.dingtalk.writes.map((call) => call.at);
    expect(times).toHaveLength(6);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000]);
    expect(world.dingtalk.effects).toEqual([]);
    expect(Object.values(outcomes(only(result)))).toEqual(['failed', 'failed', 'failed', 'failed']);
    expect(only(result).changes[0]?.error?.code).toBe('scripted-conflict');
  });

  test('lets the guards count again, on what is there now', async () => {
    const world = newWorld();
    world.dingtalk.create('weekly', ['a', 'b', 'z']);
    const guards = { maxRemovals: '40%', allowEmpty: false } as const;
    const plan = await planned(world, onDingTalk(wanted('weekly', ['a', 'b'], { guards })));
    at(world.dingtalk, 'whole', () => {
      world.dingtalk.leave('weekly', 'user:a');
      world.dingtalk.leave('weekly', 'user:b');
    });
    const { result } = await applied(world, plan);
    expect(only(result).outcome).toBe('refused');
    expect(only(result).violations.map(({ code }) => code)).toEqual(['empty', 'max-removals']);
    expect(world.dingtalk.effects).toEqual([]);
    expect(result.exitCode).toBe(3);
  });

  test('is held against the manifest anew, as a plan that is only applied now would be', async () => {
    const world = newWorld();
    world.dingtalk.create('weekly', ['a', 'b', 'c', 'z']);
    const desired = onDingTalk(wanted('weekly', ['a', 'b', 'c'], { guards: { maxRemovals: 1 } }));
    const plan = await planned(world, desired);
    at(world.dingtalk, 'whole', () => {
      world.dingtalk.join('weekly', 'x');
      world.dingtalk.join('weekly', 'y');
    });
    const { result } = await applied(world, plan, { follows: new Map([['weekly', desired]]) });
    expect(only(result)).toMatchObject({ outcome: 'refused', violations: [{ code: 'max-removals' }] });
    expect(world.dingtalk.effects).toEqual([]);
  });

  test('after which nothing is left to do sends nothing', async () => {
    const world = newWorld();
    world.dingtalk.create('weekly', ['a', 'z']);
    const plan = await planned(world, onDingTalk(wanted('weekly', ['a'])));
    at(world.dingtalk, 'whole', () => {
      world.dingtalk.leave('weekly', 'user:z');
    });
    const { result } = await applied(world, plan);
    expect(world.dingtalk.writes).toHaveLength(1);
    expect(only(result)).toMatchObject({ outcome: 'unchanged' });
  });

  test.each(['list-failed', 'quota'] as const)('whose reading ends in %s ends the event', async (code) => {
    const world = there();
    const plan = await planned(world, event);
    let wrote = false;
    world.dingtalk.onCall = ({ kind }) => {
      if (kind === 'whole') {
        reply(world);
        wrote = true;
      }
      return wrote && kind === 'list' ? { unreadable: code } : undefined;
    };
    const { result } = await applied(world, plan);
    expect(only(result)).toMatchObject({ outcome: 'failed', problem: { code } });
    expect(world.dingtalk.writes).toHaveLength(1);
  });

  test('in the middle of which the run is stopped sends nothing more', async () => {
    const world = there();
    const plan = await planned(world, event);
    const controller = new AbortController();
    at(world.dingtalk, 'whole', () => {
      reply(world);
      controller.abort(new Error('enough'));
    });
    const { result } = await applied(world, plan, { signal: controller.signal });
    expect(world.dingtalk.writes).toHaveLength(1);
    expect([only(result).outcome, result.exitCode]).toEqual(['interrupted', 130]);
  });
});

test('a lost answer is settled by reading, and only what is missing is sent', async () => {
  const wants: DesiredEvent = event;
  for (const effect of ['all', 'none'] as const) {
    const world = there();
    const plan = await planned(world, wants);
    let lost = false;
    world.dingtalk.onCall = ({ kind }) => {
      if (kind !== 'whole' || lost) return undefined;
      lost = true;
      return { error: 'lost', effect };
    };
    const { result } = await applied(world, plan);
    expect(only(result).outcome).toBe('converged');
    expect(world.dingtalk.writes).toHaveLength(effect === 'all' ? 1 : 2);
  }
});

test('after a lost answer the guards count again before anybody is removed', async () => {
  const world = newWorld();
  world.dingtalk.create('weekly', ['a', 'b', 'z']);
  const guards = { maxRemovals: '40%', allowEmpty: false } as const;
  const plan = await planned(world, onDingTalk(wanted('weekly', ['a', 'b'], { guards })));
  faults(world.dingtalk, 'whole', { error: 'lost' });
  at(world.dingtalk, 'whole', () => {
    world.dingtalk.leave('weekly', 'user:a');
    world.dingtalk.leave('weekly', 'user:b');
  });
  const { result } = await applied(world, plan);
  expect(only(result)).toMatchObject({ violations: [{ code: 'empty' }, { code: 'max-removals' }] });
  expect(world.dingtalk.effects).toEqual([]);
});
