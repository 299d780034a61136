import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadManifests } from '../../src/manifest/load.ts';
import { leaksIn } from '../support/canaries.ts';
import { type Ran, rollcall as runRollcall, root, startScript } from '../support/cli.ts';
import { type Packed, installed, left } from '../support/packed.ts';

// What is published, as a user has it after `npm install rollcall` in an empty folder.
let folder: string;
let packed: Packed;
beforeAll(async () => {
  ({ folder, packed } = await installed());
});

function rollcall(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return startScript(join(folder, 'node_modules/rollcall/dist/cli/main.js'), args, { cwd: folder, env }).ran;
}

const examples = 'node_modules/rollcall/examples/manifests';

describe('the package', () => {
  it('is small', () => {
    expect(packed.size).toBeLessThan(450_000);
    expect(packed.unpackedSize).toBeLessThan(1_700_000);
  });

  it('holds what runs, readable, and the types that a program can come across, of which each is a source', () => {
    const built = packed.files.flatMap(({ path }) => /^dist\/(.*)$/.exec(path)?.[1] ?? []);
    expect(built.filter((file) => file.endsWith('.js')).length).toBeGreaterThan(30);
    const other = built.filter((file) => !/^(index|cli\/main|parts\/[\w-]+)\.js$|\.d\.ts$/.test(file));
    expect(other.sort()).toEqual(['THIRD-PARTY-NOTICES.txt', 'package.json']);
    const types = built.filter((file) => file.endsWith('.d.ts')).map((file) => file.replace(/d\.ts$/, 'ts'));
    expect(types.filter((file) => !existsSync(join(root, 'src', file)))).toEqual([]);
    expect(types).toContain('index.ts');
    expect(types.filter((file) => /^(cli|emulator)\//.test(file))).toEqual([]);
    const code = readFileSync(join(folder, 'node_modules/rollcall/dist/parts/sessions.js'), 'utf8');
    expect(code).toContain('// src/run/sessions.ts\n');
    expect(code).toContain('\nasync function openSessions(providers, options) {\n');
    const rest = packed.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    expect(
      rest.filter((path) => !/\.(json|md|ya?ml|Jenkinsfile|sh|service|timer)$|^LICENSE$/.test(path)),
    ).toEqual([]);
    // Pages are read where the README leads: in the repository.
    expect(rest.filter((path) => path.startsWith('docs/'))).toEqual([]);
  });

  it('exports by name each type that what it exports is made of', () => {
    const read = (path: string): string => readFileSync(join(folder, 'node_modules/rollcall', path), 'utf8');
    const index = read('dist/index.d.ts');
    const wholes = [...index.matchAll(/^export type \* from '\.\/(.+)\.ts';$/gm)].map(([, from]) => from);
    const named = [...index.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = '']) =>
      list.split(',').map((one) => one.replace('type ', '').trim()),
    );
    const declared = packed.files.flatMap(({ path }) => {
      const [, file] = /^dist\/(.+)\.d\.ts$/.exec(path) ?? [];
      if (file === undefined || file === 'index' || wholes.includes(file)) return [];
      const types = read(path).matchAll(
        /^export (?:declare )?(?:abstract )?(?:interface|type|class) (\w+)/gm,
      );
      return [...types].map(([, name = '']) => name);
    });
    expect(declared).toContain('TransportErrorKind');
    expect(declared.filter((name) => !named.includes(name))).toEqual([]);
  });

  it('brings no copy of a package that npm installs with it', () => {
    const isCode = ({ path }: { readonly path: string }): boolean =>
      path.startsWith('dist/') && path.endsWith('.js');
    // The head of each file names the sources that it is made of.
    const copies = packed.files
      .filter(isCode)
      .filter(({ path }) =>
        /^\/\/.*node_modules\//m.test(readFileSync(join(folder, 'node_modules/rollcall', path), 'utf8')),
      );
    expect(copies).toEqual([]);
  });

  it('is the files that package.json names one by one, whatever else lies beside them', () => {
    const { files } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { files: string[] };
    const named = files.filter((file) => file !== 'dist');
    expect(named.filter((file) => /[*!]/.test(file) || !/\.\w+$/.test(file))).toEqual([]);
    // Those that npm takes along always.
    const always = ['LICENSE', 'README.md', 'README.zh-CN.md', 'package.json'];
    const rest = packed.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/'));
    expect(rest.sort()).toEqual([...named, ...always].sort());
    expect(rest.filter((path) => left.includes(path))).toEqual([]);
  });

  it('names every example, and every schema that the command line reads', () => {
    const paths = packed.files.map(({ path }) => path);
    const there = ['examples', 'schemas'].flatMap((name) =>
      readdirSync(join(root, name), { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(root, join(entry.parentPath, entry.name))),
    );
    // The emulator has its own in its code.
    const built = ['schemas/faults.schema.json', 'schemas/tenant.schema.json'];
    const own = there.filter(
      (path) => !/\.rollcall\/|\/plan[^/]*\.json$/.test(path) && !built.includes(path),
    );
    expect(own.filter((path) => !paths.includes(path))).toEqual([]);
  });

  it('brings the licences of the code in it that is not its own', () => {
    const text = readFileSync(join(folder, 'node_modules/rollcall/dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['rolldown', 'ajv']) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\): `, 'm'));
      const license = readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8');
      expect(text).toContain(license.trim());
    }
  });

  it('exports names that are meant, to programs and to the compiler', async () => {
    writeFileSync(join(folder, 'names.js'), `console.log(Object.keys(await import('rollcall')).join(' '));`);
    const { stdout } = await startScript(join(folder, 'names.js'), [], { cwd: folder }).ran;
    const names = stdout.trim().split(' ');
    expect(names).toEqual(expect.arrayContaining(['applyPlan', 'loadManifests', 'planEvents', 'resultOf']));
    expect(names.filter((name) => name.length < 4)).toEqual([]);

    writeFileSync(
      join(folder, 'use.ts'),
      `import { loadManifests, planEvents, type Plan } from 'rollcall';
       export const plan: Promise<Plan> = planEvents(loadManifests(['.']).desired, { env: {} });`,
    );
    // What the compiler itself brings is not looked through.
    const usual = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', ''];
    const options = [...usual, '--skipDefaultLibCheck'];
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const compile = (): string =>
      execFileSync(process.execPath, [compiler, ...options, 'use.ts'], { cwd: folder, encoding: 'utf8' });
    expect(compile()).toBe('');
  });
});

describe('what is installed', () => {
  it('starts by its own name, as the image starts it, and tells its help and its schemas', async () => {
    const link = join(folder, 'by-name');
    symlinkSync(join(folder, 'node_modules/rollcall/dist/cli/main.js'), link);
    expect(execFileSync(link, ['--help'], { encoding: 'utf8' })).toContain('plan');
    expect((await rollcall(['schema', 'event'])).stdout).toContain('"$id"');
  });

  describe('in its demo', () => {
    const secret = 'CNRYsecret "q"/+\\ü&<é>';
    let ran: Ran;
    beforeAll(async () => {
      ran = await rollcall(['demo'], {
        FEISHU_APP_ID: 'cli_own',
        FEISHU_APP_SECRET: secret,
        LARK_ACCESS_TOKEN: 'u-CNRYtoken',
        HTTPS_PROXY: 'http://user:CNRYpassword@127.0.0.1:9',
      });
    });

    it('applies every example, and then there is nothing left to do', () => {
      expect([ran.code, ran.stderr]).toEqual([0, '']);
      expect(ran.stdout).toContain('Apply complete');
      const { desired, diagnostics } = loadManifests([examples], { asOf: '2026-11-21', cwd: folder });
      expect(diagnostics).toEqual([]);
      expect(ran.stdout).toContain('No changes. The event is in sync.');
      expect(ran.stdout).toContain(
        `Valid: ${desired.events.length} events.\nRosters take people from 2 parts of the organisation, read when planning.\n`,
      );
      expect(ran.stdout).toContain('via launch-team > department 销售部 Sales');
      expect(ran.stdout).toContain('Feishu chat 发布评审 Launch review (oc_launch): 3 people');
      expect(ran.stdout).toContain(`No changes. All ${desired.events.length} events are in sync.`);
    });

    it('leaves the credentials around it alone, and tells none', () => {
      const text = ran.stdout + ran.stderr;
      expect(leaksIn(text, { secret })).toEqual([]);
      expect(text).not.toMatch(/CNRY|cli_own/);
    });
  });

  it('serves the tenant that it brings where the emulator is given none', async () => {
    const script = join(folder, 'node_modules/rollcall/dist/cli/main.js');
    const emulator = startScript(script, ['emulator'], { cwd: folder });
    const url = await emulator.prints(/^ready (\S+)\n$/);
    const env = { FEISHU_BASE_URL: url, FEISHU_APP_ID: 'cli_demo', FEISHU_APP_SECRET: 'demo-secret' };
    const ran = await runRollcall(['plan', examples, '--target', 'platform-weekly'], { cwd: folder, env });
    emulator.kill('SIGTERM');
    expect(ran.stdout).toContain('Plan: 0 to add, 2 to remove.');
    expect((await emulator.ran).code).toBe(0);
  });
});
