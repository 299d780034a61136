import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { feishuEnv, folderWith, rollcall } from '../support/cli.ts';

const calendar = 'feishu.cn_t@group.calendar.feishu.cn';

function tenantWith(attendees: string, more = ''): string {
  return `
apps: [{ id: cli_demo, secret: demo-secret }]
tokens: [u-demo]
${more}
feishu:
  calendars:
    - id: ${calendar}
      type: shared
      role: owner
      events:
        - { id: weekly_0, summary: Weekly, start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00, attendees: [${attendees}] }
        - { id: other_0, summary: Other, start: 2099-01-04T10:00:00+08:00, end: 2099-01-04T11:00:00+08:00, attendees: [{ user: ou_a }, { user: ou_b }] }
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
${rest}  attendees:
${users.map((user) => `    - user: ${user}\n`).join('')}`;
}

const servers: Emulator[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(options: Parameters<typeof startEmulator>[0]): Promise<Emulator> {
  const server = await startEmulator(options);
  servers.push(server);
  return server;
}

const apply = ['apply', '--auto-approve', '--format', 'json'];

describe('rollcall apply', () => {
  it('removes the surplus in one batch, sees it gone, and then has nothing to do', async () => {
    const server = await serve({ tenant: tenantWith('{ user: ou_a }, { user: ou_b }, { user: ou_c }') });
    const folder = folderWith({ 'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b']) });
    const ran = await rollcall(apply, { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(0);
    const result = JSON.parse(ran.stdout);
    expect(result).toMatchObject({
      formatVersion: '1',
      exitCode: 0,
      summary: { events: 1, converged: 1, removed: 1, failedChanges: 0 },
      events: [{ name: 'weekly', outcome: 'converged', changes: [{ action: 'remove', outcome: 'done' }] }],
    });
    expect(server.attendees('weekly_0').map(({ id }) => id)).toEqual(['ou_a', 'ou_b']);
    const removal = server.requests.find(({ path }) => path.endsWith('/batch_delete'));
    expect(removal?.body).toEqual({
      attendee_ids: [expect.stringMatching(/^user_/)],
      need_notification: false,
    });
    expect(removal?.query).toEqual({ user_id_type: 'open_id' });

    const again = await rollcall(apply, { cwd: folder, env: feishuEnv(server.url) });
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ journal: null, summary: { unchanged: 1, removed: 0 } });
    expect(server.requests.filter(({ path }) => path.endsWith('/batch_delete'))).toHaveLength(1);
  });

  it('asks for no call too many', async () => {
    const server = await serve({ tenant: tenantWith('{ generate: 1200, user: "ou_gen_{}" }') });
    const users = Array.from({ length: 600 }, (_, index) => `ou_gen_${index + 1}`);
    const folder = folderWith({ 'weekly.yaml': manifest('weekly', 'weekly_0', users) });
    const ran = await rollcall(apply, { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(0);
    const counts = new Map<string, number>();
    for (const { method, path } of server.requests) {
      const call = `${method} ${path.split('/').pop()}`;
      counts.set(call, (counts.get(call) ?? 0) + 1);
    }
    // 12 pages to plan and, since removed rows stay listed, 12 to verify; whether they have left is asked of 50 wanted
    // people a call.
    expect(Object.fromEntries(counts)).toEqual({
      'POST internal': 1,
      'GET attendees': 24,
      'GET batch': 12,
      'GET weekly_0': 1,
      'POST batch_delete': 2,
    });
    expect(
      server.requests.filter(({ path }) => path.endsWith('batch_delete')).map(({ body }) => sizeOf(body)),
    ).toEqual([500, 100]);
    expect(JSON.parse(ran.stdout).requests.used).toBe(39);
  });

  it('keeps a journal that only its owner can read, with no token in it', async () => {
    const server = await serve({ tenant: tenantWith('{ user: ou_a }, { user: ou_b }') });
    const folder = folderWith({ 'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a']) });
    const ran = await rollcall(apply, { cwd: folder, env: feishuEnv(server.url) });
    const { journal } = JSON.parse(ran.stdout);
    expect(journal).toMatch(/^\.rollcall\/runs\/.*\.ndjson$/);
    expect(statSync(join(folder, journal)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, '.rollcall/.gitignore'), 'utf8')).toBe('*\n');
    const text = readFileSync(join(folder, journal), 'utf8');
    const kinds = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).kind);
    expect(kinds).toEqual(['run-started', 'batch-started', 'batch-done', 'event-done', 'run-done']);
    expect(text).not.toMatch(/demo-secret|t-[A-Za-z0-9]{8}/);
    expect(readdirSync(join(folder, '.rollcall/runs'))).toHaveLength(1);
  });

  it('says who is still there where the platform takes a removal and does not show it', async () => {
    const server = await serve({
      tenant: tenantWith('{ user: ou_a }, { user: ou_b }', 'behaviour: { readLag: 24h }'),
    });
    const folder = folderWith({ 'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a']) });
    const ran = await rollcall([...apply, '--verify-timeout', '5ms'], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    expect(ran.code).toBe(4);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      summary: { notConverged: 1, removed: 0 },
      events: [
        {
          outcome: 'not-converged',
          changes: [{ attendee: { id: 'ou_b' }, outcome: 'unknown', error: { code: 'not-seen' } }],
        },
      ],
    });
  });

  it('is refused without a terminal and without --auto-approve, before any call', async () => {
    const server = await serve({ tenant: tenantWith('{ user: ou_a }, { user: ou_b }') });
    const folder = folderWith({ 'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a']) });
    const ran = await rollcall(['apply'], { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('--auto-approve');
    expect(server.requests).toEqual([]);
  });

  it('writes nothing at all where the run would remove too many', async () => {
    const server = await serve({ tenant: tenantWith('{ user: ou_a }, { user: ou_b }, { user: ou_c }') });
    const folder = folderWith({
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a']),
      'other.yaml': manifest('other', 'other_0', ['ou_a']),
    });
    const ran = await rollcall([...apply, '--max-removals', '2'], {
      cwd: folder,
      env: feishuEnv(server.url),
    });
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.stdout)).toMatchObject({ journal: null, summary: { refused: 2 } });
    expect(server.requests.some(({ path }) => path.endsWith('batch_delete'))).toBe(false);
  });

  it('applies the others where one event is refused, and exits with 4', async () => {
    const server = await serve({ tenant: tenantWith('{ user: ou_a }, { user: ou_b }, { user: ou_c }') });
    const folder = folderWith({
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_x']),
      'other.yaml': manifest('other', 'other_0', ['ou_a']),
    });
    const ran = await rollcall(apply, { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(4);
    expect(JSON.parse(ran.stdout)).toMatchObject({ summary: { refused: 1, converged: 1, removed: 1 } });
    expect(server.attendees('weekly_0')).toHaveLength(3);
  });

  it('settles a lost answer by reading: what was done is not done again', async () => {
    let dropped = false;
    const server = await serve({
      tenant: tenantWith('{ user: ou_a }, { user: ou_b }, { user: ou_c }'),
      intercept: ({ api }) => {
        if (dropped || !api.includes('delete')) return undefined;
        dropped = true;
        return { kind: 'reset', when: 'after' };
      },
    });
    const folder = folderWith({ 'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a', 'ou_b']) });
    const ran = await rollcall(apply, { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(0);
    expect(dropped).toBe(true);
    expect(server.requests.filter(({ path }) => path.endsWith('batch_delete'))).toHaveLength(1);
  });

  it('tells people only where the manifest says so', async () => {
    const server = await serve({ tenant: tenantWith('{ user: ou_a }, { user: ou_b }') });
    const folder = folderWith({
      'weekly.yaml': manifest('weekly', 'weekly_0', ['ou_a'], '  notify: true\n'),
    });
    const ran = await rollcall(apply, { cwd: folder, env: feishuEnv(server.url) });
    expect(ran.code).toBe(0);
    expect(server.requests.find(({ path }) => path.endsWith('batch_delete'))?.body).toMatchObject({
      need_notification: true,
    });
  });
});

function sizeOf(body: unknown): number {
  return (body as { attendee_ids: string[] }).attendee_ids.length;
}
