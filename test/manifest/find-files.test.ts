import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFiles } from '../../src/manifest/read/find-files.ts';
import { loadManifests } from '../../src/manifest/load.ts';
import { feishu, today } from './support.ts';

let cwd = '';

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'rollcall-find-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function write(file: string, content: string | Uint8Array = ''): void {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), content);
}

function found(...paths: string[]): string[] {
  return findFiles(paths, cwd).files.map(({ file }) => file);
}

describe('a folder', () => {
  it('gives its YAML files in sorted order, as the user would write them', () => {
    for (const file of ['m/b.yaml', 'm/a/z.yml', 'm/a.yaml', 'm/note.txt', 'm/yaml']) write(file);
    expect(found('m')).toEqual(['m/a.yaml', 'm/a/z.yml', 'm/b.yaml']);
    expect(found('./m/')).toEqual(['m/a.yaml', 'm/a/z.yml', 'm/b.yaml']);
    expect(found('.')).toEqual(['m/a.yaml', 'm/a/z.yml', 'm/b.yaml']);
    expect(found(join(cwd, 'm'))).toContain(join(cwd, 'm/a.yaml'));
  });

  it('is searched without dot-names and node_modules', () => {
    for (const file of [
      '.hidden.yaml',
      '.git/a.yaml',
      'node_modules/a.yaml',
      'x/node_modules/a.yaml',
      'x/a.yaml',
    ]) {
      write(file);
    }
    expect(found('.')).toEqual(['x/a.yaml']);
  });

  it('may begin with a dot itself', () => {
    write('.github/a.yaml');
    expect(found('.github')).toEqual(['.github/a.yaml']);
  });

  it('is not left through symlinks', () => {
    write('m/a.yaml');
    write('out/b.yaml');
    write('m2/c.yaml');
    symlinkSync('../out', join(cwd, 'm/folder'));
    symlinkSync('../out/b.yaml', join(cwd, 'm/b.yaml'));
    symlinkSync('../m2', join(cwd, 'm/sibling'));
    symlinkSync('nowhere', join(cwd, 'm/c.yaml'));
    expect(found('m')).toEqual(['m/a.yaml']);
  });

  it('gives each file once, and ends in loops', () => {
    write('m/real/a.yaml');
    symlinkSync('..', join(cwd, 'm/real/up'));
    symlinkSync('real', join(cwd, 'm/again'));
    symlinkSync('self.yaml', join(cwd, 'm/self.yaml'));
    expect(found('m')).toEqual(['m/again/a.yaml']);
    expect(found('m', '.', 'm/real')).toHaveLength(1);
  });

  it('is followed where the link itself is named', () => {
    write('real/a.yaml');
    symlinkSync('real', join(cwd, 'link'));
    expect(found('link')).toEqual(['link/a.yaml']);
  });
});

describe('a file', () => {
  it('is strict where it is named, also when a folder leads to it', () => {
    write('m/a.yaml', 'a: 1');
    expect(loadManifests(['m'], { asOf: today, cwd })).toMatchObject({
      diagnostics: [],
      skipped: ['m/a.yaml'],
    });
    for (const paths of [['m/a.yaml'], ['m', 'm/a.yaml'], ['m/a.yaml', 'm']]) {
      const { diagnostics, skipped } = loadManifests(paths, { asOf: today, cwd });
      expect(diagnostics).toMatchObject([
        { code: 'foreign-document', source: { file: 'm/a.yaml', line: 1 } },
      ]);
      expect(skipped).toEqual([]);
    }
  });

  it('that is missing is an error', () => {
    expect(loadManifests(['nowhere', 'nofile.yaml'], { asOf: today, cwd }).diagnostics).toMatchObject([
      { code: 'path-not-found', message: 'nofile.yaml: no such file or folder' },
      { code: 'path-not-found', message: 'nowhere: no such file or folder' },
    ]);
  });

  it('may begin with a byte order mark', () => {
    write('a.yaml', `\ufeff${feishu('notify: 3')}`);
    expect(loadManifests([], { asOf: today, cwd }).diagnostics).toMatchObject([
      { source: { line: 8, column: 11 } },
    ]);
    write('a.yaml', `\ufeffapiVersion: rollcall.dev/v2`);
    expect(loadManifests([], { asOf: today, cwd }).diagnostics).toMatchObject([
      { source: { line: 1, column: 1 } },
    ]);
  });

  it('that is not UTF-8 is left out unless it is ours or named', () => {
    write('a.yaml', Uint8Array.of(0xff, 0xfe, 0x61));
    expect(loadManifests(['.'], { asOf: today, cwd })).toMatchObject({
      diagnostics: [],
      skipped: ['a.yaml'],
    });
    expect(loadManifests(['a.yaml'], { asOf: today, cwd })).toMatchObject({
      diagnostics: [{ code: 'not-utf8' }],
      skipped: [],
    });
    write('a.yaml', Buffer.concat([Buffer.from('# rollcall.dev/ '), Uint8Array.of(0xff)]));
    expect(loadManifests(['.'], { asOf: today, cwd }).diagnostics).toMatchObject([{ code: 'not-utf8' }]);
  });
});
