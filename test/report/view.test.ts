import { describe, expect, test } from 'vitest';

import { savedWords } from '../../src/cli/commands/plan.ts';
import { planExitCode } from '../../src/run/usage-error.ts';
import { repliesLost } from '../../src/diff/summary.ts';
import type { Plan } from '../../src/model/plan.ts';
import { type ChangeRow, whyWords } from '../../src/report/view/rows.ts';
import { momentWords, startWords } from '../../src/report/view/moment.ts';
import { planView } from '../../src/report/view/plan.ts';
import { questionOf } from '../../src/report/view/question.ts';
import { resultView } from '../../src/report/view/result.ts';
import { percent } from '../../src/report/view/words.ts';
import * as fixtures from '../support/plan-fixtures.ts';
import {
  addition,
  changeResult,
  eventPlan,
  eventResult,
  plan,
  removal,
  result,
  user,
} from '../support/plans.ts';

const replying = (id: string, reply: 'accepted' | 'tentative' | 'declined' | 'none') => ({
  ...user(id),
  reply,
});

const rowWords = (row: ChangeRow | undefined) => row && whyWords(row);

const two = [removal(replying('ou_a', 'accepted')), removal(replying('ou_b', 'none'))];
const weekly = eventPlan('weekly', { changes: two, observed: { count: 12, managed: 11 } });
const standup = eventPlan('standup', {
  provider: 'dingtalk',
  status: 'refused',
  changes: Array.from({ length: 6 }, (_, index) => removal(user(`union${index}`))),
  violations: [{ code: 'max-removals', message: 'standup: 6 of 8 would be removed.' }],
});

/** An event of which everybody goes, `number` in all. */
function leaving(number: number, name = 'all', more: Parameters<typeof eventPlan>[1] = {}) {
  const changes = Array.from({ length: number }, (_, index) => removal(user(`ou_${index}`)));
  return eventPlan(name, { changes, observed: { count: 1100, managed: 1100 }, ...more });
}

describe('the headline of a plan', () => {
  test.each<readonly [string, Plan, string]>([
    [
      'counts what will be done, and says what is left out',
      plan([weekly, standup]),
      'Plan: 0 to add, 2 to remove; 6 more in 1 refused event are left out.',
    ],
    [
      'tells additions and removals that are left out apart',
      plan([weekly, { ...standup, changes: [...standup.changes, addition(user('unionX'))] }]),
      'Plan: 0 to add, 2 to remove; 1 more to add and 6 more to remove in 1 refused event are left out.',
    ],
    [
      'names unread events too',
      plan([weekly, ...fixtures.unknown.events]),
      'Plan: 0 to add, 2 to remove; 1 event could not be read.',
    ],
    [
      'does not call a run that is over its limit a plan to do anything',
      plan([leaving(990)], { violations: [{ code: 'run-removals', message: 'too many' }] }),
      'Refused: nothing is applied; 990 to remove in 1 event are left out.',
    ],
    [
      'says that a change concerns nobody',
      plan([], { unmanaged: [] }),
      'No changes. This change does not affect any meeting.',
    ],
    ['says that nothing was chosen', plan([]), 'No changes. No event was chosen.'],
  ])('%s', (_, of, words) => {
    expect(planView(of).headline).toBe(words);
  });

  test('does not speak of refused events as 0 where the run is refused', () => {
    const stopped = plan([leaving(990)], { violations: [{ code: 'run-removals', message: 'too many' }] });
    expect(planView(stopped).totals).toBe('1 event: 0 in sync, 1 refused, 0 unknown.');
  });
});

describe('an event', () => {
  test('says how many of how many', () => {
    const [event] = planView(plan([leaving(990)])).events;
    expect(event?.tally).toBe('990 of 1,100 to remove, 90 %');
  });

  test('shows removals with accepted replies first, then tentative, declined and none', () => {
    const replies = ['none', 'declined', 'accepted', 'tentative'] as const;
    const changes = [
      ...replies.map((reply, index) => removal(replying(`ou_${index}`, reply))),
      removal(user('ou_silent')),
    ];
    const [event] = planView(plan([eventPlan('a', { changes })])).events;
    expect(event?.rows.map(({ reply }) => reply)).toEqual([
      'accepted',
      'tentative',
      'declined',
      'none',
      undefined,
    ]);
    expect(event?.lostWords).toBe('3 replies are lost for good: 1 accepted, 1 tentative, 1 declined');
  });

  test('has the command that lifts its guard, added to the one that was run', () => {
    const command = 'rollcall plan manifests --out plan.json';
    const { events } = planView(plan([weekly, standup]), { command });
    expect(events.map(({ lift }) => lift)).toEqual([null, `${command} --allow-removals standup=6`]);
  });

  test('that would be deleted is lifted as an event', () => {
    const doomed = eventPlan('old', {
      status: 'refused',
      changes: [{ action: 'delete-event', reason: 'state-absent', certain: true }],
      violations: [{ code: 'delete-event', message: 'old: the event would be deleted.' }],
    });
    const chosen = plan([doomed], { selection: { target: ["o'*"], exclude: [], selector: [] } });
    expect(planView(chosen).events[0]?.lift).toBe(
      String.raw`rollcall plan --target 'o'\''*' --allow-removals old=event`,
    );
  });

  test('has no such command where only the manifest can help', () => {
    const past = eventPlan('old', {
      status: 'refused',
      changes: two,
      violations: [{ code: 'past-event', message: 'old: it is over.' }],
    });
    expect(planView(plan([past])).events[0]?.lift).toBeNull();
  });
});

test('a flag that is set where somebody is costs no reply, and says so', () => {
  const changes = [
    removal({ ...replying('a@corp.com', 'accepted'), type: 'email' }, { reason: 'optional-drift' }),
    removal({ ...replying('b@corp.com', 'declined'), type: 'email' }),
    addition({ ...user('a@corp.com'), type: 'email', optional: true }, { reason: 'optional-drift' }),
  ];
  const events = (['google', 'lark'] as const).map((provider) =>
    planView(plan([eventPlan('staff', { provider, changes, observed: { count: 5, managed: 4 } })])),
  );
  expect(events.map(({ events: [event] }) => [rowWords(event?.rows[1]), event?.lostWords])).toEqual([
    [['required -> optional: the reply is kept'], '1 declined reply is lost for good'],
    [
      ['required -> optional: removed and invited again, the reply is lost'],
      '2 replies are lost for good: 1 accepted, 1 declined',
    ],
  ]);
  expect(events.map((view) => questionOf(view))).toMatchObject([
    expect.stringContaining('change the optional flag of 1 person on 1 event'),
    expect.stringContaining('remove and invite again 1 person on 1 event'),
  ]);
  const [onGoogle, onLark] = (['google', 'lark'] as const).map((provider) =>
    repliesLost([eventPlan('staff', { provider, changes })]),
  );
  expect(onGoogle).toEqual({ accepted: 0, tentative: 0, declined: 1 });
  expect(onLark).toEqual({ accepted: 1, tentative: 0, declined: 1 });
});

test('the limit of a run is lifted by what it would remove', () => {
  const view = planView(plan([leaving(990)], { violations: [{ code: 'run-removals', message: 'x' }] }));
  expect(view.attention[0]?.command).toBe('rollcall plan --max-removals 990');
});

describe('what could not be read', () => {
  const problem = { code: 'list-failed', message: 'nothing listens on open.feishu.cn' } as const;
  const unread = (name: string, logId: string) =>
    eventPlan(name, { status: 'unknown', problem: { ...problem, logId } });

  test('for one reason is one thing that needs attention', () => {
    const view = planView(plan([unread('a', '1'), unread('b', '2'), unread('c', '3')]));
    expect(view.attention).toHaveLength(1);
    expect(view.attention[0]).toMatchObject({
      words: '3 events could not be read, all for the same reason',
      events: ['a', 'b', 'c'],
      details: [{ term: 'log id', value: '1' }],
    });
  });

  test('has its code and its log id once', () => {
    const told = {
      ...problem,
      message: '190002 invalid parameters, log id 77',
      platformCode: '190002',
      logId: '77',
    };
    const view = planView(plan([eventPlan('a', { status: 'unknown', problem: told })]));
    expect(view.problems[0]?.details).toEqual([]);
  });

  test('is grouped in results too', () => {
    const events = ['a', 'b'].map((name) => eventResult(name, 'unknown', [], { problem }));
    expect(resultView(result(events)).problems.map((group) => group.events)).toEqual([['a', 'b']]);
  });
});

describe('what is no longer managed', () => {
  const gone = {
    name: 'platform-weekly',
    provider: 'feishu',
    calendarId: 'c',
    eventId: 'e',
    source: { file: 'base/weekly.yaml', line: 2, column: 1 },
  } as const;

  test.each([
    [{ count: 11 }, null, 'no longer managed: its 11 attendees stay as they are'],
    [{ count: 1 }, null, 'no longer managed: its 1 attendee stays as it is'],
    [null, null, 'no longer managed: its attendees stay as they are'],
    [{ count: 11 }, 'weekly', 'renamed to'],
  ])('with %j, now %s', (observed, renamedTo, words) => {
    const view = planView(plan([], { unmanaged: [{ ...gone, observed, renamedTo }] }));
    expect(view.unmanaged[0]).toMatchObject({ words, renamedTo, place: 'base/weekly.yaml:2' });
    expect(view.headline).not.toContain('nobody');
    expect(view.sentences).toEqual([
      {
        kind: 'other',
        text: renamedTo === null ? '1 event is no longer managed.' : '1 event is renamed.',
      },
    ]);
  });
});

describe('times', () => {
  test.each([
    ['2099-01-05T02:00:00Z', 'UTC', 'Mon 2099-01-05 02:00 UTC'],
    ['2099-01-05T02:00:00Z', 'Asia/Shanghai', 'Mon 2099-01-05 10:00 Asia/Shanghai'],
    ['2099-01-05T20:30:59.5Z', 'Asia/Shanghai', 'Tue 2099-01-06 04:30 Asia/Shanghai'],
    ['2099-01-05T16:00:00Z', 'Asia/Shanghai', 'Tue 2099-01-06 00:00 Asia/Shanghai'],
    ['2099-01-05T02:00:00+08:00', 'America/New_York', 'Sun 2099-01-04 13:00 America/New_York'],
    ['2099-01-05', 'Asia/Shanghai', 'Mon 2099-01-05'],
    ['soon', 'UTC', 'soon'],
    ['2099-01-05T99:00:00Z', 'UTC', '2099-01-05T99:00:00Z'],
  ])('%s in %s', (moment, zone, words) => {
    expect(momentWords(moment, zone)).toBe(words);
  });

  test('of a series say that it repeats, and of a day that it lasts all of it', () => {
    expect(startWords('2099-01-05', true, 'UTC')).toBe('Mon 2099-01-05, all day, repeats');
  });
});

test.each([
  [990, 1100, '90 %'],
  [1, 1000, 'under 1 %'],
  [999, 1000, '99 %'],
  [1000, 1000, '100 %'],
  [0, 10, '0 %'],
])('%i of %i is %s', (part, whole, words) => {
  expect(percent(part, whole)).toBe(words);
});

describe('the question', () => {
  const ask = (...events: Parameters<typeof plan>[0]): string =>
    questionOf(
      planView(
        plan(events, {
          accounts: {
            feishu: { host: 'open.feishu.cn', appId: 'cli_demo' },
            dingtalk: { host: 'api.dingtalk.com', appId: null },
          },
        }),
      ),
    );

  test.each([
    [
      'removals',
      [weekly],
      'Remove 2 of 11 people from 1 event (Feishu, app cli_demo at open.feishu.cn)? 1 accepted reply is lost for good.',
    ],
    [
      'additions',
      [
        eventPlan('a', { changes: [addition(user('ou_x'))] }),
        eventPlan('b', { changes: [addition(user('ou_x'))] }),
      ],
      'Add 2 people to 2 events (Feishu, app cli_demo at open.feishu.cn)?',
    ],
    [
      'several platforms, rooms, and people who are notified',
      [
        eventPlan('a', {
          changes: [addition({ type: 'room', id: 'omm_1', optional: false })],
          notify: true,
          notified: 3,
        }),
        { ...standup, status: 'changed' as const, violations: [] },
      ],
      'Remove 6 of 19 people from 1 event and add 1 attendee to 1 event (Feishu, app cli_demo at open.feishu.cn; DingTalk at api.dingtalk.com)? 3 people are notified.',
    ],
    [
      'deletions and unbindings',
      [
        eventPlan('a', {
          changes: [
            { action: 'unbind-chat', chatId: 'oc_1', reason: 'chat-absent', certain: false },
            { action: 'delete-event', reason: 'state-absent', certain: true },
          ],
        }),
      ],
      'Unbind 1 meeting chat and delete 1 event with 20 attendees (Feishu, app cli_demo at open.feishu.cn)?',
    ],
    [
      'flags that are replaced',
      [eventPlan('a', { changes: [removal(user('ou_a')), addition(user('ou_a', undefined, true))] })],
      'Remove and invite again 1 person on 1 event (Feishu, app cli_demo at open.feishu.cn)?',
    ],
  ])('of %s', (_, events, words) => {
    expect(ask(...events)).toBe(words);
  });

  test('leaves out what is refused', () => {
    expect(ask(weekly, standup)).toContain('Remove 2 of 11 people from 1 event (Feishu,');
  });
});

test('changes that failed for one reason are one group, whatever their log ids', () => {
  const failed = (id: string, logId: string) =>
    changeResult(removal(user(id)), { outcome: 'failed', error: { code: '1', message: 'no', logId } });
  const view = resultView(result([eventResult('a', 'failed', [failed('ou_a', '1'), failed('ou_b', '2')])]));
  expect(view.events[0]?.undone).toHaveLength(1);
});

test('a code that the message has is not told twice', () => {
  const failed = (message: string) =>
    resultView(
      result([
        eventResult('a', 'failed', [
          changeResult(removal(user('ou_a')), { outcome: 'failed', error: { code: '190002', message } }),
        ]),
      ]),
    ).events[0]?.undone[0]?.error?.code;
  expect(failed('Feishu: a parameter is not valid (code 190002)')).toBeNull();
  expect(failed('no')).toBe('190002');
  expect(failed('after 1190002 ms')).toBe('190002');
});

test('what is no longer managed is pending', () => {
  const gone = {
    name: 'weekly',
    provider: 'feishu',
    calendarId: 'c',
    eventId: 'e',
    source: { file: 'base/weekly.yaml', line: 2, column: 1 },
    observed: null,
    renamedTo: null,
  } as const;
  expect(planExitCode(plan([], { unmanaged: [gone] }), true)).toBe(2);
  expect(planExitCode(plan([], { unmanaged: [] }), true)).toBe(0);
});

test.each([
  ['of a run that is refused', fixtures.refused, 'Saved to p.json for reading only: apply refuses it.'],
  ['with nothing to do', fixtures.inSync, 'Saved to p.json.'],
  ['with something to do', fixtures.removals, 'Saved to p.json. Apply it with: rollcall apply --plan p.json'],
])('a plan %s is saved with the words for it', (_, of, words) => {
  expect(savedWords(of, 'p.json')).toBe(`${words}\n`);
});
