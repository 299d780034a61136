import type { Diagnostic } from '../../src/model/diagnostic.ts';
import type { Plan } from '../../src/model/plan.ts';
import { notesOf, say } from '../../src/model/say.ts';
import type { Result } from '../../src/model/result.ts';
import { addition, changeResult, eventPlan, eventResult, plan, removal, result, user } from './plans.ts';

/** The plans and results that every report format is held to. */

/** Everything that a name may carry to be obeyed by a terminal, a browser, a Markdown page or a chat. */
export const hostileName: string =
  '<script>alert(1)</script> | `x` [a](javascript:b)\n# @everyone #123\r\u001b[2K\u009b31m\u202egnp.exe\u2066\u200b\u200d\ufeff\u{e0041}\u0000张三';

const oncall = { file: 'rosters/oncall.yaml', line: 12, column: 7 } as const;

/** The removals fixture: reasons, provenance, Chinese names, every kind of attendee and of remark. */
export const removals: Plan = plan([
  eventPlan('platform-weekly', {
    event: { summary: 'Platform weekly', start: '2026-11-24T02:00:00Z', recurring: true },
    changes: [
      removal({ type: 'chat', id: 'oc_old', name: '旧项目群', optional: false }),
      removal({ type: 'email', id: 'wangwu@example.com', optional: false }),
      removal({ type: 'room', id: 'omm_1', attendeeId: 'resource_1', name: 'Room 1', optional: false }),
      removal(
        { ...user('ou_b', 'Li Si'), reply: 'declined' },
        { reason: 'expired', source: oncall, via: ['platform-team', 'oncall'] },
      ),
      removal(
        { ...user('ou_c', '王小五'), reply: 'none' },
        { reason: 'excluded', source: oncall, via: ['platform-team'] },
      ),
      removal(user('ou_d', 'Zhao Liu', true), { reason: 'optional-drift' }),
      removal({ ...user('ou_e'), reply: 'accepted' }),
      addition(user('ou_d', 'Zhao Liu'), { reason: 'optional-drift' }),
      addition(user('ou_x', 'Zhang San')),
      addition(user('ou_y', '陈晨', true), { wasRemoved: true, via: [] }),
    ],
    order: 'removes-first',
    notify: true,
    notified: 9,
    limits: { ...eventPlan('x').limits, maxRemovals: '50%', allowed: 12 },
    kept: [
      { attendee: user('ou_boss', '老板'), reason: 'organizer' },
      ...Array.from({ length: 12 }, (_, index) => ({
        attendee: user(`ou_guest${index + 1}`, `Guest ${index + 1}`),
        reason: 'external' as const,
      })),
    ],
    missing: [
      { attendee: user('ou_m', 'Missing'), reason: 'remove-only', source: oncall, via: ['platform-team'] },
    ],
    drift: [{ attendee: user('ou_f', 'Flag', true), reason: 'optional-drift', source: oncall, via: [] }],
    ...notesOf([say`Removing users from an event with a chat does not remove the members of the chat.`]),
  }),
  eventPlan('quiet', { kept: [{ attendee: user('ou_boss', '老板'), reason: 'organizer' }] }),
  eventPlan('retired', {
    changes: [
      { action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: false },
      { action: 'delete-event', reason: 'state-absent', certain: true },
    ],
    admin: { instanceStartTime: '1647320400' },
  }),
]);

export const inSync: Plan = plan([eventPlan('a'), eventPlan('b')]);

export const refused: Plan = plan(
  [
    eventPlan('all-hands', {
      status: 'refused',
      changes: [removal(user('ou_a', 'A')), removal(user('ou_b', 'B')), removal(user('ou_c', 'C'))],
      violations: [
        { code: 'empty', message: 'nobody would be left; guards.allowEmpty: true allows it' },
        { code: 'max-removals', message: '3 of 3 would be removed; --allow-removals all-hands=3 allows it' },
      ],
    }),
  ],
  {
    violations: [{ code: 'run-removals', message: '3 removals are over the 2 of --max-removals' }],
    selection: { target: ['all-*'], exclude: ['x'], selector: ['team=platform'] },
    diagnostics: [
      {
        severity: 'warning',
        code: 'look-failed',
        message: 'all-hands: its title could not be read',
        hint: 'Check the event id.',
        source: { file: 'events/all-hands.yaml', line: 1, column: 1 },
      },
    ],
  },
);

const { observed: _, ...unlisted } = eventPlan('standup', {
  provider: 'dingtalk',
  calendarId: 'primary',
  eventId: 'standup',
  organizer: 'unionOrg',
  status: 'unknown',
  problem: {
    code: 'list-refused',
    message: 'the organizer cannot be read',
    hint: 'Give the app the permission Calendar.Event.Read.',
    platformCode: 'permissionDeny',
    logId: '0A1B2C',
  },
});

export const unknown: Plan = plan([unlisted]);

export const hostile: Plan = plan([
  eventPlan('hostile', {
    calendarId: hostileName,
    eventId: hostileName,
    event: { summary: hostileName, start: hostileName, recurring: false },
    changes: [
      removal(user('ou_a', hostileName)),
      removal({ type: 'email', id: hostileName, optional: false }),
      addition(user(hostileName, '李四'), {
        source: { file: hostileName, line: 1, column: 1 },
        via: [hostileName],
      }),
    ],
    kept: [{ attendee: user('ou_k', hostileName), reason: 'ignored' }],
    notes: [hostileName],
    violations: [{ code: 'empty', message: hostileName }],
    problem: { code: 'list-failed', message: hostileName, hint: hostileName, logId: hostileName },
    status: 'refused',
  }),
]);

/** What Markdown pages, GitHub and GitLab make something of, in one name. */
export const hostileMarkup: string =
  '#1 GH-1 owner/repo#1 !2 ~bug $3 &4 %"M 1" @everyone @org/team :tada: **b** _i_ ~~s~~ `a` ``b|c`` \\| |\\\\ ' +
  '[x](javascript:alert) ![i](https://evil.example/i.png) <img src=x> </code></summary></details> --- &lt;b&gt; ' +
  'www.evil.example https://evil.example me@evil.example deadbeefcafe `';

const long = 'Very long name '.repeat(20);

/** The same hostile text everywhere a plan has text from outside, and names that do not end. */
export const markup: Plan = plan(
  [
    eventPlan('markup', {
      calendarId: hostileMarkup,
      eventId: hostileMarkup,
      organizer: hostileMarkup,
      event: { summary: `# ${hostileMarkup}`, start: hostileMarkup, recurring: true },
      changes: [
        removal(user('ou_a', hostileMarkup)),
        removal(user('ou_long', long)),
        removal(user('ou_pipe', '|'), { reason: 'expired', source: oncall, via: ['a|b', '`'] }),
        addition(user(hostileMarkup), {
          source: { file: hostileMarkup, line: 1, column: 1 },
          via: [hostileMarkup],
        }),
        { action: 'unbind-chat', chatId: hostileMarkup, reason: 'chat-absent', certain: false },
      ],
      kept: [{ attendee: user('ou_k', hostileMarkup), reason: 'external' }],
      missing: [
        {
          attendee: user('ou_m', hostileMarkup),
          reason: 'remove-only',
          source: { file: hostileMarkup, line: 1, column: 1 },
          via: [hostileMarkup],
        },
      ],
      drift: [{ attendee: user('ou_d', hostileMarkup), reason: 'optional-drift' }],
      notes: [hostileMarkup],
      violations: [{ code: 'empty', message: `1. ${hostileMarkup}` }],
      status: 'refused',
    }),
  ],
  {
    selection: { target: [hostileMarkup], exclude: [], selector: [] },
    violations: [{ code: 'run-removals', message: `- ${hostileMarkup}` }],
    diagnostics: [
      {
        severity: 'warning',
        code: 'look-failed',
        message: hostileMarkup,
        hint: hostileMarkup,
        source: { file: hostileMarkup, line: 1, column: 1 },
      },
    ],
  },
);

export const diagnostics: readonly Diagnostic[] = [
  {
    severity: 'error',
    code: 'unknown-key',
    message: '"atendees" is no key of an Event',
    hint: 'Did you mean "attendees"?',
    source: { file: 'events/weekly.yaml', line: 7, column: 3 },
  },
  { severity: 'warning', code: 'optional-conflict', message: `wanted twice: ${hostileName}` },
];

export const badManifests: Plan = plan([], { complete: false, applyable: false, diagnostics });

export const done: Result = result([
  eventResult(
    'platform-weekly',
    'converged',
    [changeResult(removal(user('ou_b', 'Li Si'))), changeResult(addition(user('ou_x', 'Zhang San')))],
    {
      newcomers: [{ type: 'user', id: 'ou_new', name: 'New' }],
      notes: ['booking-pending: Room 1 (omm_1)'],
    },
  ),
  eventResult('quiet', 'unchanged', []),
]);

const refusal = {
  code: '190002',
  message: 'invalid parameters',
  hint: 'Check that the id exists.',
  logId: '2026112008',
} as const;

export const partial: Result = result(
  [
    eventResult('all-hands', 'partial', [
      changeResult(removal(user('ou_a', 'A'))),
      changeResult(removal(user('ou_b', '王小五')), { outcome: 'failed', error: refusal }),
      changeResult(removal(user('ou_c', hostileName)), { outcome: 'failed', error: refusal }),
      changeResult(addition(user('ou_d')), {
        outcome: 'unknown',
        error: { code: 'timeout', message: 'no answer' },
      }),
      changeResult(addition(user('ou_e')), { outcome: 'already' }),
    ]),
    eventResult(
      'late',
      'not-attempted',
      Array.from({ length: 12 }, (_, index) =>
        changeResult(removal(user(`ou_${index + 1}`)), { outcome: 'not-attempted' }),
      ),
    ),
    eventResult('standup', 'unknown', [], {
      problem: { code: 'list-failed', message: hostileName, platformCode: '500' },
    }),
    eventResult('guarded', 'refused', [], {
      violations: [{ code: 'empty', message: 'nobody would be left' }],
    }),
    eventResult('retired', 'not-converged', [
      changeResult({ action: 'unbind-chat', chatId: 'oc_meet', reason: 'chat-absent', certain: false }),
      changeResult(
        { action: 'delete-event', reason: 'state-absent', certain: true },
        { outcome: 'failed', error: { code: '193002', message: 'no permission' } },
      ),
    ]),
  ],
  { exitCode: 4 },
);

export const markupResult: Result = result(
  [
    eventResult(
      'markup',
      'partial',
      [
        changeResult(removal(user('ou_a', hostileMarkup)), {
          outcome: 'failed',
          error: { code: hostileMarkup, message: hostileMarkup, hint: hostileMarkup, logId: hostileMarkup },
        }),
        changeResult({ action: 'unbind-chat', chatId: hostileMarkup, reason: 'chat-absent', certain: true }),
      ],
      {
        newcomers: [{ type: 'user', id: hostileMarkup, name: hostileMarkup }],
        notes: [hostileMarkup],
        violations: [{ code: 'empty', message: hostileMarkup }],
        problem: { code: 'list-failed', message: hostileMarkup, hint: hostileMarkup, logId: hostileMarkup },
      },
    ),
  ],
  { exitCode: 4, journal: hostileMarkup },
);

/** Every plan fixture by the name of its golden files: each format is held to all. */
export const plans: readonly (readonly [string, Plan])[] = [
  ['in-sync', inSync],
  ['removals', removals],
  ['refused', refused],
  ['unknown', unknown],
  ['hostile', hostile],
  ['markup', markup],
  ['bad-manifests', badManifests],
];

/** Every result fixture by the name of its golden files. */
export const results: readonly (readonly [string, Result])[] = [
  ['done', done],
  ['partial', partial],
  ['markup', markupResult],
];
