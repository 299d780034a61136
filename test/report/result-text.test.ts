import { expect, test } from 'vitest';

import type { Result } from '../../src/model/result.ts';
import { resultTextParts } from '../../src/report/text/result.ts';
import { done, partial } from '../support/plan-fixtures.ts';
import { addition, changeResult, eventResult, result, user } from '../support/plans.ts';
import { plain, tagged } from '../support/terminals.ts';

const textOf = (one: Result, terminal = plain): string => [...resultTextParts(one, terminal)].join('');

test.each([
  ['done', done],
  ['partial', partial],
])('shows the %s result as its golden file has it', async (name, fixture) => {
  await expect(textOf(fixture)).toMatchFileSnapshot(`golden/result-${name}.txt`);
});

test.each([
  [0, 'Apply complete:'],
  [1, 'Apply failed:'],
  [3, 'Refused:'],
  [4, 'Apply incomplete:'],
  [130, 'Interrupted:'],
])('with exit code %i says "%s"', (exitCode, words) => {
  expect(textOf(result([], { exitCode }))).toContain(words);
});

test('an event that was unchanged is counted and not shown', () => {
  const text = textOf(result([eventResult('quiet', 'unchanged', [])]));
  expect(text).not.toContain('quiet');
  expect(text).toContain('1 event: 1 unchanged.');
});

test('an unchanged event with newcomers is shown', () => {
  const newcomers = [{ type: 'user', id: 'ou_new' }] as const;
  const text = textOf(result([eventResult('quiet', 'unchanged', [], { newcomers })]));
  expect(text).toContain('added since the plan and left alone 1: ou_new');
});

test('everyone who failed is named, under one heading for one cause', () => {
  const error = { code: '190002', message: 'invalid parameters' };
  const changes = Array.from({ length: 40 }, (_, index) =>
    changeResult(addition(user(`ou_${index}`)), { outcome: 'failed', error }),
  );
  const text = textOf(result([eventResult('a', 'failed', changes)]));
  expect(text.match(/ou_\d+$/gm)).toHaveLength(40);
  expect(text.match(/190002/g)).toHaveLength(1);
});

test('a run without a journal names none', () => {
  expect(textOf(result([], { journal: null }))).not.toContain('Journal');
});

test('outcomes are coloured by how bad they are', () => {
  const text = textOf(partial, tagged);
  expect(text).toContain('<b>all-hands</b>: <red>partial</red>');
  expect(text).toContain('<b>retired</b>: <yellow>not converged</yellow>');
  expect(textOf(done, tagged)).toContain('<green>converged</green>');
});

test('nothing of a hostile result reaches the terminal as a control', () => {
  expect(textOf(partial).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
