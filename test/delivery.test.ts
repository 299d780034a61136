import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { validate as validateDockerfile } from 'dockerfile-utils';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { folderWith, rollcall, root } from './support/cli.ts';
import { type Step, type Workflow, has } from './support/recipes.ts';
import { type WorkflowLinter, workflowLinter } from './support/workflow-linter.ts';

// How rollcall comes to its users: the action, the image, the hook, and the workflows that check and release it.

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const folder = '.github/workflows';
const workflows = readdirSync(join(root, folder));
const action = parse(read('action.yml')) as {
  readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly steps: readonly Step[] };
};
const workflow = (file: string): Workflow => parse(read(join(folder, file))) as Workflow;
const stepsOf = (file: string): Step[] =>
  Object.values(workflow(file).jobs).flatMap(({ steps }) => [...steps]);

const all: readonly (readonly [string, readonly Step[]])[] = [
  ['action.yml', action.runs.steps],
  ...workflows.map((file) => [file, stepsOf(file)] as const),
];

describe('action.yml and the workflows', () => {
  let lint: WorkflowLinter;
  beforeAll(async () => {
    lint = await workflowLinter();
  });

  it.each(all)('%s is what GitHub takes', async (file) => {
    const text = read(file === 'action.yml' ? file : join(folder, file));
    expect(await lint(file, text)).toEqual([]);
  });

  it.each([
    ['action.yml', 'using: composite', 'using: compsite'],
    ['action.yml', 'shell: bash', 'shel: bash'],
    ['release.yml', 'attestations: write', 'attestation: write'],
  ])('%s would be refused for a slip: %s', async (file, right, wrong) => {
    const text = read(file === 'action.yml' ? file : join(folder, file));
    expect(text).toContain(right);
    // It remembers texts by their names.
    expect(await lint(`slip/${wrong}/${file}`, text.replace(right, wrong))).not.toEqual([]);
  });

  it.each(all)('%s puts nothing into its scripts: what others write comes as variables', (_, steps) => {
    expect(steps.length).toBeGreaterThan(0);
    for (const { run = '' } of steps) expect(run).not.toContain('${{');
  });

  it.each(all)('%s has scripts in Bash that satisfy ShellCheck', (_, steps) => {
    const scripts = steps.flatMap(({ run }) => run ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    for (const input of scripts) {
      expect(() => execFileSync('bash', ['-n'], { input, stdio: 'pipe' })).not.toThrow();
    }
    if (!has('shellcheck')) return;
    const files = scripts.map((text, at) => [`${at}.sh`, `#!/usr/bin/env bash\nset -eo pipefail\n${text}`]);
    const cwd = folderWith(Object.fromEntries(files));
    const args = ['-f', 'gcc', ...files.map(([name = '']) => name)];
    expect(spawnSync('shellcheck', args, { cwd, encoding: 'utf8' }).stdout).toBe('');
  });

  it.each(all)('%s runs actions of GitHub alone', (_, steps) => {
    for (const { uses } of steps)
      if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$|^\.\/$/);
  });

  it.each(workflows)('%s gives no job more than it needs', (file) => {
    const { permissions, jobs } = workflow(file);
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined();
    for (const { uses, with: inputs } of stepsOf(file)) {
      if (uses?.startsWith('actions/checkout@') === true) {
        expect(inputs).toMatchObject({ 'persist-credentials': false });
      }
    }
  });
});

describe('the action', () => {
  it('has the inputs that its page names', () => {
    expect(Object.keys(action.inputs)).toEqual([
      'command',
      'path',
      'comment',
      'working-directory',
      'journal-dir',
      'version',
      'args',
      'github-token',
    ]);
    expect(action.inputs['command']?.required).toBe(true);
  });

  it('hands credentials to rollcall alone: no step names a secret', () => {
    expect(read('action.yml')).not.toContain('secrets.');
    // Caching asks the package manager that the caller's repository names.
    const node = action.runs.steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'));
    expect(node?.with).toMatchObject({ 'package-manager-cache': false });
  });
});

describe('the release', () => {
  const { jobs } = workflow('release.yml');

  it('runs for a tag alone, and has its token in one step that runs nothing of the repository', () => {
    expect(workflow('release.yml').on).toEqual({ push: { tags: ['v*'] } });
    const holding = stepsOf('release.yml').filter((step) => JSON.stringify(step).includes('secrets.'));
    expect(holding).toHaveLength(1);
    expect(jobs['publish']?.steps.some(({ uses }) => uses?.startsWith('actions/checkout@'))).toBe(false);
    expect(jobs['publish']?.environment).toBe('registry');
    expect(holding[0]?.run).toMatch(/npm publish .*--ignore-scripts/);
  });

  it('attests and attaches what it has built and tested', () => {
    const used = stepsOf('release.yml').flatMap(({ uses }) => uses?.replace(/@.*/, '') ?? []);
    expect(used).toEqual(expect.arrayContaining(['actions/attest-build-provenance', 'actions/attest-sbom']));
    const scripts = stepsOf('release.yml')
      .map(({ run = '' }) => run)
      .join('\n');
    for (const part of ['.ci/run', 'npm pack', 'SHA256SUMS', 'npm sbom', 'gh release create']) {
      expect(scripts).toContain(part);
    }
  });

  it('writes the checksum of a tarball as lock files do', () => {
    const pack = jobs['build']?.steps.find(({ name }) => name === 'Pack')?.run ?? '';
    const here = folderWith({});
    // Without the packing itself.
    const text = pack.replace(
      'npm pack --ignore-scripts --pack-destination release',
      'echo x >release/a.tgz',
    );
    execFileSync('bash', ['-eo', 'pipefail', '-c', text], { cwd: here });
    const written = readFileSync(join(here, 'release/a.tgz.integrity'), 'utf8').trim();
    const digest = execFileSync('openssl', ['dgst', '-sha512', '-binary', 'a.tgz'], {
      cwd: join(here, 'release'),
    });
    expect(written).toBe(`sha512-${digest.toString('base64')}`);
    execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: join(here, 'release'), stdio: 'pipe' });
  });
});

describe('the Dockerfile', () => {
  const text = read('Dockerfile');
  const last = text.slice(text.lastIndexOf('\nFROM '));

  it('is what Docker takes', () => {
    expect(validateDockerfile(text)).toEqual([]);
    expect(validateDockerfile(text.replace('WORKDIR /build', 'WORKDR /build'))).not.toEqual([]);
    expect(
      validateDockerfile(text.replace('FROM node:24-slim\n', 'FROM node:24-slim AS build\n')),
    ).not.toEqual([]);
  });

  it('makes an image that is slim, does not run as root, and has git and the command line', () => {
    expect(text.match(/^FROM .*$/gm)).toEqual(['FROM node:24-slim AS build', 'FROM node:24-slim']);
    expect(last.match(/^(USER|ENTRYPOINT) .*$/gm)).toEqual(['USER node', 'ENTRYPOINT ["rollcall"]']);
    expect(last).toContain('--no-install-recommends ca-certificates git');
    expect(last).toContain('rm -rf /var/lib/apt/lists/*');
    // Each stage: nothing is fetched that no lock file or distribution vouches for.
    expect(text).not.toMatch(/\bcurl\b|\bwget\b|^ADD |:latest|npm install/m);
    expect(text).toMatch(/npm ci --ignore-scripts/);
  });

  it('copies what .dockerignore lets through, and nothing else', () => {
    const copied = [...text.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files = '']) =>
      files.split(' '),
    );
    const allowed = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? line.slice(1) : []));
    expect(allowed.sort()).toEqual(copied.sort());
  });
});

describe('the hook for pre-commit', () => {
  const hooks = parse(read('.pre-commit-hooks.yaml')) as Readonly<Record<string, unknown>>[];
  const known = ['id', 'name', 'description', 'entry', 'language', 'files', 'pass_filenames'];

  it('has what pre-commit knows, and a command that checks all manifests of a folder', async () => {
    expect(hooks.map(({ id }) => id)).toEqual(['rollcall-validate']);
    for (const hook of hooks) {
      expect(Object.keys(hook).filter((key) => !known.includes(key))).toEqual([]);
      expect(hook['language']).toBe('node');
      const [program, ...args] = String(hook['entry']).split(' ');
      expect(program).toBe('rollcall');
      const ran = await rollcall(args, { cwd: join(root, 'examples/manifests') });
      expect([ran.code, ran.stdout]).toEqual([0, expect.stringContaining('Valid: 6 events.')]);
    }
  });

  it('runs where a YAML file changes, or the lock, which is checked too', () => {
    const pattern = new RegExp(String(hooks[0]?.['files']));
    const files = ['a.yaml', 'b/c.yml', 'rollcall.lock', 'rollcall.lock.txt', 'a.yaml.txt'];
    expect(files.filter((file) => pattern.test(file))).toEqual(files.slice(0, 3));
  });
});
