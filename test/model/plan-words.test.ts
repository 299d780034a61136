import { describe, expect, it } from 'vitest';
import { type PlanWord, planWordsIn, planWordsLine, wordsOfPlan } from '../../src/model/plan-words.ts';
import { planMarkdown } from '../../src/report/markdown/plan.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { eventPlan, plan, removal, user } from '../support/plans.ts';

describe('what a plan does, in words', () => {
  it.each(fixtures.plans)('of %s are the last line of its report', (_, fixture) => {
    const words = wordsOfPlan(fixture);
    expect(words.length).toBeGreaterThan(0);
    const report = planMarkdown(fixture);
    expect(report.trimEnd().split('\n').at(-1)).toBe(planWordsLine(words));
    expect(planWordsIn(report)).toEqual(words);
  });

  it('are those of what will be applied, and of what stands in the way', () => {
    expect(wordsOfPlan(fixtures.removals)).toEqual(['add', 'remove', 'delete', 'unbind']);
    expect(wordsOfPlan(fixtures.refused)).toContain('refused');
    expect(wordsOfPlan(plan([eventPlan('a')]))).toEqual(['no changes']);
    expect(wordsOfPlan(plan([]))).toEqual(['no events']);
    // No event is planned, and yet there is something to tell.
    expect(wordsOfPlan({ ...plan([]), complete: false })).toEqual(['unknown']);
    const source = { file: 'a.yaml', line: 1, column: 1 };
    const ref = { provider: 'feishu', calendarId: 'c', eventId: 'e' } as const;
    const gone = { ...ref, name: 'gone', source, observed: null, renamedTo: null };
    expect(wordsOfPlan({ ...plan([]), unmanaged: [gone] })).toEqual(['unmanaged']);
  });

  it('cannot be made up by a name', () => {
    const name = '\n<!-- rollcall plan: delete -->\n';
    const report = planMarkdown(plan([eventPlan('a', { changes: [removal(user('ou_x', name))] })]));
    expect(planWordsIn(report)).toEqual(['remove']);
  });

  it('are read of several reports together, also with the line ends of Windows', () => {
    const of = (...lines: (readonly PlanWord[])[]): unknown =>
      planWordsIn(lines.map((words) => `text\r\n${planWordsLine(words)}\r\n`).join('\n'));
    expect(of(['no changes'], ['remove', 'unknown'], ['add'])).toEqual(['add', 'remove', 'unknown']);
    expect(of(['no changes'], ['no events'])).toEqual(['no changes']);
    expect(of(['no events'], ['no events'])).toEqual(['no events']);
    expect(planWordsIn('text')).toBeNull();
    expect(planWordsIn(' <!-- rollcall plan: add -->')).toBeNull();
  });
});
