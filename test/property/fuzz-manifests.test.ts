import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, stringify } from 'yaml';
import { loadManifests, loadTexts } from '../../src/manifest/load.ts';
import { diagnosticsText } from '../../src/report/text/diagnostics.ts';
import { folderWith, root } from '../support/cli.ts';
import { plain } from '../support/terminals.ts';
import { anyText, fuzz, type Mutation, mutated, mutation } from './fuzz.ts';

const file = 'fuzz-manifests.test.ts';
const asOf = '2026-11-20';

const texts = [
  'test/fixtures/manifest/event.yaml',
  'test/fixtures/manifest/people.yaml',
  'examples/manifests/project-standup.yaml',
  'examples/manifests/rosters/project-team.yaml',
  'examples/manifests/launch-review.yaml',
].map((name) => readFileSync(join(root, name), 'utf8'));
const trees: readonly unknown[] = texts.flatMap((text) =>
  parseAllDocuments(text).map((document) => document.toJS()),
);

/** Whatever a file holds, the answer is events or findings, each with its place, and text that can be printed. */
function holds(text: string, named = true): void {
  const loaded = loadTexts([{ file: 'x.yaml', text, named }], asOf);
  const misshapen = loaded.diagnostics.filter(
    ({ code, message, source }) =>
      !/^[a-z0-9-]+$/.test(code) ||
      /undefined|\[object |NaN/.test(message) ||
      (source !== undefined && !(source.line >= 1 && source.column >= 1)),
  );
  expect(misshapen).toEqual([]);
  // What is printed has no line that a terminal would obey.
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(diagnosticsText(loaded.diagnostics, plain)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  for (const event of loaded.desired.events) {
    expect(event.ref.eventId).not.toBe('');
    for (const attendee of event.attendees ?? []) expect(attendee.id.trim()).not.toBe('');
  }
}

interface Slip {
  readonly at: number;
  readonly take: number;
  readonly put: string;
}

const slip: fc.Arbitrary<Slip> = fc.record({
  at: fc.nat({ max: 4000 }),
  take: fc.nat({ max: 12 }),
  put: fc.oneof(
    fc.constantFrom(
      '\t',
      '\r\n',
      '\r',
      '\n',
      '\ufeff',
      '\u0085',
      '\u2028',
      '\u0000',
      '\u00a0',
      '\u202e',
      '\ud83d',
      '# ',
      ': ',
      '- ',
      '? ',
      '&a ',
      '*a',
      '!!str ',
      '!x ',
      '<<: ',
      '|\n',
      '>-\n',
      '"',
      "'",
      '[',
      '{',
      '}',
      '%YAML 1.1\n---\n',
      '---\n',
      '...\n',
      '0x1f',
      '.inf',
      '2026-02-30',
    ),
    anyText({ maxLength: 6 }),
  ),
});

const slipped = (text: string, slips: readonly Slip[]): string =>
  slips.reduce((before, { at, take, put }) => {
    const place = at % (before.length + 1);
    return before.slice(0, place) + put + before.slice(place + take);
  }, text);

describe('manifests of every kind end in events or findings', () => {
  it('texts with slips of the keyboard', async () => {
    const value = fc.tuple(fc.constantFrom(...texts), fc.array(slip, { minLength: 1, maxLength: 4 }));
    await fuzz(file, value, ([text, slips]) => holds(slipped(text, slips)));
  });

  it('trees near the schema, with any line ends', async () => {
    const value = fc.record({
      tree: fc.constantFrom(...trees),
      mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }),
      flow: fc.boolean(),
      lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
      bom: fc.boolean(),
    });
    await fuzz(file, value, ({ tree, mutations, flow, lineEnd, bom }) => {
      const odd = mutations.reduce((before: unknown, one: Mutation) => mutated(before, one), tree);
      const text = stringify(odd, { collectionStyle: flow ? 'flow' : 'any' }) ?? '';
      holds((bom ? '\ufeff' : '') + text.replaceAll('\n', lineEnd));
    });
  });

  it('bytes', async () => {
    const folder = folderWith({});
    const bytes = fc.tuple(
      fc.constantFrom('', 'apiVersion: rollcall.dev/v1\n', 'a: [', '\ufeff'),
      fc.uint8Array({ maxLength: 300 }),
    );
    await fuzz(
      file,
      bytes,
      ([head, rest]) => {
        const path = join(folder, 'x.yaml');
        writeFileSync(path, Buffer.concat([Buffer.from(head), rest]));
        for (const paths of [[path], [folder]]) {
          const { desired, diagnostics, skipped } = loadManifests(paths, { asOf });
          expect(desired.events).toEqual([]);
          expect(diagnostics.length + skipped.length).toBeGreaterThanOrEqual(0);
        }
      },
      30,
    );
  });

  it('aliases that multiply, however they do it', async () => {
    const value = fc.record({
      levels: fc.integer({ min: 1, max: 12 }),
      width: fc.integer({ min: 1, max: 12 }),
      maps: fc.boolean(),
    });
    await fuzz(
      file,
      value,
      ({ levels, width, maps }) => {
        const list = (level: number): string => {
          const items = Array.from({ length: width }, (_, i) =>
            maps ? `k${i}: *a${level - 1}` : `*a${level - 1}`,
          );
          return maps ? `{ ${items.join(', ')} }` : `[${items.join(', ')}]`;
        };
        const lines = ['x0: &a0 { user: ou_a }'];
        for (let level = 1; level <= levels; level += 1) lines.push(`x${level}: &a${level} ${list(level)}`);
        holds(`apiVersion: rollcall.dev/v1\nkind: Event\n${lines.join('\n')}\nspec: *a${levels}\n`);
      },
      30,
    );
  });

  it.each([
    ['flow lists', '[', ']'],
    ['flow maps', '{a: ', '}'],
    ['block lists', '- ', ''],
    ['explicit keys', '? ', ''],
    ['keys in keys', '? [', ']'],
    ['anchors', '&a ', ''],
    ['tags', '!a ', ''],
    ['quotes', '"', ''],
    ['folds', '>\n ', ''],
    ['documents', '---\n', ''],
    ['comments', '#', ''],
    ['open brackets', '[{', ''],
  ])('%s ten thousand deep', (_, open, close) => {
    for (const head of ['', 'apiVersion: rollcall.dev/v1\nkind: Event\nspec: ']) {
      holds(head + open.repeat(10_000) + close.repeat(10_000));
    }
  });

  it.each([
    ['a key', `? ${'k'.repeat(1_000_000)}\n: 1\n`],
    ['a text', `a: "${'\\u4e2d'.repeat(200_000)}"\n`],
    ['a number', `a: ${'9'.repeat(1_000_000)}\n`],
    ['a name', `metadata: { name: ${'n'.repeat(1_000_000)} }\n`],
    ['many keys', Array.from({ length: 20_000 }, (_x, i) => `k${i}: 1\n`).join('')],
    ['a date', `until: ${'2026-'.repeat(200_000)}\n`],
    ['white space', `a: ${' '.repeat(1_000_000)}b\n`],
    ['spaces and line ends', `a: "${' \n'.repeat(200_000)}"\n`],
    ['dashes', `${'-'.repeat(1_000_000)}\n`],
    ['colons', `a${': '.repeat(200_000)}\n`],
  ])('%s that is huge', (_, text) => {
    holds(`apiVersion: rollcall.dev/v1\nkind: Event\n${text}`);
  });

  it('an event with two thousand attendees that are all wrong', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => `    - usr: ou_${i}\n`).join('');
    const text = `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: a }\nspec:\n  attendees:\n${rows}`;
    const { diagnostics } = loadTexts([{ file: 'x.yaml', text, named: true }], asOf);
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)).toMatchObject({ code: 'more', more: 1902 });
  });
});
