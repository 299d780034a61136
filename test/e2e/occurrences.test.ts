import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Intercept } from '../../src/emulator/intercept.ts';
import type { Plan } from '../../src/model/plan.ts';
import { rollcall } from '../support/cli.ts';
import { calendar, manifestOf, newScene, type Scene } from '../support/scene.ts';

const asOf = '2098-11-20';
const first = '2098-12-08T02:00:00Z';
const second = '2098-12-15T02:00:00Z';
const idOf = (original: string): string => `weekly_${Date.parse(original) / 1000}`;

const org = '{ user: ou_org, organizer: true }';
const exceptions = [
  `{ original: '${first}', start: '2098-12-09T06:00:00Z', attendees: [${org}, { user: ou_a }, { user: ou_x, name: Xavier, rsvp: accept }] }`,
  `{ original: '${second}', summary: Demo day, attendees: [${org}, { user: ou_a }, { user: ou_b }] }`,
  `{ original: '2098-12-22T02:00:00Z', status: cancelled }`,
  `{ original: '2098-11-03T02:00:00Z', attendees: [${org}, { user: ou_x }] }`,
];

function tenant(more: string = ''): string {
  return `
apps: [{ id: cli_demo, secret: demo-secret }]
${more}
feishu:
  calendars:
    - id: ${calendar}
      role: owner
      events:
        - id: weekly_0
          summary: Weekly
          start: 2098-10-06T02:00:00Z
          end: 2098-10-06T03:00:00Z
          recurrence: FREQ=WEEKLY
          attendees: [${org}, { user: ou_a }, { user: ou_b }]
          exceptions: [${exceptions.join(', ')}]
`;
}

const manifest = (policy: string, more: string = ''): string =>
  manifestOf('weekly', '{ user: ou_a }, { user: ou_b }', `  exceptions: ${policy}\n${more}`);

async function onScene(
  manifests: Readonly<Record<string, string>>,
  work: (at: Scene) => Promise<void>,
  more: string = '',
): Promise<void> {
  const at = await newScene({ tenant: tenant(more) }, manifests);
  try {
    await work(at);
  } finally {
    await at.close();
  }
}

const plan = (at: Scene, ...args: string[]): ReturnType<Scene['run']> =>
  at.run('plan', '--as-of', asOf, ...args);
const moved = idOf(first);

/** The calls so far that read events and their attendees. */
function calendarCalls(at: Scene): string[] {
  return at.server.requests.map(({ api }) => api).filter((api) => /\.(event|events|attendees)\./.test(api));
}

describe('exceptions: report', () => {
  test('lists each changed occurrence with its times and how it differs, and does nothing to it', async () => {
    await onScene({ weekly: manifest('report') }, async (at) => {
      const ran = await plan(at, '--detailed-exitcode');
      expect(ran.code).toBe(0);
      expect(ran.stdout).toContain(
        [
          '  2 changed occurrences, left as they are:',
          '    weekly@2098-12-08, "Weekly", Mon 2098-12-08 02:00 UTC, moved to Tue 2098-12-09 06:00 UTC, differs: 1 to remove, 1 to add',
          '      - Xavier (ou_x); + ou_b',
          '    weekly@2098-12-15, "Demo day", Mon 2098-12-15 02:00 UTC, as the manifest wants it',
        ].join('\n'),
      );
      expect(ran.stdout).toContain('1 changed occurrence differs from its manifest and is left as it is.');
      // The series and two occurrences are listed, one call finds them.
      expect(calendarCalls(at).toSorted()).toEqual([
        'feishu.attendees.list',
        'feishu.attendees.list',
        'feishu.attendees.list',
        'feishu.event.instances',
      ]);
      expect(ran.stdout).toMatch(/API calls: \d+ made, 0 to apply\./);
      expect((await at.run('apply', '--as-of', asOf, '--auto-approve')).code).toBe(0);
      expect(at.writes()).toEqual([]);
    });
  });

  test('names days in the zone that is set', async () => {
    await onScene({ weekly: manifest('report') }, async (at) => {
      const env = { ...at.env, ROLLCALL_TIME_ZONE: 'America/Los_Angeles' };
      const { stdout } = await rollcall(['plan', '--as-of', asOf], { cwd: at.folder, env });
      expect(stdout).toContain('weekly@2098-12-07, "Weekly", Sun 2098-12-07 18:00 America/Los_Angeles');
    });
  });
});

describe('exceptions: follow', () => {
  test('plans, applies, verifies and reverts a changed occurrence as an event of its own', async () => {
    await onScene({ weekly: manifest('follow') }, async (at) => {
      const ran = await plan(at, '--detailed-exitcode');
      expect(ran.code).toBe(2);
      expect(ran.stdout).toContain('weekly@2098-12-08 (Feishu): 1 of 2 to remove, 50 %; 1 to add');
      expect(ran.stdout).toContain('    weekly@2098-12-15, "Demo day", Mon 2098-12-15 02:00 UTC, in sync');
      expect(ran.stdout).toContain('3 events: 2 in sync, 1 changed, 0 refused, 0 unknown.');

      const applied = await at.run('apply', '--as-of', asOf, '--auto-approve');
      expect(applied.code).toBe(0);
      expect(applied.stdout).toContain('weekly@2098-12-08: converged, 1 removed, 1 added');
      expect(at.writes()).toEqual([`add ${moved} 1`, `remove ${moved} 1`]);
      expect(at.live(moved)).toEqual(['ou_a', 'ou_b', 'ou_org']);
      expect(at.journalLines().filter((line) => line.includes('"weekly@2098-12-08"')).length).toBeGreaterThan(
        4,
      );

      expect((await plan(at, '--detailed-exitcode')).code).toBe(0);
      const reverted = await at.run('revert', at.journal(), '--auto-approve');
      expect(reverted.code).toBe(0);
      expect(reverted.stdout).toContain('weekly@2098-12-08: converged');
      expect(at.live(moved)).toEqual(['ou_a', 'ou_org', 'ou_x']);
    });
  });

  test.each([[[]], [['.']]])('applies a saved plan beside %j', async (paths) => {
    await onScene({ weekly: manifest('follow') }, async (at) => {
      expect((await plan(at, '--out', 'p.json')).code).toBe(0);
      const applied = await at.run(
        'apply',
        '--plan',
        'p.json',
        ...paths,
        ...(paths.length > 0 ? ['--as-of', asOf] : []),
      );
      expect([applied.code, applied.stderr]).toEqual([0, expect.not.stringContaining('rror')]);
      expect(at.live(moved)).toEqual(['ou_a', 'ou_b', 'ou_org']);
    });
  });

  test('asks as often as the plan says', async () => {
    await onScene({ weekly: manifest('follow') }, async (at) => {
      await plan(at, '--out', 'p.json');
      const { requests } = savedIn(at);
      const before = at.server.requests.length;
      await at.run('apply', '--plan', 'p.json');
      const calls = at.server.requests.slice(before).filter(({ api }) => api !== 'feishu.token');
      expect(calls).toHaveLength(requests.needed);
    });
  });

  test('leaves alone what is as the series has it again by the time it is applied', async () => {
    await onScene(
      { weekly: manifest('follow') },
      async (at) => {
        await plan(at, '--out', 'p.json');
        at.server.reschedule(moved, 'restored');
        const applied = await at.run('apply', '--plan', 'p.json');
        expect(applied.code).toBe(1);
        expect(applied.stdout).toContain('matches its series again');
        expect(at.writes()).toEqual([]);
      },
      'behaviour: { unlistedOccurrence: answered }',
    );
  });

  test('leaves alone what was cancelled by the time it is applied, and follows what was moved', async () => {
    await onScene({ weekly: manifest('follow') }, async (at) => {
      await plan(at, '--out', 'p.json');
      at.server.reschedule(moved, 'cancelled');
      expect((await at.run('apply', '--plan', 'p.json')).code).toBe(1);
      expect(at.writes()).toEqual([]);
    });
    await onScene({ weekly: manifest('follow') }, async (at) => {
      await plan(at, '--out', 'p.json');
      at.server.reschedule(moved, { start: '2098-12-10T06:00:00Z' });
      expect((await at.run('apply', '--plan', 'p.json')).code).toBe(0);
      expect(at.live(moved)).toEqual(['ou_a', 'ou_b', 'ou_org']);
    });
  });

  test('reverts nothing on an occurrence that is as the series has it again', async () => {
    await onScene(
      { weekly: manifest('follow') },
      async (at) => {
        expect((await at.run('apply', '--as-of', asOf, '--auto-approve')).code).toBe(0);
        at.server.reschedule(moved, 'restored');
        const written = at.writes().length;
        const ran = await at.run('revert', at.journal(), '--auto-approve');
        expect([ran.code, at.writes().length]).toEqual([1, written]);
        expect(ran.stdout + ran.stderr).toContain('matches its series again');
      },
      'behaviour: { unlistedOccurrence: answered }',
    );
  });

  test('undoes nothing by a saved plan on an occurrence that is as the series has it again meanwhile', async () => {
    await onScene(
      { weekly: manifest('follow') },
      async (at) => {
        expect((await at.run('apply', '--as-of', asOf, '--auto-approve')).code).toBe(0);
        expect((await at.run('revert', at.journal(), '--out', 'back.json')).code).toBe(0);
        at.server.reschedule(moved, 'restored');
        const written = at.writes().length;
        const ran = await at.run('apply', '--plan', 'back.json');
        expect([ran.code, at.writes().length]).toEqual([1, written]);
        expect(ran.stdout).toContain('matches its series again');
      },
      'behaviour: { unlistedOccurrence: answered }',
    );
  });

  test('takes single occurrences out, and allows removals of one by its name', async () => {
    await onScene({ weekly: manifest('follow', '  guards: { maxRemovals: 0 }\n') }, async (at) => {
      expect((await plan(at)).code).toBe(3);
      const without = await plan(at, '--exclude', 'weekly@2098-12-08');
      expect([without.code, without.stdout]).toEqual([0, expect.not.stringContaining('weekly@2098-12-08 (')]);
      const none = await plan(at, '--exclude', 'weekly@2098-12-09');
      expect([none.code, none.stderr]).toEqual([
        1,
        expect.stringContaining('--exclude weekly@2098-12-09 matches no changed occurrence'),
      ]);
      expect(none.stderr).not.toMatch(/(weekly@[^,.]+), .*\1/);
      expect((await plan(at, '--allow-removals', 'weekly@2098-12-08=1')).code).toBe(0);
      expect((await plan(at, '--allow-removals', 'weekly@2098-12-09=1')).stderr).toContain(
        'matches no changed occurrence',
      );
      expect((await plan(at, '--target', 'weekly@2098-12-08')).stderr).toContain('Give --target weekly');
    });
  });
});

test('occurrences that cannot be read are unknown, and the series is applied', async () => {
  const intercept: Intercept = ({ api }) =>
    api === 'feishu.event.instances'
      ? { kind: 'answer', status: 403, body: { code: 191002, msg: 'no calendar access_role' } }
      : undefined;
  const text = manifestOf('weekly', '{ user: ou_a }', '  exceptions: follow\n');
  const at = await newScene({ tenant: tenant(), intercept }, { weekly: text });
  try {
    const unread = await plan(at);
    expect(unread.code).toBe(1);
    expect(unread.stdout).toContain('weekly@* (Feishu): unknown, left as it is');
    expect(unread.stdout).toContain('weekly (Feishu): 1 of 2 to remove');
    const applied = await at.run('apply', '--as-of', asOf, '--auto-approve');
    expect(applied.code).toBe(4);
    expect(at.live('weekly_0')).toEqual(['ou_a', 'ou_org']);
    expect(at.live(moved)).toEqual(['ou_a', 'ou_org', 'ou_x']);
  } finally {
    await at.close();
  }
});

function savedIn(at: Scene): Plan {
  return JSON.parse(readFileSync(join(at.folder, 'p.json'), 'utf8')) as Plan;
}

describe('manifests', () => {
  test('may not have an Event for an occurrence of a series that is followed', async () => {
    const own = manifestOf('own', '{ user: ou_a }').replace('own_0', moved);
    await onScene({ weekly: manifest('follow'), own }, async (at) => {
      const ran = await at.run('validate');
      expect(ran.code).toBe(1);
      expect(ran.stderr + ran.stdout).toContain('this occurrence follows the Event "weekly"');
    });
    await onScene({ weekly: manifest('report'), own }, async (at) => {
      expect((await at.run('validate')).code).toBe(0);
    });
  });

  test.each<[string, string, string]>([
    ['of an occurrence', manifest('follow').replace('weekly_0', moved), 'is that of one occurrence'],
    ['without attendees', manifestOf('weekly', null, '  exceptions: report\n'), 'lacks the key "attendees"'],
    ['beside admin', manifest('report', '  admin: {}\n'), 'may not stand together with `exceptions`'],
    [
      'that follows on DingTalk',
      manifest('follow')
        .replace('provider: feishu', 'provider: dingtalk\n  organizer: unionOrg')
        .replace(`  calendarId: ${calendar}\n`, ''),
      'cannot be done on DingTalk',
    ],
  ])('are refused: %s', async (_what, text, message) => {
    await onScene({ weekly: text }, async (at) => {
      const ran = await at.run('validate');
      expect(ran.code).toBe(1);
      expect(ran.stderr + ran.stdout).toContain(message);
    });
  });
});

describe('on DingTalk', () => {
  const rows = (...ids: string[]): string => ids.map((id) => `{ user: ${id} }`).join(', ');
  const text = `
apps: [{ id: cli_demo, secret: demo-secret }]
dingtalk:
  users:
    - unionId: unionOrg
      events:
        - id: retro
          summary: Retro
          start: 2098-10-06T02:00:00Z
          recurrence: FREQ=WEEKLY
          attendees: [${rows('unionOrg', 'unionA', 'unionB')}]
          exceptions:
            - { original: '${first}', start: '2098-12-09T06:00:00Z', attendees: [${rows('unionOrg', 'unionA', 'unionX')}] }
            - { original: '${second}', summary: Demo day }
            - { original: '2098-12-22T02:00:00Z', attendees: [${rows('unionOrg', 'unionA')}] }
            - { original: '2098-12-29T02:00:00Z', status: cancelled }
`;
  const retro = `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: retro }
spec:
  provider: dingtalk
  organizer: unionOrg
  eventId: retro
  exceptions: report
  attendees: [${rows('unionA', 'unionB')}]
`;

  test('those that were moved, renamed or are attended by others are reported, and nothing is written to them', async () => {
    const at = await newScene({ tenant: text }, { retro });
    try {
      const env = {
        DINGTALK_BASE_URL: at.server.url,
        DINGTALK_APP_KEY: 'cli_demo',
        DINGTALK_APP_SECRET: 'demo-secret',
      };
      const ran = await rollcall(['plan', '--as-of', asOf], { cwd: at.folder, env });
      expect(ran.code).toBe(0);
      expect(ran.stdout).toContain(
        [
          '  3 changed occurrences, left as they are:',
          '    retro@2098-12-08, "Retro", Mon 2098-12-08 02:00 UTC, moved to Tue 2098-12-09 06:00 UTC, differs: 1 to remove, 1 to add',
          '      - unionX; + unionB',
          '    retro@2098-12-15, "Demo day", Mon 2098-12-15 02:00 UTC, as the manifest wants it',
          '    retro@2098-12-22, "Retro", Mon 2098-12-22 02:00 UTC, differs: 1 to add',
          '      + unionB',
        ].join('\n'),
      );
      // One page of the calendar, the series itself, four lists.
      expect(calendarCalls(at).toSorted()).toEqual([
        ...Array.from({ length: 4 }, () => 'dingtalk.attendees.list'),
        'dingtalk.event.get',
        'dingtalk.events.view',
      ]);
      expect(at.server.requests.filter(({ api }) => /add|remove/.test(api))).toEqual([]);
    } finally {
      await at.close();
    }
  });
});
