import { execFileSync } from 'node:child_process';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { loadManifests } from '../../src/manifest/load.ts';
import { folderWith } from '../support/cli.ts';
import { feishu, today } from './support.ts';

/** `code message` of each diagnostic, and what was left out. */
function read(path: string, cwd: string): { found: string[]; skipped: readonly string[] } {
  const { diagnostics, skipped } = loadManifests([path], { asOf: today, cwd });
  return { found: diagnostics.map(({ code, message }) => `${code} ${message}`), skipped };
}

describe('what is not a regular file', () => {
  it('is refused where it is named: a pipe that nobody writes to', () => {
    const cwd = folderWith({});
    execFileSync('mkfifo', [join(cwd, 'x.yaml')]);
    expect(read('x.yaml', cwd).found).toEqual(['not-a-file x.yaml is not a regular file']);
    expect(read('.', cwd)).toEqual({ found: [], skipped: [] });
  });

  it.each(['/dev/zero', '/dev/null'])('is refused where it is named: %s', (device) => {
    expect(read(device, '.').found).toEqual([`not-a-file ${device} is not a regular file`]);
  });
});

it('looks at the size of a file before it reads it', () => {
  const cwd = folderWith({ 'x.yaml': 'a: 1\n' });
  const before = process.memoryUsage().arrayBuffers;
  truncateSync(join(cwd, 'x.yaml'), 1.5 * 1024 ** 3);
  expect(read('x.yaml', cwd).found).toEqual([
    'file-too-large x.yaml is larger than 4 MiB, the limit for a manifest file',
  ]);
  expect(read('.', cwd).skipped).toEqual(['x.yaml']);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * 1024 ** 2);
});

test.each([
  ['UTF-16, little end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['UTF-16, big end first', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['UTF-16 without a mark', (text: string) => Buffer.from(text, 'utf16le')],
])('a manifest in %s is an error that says so, named or found', (_, encode) => {
  const cwd = folderWith({});
  writeFileSync(join(cwd, 'x.yaml'), encode(feishu('sync: exact')));
  for (const path of ['.', 'x.yaml']) {
    const { found, skipped } = read(path, cwd);
    expect(skipped).toEqual([]);
    expect(found).toEqual(['not-utf8 x.yaml is UTF-16 text, but rollcall reads UTF-8']);
  }
});

it('tells which files and documents were left out, and what was read', () => {
  const cwd = folderWith({
    'a.yml': 'kind: Deployment\n---\nkind: Service\n',
    'b.yml': 'a: [',
    'r.yaml': 'apiVersion: rollcall.dev/v1\nkind: Roster\nmetadata: { name: r }\nspec: { members: [] }\n',
  });
  const { skipped, read: counts } = loadManifests(['.'], { asOf: today, cwd });
  expect(skipped).toEqual(['a.yml', 'a.yml:3', 'b.yml']);
  expect(counts).toMatchObject({ files: 3, rosters: 1, directories: 0 });
});
