import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import stringWidth from 'string-width';
import type { Emulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import { appEnv, calendar, feishuManifest, manifest, serve } from '../support/served.ts';

let server: Emulator;
beforeAll(async () => {
  server = await serve({
    feishu: {
      weekly_0: [
        { user: 'ou_a', name: '张三 Zhang San' },
        { user: 'ou_struck', name: 'Struck' },
        { user: 'ou_past', name: '昨日' },
        { user: 'ou_stranger', name: 'Stranger' },
        { user: 'ou_b' },
        { user: 'ou_c' },
        { user: 'ou_d' },
      ],
    },
  });
});
afterAll(() => server.close());

const weekly = `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec:
  provider: feishu
  calendarId: ${calendar}
  eventId: weekly_0
  attendees:
    - roster: platform-team
    - user: ou_c
    - user: ou_d
`;

const team = `# Who belongs to the team.
apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: platform-team }
spec:
  members:
    - user: ou_a
    - user: ou_b
    - roster: oncall
  exclude:
    - user: ou_struck
`;

const oncall = `apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: oncall }
spec:
  members:
    # 值班
    - { user: ou_past, until: 2026-06-30 }
    - user: ou_struck



    - user: ou_new
`;

const files = { 'weekly.yaml': weekly, 'rosters/team.yaml': team, 'rosters/oncall.yaml': oncall };

describe('a nested roster', () => {
  const plan = (...options: string[]): Promise<Ran> =>
    rollcall(['plan', ...options], { cwd: folderWith(files), env: appEnv(server.url) });

  it('gives each change its exact reason and where it comes from, in JSON', async () => {
    const { code, stdout } = await plan('--format', 'json', '--as-of', '2026-07-01');
    expect(code).toBe(0);
    const { asOf, events } = JSON.parse(stdout);
    expect(asOf).toBe('2026-07-01');
    const at = (file: string, line: number): object => ({ source: { file, line, column: 7 } });
    expect(events[0].changes).toMatchObject([
      {
        action: 'remove',
        attendee: { id: 'ou_past' },
        reason: 'expired',
        ...at('rosters/oncall.yaml', 7),
        via: ['platform-team', 'oncall'],
      },
      { action: 'remove', attendee: { id: 'ou_stranger' }, reason: 'not-in-manifest' },
      {
        action: 'remove',
        attendee: { id: 'ou_struck' },
        reason: 'excluded',
        ...at('rosters/team.yaml', 11),
        via: ['platform-team'],
      },
      {
        action: 'add',
        attendee: { id: 'ou_new' },
        reason: 'in-manifest',
        ...at('rosters/oncall.yaml', 12),
        via: ['platform-team', 'oncall'],
      },
    ]);
  });

  it('wants a member on the last day, and not on the next', async () => {
    const last = JSON.parse((await plan('--format', 'json', '--as-of', '2026-06-30')).stdout);
    const ids = last.events[0].changes.map((change: { attendee: { id: string } }) => change.attendee.id);
    expect(ids).toEqual(['ou_stranger', 'ou_struck', 'ou_new']);
    expect(last.asOf).toBe('2026-06-30');
  });

  it('shows reasons and places in text, lined up where names are Chinese', async () => {
    const { stdout } = await plan('--as-of', '2026-07-01');
    expect(stdout).toMatch(
      /- 昨日 \(ou_past\) +no reply +expired +rosters\/oncall\.yaml:7 via platform-team/,
    );
    expect(stdout).toMatch(
      /- Struck \(ou_struck\) +no reply +excluded by a roster +rosters\/team\.yaml:11 via/,
    );
    expect(stdout).toMatch(/- Stranger \(ou_stranger\) +no reply +not in the manifest\n/);
    expect(stdout).toMatch(/\+ ou_new +rosters\/oncall\.yaml:12 via platform-team/);
    expect(stdout).toContain('As of 2026-07-01.');
    const columns = stdout
      .replaceAll('no reply', ' '.repeat(8))
      .split('\n')
      .flatMap((line) => /^ {2}[-+] .*?\S {2,}(?=\S)/.exec(line)?.[0] ?? [])
      .map((head) => stringWidth(head));
    expect(columns).toHaveLength(4);
    expect(new Set(columns).size).toBe(1);
  });
});

describe('mistakes in rosters', () => {
  it('are all named in one run, each at its line, before any call', async () => {
    const before = server.requests.length;
    const cwd = folderWith({
      'a.yaml': `apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: alpha }
spec:
  members:
    - user: ou_a
    - roster: beta
---
apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: beta }
spec:
  members:
    - roster: alpha
---
apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: alpha }
spec: { members: [] }
`,
      'e.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec:
  provider: feishu
  calendarId: ${calendar}
  eventId: weekly_0
  attendees:
    - roster: betta
    - person: nobody
`,
    });
    const { code, stderr, stdout } = await rollcall(['plan'], { cwd, env: appEnv(server.url) });
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^a\.yaml:14:7: error: .*alpha > beta > alpha.*\[roster-cycle\]$/m);
    expect(stderr).toMatch(/^a\.yaml:18:13: error: .*"alpha".*a\.yaml:3.*\[duplicate-name\]$/m);
    expect(stderr).toMatch(/^e\.yaml:9:7: error: .*"betta".*\[unknown-roster\]\n +did you mean "beta"/m);
    expect(stderr).toMatch(/^e\.yaml:10:7: error: .*"nobody".*\[unknown-person\]$/m);
    expect(server.requests.length).toBe(before);
  });
});

test('flags and days on a roster hold for each of its members', async () => {
  const cwd = folderWith({
    'all.yaml': [
      manifest('Roster', 'inner', {
        members: [
          { user: 'ou_a' },
          { user: 'ou_b', optional: false },
          { user: 'ou_c', until: '2026-01-31' },
          { user: 'ou_d', until: '2026-12-31' },
        ],
      }),
      feishuManifest('weekly', 'weekly_0', {
        sync: 'add-only',
        optionalDrift: 'ignore',
        attendees: [{ roster: 'inner', optional: true, until: '2026-06-30' }],
      }),
    ].join('---\n'),
  });
  const run = async (day: string): Promise<unknown> => {
    const ran = await rollcall(['plan', '--format', 'json', '--as-of', day], {
      cwd,
      env: appEnv(server.url),
    });
    const { desired, drift } = JSON.parse(ran.stdout).events[0];
    return [desired.count, drift.map((one: { attendee: { id: string } }) => one.attendee.id)];
  };
  expect(await run('2026-02-01')).toEqual([3, ['ou_a', 'ou_d']]);
  expect(await run('2026-07-01')).toEqual([0, []]);
});
