import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { folderWith, main, rollcall } from '../support/cli.ts';

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
