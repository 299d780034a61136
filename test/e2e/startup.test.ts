import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { folderWith, main, rollcall, root } from '../support/cli.ts';

const tracer = join(root, 'test/support/loads.mjs');

/** The modules that a command loads: files of `dist/` by their paths there, packages and modules of Node by their names. */
async function loadedBy(...args: string[]): Promise<string[]> {
  const { stderr } = await promisify(execFile)(process.execPath, ['--import', tracer, main, ...args], {
    encoding: 'utf8',
  });
  const names = [...stderr.matchAll(/^loads (\S+)$/gm)].map(
    ([, url = '']) =>
      /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? url.replace(/^.*\/dist\/(parts\/)?/, ''),
  );
  return [...new Set(names)].sort();
}

it('asks for the version with two small files', async () => {
  expect(await loadedBy('--version')).toEqual(['cli/main.js', 'version.js']);
});

it('shows help without loading what commands work with', async () => {
  const loaded = (await loadedBy('--help')).filter((name) => !name.startsWith('node:'));
  const parts = ['journal', 'model', 'program', 'rolldown-runtime', 'settings', 'shell', 'version'];
  expect(loaded).toEqual(['cli/main.js', 'commander', ...parts.map((name) => `${name}.js`)].sort());
});

it('validates without loading anything that plans, calls, writes or redacts, and in few files', async () => {
  const folder = folderWith({
    'event.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec: { provider: feishu, calendarId: c, eventId: weekly_0, attendees: [{ user: ou_a }] }
`,
  });
  const loaded = (await loadedBy('validate', folder)).filter((name) => !name.startsWith('node:'));
  const packages = ['fastest-levenshtein', 'yaml'];
  const parts = ['manifest', 'manifest-schemas', 'model', 'rolldown-runtime', 'shell'];
  // Each takes part of the time that a short command has.
  expect(loaded).toEqual(
    ['cli/main.js', ...packages, ...parts.map((name) => `${name}.js`), 'version.js'].sort(),
  );
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
