import { describe, expect, test } from 'vitest';
import { manifestDigest, planDigest } from '../../src/diff/digest.ts';
import type { Plan } from '../../src/model/plan.ts';
import { planEvents, planOfErrors } from '../../src/planner/plan-events.ts';
import {
  desiredEvent,
  dingtalkRef,
  guards,
  policy,
  present,
  row,
  rows,
  wanted,
} from '../support/manifest-builders.ts';
import { FakeReader, type Shown } from './fake-reader.ts';
import { context, named, planned, statuses, wantsTwo } from './run.ts';

const refusal = { code: 'list-refused', message: 'no right' } as const;

describe('a run over several events', () => {
  const events = ['a', 'b', 'c', 'd'].map((name) => named(name, wantsTwo));
  const shown = {
    a: { rows: rows(2) },
    b: { rows: rows(3) },
    c: { problem: refusal },
    d: { rows: rows(12) },
  };

  test('makes an event unknown whose reading fails, and plans the others', async () => {
    const { plan } = await planned(events, shown);
    expect(statuses(plan)).toEqual(['a in-sync', 'b changed', 'c unknown', 'd refused']);
    expect(plan.events[2]?.problem).toEqual(refusal);
    expect([plan.complete, plan.applyable]).toEqual([false, false]);
  });

  test.each<[string, Partial<Shown>]>([
    ['listing', { breaks: 'list' }],
    ['looking', { breaks: 'look' }],
  ])('makes an event unknown where %s fails in a way that nothing is prepared for', async (_what, broken) => {
    const { plan } = await planned(events, { ...shown, b: { rows: rows(3), ...broken } });
    expect(statuses(plan)).toEqual(['a in-sync', 'b unknown', 'c unknown', 'd refused']);
    expect(plan.events[1]?.problem).toEqual({
      code: 'internal',
      message: 'rollcall failed on this event: URI malformed',
      hint: 'This is a bug in rollcall: please report it.',
    });
  });

  test('sums up what will be done, and what refused and unknown events hold apart from it', async () => {
    const { plan } = await planned(events, shown);
    expect(plan.summary).toEqual({
      events: 4,
      inSync: 1,
      changed: 1,
      refused: 1,
      unknown: 1,
      add: 0,
      remove: 1,
      deleteEvents: 0,
      unbindChats: 0,
      notified: 0,
      repliesLost: { accepted: 0, tentative: 0, declined: 0 },
      leftOut: { add: 0, remove: 10, events: 2 },
    });
  });

  test('looks at changed events only, and counts its own calls and those to come', async () => {
    const { plan, reader } = await planned(events, shown);
    expect([...reader.calls].sort()).toEqual(['list a', 'list b', 'list c', 'list d', 'look b', 'look d']);
    expect(plan.requests).toEqual({ used: 6, needed: 3 });
    expect((await planned(events, shown, { rereads: false })).plan.requests.needed).toBe(2);
  });

  test('gives readings of those that have something to apply', async () => {
    const { readings } = await planned(events, shown);
    expect([...readings.keys()].sort()).toEqual(['b', 'd']);
    expect([...(readings.get('b')?.rows.values() ?? [])]).toEqual([[row('ou_3')]]);
  });

  test('tells how far it is', async () => {
    const told: string[] = [];
    await planned(events, shown, { onEvent: (done, total) => told.push(`${done}/${total}`) });
    expect(told).toEqual(['1/4', '2/4', '3/4', '4/4']);
  });
});

describe('complete and applyable', () => {
  const verdict = ({ complete, applyable }: Plan): [boolean, boolean] => [complete, applyable];

  test.each<[string, Shown, [boolean, boolean]]>([
    ['in sync', { rows: rows(2) }, [true, true]],
    ['changed', { rows: rows(3) }, [true, true]],
    ['refused', { rows: rows(12) }, [true, false]],
    ['unknown', { problem: refusal }, [false, false]],
  ])('beside an event that is %s', async (_, shown, expected) => {
    expect(verdict((await planned([named('a', wantsTwo)], { a: shown })).plan)).toEqual(expected);
  });

  test('with nothing at all', async () => {
    expect(verdict((await planned([], {})).plan)).toEqual([true, true]);
  });
});

describe('the guard of the run', () => {
  const events = ['a', 'b'].map((name) => named(name, wantsTwo));
  const shown = { a: { rows: rows(4) }, b: { rows: rows(3) } };

  test.each([
    [3, []],
    [2, ['run-removals']],
  ])('with at most %d for 3 removals leaves %j', async (maxRemovals, left) => {
    const { plan } = await planned(events, shown, { maxRemovals });
    expect(plan.violations.map(({ code }) => code)).toEqual(left);
    expect([plan.maxRemovals, plan.applyable]).toEqual([maxRemovals, left.length === 0]);
    expect(statuses(plan)).toEqual(['a changed', 'b changed']);
  });

  test('does not count what a refused event would have removed', async () => {
    const { plan } = await planned(
      [...events, named('c', wantsTwo)],
      { ...shown, c: { rows: rows(30) } },
      { maxRemovals: 3 },
    );
    expect([plan.summary.remove, plan.summary.leftOut, plan.violations]).toEqual([
      3,
      { add: 0, remove: 28, events: 1 },
      [],
    ]);
  });

  test('counts removals that were allowed by hand', async () => {
    const more = { maxRemovals: 20, policy: policy({ allowed: new Map([['c', 28]]) }) };
    const { plan } = await planned([named('c', wantsTwo)], { c: { rows: rows(30) } }, more);
    expect([statuses(plan), plan.violations.length]).toEqual([['c changed'], 1]);
  });
});

describe('the order', () => {
  test('of events is by code point, whatever order they are planned in', async () => {
    const names = ['\u{1f600}', '张', '\uff21', 'b', 'a', 'Z'];
    const { plan } = await planned(
      names.map((name) => named(name)),
      {},
    );
    expect(plan.events.map(({ name }) => name)).toEqual(['Z', 'a', 'b', '张', '\uff21', '\u{1f600}']);
  });
});

test.each([1, 3])('reads at most %d events side by side', async (concurrency) => {
  const events = Array.from({ length: 9 }, (_, index) => named(`e${index}`, wantsTwo));
  const { reader } = await planned(events, {}, { concurrency });
  expect(reader.peak).toBe(concurrency);
});

test('plans each event on its own platform, and lists nobody of one that is to go', async () => {
  const readers = {
    feishu: new FakeReader({}),
    dingtalk: new FakeReader({ standup: { rows: [row('unionOrg'), row('x')] } }),
  };
  const events = [
    named('gone', { state: 'absent', attendees: null, guards: guards({ allowDelete: true }) }),
    desiredEvent({ name: 'standup', ref: dingtalkRef, attendees: [wanted('y')] }),
  ];
  const { plan } = await planEvents({ asOf: '2026-11-20', events }, context(readers));
  expect(readers.feishu.calls).toEqual(['look gone']);
  expect(readers.dingtalk.calls).toEqual(['list standup', 'look standup']);
  expect(plan.summary).toMatchObject({ deleteEvents: 1, add: 1, remove: 1 });
});

describe('the plan', () => {
  const events = [named('a', { ...wantsTwo, notify: true }), named('b', { ...wantsTwo, notify: true })];
  const shown = {
    a: { rows: rows(3) },
    b: { rows: rows(4), facts: present({ organizerCalendar: 'other' }) },
  };
  const warning = { severity: 'warning', code: 'optional-conflict', message: 'wanted twice' } as const;

  test('carries what it was made from, and what there is to warn of', async () => {
    const selection = { target: ['a*'], exclude: [], selector: ['team=x'] };
    const { plan } = await planned(events, shown, { selection, diagnostics: [warning] });
    expect(plan).toMatchObject({
      formatVersion: '1',
      tool: { name: 'rollcall', version: '0.1.0' },
      createdAt: '2026-11-20T08:00:00Z',
      asOf: '2026-11-20',
      accounts: { feishu: { host: 'open.feishu.cn', appId: 'cli_demo' } },
      selection,
      manifestDigest: manifestDigest(events),
    });
    expect(plan.summary.notified).toBe(3);
    expect(plan.diagnostics.map(({ code }) => code)).toEqual(['optional-conflict', 'other-organizer']);
  });

  test('has a digest that holds, after a file too', async () => {
    const { plan } = await planned(events, shown);
    expect(plan.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(planDigest(plan)).toBe(plan.digest);
    expect(planDigest(JSON.parse(JSON.stringify(plan)))).toBe(plan.digest);
  });

  test('is the same whatever order the manifests are found in', async () => {
    const forth = await planned(events, shown, { concurrency: 1 });
    const back = await planned([...events].reverse(), shown, { concurrency: 8 });
    expect(back.plan.events).toEqual(forth.plan.events);
    expect(back.plan.summary).toEqual(forth.plan.summary);
  });

  test('of manifests with errors has no events, is neither complete nor applyable, and its digest holds', () => {
    const error = { severity: 'error', code: 'unknown-key', message: 'no such key' } as const;
    const plan = planOfErrors([error], context({}));
    expect(plan).toMatchObject({
      events: [],
      complete: false,
      applyable: false,
      diagnostics: [error],
      requests: { used: 0, needed: 0 },
    });
    expect(planDigest(plan)).toBe(plan.digest);
  });
});

test('ends with the reason of an abort', async () => {
  const reason = new Error('stopped');
  await expect(planned([named('a', wantsTwo)], {}, { signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  );
});
