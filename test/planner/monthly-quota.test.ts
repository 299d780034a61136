import { expect, it } from 'vitest';
import type { ProviderId } from '../../src/platforms/index.ts';
import { monthlyWarnings } from '../../src/planner/needed.ts';
import { planEvents } from '../../src/planner/plan-events.ts';
import { ref, rows } from '../support/manifest-builders.ts';
import { FakeReader } from './fake-reader.ts';
import { context, named, wantsTwo } from './run.ts';

it.each<[ProviderId, number, number, string[]]>([
  ['dingtalk', 300, 200, []],
  ['dingtalk', 301, 200, ['monthly-quota']],
  ['dingtalk', 501, 0, ['monthly-quota']],
  ['feishu', 100_000, 100_000, []],
])('%s, %i calls used and %i needed', (provider, used, needed, codes) => {
  const warnings = monthlyWarnings(new Map([[provider, { used, needed }]]));
  expect(warnings.map(({ code }) => code)).toEqual(codes);
  expect(warnings.every(({ severity }) => severity === 'warning')).toBe(true);
});

it('names both numbers and the share', () => {
  const [warning] = monthlyWarnings(new Map([['dingtalk', { used: 412, needed: 200 }]]));
  expect(warning?.message).toMatch(/412 calls used and 200 needed .* 12\.2% of the 5000/);
});

it('counts the calls of each platform apart', async () => {
  const dingtalk = { provider: 'dingtalk', calendarId: 'primary', organizer: 'boss' } as const;
  const events = [
    named('a', wantsTwo),
    named('b', { ...wantsTwo, ref: ref({ ...dingtalk, eventId: 'b' }) }),
    named('c', { ...wantsTwo, ref: ref({ ...dingtalk, eventId: 'c' }) }),
  ];
  const readers = {
    feishu: new FakeReader({ a: { rows: rows(3) } }),
    dingtalk: new FakeReader({ b: { rows: rows(2) }, c: { rows: rows(2) } }),
  };
  const { plan, calls } = await planEvents({ asOf: '2026-11-20', events }, context(readers));
  expect([...calls]).toEqual([
    ['feishu', { used: 2, needed: 3 }],
    ['dingtalk', { used: 2, needed: 0 }],
  ]);
  expect(plan.requests).toEqual({ used: 4, needed: 3 });
});
