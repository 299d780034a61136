import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { folderWith, rollcall, spawnRollcall, startRollcall } from '../support/cli.ts';
import { type Scene, manifestOf, newScene, tenantOf } from '../support/scene.ts';
import { appEnv, dingtalkManifest, feishuManifest } from '../support/served.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** Takes connections and never says a word. */
async function mute(): Promise<{ readonly port: number; readonly reached: Promise<void> }> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const reached = new Promise<void>((resolve) => {
    server = createServer((socket) => {
      // Whoever is ended says so.
      socket.on('error', () => undefined);
      sockets.add(socket);
      resolve();
    });
  });
  const listening = server;
  if (listening === undefined) throw new TypeError('a promise runs its function at once');
  await new Promise<void>((resolve) => {
    listening.listen(0, '127.0.0.1', resolve);
  });
  ends.push(async () => {
    const closed = new Promise((resolve) => listening.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  // A TCP server has an address of this shape while it listens.
  return { port: (listening.address() as AddressInfo).port, reached };
}

const weekly = feishuManifest('weekly', 'weekly_0', { attendees: [{ user: 'ou_a' }] });

/** Has a run go through a mute proxy, or to a mute port that should speak TLS. */
function silentRun(way: 'proxy' | 'port', port: number, timeout: string): Parameters<typeof startRollcall> {
  const env =
    way === 'proxy'
      ? { ...appEnv('https://open.example'), HTTPS_PROXY: `http://127.0.0.1:${port}` }
      : appEnv(`https://127.0.0.1:${port}`);
  return [['plan', '--timeout', timeout], { cwd: folderWith({ 'weekly.yaml': weekly }), env }];
}

describe.each(['proxy', 'port'] as const)('a %s that takes the connection and says nothing', (way) => {
  // The limits are not for speed: what holds a run up here would do so for minutes.
  it('holds a plan up no longer than --timeout allows', { timeout: 30_000 }, async () => {
    const { port } = await mute();
    const { code, stdout } = await rollcall(...silentRun(way, port, '1s'));
    expect(code).toBe(1);
    expect(stdout).toContain('cannot be reached');
    expect(stdout).toContain('ETIMEDOUT');
  });

  it('does not keep a stop from ending the run', { timeout: 30_000 }, async () => {
    const { port, reached } = await mute();
    const run = startRollcall(...silentRun(way, port, '10m'));
    await reached;
    run.kill('SIGTERM');
    const { code, stderr } = await run.ran;
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted');
  });
});

describe('what nothing can call off', () => {
  it('does not hold the process up once its command is over', async () => {
    const folder = folderWith({ 'held.mjs': 'setInterval(() => {}, 1000);\n', 'weekly.yaml': weekly });
    const preload = pathToFileURL(join(folder, 'held.mjs')).href;
    const ran = await spawnRollcall(['validate', folder], { env: { NODE_OPTIONS: `--import=${preload}` } });
    expect(ran).toMatchObject({ code: 0, stdout: 'Valid: 1 event.\n' });
  });
});

describe("a machine's clock that is set back all the time", () => {
  const backwards = `
const now = Date.now;
let back = 0;
Date.now = () => now() - (back += 60_000);
`;
  const withClock = (at: Scene, more: Record<string, string> = {}): Record<string, string> => ({
    ...at.env,
    ...more,
    NODE_OPTIONS: `--import=${pathToFileURL(join(folderWith({ 'clock.mjs': backwards }), 'clock.mjs')).href}`,
  });

  it('holds up no rate window', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `e${index}`);
    const at = await newScene(
      {
        tenant: tenantOf(
          Object.fromEntries(names.map((name) => [`${name}_0`, 'attendees: [{ user: ou_a }]'])),
        ),
      },
      Object.fromEntries(names.map((name) => [name, manifestOf(name, '{ user: ou_a }')])),
    );
    ends.push(() => at.close());
    const env = withClock(at, { ROLLCALL_QUOTA: 'feishu=10/s' });
    const { code, stdout } = await spawnRollcall(['plan'], { cwd: at.folder, env });
    expect(stdout).toContain('No changes');
    expect(code).toBe(0);
  });

  it('holds up no waiting for what was written', async () => {
    const at = await newScene(
      {
        tenant: tenantOf({ a_0: 'attendees: [{ user: ou_a }, { user: ou_b }]' }),
        // Taken, and not done.
        intercept: ({ api }) =>
          api === 'feishu.attendees.delete'
            ? { kind: 'answer', status: 200, body: { code: 0, msg: 'success', data: {} } }
            : undefined,
      },
      { a: manifestOf('a', '{ user: ou_a }') },
    );
    ends.push(() => at.close());
    const apply = ['apply', '--auto-approve', '--verify-timeout', '500ms'];
    const { code, stdout } = await spawnRollcall(apply, { cwd: at.folder, env: withClock(at) });
    expect(stdout).toContain('ou_b');
    expect(code).toBe(4);
  });
});

describe('settings', () => {
  const folder = folderWith({
    'weekly.yaml': weekly,
    'standup.yaml': dingtalkManifest('standup', 'standup', { attendees: [{ user: 'a' }] }),
  });

  it.each([
    ['a password that is not encoded', 'http://u:%zz@127.0.0.1:9', 'HTTPS_PROXY'],
    ['a path', 'http://127.0.0.1:9/path', 'HTTPS_PROXY'],
    ['another protocol', 'socks5://127.0.0.1:9', 'HTTPS_PROXY'],
    ['no host', 'http://', 'HTTPS_PROXY'],
    ['a port that is none', 'http://127.0.0.1:99999', 'https_proxy'],
  ])('a proxy with %s is told by the name of its variable', async (_, value, name) => {
    const env = { ...appEnv('http://127.0.0.1:9'), [name]: value };
    const { code, stdout, stderr } = await rollcall(['plan', folder], { env });
    expect(code).toBe(1);
    expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/bug|failed/);
    expect(stdout).toBe('');
  });

  it('that several platforms miss are told at once', async () => {
    const { code, stderr } = await rollcall(['plan', folder]);
    expect(code).toBe(1);
    for (const name of ['FEISHU_APP_ID', 'FEISHU_APP_SECRET', 'DINGTALK_APP_KEY', 'DINGTALK_APP_SECRET']) {
      expect(stderr).toContain(name);
    }
    expect(stderr.match(/^error:/gm)).toHaveLength(1);
  });

  const account = { FEISHU_APP_ID: 'cli_demo', FEISHU_APP_SECRET: 'not-to-be-shown' };

  it.each<[string, Record<string, string>]>([
    ['HTTPS_PROXY', { HTTPS_PROXY: 'ftp://not-to-be-shown' }],
    ['HTTPS_PROXY', { HTTPS_PROXY: 'http://u:%zznot-to-be-shown@127.0.0.1:9' }],
    ['ROLLCALL_QUOTA', { ROLLCALL_QUOTA: 'much' }],
    ['ROLLCALL_SETTLE', { ROLLCALL_SETTLE: 'soon' }],
    ['ROLLCALL_TIME_ZONE', { ROLLCALL_TIME_ZONE: 'Mars/Olympus' }],
    ['FEISHU_BASE_URL', { FEISHU_BASE_URL: 'http://example.com' }],
    ['FEISHU_BASE_URL', { FEISHU_BASE_URL: 'https://u:not-to-be-shown@example.com' }],
    ['FEISHU_BASE_URL', { FEISHU_BASE_URL: 'https://example.com/path' }],
    ['FEISHU_ACCESS_TOKEN', { FEISHU_ACCESS_TOKEN: 'not-to-be shown' }],
    ['FEISHU_APP_SECRET', { FEISHU_APP_SECRET: '' }],
  ])('names %s where it cannot be used: %j', async (name, env) => {
    const ran = await rollcall(['plan', folder, '--target', 'weekly'], {
      env: { ...account, ...env },
    });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(new RegExp(`^error: .*${name}`, 'm'));
    expect(ran.stdout + ran.stderr).not.toMatch(/\bbug\b|\n {4}at |not-to-be/);
  });
});
