import { describe, expect, test } from 'vitest';

import { data, diagnosticsGithub, planGithub, property } from '../../src/report/github.ts';
import { planGitlab } from '../../src/report/json.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { addition, eventPlan, plan, removal, user } from '../support/plans.ts';

describe('annotations on GitHub', () => {
  test.each(fixtures.plans)('of the %s plan are as the golden file has them', async (name, fixture) => {
    await expect(planGithub(fixture)).toMatchFileSnapshot(`golden/plan-${name}.github.txt`);
  });

  test('of diagnostics are as the golden file has them', async () => {
    await expect(diagnosticsGithub(fixtures.diagnostics)).toMatchFileSnapshot(
      'golden/diagnostics.github.txt',
    );
  });

  test('stand at file, line and column, with the way out in a line of its own', () => {
    expect(diagnosticsGithub(fixtures.diagnostics).split('\n')[0]).toBe(
      '::error file=events/weekly.yaml,line=7,col=3,title=unknown-key::' +
        '"atendees" is no key of an Event%0ADid you mean "attendees"?',
    );
  });

  test.each(fixtures.plans)('of the %s plan are one command a line, and nothing else', (_, fixture) => {
    for (const line of planGithub(fixture).trimEnd().split('\n')) {
      expect(line).toMatch(/^::(error|warning|notice) (?:[a-z]+=[^:,\r\n]*,)*title=[^:,\r\n]*::[^\r\n]+$/);
    }
  });

  test('put errors first, because no more than ten are shown', () => {
    const levels = [...planGithub(fixtures.refused).matchAll(/^::(\w+)/gm)].map(([, level]) => level);
    expect(levels).toEqual(['error', 'error', 'error', 'warning', 'notice']);
  });

  test('name the line of an event that a guard refuses or that could not be read', () => {
    expect(planGithub(fixtures.refused)).toContain(
      '::error file=events/all-hands.yaml,line=1,col=1,title=all-hands is refused%3A empty::',
    );
    expect(planGithub(fixtures.unknown)).toContain(
      '::error file=events/standup.yaml,line=1,col=1,title=standup is unknown%3A list-refused::',
    );
  });

  test.each([
    ['100% a:b,c\r\nd', '100%25 a:b,c%0D%0Ad', '100%25 a%3Ab%2Cc%0D%0Ad'],
    ['%0A', '%250A', '%250A'],
  ])('escape %j as GitHub does', (text, asData, asProperty) => {
    expect(data(text)).toBe(asData);
    expect(property(text)).toBe(asProperty);
  });

  test('are ten of each level at most, and the rest is counted', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      severity: index < 12 ? ('error' as const) : ('warning' as const),
      code: 'c',
      message: `${index}`,
    }));
    for (const text of [diagnosticsGithub(many), planGithub(plan([], { diagnostics: many }))]) {
      expect(text.match(/^::error /gm)).toHaveLength(10);
      expect(text.match(/^::warning /gm)).toHaveLength(10);
      expect(text.trimEnd().split('\n').at(-1)).toMatch(
        /^::notice .*Not shown as annotations: 2 more errors, 3 more warnings\.$/,
      );
    }
  });

  test('count those that stand for many', () => {
    const counted = [
      { severity: 'error', code: 'c', message: 'm' },
      { severity: 'error', code: 'more', message: 'and 2,900 more mistakes in x.yaml', more: 2900 },
    ] as const;
    for (const text of [diagnosticsGithub(counted), planGithub(plan([], { diagnostics: counted }))]) {
      expect(text.match(/^::error /gm)).toHaveLength(1);
      expect(text).toContain('Not shown as annotations: 2,900 more errors.');
    }
  });

  test('name what is no longer managed', () => {
    const gone = {
      name: 'weekly',
      provider: 'feishu',
      calendarId: 'c',
      eventId: 'e',
      source: { file: 'base/weekly.yaml', line: 1, column: 1 },
      observed: { count: 11 },
      renamedTo: null,
    } as const;
    const text = planGithub(plan([], { unmanaged: [gone, { ...gone, name: 'old', renamedTo: 'new' }] }));
    expect(text).toContain('%0Aweekly (Feishu): no longer managed: its 11 attendees stay as they are');
    expect(text).toContain('%0Aold (Feishu): renamed to new\n');
  });

  test('tell one problem of several events once, with their names', () => {
    const problem = { code: 'list-failed', message: 'nothing listens there' } as const;
    const events = ['a', 'b', 'c'].map((name) => eventPlan(name, { status: 'unknown', problem }));
    const text = planGithub(plan(events));
    expect(text.match(/^::error /gm)).toHaveLength(1);
    expect(text).toContain('title=3 events could not be read%2C all for the same reason%3A list-failed::');
    expect(text).toContain('%0AEvents: a; b; c\n');
  });

  test('of no diagnostics are nothing', () => {
    expect(diagnosticsGithub([])).toBe('');
  });
});

describe('the report of GitLab', () => {
  test.each(fixtures.plans)('of the %s plan is as its golden file has it', async (name, fixture) => {
    await expect(planGitlab(fixture)).toMatchFileSnapshot(`golden/plan-${name}.gitlab.json`);
  });

  test('counts a replaced flag once, and takes away what is removed, unbound and deleted', () => {
    const changes = [
      removal(user('ou_a')),
      removal(user('ou_b', undefined, true), { reason: 'optional-drift' }),
      addition(user('ou_b'), { reason: 'optional-drift' }),
      addition(user('ou_c')),
      addition(user('ou_d')),
      { action: 'unbind-chat', chatId: 'oc', reason: 'chat-absent', certain: true },
      { action: 'delete-event', reason: 'state-absent', certain: true },
    ] as const;
    const counts: unknown = JSON.parse(planGitlab(plan([eventPlan('a', { changes })])));
    expect(counts).toEqual({ create: 2, update: 1, delete: 3 });
  });
});
