import { expect, it } from 'vitest';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';
import { apply, callsTo, documents, event, json, larkEnv, plan, serve } from './platforms.ts';

const calendar = 'lark.com_t@group.calendar.larksuite.com';
const tenant = (attendees: string): string => `
feishu: { calendars: [{ id: ${calendar}, type: shared, role: owner, events: [{ id: weekly_0,
  start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00, attendees: [${attendees}] }] }] }
`;
const manifest = (provider: string): string =>
  event(provider, provider, `calendarId: ${calendar}\neventId: weekly_0\nattendees: [{ user: ou_a }]`);
const both = { 'all.yaml': documents(manifest('feishu'), manifest('lark')) };

it('Lark is asked on its own host with its own credentials, beside Feishu', async () => {
  const feishu = await serve(tenant('{ user: ou_a }, { user: ou_feishu }'));
  const lark = await serve(tenant('{ user: ou_a }, { user: ou_lark }'));
  const folder = folderWith(both);
  const env = { ...feishuEnv(feishu.url), ...larkEnv(lark.url) };
  const planned = await json(plan, folder, env);
  expect(planned.code).toBe(0);
  expect(planned.out).toMatchObject({
    accounts: {
      feishu: { host: new URL(feishu.url).host, appId: 'cli_demo' },
      lark: { host: new URL(lark.url).host, appId: 'cli_demo' },
    },
    events: [
      { provider: 'feishu', changes: [{ attendee: { id: 'ou_feishu' } }] },
      { provider: 'lark', changes: [{ attendee: { id: 'ou_lark' } }] },
    ],
  });
  const done = await json(apply, folder, env);
  expect(done.code).toBe(0);
  expect(done.out.summary).toMatchObject({ converged: 2, removed: 2 });
  for (const server of [feishu, lark]) {
    expect(server.attendees('weekly_0').map(({ id }) => id)).toEqual(['ou_a']);
    const [removal, ...more] = callsTo(server, 'feishu.attendees.delete');
    expect(more).toEqual([]);
    expect(removal).toMatchObject({
      query: { user_id_type: 'open_id' },
      body: { attendee_ids: [expect.stringMatching(/^user_/)], need_notification: false },
    });
  }
});

it('Lark takes no credentials of Feishu, and says which variables it misses', async () => {
  const feishu = await serve(tenant('{ user: ou_a }'));
  const ran = await rollcall(['plan'], { cwd: folderWith(both), env: feishuEnv(feishu.url) });
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('LARK_APP_ID');
  expect(ran.stderr).not.toContain('FEISHU_APP_ID');
  expect(feishu.requests).toEqual([]);
});

it('a Lark account that is refused is named, and Feishu is planned all the same', async () => {
  const feishu = await serve(tenant('{ user: ou_a }, { user: ou_b }'));
  const lark = await serve(tenant('{ user: ou_a }'));
  const env = { ...feishuEnv(feishu.url), ...larkEnv(lark.url), LARK_APP_SECRET: 'canary-secret' };
  const ran = await rollcall(['plan'], { cwd: folderWith(both), env });
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain('feishu (Feishu): 1 of 2 to remove, 50 %');
  expect(ran.stdout).toContain('lark (Lark): unknown, left as it is');
  expect(ran.stdout).toMatch(/Lark: .*\(code 10014\) \(log id [0-9A-F]+\)/);
  expect(ran.stdout).toContain('LARK_APP_ID and LARK_APP_SECRET');
  expect(ran.stdout + ran.stderr).not.toContain('canary-secret');
  // The refused token was answered with HTTP 200, and nothing else was asked.
  expect(lark.requests.map(({ api, status }) => [api, status])).toEqual([['feishu.token', 200]]);
});
