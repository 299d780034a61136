import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './support/cli.ts';

type Ranges = Readonly<Record<string, string>>;

interface Package {
  readonly dependencies?: Ranges;
  readonly devDependencies?: Ranges;
  readonly optionalDependencies?: Ranges;
}

interface LockFile {
  readonly packages: Readonly<Record<string, Package & { readonly integrity?: string }>>;
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
// Files of npm's, of these shapes.
const manifest = JSON.parse(read('package.json')) as Package;
const lock = JSON.parse(read('package-lock.json')) as LockFile;

/** The rows of each table in a Markdown text: the package that a row names, and its reason. */
function tablesIn(markdown: string): (readonly [name: string, reason: string])[][] {
  return markdown
    .split(/\n\n+/)
    .filter((block) => block.startsWith('| package'))
    .map((block) =>
      [...block.matchAll(/^\| `(\S+)` *\| (.*?) *\|$/gm)].map(
        ([, name = '', why = '']) => [name, why] as const,
      ),
    );
}

/** What a package names, and what is not there, as Node would look for it: beside the package and in each folder above. */
function missingFrom({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([path, { dependencies, devDependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(
        (name) =>
          !foldersAbove(path).some((folder) => packages[`${folder}node_modules/${name}`] !== undefined),
      )
      .map((name) => `${path} needs ${name}`),
  );
}

function foldersAbove(path: string): string[] {
  const parts = path.split('node_modules/');
  return parts
    .map((_, index) => parts.slice(0, index).join('node_modules/'))
    .concat(path === '' ? '' : `${path}/`);
}

describe('CONTRIBUTING.md', () => {
  const [forUsers = [], forTests = []] = tablesIn(read('CONTRIBUTING.md'));

  it('gives each dependency its reason, and names no other', () => {
    expect(forUsers.map(([name]) => name)).toEqual(Object.keys(manifest.dependencies ?? {}));
    expect(forTests.map(([name]) => name)).toEqual(Object.keys(manifest.devDependencies ?? {}));
    for (const [name, reason] of [...forUsers, ...forTests]) expect(reason.length, name).toBeGreaterThan(8);
  });
});

describe('package-lock.json', () => {
  it('asks for what package.json asks for', () => {
    const { dependencies, devDependencies } = lock.packages[''] ?? {};
    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  it('has an entry for everything that its packages need, on every operating system', () => {
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(missingFrom(lock)).toEqual([]);
  });

  it('would be found to lack what it lacks', () => {
    const packages = {
      '': { dependencies: { a: '1' } },
      'node_modules/a': { dependencies: { b: '1', c: '1' }, optionalDependencies: { '@d/e': '1', f: '1' } },
      'node_modules/a/node_modules/b': { dependencies: { a: '1', c: '1' } },
      'node_modules/c': { dependencies: { b: '1' } },
      'node_modules/@d/e': {},
    };
    expect(missingFrom({ packages })).toEqual(['node_modules/a needs f', 'node_modules/c needs b']);
  });

  it('has a hash for each package, and no address', () => {
    const { '': _, ...packages } = lock.packages;
    const without = Object.entries(packages).filter(
      ([, { integrity }]) => !/^sha512-\S+$/.test(integrity ?? ''),
    );
    expect(without.map(([path]) => path)).toEqual([]);
    expect(read('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/registry/);
  });
});
