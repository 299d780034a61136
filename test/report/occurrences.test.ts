import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { micromark } from 'micromark';
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../src/model/plan.ts';
import { planGithub } from '../../src/report/github.ts';
import { planHtml } from '../../src/report/html/page.ts';
import { planJson } from '../../src/report/json.ts';
import { planMarkdown } from '../../src/report/markdown/plan.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { planText } from '../../src/report/text/plan.ts';
import { addition, eventPlan, plan, removal, user } from '../support/plans.ts';
import { plain as terminal } from '../support/terminals.ts';

const hostile = '<script>alert(1)</script>|`@everyone\u202e\u001b[31m';
const moved = {
  name: 'weekly@2099-02-09',
  eventId: 'weekly_4074283800',
  original: '2099-02-09T01:30:00Z',
  start: '2099-02-09T06:00:00Z',
};

function reported(summary: string, name: string): Plan {
  const differs = { changes: [removal(user('ou_x', name)), addition(user('ou_y'))], missing: [], drift: [] };
  return plan([
    eventPlan('weekly', { exceptions: 'report', occurrences: [{ ...moved, summary, differs }] }),
    eventPlan('weekly-b'),
  ]);
}

function followed(): Plan {
  const { name, eventId, original, start } = moved;
  const series = { name: 'weekly', original, start };
  return plan([
    eventPlan('weekly', { exceptions: 'follow', occurrences: [moved] }),
    eventPlan('weekly-b', { changes: [addition(user('ou_y'))] }),
    eventPlan(name, { eventId, series, changes: [addition(user('ou_z'))] }),
  ]);
}

const formats = [
  ['text', (shown: Plan): string => planText(shown, terminal)],
  ['markdown', (shown: Plan): string => planMarkdown(shown, { maxBytes: 60_000 })],
  ['html', (shown: Plan): string => planHtml(shown)],
] as const;

describe.each(formats)('in %s', (format, shown) => {
  test('a reported occurrence is told with its times, and whom its manifest would change', () => {
    const report = shown(reported('Demo day', 'Xavier'));
    for (const words of [
      '1 changed occurrence, left as it is',
      'weekly@2099-02-09',
      'Demo day',
      'Xavier (ou_x)',
    ]) {
      expect(report).toContain(words);
    }
    expect(report).toMatch(/2099-02-09 01:30.*moved to.*2099-02-09 06:00/);
    expect(report).toContain('1 changed occurrence differs from its manifest and is left as it is.');
  });

  test('texts from outside stay texts', () => {
    const report = shown(reported(hostile, hostile));
    expect(report).not.toContain('\u001b[31m');
    expect(report).not.toContain('\u202e');
    // A page, as GitHub makes it of Markdown.
    const page = format === 'markdown' ? micromark(report, { allowDangerousHtml: true }) : report;
    if (format !== 'text') expect(page).not.toContain('<script>alert');
  });

  test('a followed occurrence stands under its series, before what comes after that', () => {
    const report = shown(followed());
    const at = report.lastIndexOf('weekly@2099-02-09');
    expect(report.indexOf('weekly')).toBeLessThan(at);
    expect(report).toContain('1 changed occurrence, each planned by itself');
    expect(report.indexOf('ou_z')).toBeLessThan(report.indexOf('ou_y'));
  });

  test('a redacted one names nobody, and no title', () => {
    const report = shown(createRedactor().plan(reported('Demo day', 'Xavier')));
    for (const told of ['Demo day', 'Xavier', 'ou_x', 'ou_y']) expect(report).not.toContain(told);
    expect(report).toContain('weekly@2099-02-09');
  });
});

test('a redacted plan with occurrences is a plan, and says who they are by labels', () => {
  // JSON.parse answers any; ajv checks it as a schema at once.
  const schema = JSON.parse(
    readFileSync(new URL('../../schemas/plan.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const valid = new Ajv2020({ strict: true }).compile(schema);
  for (const shown of [reported('Demo day', 'Xavier'), followed()]) {
    const json = planJson(createRedactor().plan(shown));
    expect(valid(JSON.parse(json)), JSON.stringify(valid.errors)).toBe(true);
    expect(json).not.toMatch(/Xavier|ou_x|Demo day/);
  }
});

test('annotations of GitHub tell of differences in the notice', () => {
  expect(planGithub(reported('Demo day', 'Xavier'))).toContain(
    '1 changed occurrence differs from its manifest',
  );
});
