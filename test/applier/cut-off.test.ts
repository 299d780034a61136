import { expect, test } from 'vitest';
import { apply } from '../../src/applier/apply.ts';
import { ResultFold } from '../../src/applier/result-of.ts';
import type { DesiredEvent } from '../../src/model/event.ts';
import type { ApplyEvent } from '../../src/model/result.ts';
import type { Fault } from '../support/model-calls.ts';
import {
  type World,
  applied,
  newWorld,
  onDingTalk,
  optionsOf,
  planRun,
  planned,
  wanted,
} from './scenario.ts';

const unbindChat = { chatId: 'oc_meet', source: { file: 'e.yaml', line: 1, column: 1 } };

/** Additions, removals, replaced flags, unbindings and a deletion, on two platforms. */
function mixed(): { readonly world: World; readonly events: readonly DesiredEvent[] } {
  const world = newWorld();
  world.feishu.lagMs = 1900;
  world.feishu.create('flags', ['ou_a', 'ou_b', 'ou_c', 'ou_e?'], 'oc_meet');
  world.feishu.create('gone', ['ou_a'], 'oc_meet');
  world.dingtalk.create('group', ['ou_a', 'ou_x', 'ou_y']);
  const events = [
    wanted('flags', ['ou_a?', 'ou_c', 'ou_d', 'ou_e'], { unbindChat }),
    wanted('gone', null, { state: 'absent', unbindChat }),
    onDingTalk(wanted('group', ['ou_a', 'ou_z'])),
  ];
  return { world, events };
}

type Reach = 'nothing' | 'half' | 'all';

/** A call that reaches the platform so far, and whose answer nobody is there to hear. */
const faultOf: Readonly<Record<Reach, Fault>> = {
  nothing: { error: 'lost', effect: 'none' },
  half: { error: 'lost', effect: 'half' },
  all: { error: 'lost', effect: 'all' },
};

/**
 * Applies with one event at a time, until so many lines are on disk and the next one would be: what the run is about
 * to do by then has reached the platform so far.
 */
async function cutOff(
  lines: number,
  reach: Reach,
): Promise<{
  readonly world: World;
  readonly events: readonly DesiredEvent[];
  readonly plan: Awaited<ReturnType<typeof planned>>;
  readonly disk: readonly ApplyEvent[];
}> {
  const { world, events } = mixed();
  const plan = await planned(world, ...events);
  const disk: ApplyEvent[] = [];
  for (const model of [world.feishu, world.dingtalk]) {
    model.onCall = ({ kind }) => {
      const isRead = kind === 'list' || kind === 'look' || kind === 'chats';
      return !isRead && disk.length === lines ? faultOf[reach] : undefined;
    };
  }
  for await (const item of apply(plan, optionsOf(world, { concurrency: 1 }))) {
    if (disk.length === lines) break;
    disk.push(item);
  }
  for (const model of [world.feishu, world.dingtalk]) model.onCall = () => undefined;
  // Whoever starts the next run takes longer than reads lag.
  await world.clock.sleep(10_000);
  return { world, events, plan, disk };
}

/** Lines that an undisturbed run leaves. */
async function allLines(): Promise<readonly ApplyEvent[]> {
  const { world, events } = mixed();
  const plan = await planned(world, ...events);
  return (await applied(world, plan, { concurrency: 1 })).items;
}

test('the run that is cut off has every kind of line and of write', async () => {
  const lines = await allLines();
  expect(lines.flatMap((line) => (line.kind === 'batch-started' ? [line.action] : []))).toEqual([
    'add',
    'remove',
    'remove',
    'add',
    'unbind-chat',
    'unbind-chat',
    'delete-event',
    'add',
    'remove',
  ]);
  expect(new Set(lines.map(({ kind }) => kind)).size).toBe(5);
});

test.each<[Reach, 'the same plan' | 'the manifests']>([
  ['nothing', 'the same plan'],
  ['nothing', 'the manifests'],
  ['half', 'the same plan'],
  ['half', 'the manifests'],
  ['all', 'the same plan'],
  ['all', 'the manifests'],
])('cut off after any line, with %s of its call done, a run is finished by %s', async (reach, next) => {
  const { length } = await allLines();
  for (let lines = 0; lines < length; lines += 1) {
    const { world, events, plan, disk } = await cutOff(lines, reach);
    const fold = new ResultFold();
    for (const line of disk) fold.add(line);
    const last = disk.at(-1);
    const begun = last?.kind === 'batch-started' ? last.action : null;
    const told = fold.result().events.flatMap(({ changes }) => changes);
    const doubtful = new Set(told.filter(({ outcome }) => outcome === 'unknown').map(({ action }) => action));
    const at = `after ${lines} lines, the last ${last?.kind} ${begun}`;
    expect([...doubtful], at).toEqual(begun === null ? [] : [begun]);

    const again = next === 'the same plan' ? plan : (await planRun(world, events)).plan;
    const { result } = await applied(world, again);
    expect(result.exitCode, at).toBe(0);
    expect(world.feishu.live('flags'), at).toEqual(['user:ou_a?', 'user:ou_c', 'user:ou_d', 'user:ou_e']);
    expect(world.feishu.chatOf('flags'), at).toBeNull();
    expect(world.feishu.isDeleted('gone'), at).toBe(true);
    expect(world.dingtalk.live('group'), at).toEqual(['user:ou_a', 'user:ou_z']);
    // Nothing took effect twice: rows are removed once, and whoever is added back got a new one.
    const effects = [...world.feishu.effects, ...world.dingtalk.effects].map(
      ({ action, eventId, target }) => `${action} ${eventId} ${target ?? ''}`,
    );
    expect(
      effects.filter((one, index) => effects.indexOf(one) !== index),
      at,
    ).toEqual([]);
  }
});
