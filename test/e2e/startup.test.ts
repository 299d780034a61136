import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { folderWith, main, root } from '../support/cli.ts';

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

it('asks for the version with two small files', async () => {
  expect(await loadedBy('--version')).toEqual(['cli/main.js', 'node:fs', 'run/version.js']);
});

it('shows help without loading what commands work with', async () => {
  const loaded = await loadedBy('--help');
  expect(loaded).toContain('commander');
  const strangers = loaded.filter(
    (name) => !/^(node:(fs|path|util)|commander|(cli|model|platforms|run)\/[\w-]+\.js)$/.test(name),
  );
  const little = ['escape', 'markdown/blocks', 'markdown/escape', 'text/terminal', 'view/words'];
  expect(strangers).toEqual([
    'providers/settings.js',
    ...little.map((name) => `report/${name}.js`),
    'store/journal.js',
  ]);
});

it('validates without loading anything that plans, calls, writes or redacts, and in few files', async () => {
  const folder = folderWith({
    'event.yaml': `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: weekly }
spec: { provider: feishu, calendarId: c, eventId: weekly_0, attendees: [{ user: ou_a }] }
`,
  });
  const loaded = await loadedBy('validate', folder);
  const strangers = loaded.filter(
    (name) =>
      !/^(node:(fs|path|url|util)|commander|yaml|(cli|manifest|model|platforms|validators)\/.*|report\/text\/terminal\.js|run\/(day|duration|manifests|render|select|usage-error|version)\.js)$/.test(
        name,
      ),
  );
  expect(strangers).toEqual(['fastest-levenshtein', 'http/clock.js']);
  // Each takes part of the time that a short command has.
  expect(loaded.length).toBeLessThan(68);
});
