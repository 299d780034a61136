import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { filesIn } from '../support/canaries.ts';
import { root } from '../support/cli.ts';

const run = promisify(execFile);
const dist = join(root, 'dist');
// A file of npm's, of this shape.
const { dependencies: ranges } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Readonly<Record<string, string>>;
};
const dependencies = Object.keys(ranges);
/** What begins to run when it is loaded. */
const programs = /^cli\/main\.js$/;

/** Loads everything that is built, and prints which signals are listened to and what else was loaded. */
const loader = `
import { createRequire } from 'node:module';
import { constants } from 'node:os';
const left = [];
process.exit = process.reallyExit = (code) => left.push('exit ' + code);
for (const file of JSON.parse(process.argv[1])) await import(file);
const names = [...Object.keys(constants.signals), 'beforeExit', 'uncaughtException', 'unhandledRejection'];
const heard = names.filter((name) => process.listenerCount(name) > 0);
// What requires loads, import hooks do not see.
const required = Object.keys(createRequire(import.meta.url).cache);
console.log(JSON.stringify({ heard, left, required }));
`;

interface Loaded {
  /** Names of signals and events that are listened to. */
  readonly heard: readonly string[];
  /** Calls that would have ended the process. */
  readonly left: readonly string[];
  /** The files of packages. */
  readonly files: readonly string[];
}

async function loading(files: readonly string[]): Promise<Loaded> {
  const hooks = join(root, 'test/support/loads.mjs');
  const script = ['--import', hooks, '--input-type=module', '-e', loader, JSON.stringify(files)];
  const { stdout, stderr } = await run(process.execPath, script, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
  // What the script above prints.
  const { heard, left, required } = JSON.parse(stdout) as Omit<Loaded, 'files'> & { required: string[] };
  const imported = [...stderr.matchAll(/^loads (file:\S+)$/gm)].map(([, url = '']) => fileURLToPath(url));
  const all = [...new Set([...imported, ...required])].filter((path) => path.includes('/node_modules/'));
  return { heard, left, files: all.sort() };
}

/** Words of code that listens to signals or ends a process. */
const ends =
  /process\s*\.\s*(on|once|addListener|prependListener)\s*\(\s*['"`]?(SIG|sig)|process\s*\.\s*(exit|reallyExit|kill|abort)\s*\(|signal-exit|exit-hook/;

/** Packages' files that hold such words, and why they do neither here. */
const excused: Readonly<Record<string, string>> = {
  'commander/lib/command.js':
    'ends the process unless exitOverride is set, and hands signals on to subcommands that are programs of their own',
};

describe('what rollcall is made of', () => {
  let loaded: Loaded;
  beforeAll(async () => {
    const files = [...filesIn(dist).keys()].filter((file) => file.endsWith('.js') && !programs.test(file));
    // Some are loaded only where there is need of them.
    loaded = await loading([...files.map((file) => join(dist, file)), ...dependencies]);
  });

  it('listens to no signal and ends no process by being loaded', () => {
    expect(loaded).toMatchObject({ heard: [], left: [] });
  });

  it('has no package that could do so when it is used', () => {
    const packages = new Set(loaded.files.map((path) => path.split('/node_modules/').at(-1)?.split('/')[0]));
    expect([...packages]).toEqual(expect.arrayContaining(dependencies));
    const suspects = loaded.files.filter((path) => ends.test(readFileSync(path, 'utf8')));
    expect(suspects.map((path) => path.split('/node_modules/').at(-1))).toEqual(Object.keys(excused));
    expect(readFileSync(join(root, 'src/cli/program.ts'), 'utf8')).toContain('exitOverride');
  });
});
