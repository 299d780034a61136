import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import type { Plan } from '../../src/model/plan.ts';
import { sealed } from '../../src/planner/plan-events.ts';
import { feishuEnv, folderWith, rollcall, type Ran } from '../support/cli.ts';

const calendar = 'feishu.cn_t@group.calendar.feishu.cn';

function tenant(attendees: string, other = '{ user: ou_a }'): string {
  return `
apps: [{ id: cli_demo, secret: demo-secret }]
feishu:
  calendars:
    - id: ${calendar}
      type: shared
      role: owner
      events:
        - { id: weekly_0, summary: Weekly, start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00, attendees: [${attendees}] }
        - { id: other_0, summary: Other, start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00, attendees: [${other}] }
`;
}

function manifest(name: string, eventId: string, users: readonly string[], rest = ''): string {
  return `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: feishu
  calendarId: ${calendar}
  eventId: ${eventId}
${rest}  attendees: [${users.map((user) => `{ user: ${user} }`).join(', ')}]
`;
}

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

interface Scene {
  readonly server: Emulator;
  readonly folder: string;
  readonly file: string;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  readonly saved: () => Plan;
  readonly writes: () => number;
}

async function scene(
  attendees: string,
  manifests: Readonly<Record<string, string>>,
  other?: string,
): Promise<Scene> {
  const server = await startEmulator({ tenant: tenant(attendees, other) });
  servers.push(server);
  const folder = folderWith(manifests);
  const file = join(folder, 'plan.json');
  return {
    server,
    folder,
    file,
    run: (...args) => rollcall(args, { cwd: folder, env: feishuEnv(server.url) }),
    saved: () => JSON.parse(readFileSync(file, 'utf8')) as Plan,
    writes: () =>
      server.requests
        .filter(({ path, method }) => method === 'DELETE' || /attendees(\/batch_delete)?$/.test(path))
        .filter(({ method }) => method !== 'GET').length,
  };
}

const four = '{ user: ou_a, name: Anna }, { user: ou_b, name: Bob }, { user: ou_c }, { user: ou_d }';

describe('a saved plan', () => {
  it('is what happens: newcomers stay, what is so already is dropped, a second time writes nothing', async () => {
    const { server, run, saved, writes, file } = await scene(four, {
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b']),
    });
    const planned = await run('plan', '--out', 'plan.json', '--format', 'json');
    expect(planned.code).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(saved()).toEqual(JSON.parse(planned.stdout));

    // Somebody else removes one of the two and invites a third before the plan is applied.
    const list = saved();
    const attendeeOf = (id: string): string | undefined =>
      list.events[0]?.changes.flatMap((change) =>
        change.action === 'remove' && change.attendee.id === id ? [change.attendee.attendeeId ?? ''] : [],
      )[0];
    await asPlatform(server, 'attendees/batch_delete', { attendee_ids: [attendeeOf('ou_c')] });
    await asPlatform(server, 'attendees', { attendees: [{ type: 'user', user_id: 'ou_new' }] });
    const before = writes();

    const applied = await run('apply', '--plan', 'plan.json', '.', '--format', 'json');
    expect(applied.code).toBe(0);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      planDigest: list.digest,
      summary: { converged: 1, removed: 1 },
      events: [
        {
          newcomers: [{ type: 'user', id: 'ou_new' }],
          changes: [
            { attendee: { id: 'ou_c' }, outcome: 'already' },
            { attendee: { id: 'ou_d' }, outcome: 'done' },
          ],
        },
      ],
    });
    expect(server.attendees('weekly_0').map(({ id }) => id)).toEqual(['ou_a', 'ou_b', 'ou_new']);
    expect(writes()).toBe(before + 1);

    const again = await run('apply', '--plan', 'plan.json', '--format', 'json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ summary: { unchanged: 1, removed: 0 } });
    expect(writes()).toBe(before + 1);
  });

  it('leaves alone what it could not read or refuses, and applies the others', async () => {
    const { server, run, saved } = await scene(
      four,
      {
        'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b']),
        'other.yaml': manifest(
          'other',
          'other_0',
          ['ou_b'],
          '  guards: { maxRemovals: 0 }\n  sync: remove-only\n',
        ),
        'gone.yaml': manifest('gone', 'gone_0', ['ou_b']),
      },
      '{ user: ou_a }, { user: ou_b }',
    );
    expect((await run('plan', '--out', 'plan.json')).code).toBe(3);
    expect(saved().events.map(({ name, status }) => [name, status])).toEqual([
      ['gone', 'unknown'],
      ['other', 'refused'],
      ['weekly', 'changed'],
    ]);
    const applied = await run('apply', '--plan', 'plan.json', '--format', 'json');
    expect(applied.code).toBe(4);
    expect(JSON.parse(applied.stdout).summary).toMatchObject({ converged: 1, refused: 1, unknown: 1 });
    expect(server.attendees('weekly_0').map(({ id }) => id)).toEqual(['ou_a', 'ou_b']);
    expect(server.attendees('other_0').map(({ id }) => id)).toEqual(['ou_a', 'ou_b']);
  });

  it('is refused with a right digest where the manifests do not ask for it', async () => {
    const { server, run, saved, file, writes } = await scene(`${four}, { user: ou_out, external: true }`, {
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b', 'ou_c']),
    });
    await run('plan', '--out', 'plan.json');
    const { digest: _, ...honest } = saved();
    const forge = (id: string): void => {
      const forged = sealed({
        ...honest,
        events: honest.events.map((event) => ({
          ...event,
          kept: event.kept.filter(({ attendee }) => attendee.id !== id),
          changes: event.changes.map((change) =>
            change.action === 'remove' ? { ...change, attendee: { ...change.attendee, id } } : change,
          ),
        })),
      });
      writeFileSync(file, JSON.stringify(forged));
    };
    forge('ou_a');
    const refused = await run('apply', '--plan', 'plan.json', '.');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('does not follow from the manifests');
    expect(refused.stderr).toContain('user:ou_a');
    expect(writes()).toBe(0);
    // Whether somebody is of another tenant shows only in the list.
    forge('ou_out');
    const kept = await run('apply', '--plan', 'plan.json', '.');
    expect([kept.code, kept.stdout]).toEqual([1, expect.stringContaining('is kept by the manifest')]);
    expect(writes()).toBe(0);
    expect(server.attendees('weekly_0')).toHaveLength(5);
  });

  it('is guarded again against what is live', async () => {
    const { server, run, writes } = await scene(four, {
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b'], '  guards: { maxRemovals: 50% }\n'),
    });
    expect((await run('plan', '--out', 'plan.json')).code).toBe(0);
    const [row] = server.attendees('weekly_0');
    const listed = await asPlatform(server, 'attendees', undefined);
    const item = (listed as { data: { items: { attendee_id: string; user_id: string }[] } }).data.items.find(
      ({ user_id: id }) => id === row?.id,
    );
    await asPlatform(server, 'attendees/batch_delete', { attendee_ids: [item?.attendee_id] });
    const before = writes();
    const applied = await run('apply', '--plan', 'plan.json', '--format', 'json');
    expect(applied.code).toBe(3);
    expect(JSON.parse(applied.stdout)).toMatchObject({
      events: [{ outcome: 'refused', violations: [{ code: 'max-removals' }] }],
    });
    expect(writes()).toBe(before);
  });

  it('is refused before any call: another format, no plan, an old one, another host, options that choose', async () => {
    const { server, run, saved, file, folder } = await scene(four, {
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b']),
    });
    await run('plan', '--out', 'plan.json');
    const calls = server.requests.length;
    const { digest: _, ...honest } = saved();
    const other = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return name;
    };
    const elsewhere = { feishu: { host: 'open.feishu.cn', appId: 'cli_demo' } };
    const cases: readonly (readonly [readonly string[], number, string])[] = [
      [[other('v2.json', JSON.stringify({ ...saved(), formatVersion: '2' }))], 3, 'format version'],
      [[other('cut.json', readFileSync(file, 'utf8').slice(0, 400))], 3, 'is not a plan'],
      [['missing.json'], 1, 'there is no file'],
      [['plan.json', '--plan-ttl', '0s'], 3, 'ago'],
      [[other('host.json', JSON.stringify(sealed({ ...honest, accounts: elsewhere })))], 3, 'open.feishu.cn'],
      [['plan.json', '--target', 'weekly'], 1, '--target'],
      [['plan.json', '--allow-removals', 'weekly=4'], 1, '--allow-removals'],
    ];
    for (const [args, code, words] of cases) {
      const ran = await run('apply', '--plan', ...args);
      expect([args, ran.code, ran.stdout]).toEqual([args, code, '']);
      expect(ran.stderr).toContain(words);
      expect(ran.stderr).not.toMatch(/\n\s+at /);
    }
    expect(server.requests).toHaveLength(calls);
  });
});

describe('rollcall show', () => {
  it('prints a plan, however old, says where it was changed, and what moved between two', async () => {
    const { run, saved, file, folder } = await scene(four, {
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b']),
    });
    const planned = await run('plan', '--out', 'plan.json');
    const { digest: _, ...honest } = saved();
    writeFileSync(
      join(folder, 'old.json'),
      JSON.stringify(sealed({ ...honest, createdAt: '2020-01-01T00:00:00.000Z' })),
    );
    const old = await rollcall(['show', 'old.json'], { cwd: folder });
    expect(old.code).toBe(0);
    expect(old.stdout).toContain(planned.stdout);
    expect(old.stdout).toContain('Made 2020-01-01T00:00:00.000Z');
    expect(old.stderr).toBe('');

    writeFileSync(file, JSON.stringify({ ...saved(), maxRemovals: 7 }));
    const changed = await rollcall(['show', 'plan.json', '--format', 'json'], { cwd: folder });
    expect(changed.code).toBe(0);
    expect(JSON.parse(changed.stdout)).toEqual(saved());
    expect(changed.stderr).toContain('changed after it was made');

    writeFileSync(join(folder, 'weekly.yaml'), manifest('weekly', 'weekly_0', ['ou_a', 'ou_b', 'ou_c']));
    await run('plan', '--out', 'newer.json');
    const moved = await rollcall(['show', 'old.json', 'newer.json'], { cwd: folder });
    expect(moved.code).toBe(0);
    expect(moved.stdout).toMatch(/^-.*ou_c/m);
    expect(moved.stdout).not.toMatch(/^[-+].*ou_d/m);
    const unformatted = await rollcall(['show', 'old.json', 'newer.json', '--format', 'json'], {
      cwd: folder,
    });
    expect([unformatted.code, unformatted.stdout]).toEqual([1, '']);
  });
});

/** A call by somebody who is not rollcall. */
async function asPlatform(server: Emulator, path: string, body: unknown): Promise<unknown> {
  const token = await fetch(`${server.url}/open-apis/auth/v3/tenant_access_token/internal`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ app_id: 'cli_demo', app_secret: 'demo-secret' }),
  });
  const { tenant_access_token: bearer } = (await token.json()) as { tenant_access_token: string };
  const answer = await fetch(
    `${server.url}/open-apis/calendar/v4/calendars/${calendar}/events/weekly_0/${path}`,
    {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  const value: unknown = await answer.json();
  expect(value).toMatchObject({ code: 0 });
  return value;
}
