import { afterEach, describe, expect, it, test } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { folderWith, rollcall } from '../support/cli.ts';
import {
  appEnv,
  dingtalkManifest,
  feishuManifest,
  serve,
  type Served,
  tenantOf,
  users,
  writesOf,
} from '../support/served.ts';

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function served(what: Served): Promise<Emulator> {
  const server = await serve(what);
  servers.push(server);
  return server;
}

interface Outcome {
  readonly code: number | null;
  readonly stderr: string;
  /** The plan, or the result. */
  readonly json: ReturnType<typeof JSON.parse>;
}

/** Runs a command over these manifests, with JSON as its result. */
async function run(
  server: Emulator,
  command: readonly string[],
  manifests: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const cwd = folderWith({ 'events.yaml': manifests.join('---\n') });
  const ran = await rollcall([...command, '--format', 'json'], {
    cwd,
    env: { ...appEnv(server.url), ...env },
  });
  return { code: ran.code, stderr: ran.stderr, json: JSON.parse(ran.stdout) };
}

const apply = ['apply', '--auto-approve'];
const idsOn = (server: Emulator, eventId: string): string[] =>
  server
    .attendees(eventId)
    .map(({ id }) => id)
    .sort();

describe('who is missing', () => {
  it('is added before who is too many is removed; each half can be had alone', async () => {
    const rows = [{ user: 'ou_a' }, { user: 'ou_b' }, { user: 'ou_old' }];
    const server = await served({ feishu: { both_0: rows, removing_0: rows, adding_0: rows } });
    const attendees = [{ user: 'ou_a' }, { user: 'ou_b' }, { user: 'ou_new' }];
    const { code, json } = await run(server, apply, [
      feishuManifest('both', 'both_0', { attendees }),
      feishuManifest('removing', 'removing_0', { sync: 'remove-only', attendees }),
      feishuManifest('adding', 'adding_0', { sync: 'add-only', attendees }),
    ]);
    expect(code).toBe(0);
    expect(json.summary).toMatchObject({ converged: 3, added: 2, removed: 2 });
    expect(idsOn(server, 'both_0')).toEqual(['ou_a', 'ou_b', 'ou_new']);
    expect(idsOn(server, 'removing_0')).toEqual(['ou_a', 'ou_b']);
    expect(idsOn(server, 'adding_0')).toEqual(['ou_a', 'ou_b', 'ou_new', 'ou_old']);
    expect(writesOf(server, 'both_0').map(({ call }) => call)).toEqual(['add', 'remove']);
  });

  it('comes back also where the platform still lists a removal', async () => {
    const server = await served({
      feishu: { weekly_0: [{ user: 'ou_a' }, { user: 'ou_back', name: 'Back', rsvp: 'removed' }] },
    });
    const manifests = [
      feishuManifest('weekly', 'weekly_0', { attendees: [{ user: 'ou_a' }, { user: 'ou_back' }] }),
    ];
    const planned = await run(server, ['plan'], manifests);
    expect(planned.json.events[0].changes).toMatchObject([
      { action: 'add', reason: 'in-manifest', wasRemoved: true, attendee: { id: 'ou_back' } },
    ]);
    const applied = await run(server, apply, manifests);
    expect(applied.json.summary).toMatchObject({ converged: 1, added: 1 });
    expect(idsOn(server, 'weekly_0')).toEqual(['ou_a', 'ou_back']);
  });
});

describe('additions on Feishu', () => {
  it('go in calls of 1000 with at most 100 rooms, silent, and never with the operator', async () => {
    const server = await served({ feishu: { big_0: [{ user: 'ou_a' }] } });
    const attendees = [
      { user: 'ou_a' },
      { user: 'ou_shy', optional: true },
      { chat: 'oc_team', optional: true },
      { email: 'Guest@Example.com', optional: true },
      ...users(1000, 'ou_n'),
      ...users(101, 'omm_').map(({ user }) => ({ room: user })),
    ];
    const { code, json } = await run(server, apply, [
      feishuManifest('big', 'big_0', { attendees, roomContact: 'ou_contact' }),
    ]);
    expect(code).toBe(0);
    expect(json.summary).toMatchObject({ converged: 1, added: 1104 });
    const writes = writesOf(server, 'big_0');
    const rooms = writes.map(({ added }) => added.filter(({ type }) => type === 'resource'));
    expect(writes.map(({ added }) => added.length)).toEqual([1000, 104]);
    expect(rooms.map(({ length }) => length)).toEqual([100, 1]);
    for (const { body } of writes) {
      expect(body).toMatchObject({ need_notification: false, add_operator_to_attendee: false });
    }
    expect(rooms.flat().every((room) => room['operate_id'] === 'ou_contact')).toBe(true);
    const added = writes.flatMap((write) => write.added);
    expect(added).toContainEqual({ type: 'user', user_id: 'ou_shy', is_optional: true });
    expect(added).toContainEqual({ type: 'user', user_id: 'ou_n1', is_optional: false });
    expect(added).toContainEqual({ type: 'chat', chat_id: 'oc_team', is_optional: true });
    expect(added).toContainEqual({
      type: 'third_party',
      third_party_email: 'guest@example.com',
      is_optional: true,
    });
    expect(idsOn(server, 'big_0')).not.toContain('ou_contact');
  });

  it('tell people where the manifest says so', async () => {
    const server = await served({ feishu: { weekly_0: [{ user: 'ou_a' }] } });
    const attendees = [{ user: 'ou_a' }, { user: 'ou_b' }];
    await run(server, apply, [feishuManifest('weekly', 'weekly_0', { notify: true, attendees })]);
    expect(writesOf(server, 'weekly_0')[0]?.body).toMatchObject({
      need_notification: true,
      add_operator_to_attendee: false,
    });
  });
});

describe('an addition whose answer is lost', () => {
  it.each([
    ['took effect', 'after', ['add']],
    ['took none', 'before', ['add', 'add']],
  ] as const)('is sent again only where two readings lack it: it %s', async (_, when, calls) => {
    const server = await startEmulator({
      tenant: tenantOf({ feishu: { weekly_0: [{ user: 'ou_a' }] } }),
      intercept: ({ api, count }) =>
        api === 'feishu.attendees.create' && count === 1 ? { kind: 'reset', when } : undefined,
    });
    servers.push(server);
    const attendees = [{ user: 'ou_a' }, { user: 'ou_b' }];
    const { code, json } = await run(server, apply, [feishuManifest('weekly', 'weekly_0', { attendees })]);
    expect(code).toBe(0);
    expect(json.summary).toMatchObject({ converged: 1, added: 1 });
    expect(writesOf(server, 'weekly_0').map(({ call }) => call)).toEqual(calls);
    const listings = server.requests.filter(
      ({ method, path }) => method === 'GET' && path.endsWith('attendees'),
    );
    // The plan's, then one that shows it or two that do not, then the verification.
    expect(listings.length).toBe(when === 'after' ? 3 : 4);
  });
});

describe('additions that are answered with success and have no effect', () => {
  it.each([
    [
      'Feishu',
      'weekly_0',
      ['ou_a', 'ou_b'],
      feishuManifest,
      'feishu.attendees.create',
      { code: 0, msg: 'success', data: { attendees: [] } },
    ],
    ['DingTalk', 'standup', ['unionA', 'unionB'], dingtalkManifest, 'dingtalk.attendees.add', {}],
  ] as const)(
    'cost nobody a place on %s: the event is refused, and all stay',
    async (_, id, there, build, api, body) => {
      const server = await startEmulator({
        tenant: tenantOf({
          feishu: { weekly_0: [{ user: 'ou_a' }, { user: 'ou_b' }] },
          dingtalk: { standup: [{ user: 'unionA' }, { user: 'unionB' }] },
        }),
        intercept: (call) =>
          call.api === api
            ? { kind: 'answer', status: 200, headers: {}, body: JSON.stringify(body) }
            : undefined,
      });
      servers.push(server);
      const manifests = [build('weekly', id, { attendees: users(5, `${there[0]}_new`) })];
      const { code, json } = await run(server, [...apply, '--verify-timeout', '5ms'], manifests);
      expect(code).toBe(4);
      expect(json.events[0]).toMatchObject({ outcome: 'refused', violations: [{ code: 'empty' }] });
      expect(idsOn(server, id)).toEqual(there);
      expect(writesOf(server, id).map(({ call }) => call)).not.toContain('remove');
    },
  );
});

describe('additions on DingTalk', () => {
  it('go in calls of 500, with both kinds of message as the manifest says', async () => {
    const server = await served({ dingtalk: { silent: [], loud: [{ user: 'unionOrg' }] } });
    const { code, json } = await run(server, apply, [
      dingtalkManifest('silent', 'silent', { attendees: users(501, 'union') }),
      dingtalkManifest('loud', 'loud', { notify: true, attendees: [{ user: 'unionA', optional: true }] }),
    ]);
    expect(code).toBe(0);
    expect(json.summary).toMatchObject({ converged: 2, added: 502 });
    const writes = writesOf(server, 'silent');
    expect(writes.map(({ added }) => added.length)).toEqual([500, 1]);
    for (const { body } of writes) {
      expect(body).toMatchObject({ pushNotification: false, chatNotification: false });
    }
    expect(writesOf(server, 'loud').map(({ body }) => body)).toEqual([
      {
        attendeesToAdd: [{ id: 'unionA', isOptional: true }],
        pushNotification: true,
        chatNotification: true,
      },
    ]);
  });
});

describe('the most that an event holds', () => {
  test.each([
    ['Feishu', 3000, feishuManifest, 'ou_'],
    ['DingTalk', 5000, dingtalkManifest, 'union'],
  ] as const)(
    'on %s is %i: removals come first where additions would pass it',
    async (_, cap, build, prefix) => {
      const full = [{ generate: cap, user: `${prefix}{}` }];
      const server = await served(
        build === feishuManifest ? { feishu: { full_0: full } } : { dingtalk: { full_0: full } },
      );
      const attendees = [...users(cap - 1, prefix), { user: `${prefix}new` }];
      const manifests = [build('full', 'full_0', { attendees })];
      const { code, json, stderr } = await run(server, apply, manifests);
      expect(code).toBe(0);
      expect(stderr).toContain('removals before additions');
      expect(json.summary).toMatchObject({ converged: 1, added: 1, removed: 1 });
      expect(writesOf(server, 'full_0').map(({ call }) => call)).toEqual(['remove', 'add']);
    },
  );

  it('is checked before any call', async () => {
    const server = await served({});
    const { code, json } = await run(
      server,
      ['plan'],
      [
        feishuManifest('large', 'large_0', { attendees: users(3001, 'ou_') }),
        dingtalkManifest('huge', 'huge', { attendees: users(5001, 'union') }),
        feishuManifest('fits', 'fits_0', { attendees: users(3000, 'ou_') }),
      ],
    );
    expect(code).toBe(1);
    expect(json.diagnostics.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringMatching(/large.*3001.*Feishu.*3000/),
      expect.stringMatching(/huge.*5001.*DingTalk.*5000/),
    ]);
    expect(server.requests).toEqual([]);
  });
});

describe('guards of additions', () => {
  it('refuse more than maxAdditions, and more people told than maxNotified or 200', async () => {
    const one = [{ user: 'ou_a' }];
    const server = await served({ feishu: { many_0: one, loud_0: one, louder_0: one, quiet_0: one } });
    const two = [...one, { user: 'ou_b' }, { user: 'ou_c' }];
    const { code, json } = await run(server, apply, [
      feishuManifest('many', 'many_0', { attendees: two, guards: { maxAdditions: 1 } }),
      feishuManifest('loud', 'loud_0', { attendees: two, notify: true, guards: { maxNotified: 1 } }),
      feishuManifest('louder', 'louder_0', { attendees: [...one, ...users(201, 'ou_n')], notify: true }),
      feishuManifest('quiet', 'quiet_0', { attendees: [...one, ...users(201, 'ou_n')] }),
    ]);
    expect(code).toBe(4);
    const codes = Object.fromEntries(
      json.events.map((event: { name: string; violations: { code: string }[] }) => [
        event.name,
        event.violations.map((violation) => violation.code),
      ]),
    );
    expect(codes).toEqual({
      many: ['max-additions'],
      loud: ['max-notified'],
      louder: ['max-notified'],
      quiet: [],
    });
    expect(['many_0', 'loud_0', 'louder_0'].flatMap((id) => writesOf(server, id))).toEqual([]);
    expect(writesOf(server, 'quiet_0')).toHaveLength(1);
  });
});

describe('an address', () => {
  it('that comes back as a user is not converged, with the hint to list that person as a user', async () => {
    const server = await served({
      feishu: { weekly_0: [{ user: 'ou_a' }] },
      feishuPeople: [{ user: 'ou_w', email: 'wangwu@example.com' }],
      behaviour: { tenantEmail: 'user' },
    });
    const attendees = [{ user: 'ou_a' }, { email: 'wangwu@example.com' }];
    const { code, json } = await run(
      server,
      [...apply, '--verify-timeout', '5ms'],
      [feishuManifest('weekly', 'weekly_0', { attendees })],
    );
    expect(code).toBe(4);
    expect(json.events[0]).toMatchObject({
      outcome: 'not-converged',
      changes: [{ outcome: 'unknown', error: { hint: expect.stringMatching(/list that person as a user/) } }],
    });
    expect(writesOf(server, 'weekly_0')).toHaveLength(1);
  });
});

describe('a room', () => {
  const manifests = [
    feishuManifest('weekly', 'weekly_0', { attendees: [{ user: 'ou_a' }, { room: 'omm_1' }] }),
  ];
  const rows = { weekly_0: [{ user: 'ou_a' }] };

  it('that is still booking is converged, with a note', async () => {
    const server = await served({ feishu: rows, behaviour: { roomBooking: 'pending' } });
    const { code, json } = await run(server, apply, manifests);
    expect(code).toBe(0);
    expect(json.events[0]).toMatchObject({
      outcome: 'converged',
      notes: [expect.stringMatching(/^booking-pending.*omm_1/)],
    });
  });

  it('that declines is a failure that says so', async () => {
    const server = await served({
      feishu: rows,
      behaviour: { roomBooking: 'decline', bookingTime: '0ms' },
    });
    const { code, json } = await run(server, apply, manifests);
    expect(code).toBe(4);
    expect(json.events[0]).toMatchObject({
      outcome: 'failed',
      changes: [{ outcome: 'failed', error: { code: 'room-declined' } }],
    });
  });

  it.each([
    ['an app', {}, ['no-room-contact']],
    ['a given app token', { FEISHU_ACCESS_TOKEN: 't-demo' }, ['no-room-contact']],
    ['a person', { FEISHU_ACCESS_TOKEN: 'u-demo' }, []],
  ])('without a contact is a warning where it is added by %s', async (_, env, codes) => {
    const server = await served({ feishu: rows });
    const { code, json } = await run(server, ['plan'], manifests, env);
    expect(code).toBe(0);
    expect(json.diagnostics.map((diagnostic: { code: string }) => diagnostic.code)).toEqual(codes);
  });
});

describe('an optional flag', () => {
  const rows = { weekly_0: [{ user: 'ou_a', rsvp: 'accept' }, { user: 'ou_b' }] };
  const attendees = [{ user: 'ou_a', optional: true }, { user: 'ou_b' }];

  it('that differs is shown as drift, and is no change', async () => {
    const server = await served({ feishu: rows });
    const { code, json } = await run(
      server,
      ['plan', '--detailed-exitcode'],
      [feishuManifest('weekly', 'weekly_0', { attendees })],
    );
    expect(code).toBe(0);
    expect(json.events[0]).toMatchObject({
      status: 'in-sync',
      changes: [],
      drift: [{ attendee: { id: 'ou_a', optional: true }, reason: 'optional-drift' }],
    });
  });

  it('is replaced where the manifest says so; once it is as wanted, both halves are true already', async () => {
    const server = await served({ feishu: rows });
    const folder = folderWith({
      'weekly.yaml': feishuManifest('weekly', 'weekly_0', { attendees, optionalDrift: 'replace' }),
    });
    const options = { cwd: folder, env: appEnv(server.url) };
    const shown = await rollcall(['plan', '--out', 'plan.json'], options);
    expect(shown.stdout).toMatch(/~ ou_a .*required -> optional.*the reply is lost/);
    expect(shown.code).toBe(0);

    const first = await rollcall([...apply, '--plan', 'plan.json', '--format', 'json'], options);
    expect(JSON.parse(first.stdout).summary).toMatchObject({ converged: 1, added: 1, removed: 1 });
    expect(writesOf(server, 'weekly_0').map(({ call }) => call)).toEqual(['remove', 'add']);
    expect(server.attendees('weekly_0')).toContainEqual({ type: 'user', id: 'ou_a', optional: true });

    const again = await rollcall([...apply, '--plan', 'plan.json', '--format', 'json'], options);
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout).events[0]).toMatchObject({
      outcome: 'unchanged',
      changes: [{ outcome: 'already' }, { outcome: 'already' }],
    });
    expect(writesOf(server, 'weekly_0')).toHaveLength(2);
  });
});
