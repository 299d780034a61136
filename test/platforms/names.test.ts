import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { platforms, providerIds } from '../../src/platforms/index.ts';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Where a platform may be named: its row, its own folders, and the one place that loads these. */
const own: readonly string[] = [
  'platforms/',
  'providers/registry.ts',
  ...providerIds.map((id) => `providers/${id}/`),
  // The embedded server registers its platforms in files of its own.
  'emulator/',
];

function codeOf(file: string): string {
  return readFileSync(src + file, 'utf8')
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .replaceAll(/^\s*\/\/.*$/gm, '');
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.(ts|mjs)$/.test(file) && !file.startsWith('validators/'))
  .filter((file) => !own.some((place) => file.startsWith(place)));

test('no platform is named outside its row and its own folders', () => {
  const names = [...providerIds, ...Object.values(platforms).map(({ title }) => title)];
  const named = new RegExp(`\\b(${names.join('|')})\\b.*`, 'i');
  const found = files.flatMap((file) => {
    const [line] = named.exec(codeOf(file)) ?? [];
    return line === undefined ? [] : [`${file}: ${line}`];
  });
  expect(files.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});

test('no code asks which platform it is', () => {
  expect(files.filter((file) => /\bprovider\s*[!=]==\s*['"`]/.test(codeOf(file)))).toEqual([]);
});
