import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { planView } from '../../src/report/view/plan.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { addition, eventPlan, plan, removal, user } from '../support/plans.ts';

const report = fileURLToPath(new URL('../../src/report/', import.meta.url));

/** These take text from outside, or their own, apart: escapes, widths, a page's script, patches, lines of files. */
const ofText = /(escape|terminal|script|difference|diagnostics)\.ts$/;

test('lay-outs set the sentences of the view and take none of them apart', () => {
  const layouts = readdirSync(report, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /^((text|markdown|html)\/.+|github)\.ts$/.test(file) && !ofText.test(file));
  expect(layouts.length).toBeGreaterThan(15);
  const apart = /\.(replace|indexOf|search|match|split|startsWith|endsWith)\(|\.test\(|[!=]== `/;
  const found = layouts.flatMap((file) => {
    const lines = readFileSync(report + file, 'utf8').split('\n');
    return lines.filter((line) => apart.test(line)).map((line) => `${file}: ${line.trim()}`);
  });
  expect(found).toEqual([]);
});

test('a view says what its sentences, rows and refusals are about beside their words', () => {
  const flag = [removal(user('ou_a')), addition(user('ou_a', 'A', true))];
  const { events, attention } = planView(plan([eventPlan('weekly', { changes: flag })]));
  expect(events[0]?.rows).toMatchObject([{ kind: 'replace', flag: ['required', 'optional'] }]);
  expect(attention).toEqual([]);
  const shorts = [fixtures.refused, fixtures.unknown].map((one) => planView(one).attention[0]?.short);
  expect(shorts).toEqual(['refused', 'unknown']);
});
