import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { folderWith, main, rollcall, root } from '../support/cli.ts';
import { manifestOf, newScene, tenantOf } from '../support/scene.ts';

const tracer = join(root, 'test/support/loads.mjs');

/** The modules that a command loads: files of `dist/` by their paths there, packages and modules of Node by their names. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', tracer, main, ...args], {
    encoding: 'utf8',
  });
  const names = [...stderr.matchAll(/^loads (\S+)$/gm)].map(
    ([, url = '']) => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url.replace(/^.*\/dist\//, ''),
  );
  return [...new Set(names)].sort();
}

it('asks for the version with three small files', async () => {
  expect(await loadedBy('--version')).toEqual([
    'cli/main.js',
    'parts/rolldown-runtime.js',
    'parts/version.js',
  ]);
});

/** The packages among them, and how much of our own code there is, in kilobytes and files. */
function weighed(loaded: readonly string[]): { packages: string[]; kilobytes: number; files: number } {
  const own = loaded.filter((name) => name.endsWith('.js'));
  const bytes = own.reduce((sum, name) => sum + statSync(join(root, 'dist', name)).size, 0);
  return {
    packages: loaded.filter((name) => !name.startsWith('node:') && !name.endsWith('.js')),
    kilobytes: bytes / 1000,
    files: own.length,
  };
}

it('shows help without loading what commands work with', async () => {
  const { packages, kilobytes } = weighed(await loadedBy('--help'));
  expect(packages).toEqual(['commander']);
  expect(kilobytes).toBeLessThan(65);
});

it('validates without loading anything that plans, calls, writes or redacts, and in few files', async () => {
  const folder = folderWith({
    'event.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec: { provider: feishu, calendarId: c, eventId: weekly_0, attendees: [{ user: ou_a }] }
`,
  });
  const { packages, kilobytes, files } = weighed(await loadedBy('validate', folder));
  expect(packages).toEqual(['fastest-levenshtein', 'yaml']);
  // Sessions alone are more than a hundred, and each file takes part of the time that a short command has.
  expect(kilobytes).toBeLessThan(200);
  expect(files).toBeLessThan(26);
});

it('has Node keep what it compiled below the folder of its user, where Node can, and nowhere without one', async () => {
  const validate = (cwd: string, env: NodeJS.ProcessEnv): Promise<unknown> =>
    promisify(execFile)(process.execPath, [main, 'validate', join(root, 'examples/manifests')], { cwd, env });
  const home = folderWith({});
  await validate(home, { HOME: home, TMPDIR: home });
  expect(existsSync(join(home, '.cache/rollcall'))).toBe('enableCompileCache' in module);
  const none = folderWith({});
  await validate(none, { TMPDIR: none });
  // Node would try for ever to make a folder there.
  await validate(none, { HOME: '/proc/none', TMPDIR: none });
  expect(readdirSync(none)).toEqual([]);
});

it('does not have V8 compile the HTTP parser anew for a few answers: a command would wait for that at its end', async () => {
  const at = await newScene(
    { tenant: tenantOf({ weekly_0: 'attendees: [{ user: ou_a }]' }) },
    { weekly: manifestOf('weekly', '{ user: ou_a }') },
  );
  try {
    const plan = ['--trace-wasm-compilation-times', main, 'plan', at.folder];
    const { stdout } = await promisify(execFile)(process.execPath, plan, { env: at.env });
    expect(stdout).toContain('using Liftoff');
    expect(stdout).not.toContain('using TurboFan');
    expect(stdout).toContain('No changes.');
  } finally {
    await at.close();
  }
});

it('validates without opening a stream for its one line: Node would load much for it', async () => {
  const told = `process.on('exit', () =>
    require('node:fs').writeSync(2, process.moduleLoadList.filter((name) => / (stream|net|tty)$/.test(name)).join()));`;
  const hook = join(folderWith({ 'told.cjs': told }), 'told.cjs');
  const loads = async (...args: string[]): Promise<unknown> =>
    promisify(execFile)(process.execPath, ['--require', hook, main, ...args]);
  const manifest = join(root, 'examples/manifests/standup.yaml');
  expect(await loads('validate', manifest)).toEqual({ stdout: 'Valid: 1 event.\n', stderr: '' });
  expect(await loads('--help')).toMatchObject({ stderr: expect.stringContaining('NativeModule stream') });
});

it('loads the client of a store without all of fetch, which Node 20 has for it', async () => {
  const told = `process.on('exit', () =>
    require('node:fs').writeSync(2, process.moduleLoadList.filter((name) => name.includes('deps/undici')).join()));`;
  const hook = join(folderWith({ 'told.cjs': told }), 'told.cjs');
  const status = promisify(execFile)(process.execPath, ['--require', hook, main, 'store', 'status'], {
    env: { ROLLCALL_STORE: 'postgres://u@/teams?host=/nowhere' },
  });
  await expect(status).rejects.toMatchObject({
    stderr: expect.stringMatching(/unset the variable[^\n]*\n$/),
  });
});

it('validates the same whether its options are left out or spelled out', async () => {
  const event = `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec: { provider: feishu, calendarId: c, eventId: weekly_0, attendees: [{ user: ou_a }] }
`;
  const folders = [
    { 'event.yaml': event },
    { 'event.yaml': event.replace('feishu', 'fieshu') },
    { 'event.yaml': event, 'ci.yaml': 'on: push\n' },
    { 'empty.yaml': '' },
  ];
  for (const files of folders) {
    const cwd = folderWith(files);
    const spelledOut = await rollcall(['validate', '.', '--format', 'text'], { cwd });
    expect(await rollcall(['validate', '.'], { cwd })).toEqual(spelledOut);
  }
});
