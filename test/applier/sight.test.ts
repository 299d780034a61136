import { expect, test } from 'vitest';
import { Ledger } from '../../src/applier/ledger.ts';
import { Sight } from '../../src/applier/sight.ts';
import type { ChatBinding } from '../../src/model/event.ts';
import { type Change, changeKey } from '../../src/model/plan.ts';
import { eventPlan, removal, user } from '../support/plans.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { type World, newWorld, optionsOf } from './scenario.ts';

function sightIn(world: World): Sight {
  const plan = eventPlan('weekly');
  const run = {
    options: optionsOf(world),
    emit: () => Promise.resolve(),
    nextBatch: () => 1,
    hasEnded: () => false,
    end: () => {},
  };
  const sleep = (ms: number, stop: AbortSignal): Promise<void> => world.clock.sleep(ms, stop);
  return new Sight(plan, run, new Ledger(plan), { reader: world.feishu, sleep });
}

const { signal } = new AbortController();

function unbinding(certain: boolean): Change {
  return { action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain };
}

test.each<[string, Change, ChatBinding | undefined, boolean]>([
  ['no other chat than its own', unbinding(true), { state: 'bound', chatId: 'oc_meet' }, false],
  ['another chat', unbinding(true), { state: 'bound', chatId: 'oc_other' }, true],
  ['no chat', unbinding(true), { state: 'unbound' }, true],
  ['that it cannot be told', unbinding(true), { state: 'unknown' }, false],
  ['nothing of the event', unbinding(true), undefined, false],
  ['no chat, where that was not certain', unbinding(false), { state: 'unbound' }, false],
  ['no chat, where a removal is asked about', removal(user('ou_a')), { state: 'unbound' }, false],
])('a platform that answers %s says whether an unbinding is so', async (_what, change, binding, isSo) => {
  const world = newWorld();
  world.feishu.meetingChats = () =>
    Promise.resolve(new Map(binding === undefined ? [] : [[eventPlan('weekly').eventId, binding]]));
  expect(await sightIn(world).unboundKeys(change, signal)).toEqual(isSo ? [changeKey(change)] : []);
});

test.each<[string, number | null, readonly number[]]>([
  ['nothing was written', null, []],
  ['the last write is as long ago', 8000, []],
  ['the last write was longer ago', 7000, []],
  ['the last write was just now', 10_000, [2000]],
  ['the last write was 1.5 s ago', 8500, [500]],
])('reads that lag 2 s are waited for where %s', async (_when, lastWriteAt, slept) => {
  const world = { ...newWorld(), clock: virtualClock() };
  const sight = sightIn(world);
  await world.clock.sleep(lastWriteAt ?? 10_000);
  if (lastWriteAt !== null) sight.wrote();
  const before = world.clock.slept.length;
  await world.clock.sleep(10_000 - (lastWriteAt ?? 10_000));
  await sight.waitForLag(signal);
  expect(world.clock.slept.slice(before + 1)).toEqual(slept);
});
