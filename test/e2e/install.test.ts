import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ran, folderWith, root } from '../support/cli.ts';
import { loopbackRegistry, releasePath } from '../support/loopback-registry.ts';
import { packed } from '../support/packed.ts';
import { bash, programs, recipe, scripts } from '../support/recipes.ts';
import type { ScriptedServer } from '../support/scripted-server.ts';

// The steps of the recipes that install, run in an empty folder against the tarball that would be released.

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const files = readdirSync(join(root, 'examples/ci')).filter((file) => !file.endsWith('.sh'));

/** The lines of a script that install rollcall and let it be found. */
function installing(text: string): string {
  const isOne = (line: string): boolean => /^npm |node_modules\/\.bin/.test(line.trim());
  return text
    .split('\n')
    .filter(isOne)
    .map((line) => line.trim())
    .join('\n');
}

/** Each text that installs, and the recipes that have it. */
const ways = new Map<string, Set<string>>();
for (const file of files) {
  for (const [, text] of scripts(file)) {
    const way = installing(text);
    if (way !== '') ways.set(way, (ways.get(way) ?? new Set()).add(file));
  }
}

/** The command that recipes and pages name. */
function named(text: string): string[] {
  return text.match(/npm install \S*\s*https:\/\/github\.com\/\S+\.tgz/g) ?? [];
}

let registry: ScriptedServer;
let tarball: Buffer;
/** Holds what a user has committed: package.json and package-lock.json. */
let repository: string;
/** What `npm ci` installs there. */
let modules: string | null = null;

beforeAll(async () => {
  tarball = readFileSync((await packed()).path);
  registry = await loopbackRegistry(tarball);
  repository = folderWith({ 'package.json': '{ "name": "meetings", "private": true }' });
  const [command = ''] = named(recipe('gitlab.yml'));
  // What it installs is not looked at: `npm ci` installs it.
  const env = { npm_config_package_lock_only: 'true' };
  const ran = await run(command.replace('https://github.com', registry.url), repository, env);
  expect(ran.code, ran.stderr).toBe(0);
}, 120_000);
afterAll(() => registry[Symbol.asyncDispose]());

function run(
  text: string,
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  bin = '/nowhere',
): Promise<Ran> {
  const npm = {
    npm_config_registry: registry.url,
    npm_config_cache: join(repository, '.cache'),
    npm_config_audit: 'false',
    npm_config_fund: 'false',
    npm_config_update_notifier: 'false',
    HOME: repository,
  };
  return bash(text, { cwd, bin, env: { ...npm, ...env } });
}

/**
 * A folder of an npm that installs by copying, and tells where, once npm has done both: the ways differ in what is around
 * that.
 */
function installedOnce(): string {
  if (modules === null) return '/nowhere';
  const npm = execFileSync('bash', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  const copied = `[ "$*" != 'ci --ignore-scripts' ] || exec cp -a '${modules}' node_modules`;
  const told = `[ "$*" != root ] || exec printf '%s\\n' "$PWD/node_modules"`;
  return programs({ npm: `${copied}\n${told}\nexec '${npm}' "$@"`, rollcall: 'exit 1' });
}

describe('the release that recipes and pages name', () => {
  it('is of this version, by one command', () => {
    const all = [...files.map(recipe), readFileSync(join(root, 'docs/ci.md'), 'utf8')].flatMap(named);
    expect(all.length).toBeGreaterThan(files.length - 2);
    expect(new Set(all)).toEqual(
      new Set([
        `npm install --save-exact https://github.com/rollcall-dev/rollcall/releases/download/v${version}/rollcall-${version}.tgz`,
      ]),
    );
  });

  it('stands in the lock file with its checksum', () => {
    const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { resolved?: string; integrity?: string }>;
    };
    const locked = packages['node_modules/rollcall'];
    expect(locked?.resolved).toMatch(releasePath);
    expect(locked?.integrity).toBe(`sha512-${createHash('sha512').update(tarball).digest('base64')}`);
  });
});

describe('the step that installs', () => {
  it('is there in every recipe', () => {
    expect(new Set([...ways.values()].flatMap((those) => [...those]))).toEqual(new Set(files));
    for (const way of ways.keys()) expect(way).toContain('npm ci --ignore-scripts');
  });

  it.each([...ways].map(([way, those]) => [[...those].join(', '), way] as const))(
    'of %s installs the command line, and the script beside it',
    async (_, way) => {
      const folder = folderWith({});
      for (const file of ['package.json', 'package-lock.json']) {
        cpSync(join(repository, file), join(folder, file));
      }
      const added = join(folder, 'path');
      const next = `
        [ ! -f "$GITHUB_PATH" ] || PATH="$(cat "$GITHUB_PATH"):$PATH"
        rollcall --version
        . "$(npm root)/rollcall/examples/ci/take.sh"
        declare -F take`;
      const ran = await run(way + next, folder, { GITHUB_PATH: added }, installedOnce());
      expect(ran.code, ran.stderr).toBe(0);
      modules ??= join(folder, 'node_modules');
      expect(ran.stdout.trim().split('\n').slice(-2)).toEqual([version, 'take']);
    },
  );

  it('refuses a tarball that is not the one in the lock file', async () => {
    const folder = folderWith({});
    for (const file of ['package.json', 'package-lock.json']) {
      const text = readFileSync(join(repository, file), 'utf8');
      const other = text.replace(/(rollcall-[\d.]+\.tgz",\s+"integrity": "sha512-)./, '$1/');
      cpSync(join(folderWith({ [file]: other }), file), join(folder, file));
    }
    const ran = await run('npm ci --ignore-scripts', folder);
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('EINTEGRITY')]);
  });
});
