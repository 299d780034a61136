import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { collectDiagnostics } from '../../src/manifest/diagnostics.ts';
import { loadManifests, loadTexts } from '../../src/manifest/load.ts';
import { folderWith } from '../support/cli.ts';

const asOf = '2026-11-20';
const event = (name: string): string =>
  `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: { name: ${name} }\nspec: { provider: dingtalk, organizer: o, eventId: ${name}, attendees: [{ user: a }] }\n`;

it('thousands of files are read, ours found and the others counted', () => {
  const folder = folderWith({});
  for (let part = 0; part < 3; part += 1) {
    mkdirSync(join(folder, `p${part}`));
    for (let index = 0; index < 1000; index += 1) {
      const name = `e${part}-${index}`;
      const text = index % 100 === 0 ? event(name) : `kind: Deployment\nn: ${index}\n`;
      writeFileSync(join(folder, `p${part}`, `${name}.yaml`), text);
    }
  }
  const { desired, diagnostics, skipped } = loadManifests([folder], { asOf });
  expect([desired.events.length, diagnostics.length, skipped.length]).toEqual([30, 0, 2970]);
});

it('links in a circle end, and what they lead to is read once', () => {
  const folder = folderWith({ 'a/b/e.yaml': event('e') });
  symlinkSync('..', join(folder, 'a/up'));
  symlinkSync('../..', join(folder, 'a/b/top'));
  symlinkSync('self.yaml', join(folder, 'self.yaml'));
  symlinkSync('two', join(folder, 'one'));
  symlinkSync('one', join(folder, 'two'));
  const { desired, diagnostics } = loadManifests([folder], { asOf });
  expect([desired.events.map(({ name }) => name), diagnostics]).toEqual([['e'], []]);
});

it('a link to itself that is named is an error that names it', () => {
  const folder = folderWith({});
  symlinkSync('self.yaml', join(folder, 'self.yaml'));
  const { diagnostics } = loadManifests(['self.yaml'], { asOf, cwd: folder });
  expect(diagnostics).toMatchObject([
    { code: 'unreadable', message: 'self.yaml cannot be read (ELOOP)', hint: expect.any(String) },
  ]);
});

it('a file that is far too large is an error where it is named or ours, and left out elsewhere', () => {
  const filler = `# ${'x'.repeat(1022)}\n`.repeat(4200);
  const folder = folderWith({ 'ours.yaml': event('e') + filler, 'other.yaml': `a: 1\n${filler}` });
  const message = 'ours.yaml is larger than 4 MiB, the limit for a manifest file';
  const ours = { code: 'file-too-large', message, source: { file: 'ours.yaml', line: 1 } };
  const found = loadManifests(['.'], { asOf, cwd: folder });
  expect([found.diagnostics, found.skipped]).toMatchObject([[ours], ['other.yaml']]);
  const named = loadManifests(['other.yaml'], { asOf, cwd: folder });
  expect(named.diagnostics).toMatchObject([{ code: 'file-too-large' }]);
});

it('a text of too many words and signs is given up with its place, and too many of them end the reading', () => {
  const before = `${event('e')}---\n`;
  const text = `${before}${event('f').replace('{ user: a }', 'x,'.repeat(500_000))}`;
  const files = ['x.yaml', 'y.yaml'].map((file) => ({ file, text, named: true }));
  const { read, diagnostics } = loadTexts(files, asOf, collectDiagnostics({ tooLarge: 0 }));
  expect(read.files).toBe(1);
  expect(diagnostics).toMatchObject([
    {
      code: 'file-too-large',
      message: 'x.yaml has more than 1,000,000 tokens, the limit for a manifest file',
      source: { file: 'x.yaml', line: 9 },
    },
    {
      code: 'too-many-mistakes',
      message: 'more than 0 files are too large: y.yaml and the files after it were not read',
    },
  ]);
});

it('rosters that hand on too many members end in an error at the entry', () => {
  const head = (name: string): string =>
    `---\napiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: ${name} }\nspec:\n  members:\n`;
  const members = Array.from({ length: 4950 }, (_, index) => `    - user: u${index}\n`).join('');
  const outer = Array.from({ length: 102 }, (_, index) => `${head(`r${index}`)}    - roster: big\n`);
  const use = outer.map((_, index) => `{ roster: r${index} }`).join(', ');
  const text = `${event('e').replace('{ user: a }', use)}${head('big')}${members}${outer.join('')}`;
  const { desired, diagnostics } = loadTexts([{ file: 'x.yaml', text, named: true }], asOf);
  expect(desired.events).toEqual([]);
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'too-large: rosters within rosters add up to more than 500,000 members',
  ]);
});
