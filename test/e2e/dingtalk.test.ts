import { describe, expect, it } from 'vitest';
import { folderWith, rollcall } from '../support/cli.ts';
import { apply, callsOf, callsTo, dingtalkEnv, documents, event, json, plan, serve } from './platforms.ts';

const future = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';
const removals = 'dingtalk.attendees.remove';

function keysOf(requests: ReturnType<typeof callsTo>): (string | undefined)[] {
  return requests.map(({ headers }) => headers['x-client-token']);
}

describe('a DingTalk event of 5,000 attendees', () => {
  it('is read in 10 calls, and 4,000 are removed in 8', async () => {
    const server = await serve(`
dingtalk: { users: [{ unionId: org, events: [{ id: big, ${future}, attendees: [{ generate: 5000, user: "u{}" }] }] }] }
`);
    const users = Array.from({ length: 1000 }, (_, index) => `- user: u${index + 1}`);
    const spec = `organizer: org\neventId: big\nguards: { maxRemovals: 80% }\nattendees:\n${users.join('\n')}`;
    const folder = folderWith({ 'big.yaml': event('big', 'dingtalk', spec) });
    const planned = await json([...plan, '--max-removals', '4000'], folder, dingtalkEnv(server.url));
    expect(planned.code).toBe(0);
    expect(planned.out).toMatchObject({ summary: { remove: 4000 }, requests: { used: 14, needed: 20 } });
    expect(callsTo(server, 'dingtalk.attendees.list').map(({ query }) => query['maxResults'])).toEqual(
      Array.from({ length: 10 }, () => '500'),
    );

    const done = await json([...apply, '--max-removals', '4000'], folder, dingtalkEnv(server.url));
    expect(done.code).toBe(0);
    expect(done.out).toMatchObject({ summary: { converged: 1, removed: 4000 }, requests: { used: 24 } });
    const sent = callsTo(server, removals);
    expect(
      sent.map(({ body }) => (body as { attendeesToRemove: object[] }).attendeesToRemove.length),
    ).toEqual(Array.from({ length: 8 }, () => 500));
    expect(new Set(keysOf(sent)).size).toBe(8);
    expect(server.attendees('big')).toHaveLength(1000);
  });
});

describe('a DingTalk plan', () => {
  const tenant = `
dingtalk:
  users:
    - unionId: org/1+x==
      events:
        - { id: a/b+c==, summary: Handed over, ${future}, organizer: new/1, attendees: [
            { user: org/1+x==, name: Olga }, { user: new/1, name: Nils }, { user: stay }, { user: leave/2+y==, name: Lee } ] }
        - { id: unlisted, ${future}, attendees: [{ user: stay }, { user: go }] }
`;

  it('never removes the organizer of the path or of the event, with ids that need encoding', async () => {
    const server = await serve(tenant);
    const spec = (id: string): string =>
      `organizer: org/1+x==\neventId: ${id}\ncalendarId: primary\nattendees: [{ user: stay }]`;
    const folder = folderWith({
      'all.yaml': documents(
        event('handed-over', 'dingtalk', spec('a/b+c==')),
        event('unlisted', 'dingtalk', spec('unlisted')),
      ),
    });
    const env = dingtalkEnv(server.url);
    const text = await rollcall(['plan'], { cwd: folder, env });
    expect(text.code).toBe(0);
    expect(text.stdout).toContain('handed-over (DingTalk): 1 of 2 to remove, 50 %');
    expect(text.stdout).toContain('- Lee (leave/2+y==)');
    expect(text.stdout).toContain('keeps 2 (organizer): Nils (new/1); Olga (org/1+x==)');
    expect(text.stdout).toContain('organizer org/1+x==');
    expect(text.stdout).toContain('DingTalk itself decides whether to notify people who are removed');
    expect(text.stdout).toContain('not counting people whom DingTalk notifies of their removal');
    expect(callsOf(server).sort()).toEqual([
      'attendees.list',
      'attendees.list',
      'event.get',
      'event.get',
      'token',
      // Whether the two who organize are about to leave, and whether anybody has left.
      'user.unionid',
      'user.unionid',
      'users.dismissed',
      'users.leaving',
    ]);

    const { code, out } = await json(apply, folder, env);
    expect(code).toBe(0);
    expect(out).toMatchObject({ summary: { events: 2, converged: 2, removed: 2 } });
    expect(server.attendees('a/b+c==').map(({ id }) => id)).toEqual(['org/1+x==', 'new/1', 'stay']);
    expect(server.attendees('unlisted').map(({ id }) => id)).toEqual(['stay']);
    const removal = callsTo(server, removals).find(({ path }) => path.includes('a%2Fb'));
    expect(removal).toMatchObject({
      path: '/v1.0/calendar/users/org%2F1%2Bx%3D%3D/calendars/primary/events/a%2Fb%2Bc%3D%3D/attendees/batchRemove',
      body: { attendeesToRemove: [{ id: 'leave/2+y==' }] },
      query: {},
      status: 200,
    });

    const again = await json([...plan, '--detailed-exitcode'], folder, env);
    expect(again.code).toBe(0);
    expect(again.out.summary).toMatchObject({ inSync: 2, remove: 0 });
  });
});

describe('a DingTalk removal', () => {
  const tenant = `
dingtalk:
  users:
    - unionId: org
      events:
        - { id: busy, ${future}, attendees: [{ user: stay }, { user: go }] }
        - { id: lost, ${future}, attendees: [{ user: stay }, { user: go }] }
        - { id: kept, ${future}, attendees: [{ user: stay }, { user: go }] }
`;
  const files = Object.fromEntries(
    ['busy', 'lost', 'kept'].map((id) => [
      `${id}.yaml`,
      event(id, 'dingtalk', `organizer: org\neventId: ${id}\nattendees: [{ user: stay }]`),
    ]),
  );
  const refusal = (status: number, code: string): object => ({
    kind: 'answer',
    status,
    body: { code, requestid: `R-${code}`, message: 'text' },
  });

  it('keeps its client token while it is repeated, and has a new one after a reading', async () => {
    const seen = new Map<string, number>();
    const server = await serve(tenant, {
      intercept: ({ api, path }) => {
        if (api !== removals) return undefined;
        const id = path.split('/').at(-3) ?? '';
        const count = (seen.get(id) ?? 0) + 1;
        seen.set(id, count);
        if (id === 'lost') return count === 1 ? { kind: 'reset', when: 'before' } : undefined;
        if (id === 'kept') return count === 1 ? { kind: 'reset', when: 'after' } : undefined;
        const faults = [
          refusal(403, 'Forbidden.AccessDenied.QpsLimitForAppkeyAndApi'),
          refusal(400, 'idempotencyProcessing'),
          refusal(400, 'InvalidAuthentication'),
        ];
        // The three are faults by their form.
        return faults[count - 1] as { kind: 'answer'; status: number } | undefined;
      },
    });
    const { code, out } = await json(
      [...apply, '--concurrency', '1'],
      folderWith(files),
      dingtalkEnv(server.url),
    );
    expect(code).toBe(0);
    expect(out.summary).toMatchObject({ converged: 3, removed: 3 });
    const sent = (id: string): ReturnType<typeof callsTo> =>
      callsTo(server, removals).filter(({ path }) => path.includes(`/${id}/`));
    expect(sent('busy').map(({ status }) => status)).toEqual([403, 400, 400, 200]);
    expect(new Set(keysOf(sent('busy'))).size).toBe(1);
    expect(sent('lost')).toHaveLength(2);
    expect(new Set(keysOf(sent('lost'))).size).toBe(2);
    expect(sent('kept')).toHaveLength(1);
    const keys = keysOf(callsTo(server, removals));
    expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key ?? ''))).toBe(true);
    expect(new Set(keys).size).toBe(4);
    // One token for all, one more for the call that was answered as expired.
    expect(callsTo(server, 'dingtalk.token')).toHaveLength(2);
  });

  it('ends the run where the token stays refused, and is not tried with a given one again', async () => {
    const server = await serve(tenant, {
      intercept: ({ api }) =>
        api === 'dingtalk.attendees.list'
          ? {
              kind: 'answer',
              status: 400,
              body: { code: 'InvalidAuthentication', requestid: 'R-1', message: 'x' },
            }
          : undefined,
    });
    const folder = folderWith({ 'busy.yaml': files['busy.yaml'] ?? '' });
    const renewed = await json(plan, folder, dingtalkEnv(server.url));
    expect(renewed.code).toBe(1);
    expect(renewed.out.events[0].problem).toMatchObject({
      code: 'credentials',
      platformCode: 'InvalidAuthentication',
      logId: 'R-1',
      hint: expect.stringContaining('DINGTALK_APP_KEY'),
    });
    const onCalendars = (): string[] => callsOf(server).filter((api) => !api.startsWith('user'));
    expect(onCalendars()).toEqual(['token', 'attendees.list', 'token', 'attendees.list']);
    const given = await rollcall(['plan'], {
      cwd: folder,
      env: { DINGTALK_BASE_URL: server.url, DINGTALK_ACCESS_TOKEN: 'u-demo' },
    });
    expect(given.code).toBe(1);
    expect(given.stdout).toContain('DINGTALK_ACCESS_TOKEN');
    expect(onCalendars().slice(4)).toEqual(['attendees.list']);
  });
});

describe('what DingTalk has no room for', () => {
  it('is an error at its line', async () => {
    const folder = folderWith({
      'bad.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: bad }
spec:
  provider: dingtalk
  eventId: e
  userIdType: open_id
  roomContact: u
  meetingChat: { id: oc_1, state: absent }
  admin: {}
  attendees:
    - chat: oc_1
    - room: omm_1
    - email: a@example.com
    - user: u
`,
      'roster.yaml': documents(
        `apiVersion: rollcall.dev/v1
kind: Roster
metadata: { name: mixed }
spec:
  members:
    - user: u
    - chat: oc_2
`,
        event('by-roster', 'dingtalk', 'organizer: org\neventId: e2\nattendees: [{ roster: mixed }]'),
      ),
    });
    const { code, stdout } = await rollcall(['validate'], { cwd: folder });
    expect(code).toBe(1);
    const places = [...stdout.matchAll(/^(\w+\.yaml:\d+:\d+): error: (.*) \[(.*)\]$/gm)].map(
      ([, place, , ruleCode]) => `${place} ${ruleCode}`,
    );
    expect(places).toEqual([
      'bad.yaml:5:3 missing-key',
      'bad.yaml:7:3 not-allowed',
      'bad.yaml:8:3 not-allowed',
      'bad.yaml:9:3 not-allowed',
      'bad.yaml:10:3 not-allowed',
      'bad.yaml:12:7 not-allowed',
      'bad.yaml:13:7 not-allowed',
      'bad.yaml:14:7 not-allowed',
      'bad.yaml:15:7 rooms-only',
      'roster.yaml:7:7 not-allowed',
    ]);
    expect(stdout).toMatch(/bad\.yaml:5:3: error: .*organizer/);
  });
});
