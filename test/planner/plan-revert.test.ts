import { expect, test } from 'vitest';
import type { EventEffects } from '../../src/revert/effects.ts';
import { type RevertRun, planRevert } from '../../src/planner/plan-revert.ts';
import { ref, row, rows } from '../support/manifest-builders.ts';
import { FakeReader, type Shown } from './fake-reader.ts';
import { context, statuses } from './run.ts';

const source = { file: 'run.ndjson', line: 2, column: 1 };
const removed = { certain: true, source, optional: false, external: false };

/** What a run did to an event: it removed `ou_gone`, unless `more` says otherwise. */
function effects(name: string, more: Partial<EventEffects> = {}): EventEffects {
  return {
    name,
    ref: ref({ eventId: name }),
    source,
    notify: false,
    attendees: [{ type: 'user', id: 'ou_gone', removed, added: null }],
    unbound: null,
    deleted: null,
    ...more,
  };
}

async function reverted(
  all: readonly EventEffects[],
  shown: Readonly<Record<string, Shown>>,
  concurrency: number = 8,
): Promise<RevertRun & { readonly made: readonly string[] }> {
  const reader = new FakeReader(shown);
  const run = await planRevert(all, context({ feishu: reader }, { concurrency }));
  return { ...run, made: reader.calls };
}

const nobody = { attendees: [] } as const;
const begun = { certain: false, source };

test.each<[string, Partial<EventEffects>, Shown, readonly string[]]>([
  ['a list and a look where something comes back', {}, { rows: rows(2) }, ['list weekly', 'look weekly']],
  ['a list where it is back already', {}, { rows: [row('ou_gone')] }, ['list weekly']],
  ['nothing for a deletion that is known', { ...nobody, deleted: { certain: true, source } }, {}, []],
  ['a look for a deletion that was begun', { ...nobody, deleted: begun }, {}, ['look weekly']],
  ['one look for both', { deleted: begun }, { rows: rows(2) }, ['look weekly', 'list weekly']],
  [
    'a question for an unbinding that was begun',
    { ...nobody, unbound: { ...begun, chatId: 'oc_meet' } },
    {},
    ['chats feishu.cn_demo@group.calendar.feishu.cn weekly'],
  ],
  [
    'nothing for an unbinding that is known',
    { ...nobody, unbound: { certain: true, source, chatId: 'oc' } },
    {},
    [],
  ],
])('reads what the journal leaves open: %s', async (_what, more, shown, calls) => {
  expect((await reverted([effects('weekly', more)], { weekly: shown })).made).toEqual(calls);
});

const bound = { state: 'bound', chatId: 'oc_meet' } as const;
const unbound = { ...begun, chatId: 'oc_meet' };

test.each<[string, Partial<EventEffects>, Shown, boolean]>([
  ['somebody comes back', {}, { rows: rows(2) }, false],
  ['a deletion', { ...nobody, deleted: { certain: true, source } }, {}, true],
  [
    'a deletion, beside somebody who comes back',
    { deleted: { certain: true, source } },
    { rows: rows(2) },
    false,
  ],
  [
    'a removal that was begun and did not happen',
    { attendees: [{ type: 'user', id: 'ou_1', removed: { ...removed, certain: false }, added: null }] },
    { rows: rows(2) },
    false,
  ],
  ['an unbinding that was begun and happened', { ...nobody, unbound }, { chat: { state: 'unbound' } }, true],
  ['an unbinding that was begun and did not happen', { ...nobody, unbound }, { chat: bound }, false],
])('is hopeless where nothing can be brought back: %s', async (_what, more, shown, hopeless) => {
  const run = await reverted([effects('weekly', more)], { weekly: shown });
  expect(run.hopeless).toBe(hopeless);
});

test('counts the calls that it takes and will take, and warns of manifests that do it again', async () => {
  const all = [effects('back'), effects('weekly')];
  const shown = { weekly: { rows: rows(2) }, back: { rows: [row('ou_gone')] } };
  const { plan, made, readings } = await reverted(all, shown);
  expect(statuses(plan)).toEqual(['back in-sync', 'weekly changed']);
  expect(plan.requests).toEqual({ used: made.length, needed: 3 });
  expect([...readings.keys()]).toEqual(['weekly']);
  expect(plan.diagnostics.map(({ code }) => code)).toContain('applies-again');
  const nothing = await reverted([effects('back')], shown);
  expect(nothing.plan.diagnostics).toEqual([]);
  expect(nothing.plan.requests.needed).toBe(0);
});

test('hands the rows of those who go on to apply', async () => {
  const added = { type: 'user', id: 'ou_1', removed: null, added: removed } as const;
  const { readings } = await reverted([effects('weekly', { attendees: [added] })], {
    weekly: { rows: rows(3) },
  });
  expect([...(readings.get('weekly')?.rows.values() ?? [])]).toEqual([rows(1)]);
});

test('leaves an event alone that cannot be read', async () => {
  const problem = { code: 'list-failed', message: 'no' } as const;
  const run = await reverted([effects('a'), effects('b')], { a: { problem }, b: { rows: rows(2) } }, 1);
  expect(run.made).toEqual(['list a', 'list b', 'look b']);
  expect(statuses(run.plan)).toEqual(['a unknown', 'b changed']);
  expect(run.hopeless).toBe(false);
});

test('an event whose reading fails in a way that nothing is prepared for is unknown, and the others are planned', async () => {
  const { plan } = await reverted([effects('a'), effects('b')], {
    a: { breaks: 'list' },
    b: { rows: rows(2) },
  });
  expect(statuses(plan)).toEqual(['a unknown', 'b changed']);
  expect(plan.events[0]?.problem?.code).toBe('internal');
});
