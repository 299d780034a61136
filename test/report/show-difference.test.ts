import { expect, test } from 'vitest';

import { planDifference } from '../../src/report/text/difference.ts';
import { hostile, inSync, refused, removals, unknown } from '../support/plan-fixtures.ts';
import { addition, eventPlan, plan, removal, user } from '../support/plans.ts';
import { plain, tagged } from '../support/terminals.ts';

const older = plan([eventPlan('a', { changes: [removal(user('ou_a')), removal(user('ou_b'))] })]);

function signs(text: string): string[] {
  return text.split('\n').filter((line) => /^[-+]  [-+~]/.test(line));
}

test('shows what moved between two plans as the golden file has it', async () => {
  const newer = plan([removals.events[0] ?? eventPlan('none'), ...unknown.events, eventPlan('new')]);
  await expect(planDifference(removals, newer, plain)).toMatchFileSnapshot('golden/difference.txt');
});

test.each([
  ['in sync', inSync],
  ['refused', refused],
  ['hostile', hostile],
])('a plan that is %s does not differ from itself', (_, same) => {
  expect(planDifference(same, { ...same, createdAt: '2030-01-01T00:00:00Z' }, plain)).toBe(
    'The plans do not differ.\n',
  );
});

test('a longer name beside a change does not make the others differ', () => {
  const newer = plan([
    eventPlan('a', {
      changes: [removal(user('ou_a')), removal(user('ou_b')), removal(user('ou_c', 'A much longer name'))],
    }),
  ]);
  expect(signs(planDifference(older, newer, plain))).toEqual([
    '+  - A much longer name (ou_c)  not in the manifest',
  ]);
});

test.each([
  ['a limit', { limits: { ...eventPlan('a').limits, allowEmpty: true } }],
  ['who is told', { notify: true }],
  ['what was live', { observed: { count: 3, managed: 2 } }],
])('%s that differs is shown', (_, more) => {
  const newer = plan(older.events.map((event) => ({ ...event, ...more })));
  expect(planDifference(older, newer, plain)).toMatch(/^--- older: a$/m);
});

test('another account or other manifests are shown', () => {
  const newer = { ...older, accounts: { feishu: { host: 'open.feishu.cn', appId: 'cli_other' } } };
  expect(planDifference(older, newer, plain)).toContain(
    '+accounts: {"feishu":{"host":"open.feishu.cn","appId":"cli_other"}}',
  );
  expect(planDifference(older, { ...older, manifestDigest: 'sha256:00' }, plain)).toContain(
    '+manifests: sha256:00',
  );
});

test('an event that is in one plan alone is shown whole', () => {
  const text = planDifference(plan([]), inSync, plain);
  expect(text).toContain('--- older: nothing\n+++ newer: a\n');
  expect(text).toContain('+a (Feishu): in sync\n');
});

test('two plans with nothing in common are told apart all the same', () => {
  const many = (prefix: string): ReturnType<typeof plan> =>
    plan([
      eventPlan('a', {
        changes: Array.from({ length: 3000 }, (_, index) => addition(user(`${prefix}${index}`))),
      }),
    ]);
  const lines = signs(planDifference(many('ou_a'), many('ou_b'), plain));
  expect(lines.filter((line) => line.startsWith('-'))).toHaveLength(3000);
  expect(lines.filter((line) => line.startsWith('+'))).toHaveLength(3000);
});

test('lines are coloured by side', () => {
  const text = planDifference(older, inSync, tagged);
  expect(text).toContain('<red>-  - ou_a  not in the manifest</red>');
  expect(text).toContain('<b>--- older: a</b>');
});
