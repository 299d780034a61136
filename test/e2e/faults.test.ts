import { afterEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';

const calendar = 'feishu.cn_t@group.calendar.feishu.cn';
const times = 'start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00';

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Case {
  /** Rules of the faults file, one a line. */
  readonly faults: string;
  readonly live: number;
  readonly wanted: readonly string[];
  readonly provider?: 'feishu' | 'dingtalk';
  readonly settle?: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
}

interface Ended {
  readonly server: Emulator;
  readonly code: number | null;
  readonly result: Readonly<Record<string, unknown>>;
  /** Who is on the event in the end, sorted. */
  readonly left: readonly string[];
}

/** Applies (or what `command` says) on an event with the live attendees `u1`, `u2`... */
async function under(given: Case): Promise<Ended> {
  const { provider = 'feishu', live, wanted, settle = '0s', args = [] } = given;
  const event = `{ id: weekly_0, ${times}, attendees: [{ generate: ${live}, user: "u{}" }] }`;
  const server = await startEmulator({
    tenant: `apps: [{ id: cli_demo, secret: demo-secret }]
${
  provider === 'feishu'
    ? `feishu: { calendars: [{ id: ${calendar}, events: [${event}] }] }`
    : `dingtalk: { users: [{ unionId: org, events: [${event}] }] }`
}`,
    faults: `faults:\n${given.faults
      .trim()
      .split('\n')
      .map((rule) => `  - { ${rule.trim()} }\n`)
      .join('')}`,
  });
  servers.push(server);
  const place =
    provider === 'feishu' ? `  calendarId: ${calendar}\n  userIdType: user_id` : '  organizer: org';
  const manifest = `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec:
  provider: ${provider}
${place}
  eventId: weekly_0
  attendees: [${wanted.map((user) => `{ user: ${user} }`).join(', ')}]
`;
  const env = {
    ...feishuEnv(server.url),
    DINGTALK_BASE_URL: server.url,
    DINGTALK_APP_KEY: 'cli_demo',
    DINGTALK_APP_SECRET: 'demo-secret',
    ROLLCALL_SETTLE: settle,
  };
  const cwd = folderWith({ 'weekly.yaml': manifest });
  const command = given.command ?? ['apply', '--auto-approve'];
  const ran = await rollcall([...command, '--format', 'json', ...args], { cwd, env });
  expect(ran.stderr).not.toMatch(/\n\s+at |bug of rollcall/);
  return {
    server,
    code: ran.code,
    result: JSON.parse(ran.stdout),
    left: server
      .attendees('weekly_0')
      .map(({ id }) => id.replace('ou_', ''))
      .sort(),
  };
}

const sorted = (ids: readonly string[]): string[] => [...ids].sort();
const calls = (server: Emulator, api: string): number =>
  server.requests.filter((request) => request.api.endsWith(api)).length;

describe('a lost answer', () => {
  it('of an addition and of a removal that took effect is settled by reading', async () => {
    const wanted = [...numbered('u', 8), 'new'];
    const { server, code, left } = await under({
      faults: 'fault: reset, when: after, method: POST, event: weekly_0, calls: 1-2',
      live: 10,
      wanted,
    });
    expect([code, left]).toEqual([0, sorted(wanted)]);
    expect([calls(server, '.create'), calls(server, 'attendees.delete')]).toEqual([1, 1]);
  });

  it('of calls that took no effect leads to the same calls once more', async () => {
    const wanted = [...numbered('u', 8), 'new'];
    const { server, code, left } = await under({
      faults:
        'fault: reset, method: POST, event: weekly_0, every: 2\nfault: error, method: POST, event: weekly_0, calls: 1',
      live: 10,
      wanted,
    });
    expect([code, left]).toEqual([0, sorted(wanted)]);
    expect(calls(server, 'attendees.delete')).toBe(2);
  });

  it('of DingTalk is settled by reading', async () => {
    const wanted = [...numbered('u', 8), 'new'];
    const { server, code, left } = await under({
      faults: 'fault: reset, when: after, method: POST, event: weekly_0, calls: 1-2',
      live: 10,
      wanted,
      provider: 'dingtalk',
    });
    expect([code, left]).toEqual([0, sorted(wanted)]);
    expect([calls(server, '.add'), calls(server, '.remove')]).toEqual([1, 1]);
  });

  it('that leaves the list stale for a while ends with nobody added twice', async () => {
    const { server, code, left } = await under({
      faults: `fault: stale, for: 300ms, api: "*.create", calls: 1
               fault: reset, when: after, api: "*.create", calls: 2`,
      live: 3,
      wanted: ['u1', 'u2', 'u3', 'new'],
      settle: '400ms',
    });
    expect([code, left]).toEqual([0, ['new', 'u1', 'u2', 'u3']]);
    expect(calls(server, '.create')).toBe(1);
  });
});

describe('a batch half done', () => {
  it.each([
    ['fault: half-done, calls: 1-2', 'feishu'],
    ['fault: half-done, end: error, status: 500, body: json, calls: 1-2', 'feishu'],
    ['fault: half-done, calls: 1-2', 'dingtalk'],
    ['fault: half-done, end: error, status: 504, body: html, calls: 1-2', 'dingtalk'],
  ] as const)('is finished: %s (%s)', async (faults, provider) => {
    const wanted = [...numbered('u', 16), ...numbered('new', 4)];
    const { code, left, result } = await under({ faults, provider, live: 20, wanted });
    expect([code, left]).toEqual([0, sorted(wanted)]);
    expect(result).toMatchObject({ summary: { converged: 1, added: 4, removed: 4 } });
  });
});

describe('rows that move while the list is read', () => {
  const surplus = (ids: readonly string[]): string[] => ids.filter((id) => id !== 'u150');

  it('once: the list is read again', async () => {
    const wanted = surplus(numbered('u', 250));
    const faults = 'fault: moving-rows, row: twice, calls: 1';
    const { code, left } = await under({ faults, live: 250, wanted });
    expect([code, left]).toEqual([0, sorted(wanted)]);
  });

  it('each time: the event is unknown, and nothing is written', async () => {
    const faults = 'fault: moving-rows, row: twice';
    const { server, code, result, left } = await under({
      faults,
      live: 250,
      wanted: surplus(numbered('u', 250)),
    });
    expect([code, left.length]).toEqual([1, 250]);
    expect(result).toMatchObject({ journal: null, events: [{ problem: { code: 'list-moved' } }] });
    expect(calls(server, 'attendees.delete')).toBe(0);
  });

  it('so that one is lost: whoever is wanted stays, and nobody but the surplus goes', async () => {
    const wanted = surplus(numbered('u', 250));
    const faults = 'fault: moving-rows, row: lost, calls: 1-2';
    const { code, left } = await under({ faults, live: 250, wanted });
    expect([code, left]).toEqual([0, sorted(wanted)]);
  });

  it('so that one that is to go is lost after a lost answer: not taken for gone', async () => {
    const wanted = numbered('u', 250).filter((id) => id !== 'u101');
    const { code, left } = await under({
      faults: `fault: reset, api: "*.delete", calls: 1
               fault: moving-rows, row: lost, calls: 3`,
      live: 250,
      wanted,
      args: ['--verify-timeout', '5ms'],
    });
    expect([code, left.includes('u101')]).toEqual([4, true]);
    expect(left).toHaveLength(250);
  });
});

describe('somebody else at work', () => {
  it('meanwhile is left alone and told: newcomers stay, and nobody is brought back whom they removed', async () => {
    const { code, left, result } = await under({
      faults: 'fault: others, add: [{ user: guest }], remove: [u2], api: "*.delete"',
      live: 6,
      wanted: ['u1', 'u2', 'u3', 'u4', 'u5'],
    });
    expect([code, left]).toEqual([4, ['guest', 'u1', 'u3', 'u4', 'u5']]);
    expect(result).toMatchObject({
      summary: { removed: 1, notConverged: 1 },
      events: [
        {
          changes: [{ attendee: { id: 'u6' }, outcome: 'done' }],
          notes: [expect.stringContaining('1 too many, 1 too few')],
        },
      ],
    });
  });

  it('who adds everybody back: not converged', async () => {
    const { code, left, result } = await under({
      faults: 'fault: others, add: [{ user: u4 }], when: after, api: "*.delete"',
      live: 4,
      wanted: ['u1', 'u2', 'u3'],
      args: ['--verify-timeout', '5ms'],
    });
    expect([code, left]).toEqual([4, ['u1', 'u2', 'u3', 'u4']]);
    expect(result).toMatchObject({ summary: { notConverged: 1, removed: 0 } });
  });

  it('who removes between pages: nobody wanted goes', async () => {
    const wanted = numbered('u', 240);
    const { code, left } = await under({
      faults: 'fault: others, remove: [u1, u2], api: "dingtalk.attendees.list", calls: 2',
      live: 1250,
      wanted,
      provider: 'dingtalk',
      args: ['--allow-removals', 'weekly=1250'],
    });
    expect(left.filter((id) => wanted.includes(id))).toEqual(
      sorted(wanted).filter((id) => !['u1', 'u2'].includes(id)),
    );
    expect(code).toBe(3);
  });
});

describe('a stale list', () => {
  it('that never shows the change: not converged', async () => {
    const { code, left, result } = await under({
      faults: 'fault: stale, for: 1h, api: "*.delete", calls: 1',
      live: 4,
      wanted: ['u1', 'u2', 'u3'],
      args: ['--verify-timeout', '5ms'],
    });
    expect([code, left]).toEqual([4, ['u1', 'u2', 'u3']]);
    expect(result).toMatchObject({ summary: { notConverged: 1 } });
  });

  it('that shows it late is read again until it does', async () => {
    const { code, left } = await under({
      faults: 'fault: stale, for: 200ms, api: "*.delete", calls: 1',
      live: 4,
      wanted: ['u1', 'u2', 'u3'],
    });
    expect([code, left]).toEqual([0, ['u1', 'u2', 'u3']]);
  });
});

describe('what may be asked again', () => {
  it('is: limits, expired tokens and page tokens, drips and errors of gateways', async () => {
    const wanted = [...numbered('u', 149), 'new'];
    const { code, left } = await under({
      faults: `fault: expired-page-token, calls: 1
               fault: expired-token, api: feishu.attendees.create, calls: 1
               fault: rate-limit, code: 190010, api: feishu.attendees.delete, calls: 1
               fault: rate-limit, reset: 0, api: feishu.event.get, calls: 1
               fault: error, status: 503, body: nothing, api: feishu.token, calls: 1
               fault: drip, bytes: 500, pause: 1ms, api: "*.list", calls: 3`,
      live: 150,
      wanted,
    });
    expect([code, left]).toEqual([0, sorted(wanted)]);
  });

  it('is: a read that hangs', async () => {
    const { code, left } = await under({
      faults: 'fault: hang, api: "*.list", calls: 1',
      live: 4,
      wanted: ['u1', 'u2', 'u3'],
      args: ['--timeout', '3s'],
    });
    expect([code, left]).toEqual([0, ['u1', 'u2', 'u3']]);
  });

  it('ends in an event that is unknown where reads fail for good', async () => {
    const { code, result, server } = await under({
      faults: 'fault: error, body: html, api: "*.list"',
      live: 4,
      wanted: ['u1'],
      command: ['plan'],
      args: ['--timeout', '300ms'],
    });
    expect(code).toBe(1);
    expect(result).toMatchObject({ complete: false, events: [{ status: 'unknown', changes: [] }] });
    expect(server.requests.some(({ method, path }) => method !== 'GET' && !path.includes('/auth/'))).toBe(
      false,
    );
  });
});
