import { describe, expect, test } from 'vitest';
import { identityOf } from '../../src/model/attendee.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import { type Setting, applied, newWorld, only, outcomes, planned, wanted } from './scenario.ts';

/** What changed between the plan and its application, and is not what the plan is about. */

function following(event: DesiredEvent): Setting {
  return { follows: new Map([[event.name, event]]) };
}

describe('somebody who has become external since the plan', () => {
  const outside = { type: 'user', id: 'ou_b', external: true } as const;

  test.each<[string, (event: DesiredEvent) => Setting]>([
    ['the plan alone', () => ({})],
    ['the manifests that a saved plan follows from', following],
    [
      'the manifests that are applied',
      (event) => ({ wants: new Map([[event.name, event]]), ...following(event) }),
    ],
  ])('is not removed under `keep`, by %s', async (_by, setting) => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c', 'ou_d']);
    const event = wanted('weekly', ['ou_a', 'ou_d']);
    const plan = await planned(world, event);
    world.feishu.leave('weekly', 'user:ou_b');
    world.feishu.join('weekly', outside);
    const { result } = await applied(world, plan, setting(event));
    expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'failed', 'remove ou_c': 'done' });
    expect(only(result).changes[0]?.error?.code).toBe('kept');
    expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b', 'user:ou_d']);
  });

  test('is removed under `remove`', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const plan = await planned(world, wanted('weekly', ['ou_a'], { external: 'remove' }));
    world.feishu.leave('weekly', 'user:ou_b');
    world.feishu.join('weekly', outside);
    const { result } = await applied(world, plan);
    expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'done' });
  });

  test('is not taken off for a new flag, because adding them back could fail', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const plan = await planned(world, wanted('weekly', ['ou_a', 'ou_b?'], { external: 'remove' }));
    world.feishu.leave('weekly', 'user:ou_b');
    world.feishu.join('weekly', outside);
    const { result } = await applied(world, plan);
    expect(outcomes(only(result))).toEqual({ 'remove ou_b': 'failed', 'add ou_b': 'not-attempted' });
    expect(world.feishu.writes).toEqual([]);
  });

  test('makes no room for the removal of others', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b']);
    const guards = { maxRemovals: '100%', allowEmpty: false } as const;
    const plan = await planned(world, wanted('weekly', ['ou_n'], { guards }));
    world.feishu.leave('weekly', 'user:ou_b');
    world.feishu.join('weekly', outside);
    world.feishu.refused.add(identityOf({ type: 'user', id: 'ou_n' }));
    const { result } = await applied(world, plan);
    expect(only(result).violations.map(({ code }) => code)).toEqual(['empty']);
    expect(world.feishu.live('weekly')).toEqual(['user:ou_a', 'user:ou_b']);
  });

  test("an address is matched by address, and a room is nobody's tenant", async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'li@example.com', 'omm_1']);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    world.feishu.alter('weekly', (rows) => rows.map((row) => ({ ...row, external: row.id !== 'ou_a' })));
    const { result } = await applied(world, plan);
    expect(result.exitCode).toBe(0);
    expect(world.feishu.live('weekly')).toEqual(['user:ou_a']);
  });
});

describe('whoever is wanted and has left since the plan', () => {
  const event = wanted('weekly', ['ou_a', 'ou_b']);

  test('is told with a saved plan and its manifests', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
    const plan = await planned(world, event);
    world.feishu.leave('weekly', 'user:ou_b');
    const { result } = await applied(world, plan, following(event));
    expect(only(result)).toMatchObject({
      outcome: 'converged',
      notes: ['1 wanted attendee has left since the plan: ou_b. Plan again.'],
    });
    expect(result.exitCode).toBe(0);
  });

  test('is told too where the platform drops more than it was asked to', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
    const plan = await planned(world, event);
    world.feishu.onEffect = () => {
      world.feishu.leave('weekly', 'user:ou_a');
    };
    const { result } = await applied(world, plan, following(event));
    expect(only(result).notes).toEqual(['1 wanted attendee has left since the plan: ou_a. Plan again.']);
  });

  test('is not told of whoever is back at the last reading, nor without manifests', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'ou_b', 'ou_c']);
    const plan = await planned(world, event);
    world.feishu.leave('weekly', 'user:ou_b');
    const { result } = await applied(world, plan);
    expect(only(result).notes).toEqual([]);
    world.feishu.create('weekly', ['ou_a', 'ou_c']);
    world.feishu.onEffect = () => {
      world.feishu.join('weekly', 'ou_b');
    };
    expect(only((await applied(world, plan, following(event))).result).notes).toEqual([]);
  });
});

describe('replies that changed since the plan', () => {
  test('do not stop it, and are told', async () => {
    const world = newWorld();
    const bob = { type: 'user', id: 'ou_bob', name: 'Bob', reply: 'none' } as const;
    world.feishu.create('weekly', ['ou_a', bob, 'ou_c', { type: 'user', id: 'ou_d', reply: 'accepted' }]);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    world.feishu.alter('weekly', (rows) =>
      rows.map((row) => ({
        ...row,
        reply: row.id === 'ou_bob' ? 'accepted' : row.id === 'ou_d' ? 'declined' : row.reply,
      })),
    );
    const { result } = await applied(world, plan);
    expect(only(result)).toMatchObject({
      outcome: 'converged',
      notes: ['2 replies changed since the plan: Bob (ou_bob) none -> accepted, ou_d accepted -> declined'],
    });
  });

  test('name ten people at most', async () => {
    const world = newWorld();
    const many = Array.from({ length: 12 }, (_, index) => `ou_${String(index).padStart(2, '0')}`);
    world.feishu.create('weekly', ['ou_a', ...many]);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    world.feishu.alter('weekly', (rows) => rows.map((row) => ({ ...row, reply: 'tentative' })));
    const [note] = only((await applied(world, plan)).result).notes;
    expect(note).toMatch(/^12 replies changed since the plan: ou_00 none -> tentative, .+ and 2 more$/);
  });

  test('are not told of a plan that shows no replies', async () => {
    const world = newWorld();
    world.feishu.create('weekly', ['ou_a', 'oc_team']);
    const plan = await planned(world, wanted('weekly', ['ou_a']));
    world.feishu.alter('weekly', (rows) => rows.map((row) => ({ ...row, reply: 'accepted' })));
    expect(only((await applied(world, plan)).result).notes).toEqual([]);
  });
});
