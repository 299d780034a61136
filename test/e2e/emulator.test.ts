import { execFileSync, spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { type Ran, folderWith, main, rollcall, startRollcall } from '../support/cli.ts';

const tenant = 'apps: [{ id: cli_demo, secret: demo-secret }]\n';

it('names every switch and every fault in its help, in lines of at most 100 columns', async () => {
  const { code, stdout } = await rollcall(['emulator', '--help']);
  expect(code).toBe(0);
  for (const name of ['readLag: 0ms', 'duplicateAdd: ignored', 'fault: half-done', '--faults <file>'])
    expect(stdout).toContain(name);
  expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
});

it.each([
  [
    'tenant file',
    { 't.yaml': 'aps: []\ntokens: 1\n' },
    [],
    ['- t.yaml:1:1: unknown key "aps"; did you mean "apps"?\n', '- t.yaml:2:9: tokens must be array'],
  ],
  [
    'faults file',
    { 't.yaml': tenant, 'f.yaml': 'faults:\n  - { fault: rest }\n  - { fault: hang, api: x }\n' },
    ['--faults', 'f.yaml'],
    ['- f.yaml:2:14: fault is one of reset, ', '; did you mean "reset"?\n'],
  ],
  [
    'faults file that is not there',
    { 't.yaml': tenant },
    ['--faults', 'f.yaml'],
    ['error: there is no file f.yaml\n', '--faults'],
  ],
  [
    'state file',
    { 't.yaml': tenant, 's.json': '{' },
    ['--state', 's.json'],
    ['error: s.json cannot be read as a state file; delete it to start from the tenant file\n'],
  ],
])('says what is wrong with a %s', async (_, files, more, messages) => {
  const cwd = folderWith(files);
  const { code, stdout, stderr } = await rollcall(['emulator', '--tenant', 't.yaml', ...more], { cwd });
  expect([code, stdout]).toEqual([1, '']);
  for (const message of messages) expect(stderr).toContain(message);
  expect(stderr).not.toMatch(/\n\s+at |bug of rollcall/);
});

it('carries the faults file out', async () => {
  const cwd = folderWith({ 't.yaml': tenant, 'f.yaml': 'faults: [{ fault: error, status: 599, calls: 2 }]' });
  const child = spawn(process.execPath, [main, 'emulator', '--tenant', 't.yaml', '--faults', 'f.yaml'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const line = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data))),
    );
    expect(line).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
    const base = line.trim().slice('ready '.length);
    const statuses = [(await fetch(`${base}/x`)).status, (await fetch(`${base}/x`)).status];
    expect(statuses).toEqual([404, 599]);
  } finally {
    child.kill('SIGTERM');
  }
  expect(await ended).toBe(0);
});

/** Runs the emulator; `value` is a variable of a shell that has evaluated what it said. */
async function whileServing(
  args: readonly string[],
  cwd: string,
  use: (url: string, value: (name: string) => string) => Promise<void>,
): Promise<Pick<Ran, 'stdout' | 'stderr'>> {
  const started = startRollcall(['emulator', ...args], { cwd });
  let stderr = '';
  try {
    const url = await started.prints(/^ready (\S+)\n/);
    await started.says('export DINGTALK_ACCESS_TOKEN=');
    stderr = started.said();
    const said = execFileSync('sh', ['-c', 'eval "$1"; env -0', 'sh', stderr], { encoding: 'utf8' });
    const exported = new Map(
      said.split('\0').map((pair) => [pair.split('=')[0], pair.replace(/^[^=]*=/, '')]),
    );
    await use(url, (name) => exported.get(name) ?? 'unset');
  } finally {
    started.kill('SIGTERM');
  }
  const { code, stdout } = await started.ran;
  expect(code).toBe(0);
  return { stdout, stderr };
}

it('says on stderr what a shell needs to use it, and on stdout that it is ready and nothing else', async () => {
  const secret = `it's "$HOME" \`id\` \\`;
  const cwd = folderWith({
    't.yaml': `apps: [{ id: cli_a, secret: ${JSON.stringify(secret)} }, { id: b, secret: c }]\ntokens: [u-x]\n`,
  });
  const { stdout, stderr } = await whileServing(['--tenant', 't.yaml'], cwd, async (url, value) => {
    for (const names of [
      'FEISHU APP_ID APP_SECRET',
      'LARK APP_ID APP_SECRET',
      'DINGTALK APP_KEY APP_SECRET',
    ]) {
      const [platform = '', app = '', word = ''] = names.split(' ');
      expect(value(`${platform}_BASE_URL`)).toBe(url);
      expect(value(`${platform}_${app}`)).toBe('cli_a');
      expect(value(`${platform}_${word}`)).toBe(secret);
      // It would go before the app.
      expect(value(`${platform}_ACCESS_TOKEN`)).toBe('');
    }
  });
  expect(stdout).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+\n$/);
  const [head, ...lines] = stderr.trimEnd().split('\n');
  expect(head).toMatch(/^# /);
  expect(lines.filter((line) => !line.startsWith('export '))).toEqual([]);
});

it('gives the first access token where the tenant file has no app', async () => {
  const cwd = folderWith({ 't.yaml': 'tokens: [u-first, u-second]\n' });
  const { stderr } = await whileServing(['--tenant', 't.yaml'], cwd, async (_, value) => {
    expect(value('FEISHU_ACCESS_TOKEN')).toBe('u-first');
    expect(value('DINGTALK_ACCESS_TOKEN')).toBe('u-first');
  });
  expect(stderr).not.toContain('APP_');
});

it('serves the example tenant where no other is named, to whoever takes the variables over', async () => {
  const cwd = folderWith({
    'weekly.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec:
  provider: feishu
  calendarId: feishu.cn_demo@group.calendar.feishu.cn
  eventId: weekly_0
  attendees: [{ user: ou_lisi }]
`,
  });
  await whileServing([], cwd, async (_, value) => {
    const names = ['FEISHU_BASE_URL', 'FEISHU_APP_ID', 'FEISHU_APP_SECRET', 'FEISHU_ACCESS_TOKEN'];
    const env = Object.fromEntries(names.map((name) => [name, value(name)]));
    const { stdout, code } = await rollcall(['plan', 'weekly.yaml'], { cwd, env });
    expect(stdout).toContain('平台周会 Platform weekly');
    expect(code).toBe(3);
  });
});
