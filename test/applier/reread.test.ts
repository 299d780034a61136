import { expect, test } from 'vitest';
import type { EventWork } from '../../src/applier/batch.ts';
import { Ledger } from '../../src/applier/ledger.ts';
import { settled, unboundKeys } from '../../src/applier/reread.ts';
import { readingOf } from '../../src/diff/reading.ts';
import type { ChatBinding } from '../../src/model/event.ts';
import { type Change, changeKey } from '../../src/model/plan.ts';
import { eventPlan, removal, user } from '../support/plans.ts';
import { virtualClock } from '../support/virtual-clock.ts';
import { type World, newWorld, optionsOf } from './scenario.ts';

function workIn(world: World, lastWriteAt: number | null = null): EventWork {
  const plan = eventPlan('weekly');
  const run = {
    options: optionsOf(world),
    emit: () => Promise.resolve(),
    nextBatch: () => 1,
    ended: false,
  };
  return {
    plan,
    run,
    ledger: new Ledger(plan),
    reading: readingOf(plan, []),
    since: { replies: [], left: [] },
    strays: [],
    lastWriteAt,
    extraCalls: 0,
    attempt: 0,
    mustFinish: false,
  };
}

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
  const work = workIn(world);
  world.feishu.meetingChats = () =>
    Promise.resolve(new Map(binding === undefined ? [] : [[work.plan.eventId, binding]]));
  expect(await unboundKeys(work, change)).toEqual(isSo ? [changeKey(change)] : []);
});

test.each<[string, number | null, readonly number[]]>([
  ['nothing was written', null, []],
  ['the last write is as long ago', 8000, []],
  ['the last write was longer ago', 7000, []],
  ['the last write was just now', 10_000, [2000]],
  ['the last write was 1.5 s ago', 8500, [500]],
])('reads that lag 2 s are waited for where %s', async (_when, lastWriteAt, slept) => {
  const world = { ...newWorld(), clock: virtualClock() };
  await world.clock.sleep(10_000);
  await settled(workIn(world, lastWriteAt));
  expect(world.clock.slept).toEqual([10_000, ...slept]);
});
