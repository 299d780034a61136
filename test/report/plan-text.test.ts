import { describe, expect, test } from 'vitest';

import { planMarkdown } from '../../src/report/markdown/plan.ts';
import { resultMarkdown } from '../../src/report/markdown/result.ts';
import { planText } from '../../src/report/text/plan.ts';
import { resultTextParts } from '../../src/report/text/result.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import { addition, eventPlan, eventResult, plan, removal, result, user } from '../support/plans.ts';
import { columns, plain, tagged } from '../support/terminals.ts';

function lineWith(text: string, part: string): string {
  return text.split('\n').find((line) => line.includes(part)) ?? `no line with ${part}`;
}

test.each(fixtures.plans)('shows the %s plan as its golden file has it', async (name, fixture) => {
  await expect(planText(fixture, plain)).toMatchFileSnapshot(`golden/plan-${name}.txt`);
});

describe('changes', () => {
  test('say where an addition comes from', () => {
    const text = planText(plan([eventPlan('a', { changes: [addition(user('ou_x', 'Zhang San'))] })]), plain);
    expect(text).toContain('+ Zhang San (ou_x)  rosters/oncall.yaml:12 via platform-team\n');
  });

  test('are all printed, thousands of them too', () => {
    const changes = Array.from({ length: 5000 }, (_, index) => removal(user(`ou_${index}`)));
    const text = planText(plan([eventPlan('a', { changes })]), plain);
    expect(text.match(/^ {2}- ou_\d+ +not in the manifest$/gm)).toHaveLength(5000);
  });

  test('line up beside Chinese names', () => {
    const changes = [removal(user('ou_a', '王小五')), removal(user('ou_bbbbbbb', 'Li Si'))];
    const text = planText(plan([eventPlan('a', { changes })]), plain);
    const starts = ['王小五', 'Li Si'].map((name) => {
      const line = lineWith(text, name);
      return columns(line.slice(0, line.indexOf('not in')));
    });
    expect(starts[0]).toBe(starts[1]);
  });

  test('are coloured by what they do', () => {
    const text = planText(fixtures.removals, tagged);
    expect(lineWith(text, 'ou_e')).toContain('<red>- ou_e</red>');
    expect(lineWith(text, 'ou_x')).toContain('<green>+ Zhang San (ou_x)</green>');
    expect(lineWith(text, 'ou_d')).toContain('<yellow>~ Zhao Liu (ou_d)</yellow>');
  });

  test('of one identity with the same flag are shown as removal and addition', () => {
    const changes = [removal(user('ou_a')), addition(user('ou_a'))];
    const text = planText(plan([eventPlan('a', { changes })]), plain);
    expect(text).toContain('  - ou_a');
    expect(text).toContain('  + ou_a');
    expect(text).not.toContain('  ~ ');
  });

  test('that cannot be read say so', () => {
    expect(planText(fixtures.removals, plain)).toMatch(
      /meeting chat oc_meet .*cannot be read and may be done already/,
    );
  });
});

describe('an event in sync', () => {
  test('is counted and not shown where only its organizer was kept', () => {
    expect(planText(fixtures.removals, plain)).not.toContain('quiet');
  });

  test.each([
    ['kept rows', { kept: [{ attendee: user('ou_k'), reason: 'external' }] }],
    ['missing ones', { missing: [{ attendee: user('ou_k'), reason: 'remove-only' }] }],
    ['drift', { drift: [{ attendee: user('ou_k'), reason: 'optional-drift' }] }],
    ['a note', { notes: ['about ou_k'] }],
  ] as const)('is shown for %s', (_, more) => {
    const text = planText(plan([eventPlan('telling', more)]), plain);
    expect(text).toContain('telling (Feishu): in sync\n');
    expect(text).toContain('ou_k');
  });
});

describe('the verdict', () => {
  test.each([
    ['one event in sync', plan([eventPlan('a')]), 'No changes. The event is in sync.'],
    ['no event chosen', plan([]), 'No changes. No event was chosen.'],
    ['unread events', fixtures.unknown, 'No changes planned, but 1 event could not be read.'],
    ['bad manifests', fixtures.badManifests, 'No plan: 1 error, no event was read.'],
    [
      'changes',
      fixtures.removals,
      'Plan: 3 to add, 7 to remove, 1 of each to replace an optional flag, 1 event',
    ],
    ['people told', fixtures.removals, '9 people are notified.\n'],
    ['a silent plan', plan([eventPlan('a', { changes: [addition(user('ou_a'))] })]), 'Nobody is notified.\n'],
    [
      'a plan that is stopped',
      fixtures.refused,
      'Refused: nothing is applied; 3 to remove in 1 event are left out.',
    ],
  ])('on %s', (_, fixture, words) => {
    expect(planText(fixture, plain)).toContain(words);
  });

  test('does not promise silence where the platform decides', () => {
    const event = eventPlan('a', { provider: 'dingtalk', changes: [removal(user('unionA'))] });
    expect(planText(plan([event]), plain)).toContain(
      'not counting people whom DingTalk notifies of their removal.\n',
    );
  });

  test('never says "No changes." of a plan that is not complete', () => {
    for (const fixture of [fixtures.unknown, fixtures.refused, fixtures.badManifests]) {
      expect(planText(fixture, plain)).not.toContain('No changes.');
    }
  });
});

describe('calls', () => {
  test('are given as a share of the month on DingTalk', () => {
    expect(planText(fixtures.unknown, plain)).toContain('DingTalk: 0.3 % of the 5,000 calls');
  });

  test('are an upper bound beside another platform', () => {
    const both = plan([...fixtures.unknown.events, eventPlan('a')]);
    expect(planText(both, plain)).toContain('DingTalk: at most 0.3 % of the 5,000 calls');
  });

  test('are exact beside another platform where they are known apart', () => {
    const both = plan([eventPlan('a'), eventPlan('b', { provider: 'dingtalk' })]);
    const calls = new Map([
      ['feishu', { used: 900, needed: 0 }],
      ['dingtalk', { used: 20, needed: 5 }],
    ] as const);
    expect(planText(both, plain, { calls })).toContain('DingTalk: 0.5 % of the 5,000 calls');
  });

  test('have no share where no monthly number is documented', () => {
    expect(planText(fixtures.inSync, plain)).not.toContain('a month');
  });
});

test('a redacted plan says that it cannot be applied', () => {
  expect(planText(plan([], { redacted: true }), plain)).toContain('cannot be applied');
});

test('nothing of a hostile plan reaches the terminal as a control', () => {
  const text = planText(fixtures.hostile, plain);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(text.split('\n').every((line) => !line.startsWith('# @everyone'))).toBe(true);
});

describe('one problem of several events', () => {
  const problem = {
    code: 'list-failed',
    message: 'nothing listens on 127.0.0.1:9',
    hint: 'Start it.',
  } as const;
  const names = Array.from({ length: 300 }, (_, index) => `e${index}`);
  const unread = plan(names.map((name) => eventPlan(name, { status: 'unknown', problem })));

  test('is told once, in text and in Markdown', () => {
    for (const text of [planText(unread, plain), planMarkdown(unread)]) {
      expect(text.match(/nothing listens/g)).toHaveLength(1);
      expect(text).toContain('300 events could not be read, all for the same reason');
      expect(text).toContain('290 more');
    }
  });

  test('is told once in a result too', () => {
    const events = names.map((name) => eventResult(name, 'unknown', [], { problem }));
    const ran = result(events, { exitCode: 1 });
    for (const text of [[...resultTextParts(ran, plain)].join(''), resultMarkdown(ran)]) {
      expect(text.match(/nothing listens/g)).toHaveLength(1);
    }
  });

  test('does not hide what else there is of an event', () => {
    const noted = eventPlan('noted', { status: 'unknown', problem, notes: ['something else'] });
    expect(planText(plan([...unread.events.slice(0, 2), noted]), plain)).toContain('note: something else');
  });
});

test('what is no longer managed is told with its attendees, and a rename as one', () => {
  const gone = {
    name: 'weekly',
    provider: 'feishu',
    calendarId: 'c',
    eventId: 'e',
    source: { file: 'base/weekly.yaml', line: 2, column: 1 },
    observed: { count: 11 },
    renamedTo: null,
  } as const;
  const of = plan([], { unmanaged: [gone, { ...gone, name: 'standup', renamedTo: 'daily' }] });
  const text = planText(of, plain);
  expect(text).toContain(
    'weekly (Feishu): no longer managed: its 11 attendees stay as they are  base/weekly.yaml:2\n',
  );
  expect(text).toContain('standup (Feishu): renamed to daily  base/weekly.yaml:2\n');
  expect(planMarkdown(of)).toContain(
    '| `weekly` (Feishu) | no longer managed: its 11 attendees stay as they are | `base/weekly.yaml:2` |',
  );
});
