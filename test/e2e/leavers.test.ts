import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Fault, InterceptedCall } from '../../src/emulator/intercept.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import { appEnv, calendar, dingtalkManifest, dingtalkOrganizer, feishuManifest } from '../support/served.ts';

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** Gone has left, Going leaves at the end of 2098, Hidden is outside of what the app may see. */
const people = [
  { name: 'Gone', openId: 'ou_gone', dingtalk: 'unionGone', left: '2024-06-28' },
  { name: 'Ghost', openId: 'ou_ghost', dingtalk: 'unionGhost', left: '2024-06-28', visible: false },
  { name: 'Going', openId: 'ou_going', dingtalk: 'unionGoing', left: '2098-12-31' },
  { name: 'Stays', openId: 'ou_stays', dingtalk: 'unionStays' },
  { name: 'Chief', openId: 'ou_chief', left: '2024-06-28', superior: 'ou_stays' },
];

const times = { start: '2099-01-04T10:00:00+08:00', end: '2099-01-04T11:00:00+08:00' };

interface Scene {
  readonly feishu?: readonly object[];
  readonly dingtalk?: readonly object[];
  readonly scopes?: readonly string[];
  readonly behaviour?: object;
  readonly intercept?: (call: InterceptedCall) => Fault | undefined;
}

async function serveWith({
  feishu = [],
  dingtalk = [],
  scopes,
  behaviour = {},
  intercept,
}: Scene): Promise<Emulator> {
  const server = await startEmulator({
    tenant: JSON.stringify({
      apps: [{ id: 'cli_demo', secret: 'demo-secret', ...(scopes === undefined ? {} : { scopes }) }],
      behaviour,
      people,
      feishu: {
        calendars: [
          {
            id: calendar,
            type: 'shared',
            role: 'owner',
            events: [{ id: 'weekly_0', ...times, attendees: feishu }],
          },
        ],
      },
      dingtalk: {
        users: [{ unionId: dingtalkOrganizer, events: [{ id: 'standup', ...times, attendees: dingtalk }] }],
      },
    }),
    ...(intercept === undefined ? {} : { intercept }),
  });
  servers.push(server);
  return server;
}

const weekly = (attendees: readonly string[], more: object = {}): Readonly<Record<string, string>> => ({
  'weekly.yaml': feishuManifest('weekly', 'weekly_0', {
    attendees: attendees.map((user) => ({ user })),
    ...more,
  }),
});

interface Row {
  readonly action?: string;
  readonly reason: string;
  readonly attendee: { readonly id: string };
}

interface Planned {
  readonly requests: { readonly used: number; readonly needed: number };
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
  }[];
  readonly events: readonly {
    readonly status: string;
    readonly changes: readonly Row[];
    readonly skipped: readonly Row[];
  }[];
}

async function planned(server: Emulator, cwd: string, ...args: readonly string[]): Promise<Planned & Ran> {
  const ran = await rollcall(['plan', '--format', 'json', ...args], { cwd, env: appEnv(server.url) });
  return { ...ran, ...(JSON.parse(ran.stdout) as Planned) };
}

const shown = (rows: readonly Row[] = []): readonly string[] =>
  rows.map(({ action, attendee, reason }) => [action ?? 'skip', attendee.id, reason].join(' '));

describe('somebody who has left', () => {
  it.each(['ou_gone', 'ou_ghost', 'ou_bot'])(
    'and is not on the event is added only where that is not known: %s',
    async (id) => {
      const server = await serveWith({ feishu: [{ user: 'ou_stays' }] });
      const { events, code } = await planned(server, folderWith(weekly(['ou_stays', id])));
      expect(code).toBe(0);
      expect(shown(events[0]?.changes)).toEqual(id === 'ou_gone' ? [] : [`add ${id} in-manifest`]);
      expect(shown(events[0]?.skipped)).toEqual(id === 'ou_gone' ? ['skip ou_gone left'] : []);
    },
  );

  it('stays where they are, which is no change and is told in every format', async () => {
    const server = await serveWith({ feishu: [{ user: 'ou_gone', name: 'Gone' }, { user: 'ou_stays' }] });
    const cwd = folderWith(weekly(['ou_gone', 'ou_stays']));
    const { events } = await planned(server, cwd, '--detailed-exitcode');
    expect(events[0]).toMatchObject({ status: 'in-sync', changes: [] });
    expect(events[0]?.skipped).toMatchObject([
      { attendee: { id: 'ou_gone', name: 'Gone' }, reason: 'left', source: { file: 'weekly.yaml' } },
    ]);
    const env = appEnv(server.url);
    for (const format of ['text', 'markdown', 'html', 'github']) {
      const { stdout } = await rollcall(['plan', '--format', format], { cwd, env });
      expect(stdout, format).toContain('1 skipped: has left (warning)');
      expect(stdout, format).toContain('ou_gone');
      const hidden = await rollcall(['plan', '--format', format, '--redact'], { cwd, env });
      expect(hidden.stdout, format).toContain('1 skipped: has left (warning)');
      expect(hidden.stdout, format).not.toContain('ou_gone');
      expect(hidden.stdout, format).not.toContain('Gone');
    }
  });

  it('is removed where the manifest says so, with a reason of its own and under the guards', async () => {
    const server = await serveWith({ feishu: [{ user: 'ou_gone' }, { user: 'ou_stays' }] });
    const cwd = folderWith(
      weekly(['ou_gone', 'ou_stays'], { leavers: 'remove', guards: { maxRemovals: 0 } }),
    );
    const { events, code } = await planned(server, cwd);
    expect(code).toBe(3);
    expect(shown(events[0]?.changes)).toEqual(['remove ou_gone left']);
    const lift = ['--allow-removals', 'weekly=1'];
    const env = appEnv(server.url);
    const applied = await rollcall(['apply', '--auto-approve', ...lift], { cwd, env });
    expect(applied.code, applied.stderr).toBe(0);
    expect(applied.stderr).toContain('has left the organisation');
    expect(server.attendees('weekly_0').map(({ id }) => id)).toEqual(['ou_stays']);
    expect((await planned(server, cwd, '--detailed-exitcode')).code).toBe(0);
  });

  it.each([
    ['the organizer', { feishu: [{ user: 'ou_gone', organizer: true }, { user: 'ou_stays' }] }, {}],
    [
      'whom the manifest ignores',
      { feishu: [{ user: 'ou_gone' }, { user: 'ou_stays' }] },
      { ignore: [{ user: 'ou_gone' }] },
    ],
    [
      'on an event that nobody is removed from',
      { feishu: [{ user: 'ou_gone' }, { user: 'ou_stays' }] },
      { sync: 'add-only' },
    ],
  ])('is not removed: %s', async (_who, scene, more) => {
    const server = await serveWith(scene);
    const cwd = folderWith(weekly(['ou_gone', 'ou_stays'], { leavers: 'remove', ...more }));
    const { events } = await planned(server, cwd);
    expect(shown(events[0]?.changes)).toEqual([]);
    expect(shown(events[0]?.skipped)).toEqual(['skip ou_gone left']);
  });

  it('on DingTalk is known by the HR records, which cost nothing of the month', async () => {
    const rows = [
      { user: dingtalkOrganizer, organizer: true },
      { user: 'unionGone' },
      { user: 'unionGhost' },
    ];
    const server = await serveWith({ dingtalk: rows });
    const attendees = ['unionGone', 'unionGhost', 'unionStays'].map((user) => ({ user }));
    const cwd = folderWith({
      'standup.yaml': dingtalkManifest('standup', 'standup', { attendees, leavers: 'remove' }),
    });
    const { events } = await planned(server, cwd);
    expect(shown(events[0]?.changes)).toEqual(['remove unionGone left', 'add unionStays in-manifest']);
    const { stdout } = await rollcall(['plan'], { cwd, env: appEnv(server.url) });
    expect(stdout).toContain('DingTalk: 0.1 % of the 5,000 calls a month');
  });
});

describe('who has left', () => {
  it('is asked once for each person, 50 a call, however many events want them', async () => {
    const crowd = Array.from({ length: 60 }, (_, index) => `ou_${index}`);
    const server = await serveWith({ feishu: crowd.map((user) => ({ user })) });
    const attendees = crowd.map((user) => ({ user }));
    const files = { ...weekly(crowd), 'other.yaml': feishuManifest('other', 'other_0', { attendees }) };
    await planned(server, folderWith(files));
    expect(server.requests.filter(({ api }) => api === 'feishu.users.batch')).toHaveLength(2);
  });

  it('is not asked any further once it is refused: one note, and everything else as ever', async () => {
    const crowd = Array.from({ length: 120 }, (_, index) => `ou_${index}`);
    const server = await serveWith({
      feishu: [{ user: 'ou_stays', organizer: true }],
      scopes: ['calendar:calendar'],
    });
    const { events, diagnostics, code } = await planned(server, folderWith(weekly([...crowd, 'ou_gone'])));
    expect(code).toBe(0);
    expect(events[0]?.changes).toHaveLength(121);
    expect(diagnostics.map(({ code: one }) => one)).toEqual(['leavers-unknown']);
    expect(diagnostics[0]?.hint).toContain('contact:contact.base:readonly, contact:user.employee:readonly');
    expect(server.requests.filter(({ path }) => /contact|directory/.test(path))).toHaveLength(1);
  });

  it('says nothing of it where no event could be read either', async () => {
    const server = await serveWith({ feishu: [{ user: 'ou_stays', organizer: true }], scopes: ['none'] });
    const { events, diagnostics } = await planned(server, folderWith(weekly(['ou_gone'])));
    expect(events[0]?.status).toBe('unknown');
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['a host without such calls', { kind: 'answer', status: 404, body: 'no such page' }, []],
    [
      'an answer without credentials',
      { kind: 'answer', status: 401, body: 'who are you' },
      ['leavers-unknown'],
    ],
    [
      'an answer that makes no sense',
      { kind: 'answer', status: 200, body: { code: 0, data: { items: 5 } } },
      ['leavers-unknown'],
    ],
  ] as const)('of %s stands in the way of nothing', async (_what, fault, codes) => {
    const server = await serveWith({
      feishu: [{ user: 'ou_stays' }],
      intercept: ({ path }) => (/contact|directory/.test(path) ? fault : undefined),
    });
    const cwd = folderWith(weekly(['ou_stays', 'ou_new']));
    const { events, diagnostics, code } = await planned(server, cwd);
    expect(code).toBe(0);
    expect(shown(events[0]?.changes)).toEqual(['add ou_new in-manifest']);
    expect(diagnostics.map(({ code: one }) => one)).toEqual(codes);
    const applied = await rollcall(['apply', '--auto-approve'], { cwd, env: appEnv(server.url) });
    expect(applied.code, applied.stderr).toBe(0);
  });

  it('is found out of a batch that is refused for an id which nobody has', async () => {
    const server = await serveWith({ behaviour: { unknownContact: 'refused' } });
    const { events } = await planned(server, folderWith(weekly(['ou_nobody', 'ou_gone', 'ou_stays'])));
    expect(shown(events[0]?.skipped)).toEqual(['skip ou_gone left']);
  });
});

describe('an organizer', () => {
  it.each([
    ['ou_gone', 'organizer-left', 'ou_gone, who organizes weekly, has left the organisation'],
    ['ou_going', 'organizer-leaving', 'ou_going, who organizes weekly, is about to leave the organisation'],
  ])('is warned of with the events, and stays: %s', async (organizer, code, message) => {
    const server = await serveWith({ feishu: [{ user: organizer, organizer: true }, { user: 'ou_stays' }] });
    const { events, diagnostics } = await planned(
      server,
      folderWith(weekly(['ou_stays'], { leavers: 'remove' })),
    );
    expect(events[0]?.changes).toEqual([]);
    expect(diagnostics).toMatchObject([{ code, message }]);
  });
});

describe('rollcall who --live', () => {
  it.each([
    ['ou_gone', true],
    ['ou_stays', false],
  ])('tells that somebody has left, where the platform says so: %s', async (id, left) => {
    const server = await serveWith({ feishu: [{ user: 'ou_gone' }, { user: 'ou_stays' }] });
    const cwd = folderWith(weekly(['ou_stays']));
    const { stdout, code } = await rollcall(['who', id, '--live'], { cwd, env: appEnv(server.url) });
    expect(code).toBe(0);
    expect(stdout.includes('Feishu says that they have left the organisation.')).toBe(left);
  });
});

describe('whatever a platform does with leavers', () => {
  it.each(['ou_gone', dingtalkOrganizer] as const)(
    'a leaver whose row it drops is neither added nor removed, and the others stay: %s',
    async (first) => {
      const onDingtalk = first === dingtalkOrganizer;
      const [gone, stays] = onDingtalk ? ['unionGone', 'unionStays'] : ['ou_gone', 'ou_stays'];
      const rows = [{ user: gone }, { user: stays }];
      const server = await serveWith({
        behaviour: { leftAttendees: 'left-out' },
        ...(onDingtalk
          ? { dingtalk: [{ user: dingtalkOrganizer, organizer: true }, ...rows] }
          : { feishu: rows }),
      });
      const attendees = rows.map(({ user }) => ({ user }));
      const files = onDingtalk
        ? { 'standup.yaml': dingtalkManifest('standup', 'standup', { attendees, leavers: 'remove' }) }
        : weekly([gone, stays], { leavers: 'remove' });
      const cwd = folderWith(files);
      const { events } = await planned(server, cwd);
      expect(shown(events[0]?.changes)).toEqual([]);
      expect(shown(events[0]?.skipped)).toEqual([`skip ${gone} left`]);
      const { code, stderr } = await rollcall(['apply', '--auto-approve'], { cwd, env: appEnv(server.url) });
      expect(code, stderr).toBe(0);
      const event = onDingtalk ? 'standup' : 'weekly_0';
      expect(server.attendees(event).map(({ id }) => id)).toEqual(
        expect.arrayContaining([gone, stays] as unknown[]),
      );
    },
  );

  it('an event that it hands over keeps its new organizer, whom no manifest names', async () => {
    const server = await serveWith({
      feishu: [{ user: 'ou_chief', organizer: true }, { user: 'ou_going' }],
      behaviour: { leaverEvents: 'handed-over' },
    });
    const cwd = folderWith(weekly(['ou_going'], { leavers: 'remove', guards: { maxRemovals: 5 } }));
    const { events, diagnostics } = await planned(server, cwd);
    expect(events[0]).toMatchObject({ kept: [{ reason: 'organizer', attendee: { id: 'ou_stays' } }] });
    expect(shown(events[0]?.changes)).toEqual(['remove ou_chief not-in-manifest']);
    expect(diagnostics.map(({ code }) => code)).toEqual([]);
  });

  it('an event that it deletes is unknown, and nobody is written to', async () => {
    const server = await serveWith({
      feishu: [{ user: 'ou_gone', organizer: true }, { user: 'ou_stays' }],
      behaviour: { leaverEvents: 'handed-over' },
    });
    const cwd = folderWith(weekly(['ou_stays']));
    const { events } = await planned(server, cwd);
    expect(events[0]).toMatchObject({ status: 'unknown', changes: [] });
    await rollcall(['apply', '--auto-approve'], { cwd, env: appEnv(server.url) });
    expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect(server.requests.filter(({ api }) => /attendees\.(?:create|delete)/.test(api))).toEqual([]);
  });
});

describe('a saved plan', () => {
  it('removes nobody who is not said to have left any more, and adds nobody who has left since', async () => {
    let left = '"left":"2024-06-28",';
    const server = await serveWith({
      feishu: [{ user: 'ou_gone' }, { user: 'ou_stays' }],
      intercept: ({ api }) =>
        api === 'feishu.users.batch' && left === ''
          ? {
              kind: 'rewrite',
              rewrite: (answer) => ({
                ...answer,
                body: answer.body.replaceAll(
                  /"open_id":"ou_(\w+)"(.*?)"is_resigned":(?:true|false)/g,
                  (_all, who: string, between: string) =>
                    `"open_id":"ou_${who}"${between}"is_resigned":${who === 'going'}`,
                ),
              }),
            }
          : undefined,
    });
    const cwd = folderWith(weekly(['ou_gone', 'ou_stays', 'ou_going'], { leavers: 'remove' }));
    const env = appEnv(server.url);
    const { events } = await planned(server, cwd, '--out', 'plan.json');
    expect(shown(events[0]?.changes)).toEqual(['remove ou_gone left', 'add ou_going in-manifest']);
    left = '';
    const applied = await rollcall(['apply', '--plan', 'plan.json', '.'], { cwd, env });
    expect(applied.code).not.toBe(0);
    expect(applied.stdout).toContain('no longer counts as having left the organisation');
    expect(applied.stdout).toContain('has left the organisation since the plan was made');
    expect(server.attendees('weekly_0').map(({ id }) => id)).toEqual(['ou_gone', 'ou_stays']);
  });

  it('needs as many calls as it says, and adds nobody back who has left when it is undone', async () => {
    const server = await serveWith({ feishu: [{ user: 'ou_gone' }, { user: 'ou_stays' }] });
    const cwd = folderWith(weekly(['ou_gone', 'ou_stays'], { leavers: 'remove' }));
    mkdirSync(join(cwd, 'runs'));
    const env = appEnv(server.url);
    const { requests } = await planned(server, cwd, '--out', 'plan.json');
    const applied = await rollcall(['apply', '--plan', 'plan.json', '--format', 'json'], { cwd, env });
    expect(applied.code, applied.stderr).toBe(0);
    const { requests: made, journal } = JSON.parse(applied.stdout) as {
      requests: { used: number };
      journal: string;
    };
    expect(made.used).toBe(requests.needed);
    expect(readFileSync(join(cwd, journal), 'utf8')).toContain('ou_gone');
    const undone = await rollcall(['revert', journal, '--auto-approve'], { cwd, env });
    expect(undone.stdout + undone.stderr).toContain('skipped: has left (warning)');
    expect(server.attendees('weekly_0').map(({ id }) => id)).toEqual(['ou_stays']);
  });
});
