import { readFileSync } from 'node:fs';

import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

import { guardEvent } from '../../src/diff/guards.ts';
import { diagnosticOf } from '../../src/model/diagnostic.ts';
import { type Plan, violationOf } from '../../src/model/plan.ts';
import { notesOf, plain, quoted, type Said, say, who } from '../../src/model/say.ts';
import { planGithub } from '../../src/report/github.ts';
import { planJson, resultJsonParts } from '../../src/report/json.ts';
import { planMarkdown } from '../../src/report/markdown/plan.ts';
import { planText } from '../../src/report/text/plan.ts';
import { createRedactor } from '../../src/report/redact.ts';
import { planDifference } from '../../src/report/text/difference.ts';
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
import { plain as terminal } from '../support/terminals.ts';

function schema(name: string): ValidateFunction {
  const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  // JSON.parse answers any; ajv checks it as a schema at once.
  return new Ajv2020({ strict: true }).compile(JSON.parse(readFileSync(file, 'utf8')) as object);
}

const validPlan = schema('plan');
const validResult = schema('result');

/** Every text in the plan that tells who somebody is. */
function peopleOf({ events }: Plan): string[] {
  return events
    .flatMap(({ changes, kept, missing, drift, organizer, event }) => [
      ...[...changes, ...kept, ...missing, ...drift].flatMap((row) =>
        'attendee' in row ? [row.attendee.id, row.attendee.name, row.attendee.attendeeId] : [],
      ),
      organizer,
      event?.summary,
    ])
    .filter((text) => text !== undefined);
}

const formats = [
  ['json', planJson],
  ['text', (shown: Plan): string => planText(shown, terminal)],
  ['markdown', (shown: Plan): string => planMarkdown(shown, { maxBytes: 1_000_000 })],
  ['github', planGithub],
] as const;

describe('a redacted plan', () => {
  test.each([
    ['removals', fixtures.removals],
    ['hostile', fixtures.hostile],
  ])('%s is as its golden files have it', async (name, fixture) => {
    const shown = createRedactor().plan(fixture);
    const golden = `golden/plan-${name}.redacted`;
    await expect(planJson(shown)).toMatchFileSnapshot(`${golden}.json`);
    await expect(planMarkdown(shown, { maxBytes: 60_000 })).toMatchFileSnapshot(`${golden}.md`);
    await expect(planText(shown, terminal)).toMatchFileSnapshot(`${golden}.txt`);
  });

  test('calls people by ordinals in the order of the plan, and the same person by one', () => {
    const changes = [
      removal({ type: 'email', id: 'wang@example.com', optional: false }),
      removal(user('ou_b', 'Li Si')),
      addition(user('ou_a', 'Zhang San')),
    ];
    const again = [
      removal(user('ou_a')),
      addition({ type: 'room', id: 'omm_1', name: 'Room', optional: false }),
    ];
    const shown = createRedactor().plan(
      plan([eventPlan('a', { changes }), eventPlan('b', { changes: again })]),
    );
    const ids = shown.events.flatMap((event) =>
      event.changes.map((one) => 'attendee' in one && one.attendee),
    );
    expect(ids).toEqual([
      { type: 'email', id: 'email-1', optional: false },
      { type: 'user', id: 'user-2', optional: false },
      { type: 'user', id: 'user-3', optional: false },
      { type: 'user', id: 'user-3', optional: false },
      { type: 'room', id: 'room-4', optional: false },
    ]);
  });

  test.each(fixtures.plans)(
    '%s fits the schema, and has no digest, members or fingerprints',
    (_, fixture) => {
      const shown = createRedactor().plan(fixture);
      const printed = planJson(shown);
      validPlan(JSON.parse(printed));
      expect(validPlan.errors).toBeNull();
      expect(shown.redacted).toBe(true);
      expect(printed).not.toMatch(
        /sha256:|"members"|"fingerprint"|"name": "(?!rollcall|[a-z-]+",\n {6}"provider)/,
      );
    },
  );

  test.each(formats)('names nobody as %s', (_, render) => {
    const text = render(createRedactor().plan(fixtures.removals));
    for (const person of peopleOf(fixtures.removals)) expect(text).not.toContain(person);
  });

  test('keeps names of events and rosters, and places', () => {
    const text = planJson(createRedactor().plan(fixtures.removals));
    expect(text).toContain('"rosters/oncall.yaml"');
    expect(text).toContain('"platform-team"');
    expect(text).toContain('"feishu.cn_demo@group.calendar.feishu.cn"');
  });

  test('hides the title, the organizer, the room contact and a calendar that is called by an address', () => {
    const [event] = createRedactor().plan(
      plan([
        eventPlan('a', {
          calendarId: 'boss@example.com',
          organizer: 'unionBoss',
          roomContact: 'ou_contact',
          event: { summary: 'Layoffs', recurring: false },
        }),
      ]),
    ).events;
    expect(event).toMatchObject({
      calendarId: 'calendar-1',
      organizer: 'user-2',
      roomContact: 'user-3',
      event: { summary: 'event-4', recurring: false },
    });
  });

  test('is the same whatever else was asked of the redactor before', () => {
    const used = createRedactor();
    used.line('ou_x and wangwu@example.com');
    expect(used.plan(fixtures.removals)).toEqual(createRedactor().plan(fixtures.removals));
    expect(used.plan(fixtures.removals)).toEqual(createRedactor().plan(fixtures.removals));
  });
});

test('what differs between two redacted plans names nobody, and the same person the same', () => {
  const redactor = createRedactor();
  const [before, after] = [
    [removal(user('ou_a', 'A B'))],
    [removal(user('ou_a', 'A B')), removal(user('ou_b'))],
  ].map((changes) => redactor.plan(plan([eventPlan('a', { changes })])));
  const text = planDifference(before ?? fixtures.inSync, after ?? fixtures.inSync, terminal);
  expect(text).toMatch(/^ {3}- user-1/m);
  expect(text).toMatch(/^\+ {2}- user-2/m);
  expect(text).not.toMatch(/ou_|A B|sha256|undefined/);
});

describe('messages of a redacted plan', () => {
  const message = (said: Said): string => {
    const event = eventPlan('weekly-zhang', {
      changes: [
        removal({ ...user('3e3cf96b', '张三'), attendeeId: 'user_778899' }),
        removal(user('zhang', 'Li Si')),
        removal(user('on', 'Ann On')),
      ],
      violations: [violationOf('empty', said)],
    });
    return createRedactor().plan(plan([event])).events[0]?.violations[0]?.message ?? '';
  };

  test.each([
    ['an id', say`no ${who('user', '3e3cf96b')} here`, 'no user-1 here'],
    ['a name among Chinese text', say`用户${who('user', '3e3cf96b', '张三')}不存在`, '用户user-1不存在'],
    ['a name of two words', say`"${who('user', 'zhang', 'Li Si')}" is gone`, '"user-2" is gone'],
    ['what is quoted', say`${quoted('user', 'zhang')} is gone`, '"user-2" is gone'],
    ['an address that nobody knew', say`ask ${who('email', 'Eve.Li+x@example.com')}.`, 'ask email-4.'],
    [
      'the same address in capitals',
      say`${who('email', 'A@b.c')} ${who('email', 'a@b.c')}`,
      'email-4 email-4',
    ],
    ['ids that nobody knew', say`${who('user', 'ou_zz')} and ${who('chat', 'oc_1')}`, 'user-4 and chat-5'],
    [
      'an id and leave the word that it is',
      say`on the list, once: ${who('user', 'on')} is on it`,
      'on the list, once: user-3 is on it',
    ],
    [
      'an id and leave the name of an event that holds it',
      say`${plain('weekly-zhang')}: ${who('user', 'zhang')}`,
      'weekly-zhang: user-2',
    ],
  ])('hide %s', (_, said, shown) => {
    expect(message(said)).toBe(shown);
  });

  test('leave the words of a guard whole where somebody has one of them for an id', () => {
    const changes = [removal(user('on', 'nobody')), removal(user('the', 'event'))];
    const extent = { removals: 2, additions: 0, managed: 2, deletesEvent: false, notified: 0 };
    const violations = guardEvent('a', extent, eventPlan('a').limits);
    const [event] = createRedactor().plan(plan([eventPlan('a', { changes, violations })])).events;
    expect(event?.violations[0]?.message).toBe(violations[0]?.message);
    expect(event?.violations[0]?.message).toContain('leave nobody on the event');
  });

  test('that come out of a file, so that nobody knows whom they name, are told by their codes', () => {
    const source = { file: 'a.yaml', line: 1, column: 1 };
    const made = plan(
      [
        eventPlan('a', {
          violations: [violationOf('empty', say`zhang is all`)],
          ...notesOf([say`zhang came`]),
        }),
      ],
      { diagnostics: [diagnosticOf({ severity: 'warning', code: 'no-id', message: say`zhang`, source })] },
    );
    const shown = createRedactor().plan(JSON.parse(JSON.stringify(made)) as Plan);
    expect(planJson(shown)).not.toContain('zhang');
    expect(shown.diagnostics).toEqual([
      {
        severity: 'warning',
        code: 'no-id',
        message: expect.stringMatching(/^no-id \(.*left out\)$/),
        source,
      },
    ]);
    expect(shown.events[0]?.violations).toEqual([
      { code: 'empty', message: expect.stringMatching(/^empty \(.*left out\)$/) },
    ]);
    expect(shown.events[0]?.notes).toEqual([expect.stringMatching(/left out/)]);
  });

  test('hide whom they alone name, as the plan itself tells', () => {
    const event = eventPlan('a', {
      ...notesOf([
        say`Back already, left as it is: ${who('user', 'unionZ', 'Zhang San')} (${who('user', 'unionZ')}).`,
      ]),
      named: [{ type: 'user', id: 'unionZ', name: 'Zhang San' }],
    });
    const printed = planJson(createRedactor().plan(plan([event])));
    expect(printed).toContain('Back already, left as it is: user-1 (user-1).');
    expect(printed).not.toMatch(/Zhang|unionZ|"named"/);
  });

  test.each([
    ['list-refused', 'Feishu: user Zhang San 9f8e7d6c 王小五 is not here (code 190002)'],
    ['list-malformed', 'the answer makes no sense: zhang san'],
    ['internal', 'rollcall failed on this event: no 王小五'],
    ['credentials', 'DingTalk: 王小五 left'],
  ] as const)('of a platform are left out: %s', (code, told) => {
    const problem = {
      code,
      message: told,
      hint: 'Plan again.',
      platformCode: '190002',
      logId: '20990104-A1',
    };
    const shown = createRedactor().plan(plan([eventPlan('a', { status: 'unknown', problem })]));
    const fault = shown.events[0]?.problem;
    expect(fault).toMatchObject({ code, hint: 'Plan again.', platformCode: '190002', logId: '20990104-A1' });
    expect(fault?.message).not.toMatch(/zhang|王|9f8e/i);
    expect(fault?.message).toMatch(/^[a-z ,:;]+$/);
  });

  test.each([
    ['Zhang San 1', '张三'],
    ['ZhangSan', 'Zhang San'],
    ['ou_zhang1', 'ou_zhang1'],
    ['3e3cf96b', '3e3cf96b'],
    ['x1'.repeat(65), 'x'.repeat(129)],
  ])('have no log id %j and no code %j', (logId, platformCode) => {
    const problem = { code: 'list-refused', message: 'x', platformCode, logId } as const;
    const events = [
      eventPlan('a', { status: 'unknown', problem }),
      eventPlan('b', { changes: [removal(user('3e3cf96b', '张三'))] }),
    ];
    const [fault] = createRedactor().plan(plan(events)).events;
    expect(fault?.problem).toEqual({ code: 'list-refused', message: expect.any(String) });
    const error = { code: platformCode, message: 'x', logId };
    const failed = changeResult(removal(user('3e3cf96b', '张三')), { outcome: 'failed', error });
    const shown = createRedactor().result(result([eventResult('a', 'failed', [failed])]));
    expect(shown.events[0]?.changes[0]?.error).toEqual({ code: '***', message: expect.any(String) });
  });

  test.each(['organizer', 'kept', 'left', 'not-left', 'undone', 'stopped'])(
    'of a change that rollcall itself did not make (%s) do not say that the platform refused it',
    (code) => {
      const error = { code, message: 'Zhang San' };
      const failed = changeResult(removal(user('ou_a', 'Zhang San')), { outcome: 'failed', error });
      const shown = createRedactor().result(result([eventResult('a', 'failed', [failed])]));
      expect(shown.events[0]?.changes[0]?.error?.message).not.toMatch(/platform|Zhang San/);
    },
  );

  test('that quote people of whom only the platform knows are told without them', () => {
    const source = { file: 'a.yaml', line: 1, column: 1 };
    const diagnostics = ['look-failed', 'other-organizer', 'other-chat'].map((code) => ({
      severity: 'warning' as const,
      code,
      message: 'a: the event is organized by unionZhang',
      hint: 'Write organizer: unionZhang',
      source,
    }));
    const shown = createRedactor().plan(plan([], { diagnostics })).diagnostics;
    expect(JSON.stringify(shown)).not.toContain('Zhang');
    expect(shown).toMatchObject([{ code: 'look-failed', source }, { code: 'other-organizer' }, { source }]);
  });
});

describe('a redacted result', () => {
  const redactor = createRedactor();
  redactor.plan(
    plan([eventPlan('a', { changes: [removal(user('ou_a', 'A B')), removal(user('ou_b', 'C D'))] })]),
  );
  const failed = { code: '190002', message: 'Feishu: C D is not there', hint: 'Plan again.', logId: '7' };
  const shown = redactor.result(
    result([
      eventResult(
        'a',
        'partial',
        [
          changeResult(removal(user('ou_b', 'C D')), { outcome: 'failed', error: failed }),
          changeResult({ action: 'unbind-chat', chatId: 'oc_m', reason: 'chat-absent', certain: true }),
        ],
        {
          newcomers: [{ type: 'user', id: 'ou_new', name: 'New Comer' }],
          ...notesOf([say`booking-pending: ${who('user', 'ou_a', 'A B')} (${who('user', 'ou_a')})`]),
        },
      ),
    ]),
  );

  test('calls people as the plan did', () => {
    expect(shown.events[0]).toMatchObject({
      changes: [
        {
          attendee: { type: 'user', id: 'user-2', optional: false },
          error: {
            code: '190002',
            message: 'the platform refused this; what it said is left out',
            hint: 'Plan again.',
            logId: '7',
          },
        },
        { chatId: 'chat-3' },
      ],
      newcomers: [{ type: 'user', id: 'user-4' }],
      notes: ['booking-pending: user-1 (user-1)'],
    });
  });

  test('fits the schema, says so, and has no digest of the plan', () => {
    const printed = [...resultJsonParts(shown)].join('');
    validResult(JSON.parse(printed));
    expect(validResult.errors).toBeNull();
    expect(JSON.parse(printed)).toMatchObject({ redacted: true });
    expect(printed).not.toMatch(/sha256:|ou_|New|C D/);
  });
});

describe('diagnostics and lines', () => {
  test('hide whom their parts name, and keep places and names of manifests', () => {
    const redactor = createRedactor();
    const source = { file: 'people/zhang.san.yaml', line: 3, column: 7 };
    const place = plain('people/zhang.san.yaml:3');
    const message = say`${plain('weekly')}: ${who('user', 'zhang.san')} has ${who('user', '0123')} at ${place}`;
    const hint = say`see ${who('user', 'zhang.san')}`;
    const made = diagnosticOf({ severity: 'error', code: 'no-id', message, hint, source });
    expect(made.message).toBe('weekly: zhang.san has 0123 at people/zhang.san.yaml:3');
    expect(redactor.diagnostics([made])).toEqual([
      {
        severity: 'error',
        code: 'no-id',
        message: 'weekly: user-1 has user-2 at people/zhang.san.yaml:3',
        hint: 'see user-1',
        source,
      },
    ]);
  });

  test('on the terminal name whoever has an ordinal by it, and strike out the others', () => {
    const redactor = createRedactor();
    redactor.plan(plan([eventPlan('a', { changes: [removal(user('ou_a'))] })]));
    expect(redactor.line('GET /x/ou_a /x/ou_b a@example.com\n')).toBe('GET /x/user-1 /x/*** ***\n');
  });
});

test('a calendar that is called by an address is hidden also where it is no longer managed', () => {
  const gone = {
    name: 'weekly',
    provider: 'feishu',
    calendarId: 'zhang.san@example.com',
    eventId: 'e',
    source: { file: 'base/weekly.yaml', line: 2, column: 1 },
    observed: null,
    renamedTo: null,
  } as const;
  const shown = createRedactor().plan(plan([], { unmanaged: [gone] }));
  expect(planJson(shown)).not.toContain('zhang.san');
  expect(shown.unmanaged).toMatchObject([{ name: 'weekly', calendarId: 'calendar-1' }]);
});
