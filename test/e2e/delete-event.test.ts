import { describe, expect, it } from 'vitest';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';
import {
  apply,
  callsOf,
  callsTo,
  dingtalkEnv,
  documents,
  event,
  json,
  plan,
  serve,
  type Json,
} from './platforms.ts';

const calendar = 'feishu.cn_t@group.calendar.feishu.cn';
const times = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';
const tenant = `
feishu:
  calendars:
    - id: ${calendar}
      type: shared
      role: owner
      events:
        - { id: live_0, summary: Old weekly, ${times}, attendees: [{ user: ou_a }, { room: omm_1 }, { generate: 30, user: "ou_{}" }] }
        - { id: told_0, ${times}, attendees: [{ user: ou_a }, { user: ou_b }, { user: ou_c, rsvp: removed }] }
        - { id: gone_0, status: cancelled, attendees: [{ user: ou_a }] }
dingtalk:
  users:
    - unionId: org
      events:
        - { id: live, ${times}, attendees: [{ user: a }, { user: b }] }
        - { id: told, ${times}, attendees: [{ user: a }, { user: b }] }
        - { id: moved, organizer: other, ${times}, attendees: [{ user: a }] }
        - { id: gone, status: cancelled, attendees: [{ user: a }] }
`;
const feishu = (id: string, more = ''): string =>
  event(
    `feishu-${id.slice(0, 4)}`,
    'feishu',
    `calendarId: ${calendar}\neventId: ${id}\nstate: absent\n${more}`,
  );
const dingtalk = (id: string, more = ''): string =>
  event(`dingtalk-${id.slice(0, 4)}`, 'dingtalk', `organizer: org\neventId: ${id}\nstate: absent\n${more}`);
const allowed = 'guards: { allowDelete: true }';

function envOf(url: string): Record<string, string> {
  return { ...feishuEnv(url), ...dingtalkEnv(url) };
}

describe('state: absent', () => {
  it('is refused without a guard lifted, by name or in git, with one call an event', async () => {
    const server = await serve(tenant);
    const folder = folderWith({ 'all.yaml': documents(feishu('live_0'), dingtalk('live', allowed)) });
    const refused = await json(plan, folder, envOf(server.url));
    expect(refused.code).toBe(3);
    expect(refused.out).toMatchObject({
      applyable: false,
      summary: { changed: 1, refused: 1, deleteEvents: 1, notified: 0, leftOut: { events: 1 } },
      events: [
        { name: 'dingtalk-live', status: 'changed', violations: [] },
        {
          name: 'feishu-live',
          status: 'refused',
          event: { summary: 'Old weekly' },
          changes: [{ action: 'delete-event', reason: 'state-absent', certain: true }],
          violations: [
            { code: 'delete-event', message: expect.stringContaining('--allow-removals feishu-live=event') },
          ],
        },
      ],
    });
    expect(callsOf(server).sort()).toEqual(['event.get', 'event.get', 'token', 'token']);
    const number = await rollcall(['plan', '--allow-removals', 'feishu-live=99'], {
      cwd: folder,
      env: envOf(server.url),
    });
    expect(number.code).toBe(3);
    const lifted = await rollcall(['plan', '--detailed-exitcode', '--allow-removals', 'feishu-live=event'], {
      cwd: folder,
      env: envOf(server.url),
    });
    expect(lifted.code).toBe(2);
    expect(lifted.stdout).toContain('feishu-live (Feishu): the event to delete');
    expect(lifted.stdout).toContain('deleting the event allowed');
  });

  it('deletes, tells people only where asked to, and is in sync afterwards', async () => {
    const server = await serve(tenant);
    const told = `notify: true\n${allowed}`;
    const folder = folderWith({
      'all.yaml': documents(
        feishu('live_0', allowed),
        feishu('told_0', told),
        dingtalk('live', allowed),
        dingtalk('told', told),
      ),
    });
    const env = envOf(server.url);
    const planned = await json(plan, folder, env);
    const notified = Object.fromEntries(planned.out.events.map((one: Json) => [one.name, one.notified]));
    // Those who are listed as removed are told nothing.
    expect(notified).toEqual({ 'feishu-live': 0, 'feishu-told': 2, 'dingtalk-live': 0, 'dingtalk-told': 2 });
    const lists = server.requests.filter(({ api }) => api.endsWith('attendees.list'));
    expect(new Set(lists.map(({ path }) => path.split('/').at(-2)))).toEqual(new Set(['told', 'told_0']));
    expect(lists).toHaveLength(2);

    const done = await json(apply, folder, env);
    expect(done.code).toBe(0);
    expect(done.out.summary).toMatchObject({ converged: 4, eventsDeleted: 4 });
    const deletions = server.requests.filter(({ api }) => api.endsWith('event.delete'));
    expect(
      Object.fromEntries(deletions.map(({ path, query }) => [path.split('/').at(-1) ?? '', query])),
    ).toEqual({
      live_0: { need_notification: 'false' },
      told_0: { need_notification: 'true' },
      live: { pushNotification: 'false' },
      told: { pushNotification: 'true' },
    });
    const keys = deletions.map(({ headers }) => headers['x-client-token']).filter((key) => key !== undefined);
    expect(new Set(keys).size).toBe(2);
    const again = await json([...plan, '--detailed-exitcode'], folder, env);
    expect(again.code).toBe(0);
    expect(again.out.summary).toMatchObject({ inSync: 4, deleteEvents: 0 });
  });

  it.each(['not-found', 'cancelled'])(
    'is in sync where the event is gone, with a warning where it was not found (DingTalk: %s)',
    async (deletedEvent) => {
      const server = await serve(`behaviour: { deletedEvent: ${deletedEvent} }\n${tenant}`, {
        intercept: ({ api, path }) =>
          api === 'feishu.event.get' && path.endsWith('/told_0')
            ? { kind: 'answer', status: 403, body: { code: 193003, msg: 'event is deleted' } }
            : undefined,
      });
      const folder = folderWith({
        'all.yaml': documents(
          feishu('gone_0'),
          feishu('told_0', 'notify: true'),
          feishu('nope_0'),
          dingtalk('gone'),
          dingtalk('nope'),
        ),
      });
      const { code, out } = await json([...plan, '--detailed-exitcode'], folder, envOf(server.url));
      expect(code).toBe(0);
      expect(out).toMatchObject({ complete: true, applyable: true, summary: { inSync: 5, notified: 0 } });
      const warned = out.diagnostics.map(({ severity, code: warning, message, source }: Json) => [
        severity,
        warning,
        message.split(':')[0],
        source.line > 0,
      ]);
      const absent = deletedEvent === 'cancelled' ? [] : ['dingtalk-gone'];
      expect(warned).toEqual(
        [...absent, 'dingtalk-nope', 'feishu-nope'].map((name) => ['warning', 'event-not-found', name, true]),
      );
      expect(server.requests.filter(({ api }) => api.endsWith('list'))).toEqual([]);
      const text = await rollcall(['apply', '--auto-approve'], { cwd: folder, env: envOf(server.url) });
      expect(text.code).toBe(0);
      expect(text.stderr).toContain('[event-not-found]');
      expect(server.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
    },
  );

  it('warns where somebody else organizes the DingTalk event', async () => {
    const server = await serve(tenant);
    const folder = folderWith({ 'one.yaml': dingtalk('moved', allowed) });
    const ran = await rollcall(['plan'], { cwd: folder, env: envOf(server.url) });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(
      /warning: dingtalk-move(d)?: .*other; deleting it as org takes it off that calendar/,
    );
  });

  it('is unknown where the platform will not say whether the event exists', async () => {
    const server = await serve(tenant.replace('role: owner', 'role: none'));
    const folder = folderWith({ 'one.yaml': feishu('live_0', allowed) });
    const { code, out } = await json(plan, folder, envOf(server.url));
    expect(code).toBe(1);
    expect(out.events[0]).toMatchObject({
      status: 'unknown',
      changes: [],
      problem: { platformCode: '191002', logId: expect.any(String) },
    });
  });

  it('lets no other key stand beside it', async () => {
    const folder = folderWith({
      'bad.yaml': feishu(
        'live_0',
        `userIdType: open_id
notify: true
guards: { allowDelete: true }
sync: exact
attendees: []
ignore: [{ type: room }]
external: keep
optionalDrift: ignore
meetingChat: { id: oc_1, state: absent }
roomContact: ou_a
admin: {}`,
      ),
    });
    const { code, out } = await json(['validate', '--format', 'json'], folder, {});
    expect(code).toBe(1);
    expect(
      out.diagnostics.map(({ code: rule, message, source }: Json) => [
        rule,
        message.split(' ')[0],
        `${source.line}:${source.column}`,
      ]),
    ).toEqual([
      ['not-allowed', 'spec.sync', '12:3'],
      ['not-allowed', 'spec.attendees', '13:3'],
      ['not-allowed', 'spec.ignore', '14:3'],
      ['not-allowed', 'spec.external', '15:3'],
      ['not-allowed', 'spec.optionalDrift', '16:3'],
      ['not-allowed', 'spec.meetingChat', '17:3'],
      ['not-allowed', 'spec.roomContact', '18:3'],
      ['not-allowed', 'spec.admin', '19:3'],
    ]);
  });
});

describe('a deletion whose answer is lost', () => {
  it.each([
    ['before', 2],
    ['after', 1],
  ] as const)('%s it took effect is settled by asking again', async (when, sent) => {
    const seen = new Set<string>();
    const server = await serve(tenant, {
      intercept: ({ api }) => {
        if (!api.endsWith('event.delete') || seen.has(api)) return undefined;
        seen.add(api);
        return { kind: 'reset', when };
      },
    });
    const folder = folderWith({
      'all.yaml': documents(feishu('live_0', allowed), dingtalk('live', allowed)),
    });
    const { code, out } = await json(apply, folder, envOf(server.url));
    expect(code).toBe(0);
    expect(out.summary).toMatchObject({ converged: 2, eventsDeleted: 2 });
    const keys = callsTo(server, 'dingtalk.event.delete').map(({ headers }) => headers['x-client-token']);
    expect(new Set(keys).size).toBe(sent);
    expect(callsTo(server, 'feishu.event.delete')).toHaveLength(sent);
  });

  it('is sent again while reads lag, and "deleted already" then means done', async () => {
    let lost = false;
    let now = Date.now();
    const server = await serve(`behaviour: { readLag: 1h }\n${tenant}`, {
      now: () => now,
      intercept: ({ api }) => {
        if (api !== 'feishu.event.delete') return undefined;
        if (lost) return { kind: 'run', run: () => void (now += 3_600_000) };
        lost = true;
        return { kind: 'reset', when: 'after' };
      },
    });
    const folder = folderWith({ 'one.yaml': feishu('live_0', allowed) });
    const { code, out } = await json(apply, folder, envOf(server.url));
    expect(callsTo(server, 'feishu.event.delete').map(({ status }) => status)).toEqual([null, 403]);
    expect(out.summary).toMatchObject({ converged: 1, eventsDeleted: 1 });
    expect(code).toBe(0);
  });
});
