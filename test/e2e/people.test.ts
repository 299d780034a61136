import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { folderWith, rollcall } from '../support/cli.ts';
import { appEnv, dingtalkManifest, feishuManifest, manifest, serve } from '../support/served.ts';

let server: Emulator;
beforeAll(async () => {
  server = await serve({
    feishuPeople: [
      { user: 'ou_x', unionId: 'on_x', userId: '3e3cf96b', name: 'Live name' },
      { user: 'ou_l', unionId: 'on_y', userId: 'ly' },
    ],
    feishu: {
      weekly_0: [{ user: 'ou_x', name: 'Live name' }],
      union_0: [],
      user_0: [],
      lark_0: [],
    },
    dingtalk: { standup: [{ user: 'unionOrg' }, { user: 'unionOld' }, { user: 'unionX' }] },
  });
});
afterAll(() => server.close());

const people = manifest('Directory', 'people', {
  people: {
    'zhang.san': {
      name: '张三',
      feishu: { open_id: 'ou_x', union_id: 'on_x', user_id: '3e3cf96b' },
      lark: 'on_y',
      dingtalk: 'unionX',
    },
    'li.si': { name: 'Li Si', feishu: 'ou_l', dingtalk: 'unionL' },
    old: { name: 'Old Timer', dingtalk: 'unionOld' },
  },
});

interface Event {
  readonly name: string;
  readonly changes: readonly {
    readonly action: string;
    readonly attendee: { readonly id: string; readonly name?: string };
  }[];
}

describe('a person', () => {
  it('is the id that the event needs: one roster serves every platform and kind of id', async () => {
    const cwd = folderWith({
      'people.yaml': people,
      'rosters/team.yaml': manifest('Roster', 'team', {
        members: [{ person: 'zhang.san' }, { person: 'li.si' }],
      }),
      'events.yaml': [
        feishuManifest('weekly', 'weekly_0', { attendees: [{ roster: 'team' }] }),
        feishuManifest('union', 'union_0', {
          userIdType: 'union_id',
          attendees: [{ person: 'zhang.san' }],
        }),
        feishuManifest('user', 'user_0', { userIdType: 'user_id', attendees: [{ person: 'zhang.san' }] }),
        feishuManifest('lark', 'lark_0', {
          provider: 'lark',
          userIdType: 'union_id',
          attendees: [{ person: 'zhang.san' }],
        }),
        dingtalkManifest('standup', 'standup', { attendees: [{ roster: 'team' }] }),
      ].join('---\n'),
    });
    const options = { cwd, env: appEnv(server.url) };
    const { code, stdout } = await rollcall(['plan', '--format', 'json'], options);
    expect(code).toBe(0);
    const changes = Object.fromEntries(
      JSON.parse(stdout).events.map((event: Event) => [
        event.name,
        event.changes.map(({ action, attendee }) => [action, attendee.id, attendee.name].join(' ')),
      ]),
    );
    // Names come from the Directory where the platform gives none; what the platform calls somebody comes first.
    expect(changes).toEqual({
      weekly: ['add ou_l Li Si'],
      union: ['add on_x 张三'],
      user: ['add 3e3cf96b 张三'],
      lark: ['add on_y 张三'],
      standup: ['remove unionOld Old Timer', 'add unionL Li Si'],
    });

    const text = await rollcall(['plan'], options);
    expect(text.stdout).toMatch(/\+ Li Si \(ou_l\) +rosters\/team\.yaml:1 via team/);
    expect(text.stdout).toMatch(/- Old Timer \(unionOld\) +no reply +not in the manifest/);

    const applied = await rollcall(['apply', '--auto-approve', '--format', 'json'], options);
    expect(applied.code).toBe(0);
    expect(JSON.parse(applied.stdout).summary).toMatchObject({ converged: 5, added: 5, removed: 1 });
    expect(server.attendees('lark_0').map(({ id }) => id)).toEqual(['ou_l']);
    const again = await rollcall(['plan', '--detailed-exitcode'], options);
    expect(again.code).toBe(0);
  });

  it('without an id of the kind is an error at the line that uses it, naming the Directory line', async () => {
    const cwd = folderWith({
      'people.yaml': `apiVersion: rollcall.dev/v1
kind: Directory
metadata: { name: people }
spec:
  people:
    zhang.san: { name: 张三, feishu: ou_x }
    li.si: { name: Li Si, dingtalk: unionL }
`,
      'team.yaml': `apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: team }
spec:
  members:
    - person: zhang.san
    - person: li.si
`,
      'events.yaml': [
        feishuManifest('weekly', 'weekly_0', { attendees: [{ roster: 'team' }] }),
        feishuManifest('user', 'user_0', { userIdType: 'user_id', attendees: [{ person: 'zhang.san' }] }),
        dingtalkManifest('standup', 'standup', { attendees: [{ roster: 'team' }] }),
      ].join('---\n'),
    });
    const { code, stdout } = await rollcall(['validate'], { cwd });
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => line.includes('[no-id]'))).toEqual([
      expect.stringMatching(/^events\.yaml:3:\d+: error: zhang\.san has no Feishu user_id .*people\.yaml:6/),
      expect.stringMatching(/^team\.yaml:6:7: error: zhang\.san has no DingTalk id .*people\.yaml:6/),
      expect.stringMatching(/^team\.yaml:7:7: error: li\.si has no Feishu open_id .*people\.yaml:7/),
    ]);
  });
});
