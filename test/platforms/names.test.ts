import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { emulated } from '../../src/emulator/platforms.ts';
import { platforms, providerIds } from '../../src/platforms/index.ts';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

/** Where a platform may be named: its row, its own folders, and the two places that load these. */
const own: readonly string[] = [
  'platforms/',
  'providers/registry.ts',
  'emulator/platforms.ts',
  ...providerIds.flatMap((id) => [`providers/${id}/`, `emulator/${id}/`]),
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

/** The lines of code that have a match. */
function linesWith(pattern: RegExp, except: readonly string[] = []): readonly string[] {
  return files
    .filter((file) => !except.includes(file))
    .flatMap((file) => {
      const lines = codeOf(file).split('\n');
      return lines.filter((line) => pattern.test(line)).map((line) => `${file}: ${line.trim()}`);
    });
}

/** They have examples of tenant files. */
const examples: readonly string[] = ['emulator/organisation.ts', 'emulator/tenant-parts.ts'];

const rows = Object.values(platforms);
const oneOf = (texts: readonly string[]): string => [...new Set(texts)].join('|');

// In any word: `FEISHU_APP_ID`, `dingtalkUserId`.
test('no platform is named outside its row and its own folders', () => {
  expect(files.length).toBeGreaterThan(100);
  const names = [...providerIds, ...emulated.map(({ id }) => id), ...rows.map(({ title }) => title)];
  expect(linesWith(new RegExp(oneOf(names), 'i'))).toEqual([]);
});

test('no code asks which platform it is', () => {
  expect(linesWith(/\bprovider\s*[!=]==\s*['"`]/)).toEqual([]);
});

test('no kind of user id is asked for by its name', () => {
  const types = oneOf(rows.flatMap(({ event }) => event.userIds.map(({ type }) => type)));
  expect(linesWith(new RegExp(`['"\`](${types})['"\`]`), ['model/platform.ts'])).toEqual([]);
});

test('how ids begin stands in the rows alone', () => {
  const prefixes = rows.flatMap(({ event: { userIds, prefixes, rowPrefixes = {} } }) => [
    ...userIds.flatMap(({ prefix }) => prefix ?? []),
    ...Object.values(prefixes),
    ...Object.values(rowPrefixes),
  ]);
  expect(prefixes).toContain('ou_');
  // What patterns are made of may be in it as it stands.
  expect(prefixes.filter((prefix) => !/^[a-z]+(_[a-z]+)*_$/.test(prefix))).toEqual([]);
  const stems = oneOf(prefixes.map((prefix) => prefix.slice(0, -1)));
  expect(linesWith(new RegExp(`(?<![A-Za-z0-9_])(${stems})_(?!id\\b)`), examples)).toEqual([]);
  // In a pattern: `(?:ou|on)_`.
  expect(linesWith(new RegExp(`[(|:](${stems})(\\|\\w+)*\\)_`))).toEqual([]);
});

test('whose months calls are counted in is known to one function of the store, which knows one platform', () => {
  expect(providerIds.filter((id) => platforms[id].monthlyCalls !== null)).toEqual(['dingtalk']);
  expect(
    linesWith(/['"`]Asia\/Shanghai['"`]/, [
      'store/postgres/migrations/002-permits.ts',
      'emulator/moment.ts',
      ...examples,
    ]),
  ).toEqual([]);
});
