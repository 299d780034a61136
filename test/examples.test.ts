import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadManifests } from '../src/manifest/load.ts';
import { root, spawnRollcall } from './support/cli.ts';

const examples = join(root, 'examples');
const manifests = readdirSync(join(examples, 'manifests'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join('manifests', file));

it('the demo applies every example, and then there is nothing left to do', async () => {
  const ran = await spawnRollcall(['demo']);
  expect(ran.stderr).toBe('');
  expect(ran.code).toBe(0);
  const { desired, diagnostics } = loadManifests(['manifests'], { asOf: '2026-11-21', cwd: examples });
  expect(diagnostics).toEqual([]);
  expect(ran.stdout).toContain('No changes. The event is in sync.');
  expect(ran.stdout).toContain(`Valid: ${desired.events.length} events.`);
  expect(ran.stdout).toContain(`No changes. All ${desired.events.length} events are in sync.`);
});

it.each(manifests)('%s names a schema that is there', (file) => {
  const path = join(examples, file);
  const [, schema] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(readFileSync(path, 'utf8')) ?? [];
  expect(schema).toBeDefined();
  expect(existsSync(join(dirname(path), schema ?? ''))).toBe(true);
});
