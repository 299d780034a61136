import { describe, expect, it } from 'vitest';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';
import { apply, callsOf, callsTo, documents, event, json, plan, serve, type Json } from './platforms.ts';

const times = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';
const tenant = `
feishu:
  calendars:
    - id: own@x
      type: primary
      role: owner
      events:
        - { id: bound_0, ${times}, meetingChat: { id: oc_1 }, attendees: [{ user: ou_a }, { user: ou_b }] }
        - { id: other_0, ${times}, meetingChat: { id: oc_other }, attendees: [{ user: ou_a }] }
        - { id: never_0, ${times}, attendees: [{ user: ou_a }] }
        - { id: foreign_0, ${times}, meetingChat: { id: oc_4, owner: false }, attendees: [{ user: ou_a }] }
    - id: shared@x
      type: shared
      role: owner
      events: [{ id: bound_0, ${times}, meetingChat: { id: oc_5 }, attendees: [{ user: ou_a }] }]
`;
function chat(name: string, id: string, more = '', calendar = 'own@x'): string {
  const spec = `calendarId: ${calendar}\neventId: ${name}_0\nmeetingChat: { id: ${id}, state: absent }\n${more}`;
  return event(calendar === 'own@x' ? name : `${name}-shared`, 'feishu', spec);
}
const withAttendees = 'attendees: [{ user: ou_a }]';
const unbind = 'feishu.meeting-chat.delete';

describe('a meeting chat that is not wanted', () => {
  it('is unbound where it is bound, after one question for all events of the calendar', async () => {
    const server = await serve(tenant);
    const folder = folderWith({
      'all.yaml': documents(
        chat('bound', 'oc_1', withAttendees),
        chat('other', 'oc_2'),
        chat('never', 'oc_3'),
        event(
          'left-alone',
          'feishu',
          'calendarId: own@x\neventId: foreign_0\nmeetingChat: { id: oc_4, state: present }',
        ),
      ),
    });
    const env = feishuEnv(server.url);
    const planned = await json([...plan, '--detailed-exitcode'], folder, env);
    expect(planned.code).toBe(2);
    expect(planned.out).toMatchObject({
      summary: { inSync: 3, changed: 1, unbindChats: 1, remove: 1 },
      diagnostics: [
        { severity: 'warning', code: 'other-chat', message: expect.stringContaining('oc_other') },
      ],
    });
    expect(planned.out.events[0].changes).toMatchObject([
      { action: 'remove', attendee: { id: 'ou_b' }, certain: true },
      { action: 'unbind-chat', chatId: 'oc_1', reason: 'chat-absent', certain: true },
    ]);
    expect(callsTo(server, 'feishu.meeting-chats.mget').map(({ body }) => body)).toEqual([
      { event_ids: ['bound_0', 'never_0', 'other_0'] },
    ]);
    const done = await json(apply, folder, env);
    expect(done.code).toBe(0);
    expect(done.out.summary).toMatchObject({ converged: 1, unchanged: 3, chatsUnbound: 1, removed: 1 });
    expect(callsTo(server, unbind).map(({ query, status }) => [query, status])).toEqual([
      [{ meeting_chat_id: 'oc_1' }, 200],
    ]);
    const again = await json([...plan, '--detailed-exitcode'], folder, env);
    expect([again.code, again.out.summary.inSync]).toEqual([0, 4]);
  });

  it.each(['not-found', 'refused'])(
    'is shown as one that cannot be read where the question is %s, and is not counted as pending',
    async (mgetMeetingChat) => {
      const server = await serve(`behaviour: { mgetMeetingChat: ${mgetMeetingChat} }\n${tenant}`);
      const folder = folderWith({
        'all.yaml': documents(
          chat('bound', 'oc_1'),
          chat('never', 'oc_3'),
          chat('foreign', 'oc_4'),
          chat('bound', 'oc_5', '', 'shared@x'),
        ),
      });
      const env = feishuEnv(server.url);
      const planned = await json([...plan, '--detailed-exitcode'], folder, env);
      expect(planned.code).toBe(0);
      expect(planned.out.complete).toBe(true);
      expect(planned.out.events.flatMap(({ changes }: Json) => changes)).toMatchObject(
        ['oc_1', 'oc_5', 'oc_4', 'oc_3'].map((chatId) => ({ action: 'unbind-chat', chatId, certain: false })),
      );
      // One question for each calendar.
      expect(callsTo(server, 'feishu.meeting-chats.mget')).toHaveLength(2);
      const done = await rollcall(['apply', '--auto-approve'], { cwd: folder, env });
      expect(done.code).toBe(4);
      expect(done.stdout).toMatch(/bound: converged, 1 meeting chat unbound/);
      expect(done.stderr).toMatch(/cannot be (read|asked)/);
      // 195108 means that there is nothing to do.
      expect(done.stdout).not.toMatch(/never: (failed|partial|unknown)/);
      expect(done.stdout).toMatch(/195107\) \(log id [0-9A-F]+\)\n\s+The caller must own the chat/);
      expect(done.stdout).toMatch(/191004\) .*\n\s+Use a primary/);
      expect(
        callsTo(server, unbind)
          .map(({ status }) => status ?? 0)
          .sort((a, b) => a - b),
      ).toEqual([200, 400, 403, 403]);
      expect(done.stdout).toContain('1 meeting chat unbound, 2 failed.');
    },
  );

  it.each([
    ['answered', 'before', 2],
    ['answered', 'after', 1],
    ['refused', 'after', 2],
  ] as const)(
    'is asked about again after an answer that was lost (%s, %s it took effect)',
    async (mgetMeetingChat, when, sent) => {
      let lost = false;
      const server = await serve(`behaviour: { mgetMeetingChat: ${mgetMeetingChat} }\n${tenant}`, {
        intercept: ({ api }) => {
          if (api !== unbind || lost) return undefined;
          lost = true;
          return { kind: 'reset', when };
        },
      });
      const folder = folderWith({ 'one.yaml': chat('bound', 'oc_1') });
      const { code, out } = await json(apply, folder, feishuEnv(server.url));
      expect(code).toBe(0);
      expect(out.summary).toMatchObject({ chatsUnbound: 1, failedChanges: 0 });
      expect(callsOf(server).filter((call) => call === 'meeting-chat.delete')).toHaveLength(sent);
    },
  );
});
