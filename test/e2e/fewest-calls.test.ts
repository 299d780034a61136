import { expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';

const generated = (from: number, to: number, prefix: string): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `    - user: ${prefix}${from + index}\n`).join('');

const manifest = (name: string, spec: string): string =>
  `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: ${name} }\nspec:\n${spec}`;

const tenant = `
apps: [{ id: cli_demo, secret: demo-secret }]
feishu:
  calendars:
    - id: cal
      type: shared
      role: owner
      events:
        - { id: same_0, attendees: [{ generate: 250, user: "ou_{}" }] }
        - { id: less_0, attendees: [{ generate: 1300, user: "ou_{}" }] }
        - { id: more_0, attendees: [{ generate: 100, user: "ou_{}" }] }
dingtalk:
  users:
    - unionId: boss
      events:
        - { id: standup, attendees: [{ user: boss, organizer: true }, { generate: 1200, user: "union{}" }] }
`;

const feishu = (name: string, rest: string): string =>
  manifest(name, `  provider: feishu\n  calendarId: cal\n  eventId: ${name}_0\n${rest}`);

it('plans and applies with the fewest calls there can be', async () => {
  const folder = folderWith({
    'same.yaml': feishu('same', `  attendees:\n${generated(1, 250, 'ou_')}`),
    'less.yaml': feishu('less', `  guards: { maxRemovals: 700 }\n  attendees:\n${generated(1, 650, 'ou_')}`),
    'more.yaml': feishu('more', `  attendees:\n${generated(1, 1250, 'ou_')}`),
    'standup.yaml': manifest(
      'standup',
      `  provider: dingtalk\n  organizer: boss\n  eventId: standup\n  guards: { maxRemovals: 600 }\n  attendees:\n    - user: boss\n${generated(1, 620, 'union')}`,
    ),
  });
  const server = await startEmulator({ tenant });
  try {
    const ran = await rollcall(['apply', '.', '--auto-approve', '--max-removals', '2000'], {
      cwd: folder,
      env: {
        ...feishuEnv(server.url),
        DINGTALK_BASE_URL: server.url,
        DINGTALK_APP_KEY: 'cli_demo',
        DINGTALK_APP_SECRET: 'demo-secret',
      },
    });
    expect(ran.code, ran.stderr).toBe(0);
    const calls = new Map<string, number>();
    for (const { api, path } of server.requests) {
      const event = /events\/(\w+)/.exec(path)?.[1] ?? 'account';
      const key = `${event} ${api}`;
      calls.set(key, (calls.get(key) ?? 0) + 1);
    }
    expect([...calls].map(([key, count]) => `${key} ${count}`).sort()).toMatchInlineSnapshot(`
      [
        "account dingtalk.token 1",
        "account dingtalk.user.unionid 1",
        "account dingtalk.users.dismissed 1",
        "account dingtalk.users.leaving 1",
        "account feishu.token 1",
        "account feishu.users.batch 25",
        "less_0 feishu.attendees.delete 2",
        "less_0 feishu.attendees.list 26",
        "less_0 feishu.event.get 1",
        "more_0 feishu.attendees.create 2",
        "more_0 feishu.attendees.list 14",
        "more_0 feishu.event.get 1",
        "same_0 feishu.attendees.list 3",
        "standup dingtalk.attendees.list 5",
        "standup dingtalk.attendees.remove 2",
        "standup dingtalk.event.get 1",
      ]
    `);
  } finally {
    await server.close();
  }
});
