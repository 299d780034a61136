import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './support/cli.ts';

const examples = join(root, 'examples');
const manifests = readdirSync(join(examples, 'manifests'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => join('manifests', file));

it.each(manifests)('%s names a schema that is there', (file) => {
  const path = join(examples, file);
  const [, schema] = /^# yaml-language-server: \$schema=(\S+)$/m.exec(readFileSync(path, 'utf8')) ?? [];
  expect(schema).toBeDefined();
  expect(existsSync(join(dirname(path), schema ?? ''))).toBe(true);
});
