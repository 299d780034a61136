import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderWith, root } from './support/cli.ts';
import { git, has, pipeline, recipe, scripts } from './support/recipes.ts';
import { type WorkflowLinter, workflowLinter } from './support/workflow-linter.ts';

// What programs that know the hosts' languages have against the recipes.

const files = readdirSync(join(root, 'examples/ci')).filter((file) => !file.endsWith('.sh'));
const workflows = files.filter((file) => file.startsWith('github-'));

/** A slip, and what has to be said of it. */
type Slip = readonly [right: string, wrong: string, message: string];

/** A recipe with these slips, all at once: to read it takes the time. */
function slipped(file: string, slips: readonly Slip[]): string {
  return slips.reduce((text, [right, wrong]) => {
    expect(text).toContain(right);
    return text.replace(right, wrong);
  }, recipe(file));
}

describe('recipes for GitHub Actions', () => {
  let lint: WorkflowLinter;
  beforeAll(async () => {
    lint = await workflowLinter();
  });

  it.each(workflows)('%s is what GitHub takes', async (file) => {
    expect(await lint(file, recipe(file))).toEqual([]);
  });

  it('would be refused for a slip in an event, a key, a permission, a context or an expression', async () => {
    const slips: readonly Slip[] = [
      ['workflow_dispatch:', 'workflow_dispatched:', 'workflow_dispatched'],
      ['runs-on:', 'run-on:', 'run-on'],
      ['actions: read', 'action: read', "'action'"],
      ['queue: max', 'queue: most', 'most'],
      ['vars.FEISHU_APP_ID', 'var.FEISHU_APP_ID', "named-value: 'var'"],
      ['!cancelled()', '!cancelled(', "Unexpected symbol: '&&'"],
    ];
    const found = (await lint('slips.yml', slipped('github-two-apps.yml', slips))).join('\n');
    for (const [, , message] of slips) expect(found).toContain(message);
  });
});

describe('the recipes for GitLab CI', () => {
  // It is written for Node 22: in Node 20 sets cannot be united.
  const union = 'Set.prototype.union ??= function (other) { return new Set([...this, ...other]); }';

  let folder: string;
  beforeAll(() => {
    folder = folderWith({});
    git(folder, 'init', '-q', '--template=');
    git(folder, 'remote', 'add', 'origin', 'git@gitlab.example:acme/people.git');
    git(folder, 'commit', '-q', '--allow-empty', '-m', 'Base');
    git(folder, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  });

  // It starts ten programs, each of which Node looks for folder by folder.
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const near = folders.find((one) => existsSync(join(one, 'git'))) ?? '';
  const env = { ...process.env, PATH: [near, ...folders].join(delimiter) };

  /** Reads a pipeline against GitLab's schema; resolves what it extends. */
  function preview(text: string): { status: number | null; output: string } {
    writeFileSync(join(folder, '.gitlab-ci.yml'), text);
    const program = createRequire(import.meta.url).resolve('gitlab-ci-local');
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(union)}`, program, '--preview'],
      { cwd: folder, env, encoding: 'utf8' },
    );
    return { status, output: stdout + stderr };
  }

  /** Where the jobs begin, below what is the same in both. */
  const jobsAt = (text: string): number => text.search(/^\.rollcall:$/m);
  const headOf = (file: string): string =>
    recipe(file)
      .slice(0, jobsAt(recipe(file)))
      .replaceAll(/^#.*\n/gm, '');

  it('are what GitLab takes', () => {
    expect(headOf('gitlab-google.yml')).toBe(headOf('gitlab.yml'));
    // Both in one go, the jobs of one under other names: most of it is to read the schema.
    const google = recipe('gitlab-google.yml');
    const others = google
      .slice(jobsAt(google))
      .replaceAll(/^(plan|apply|drift):$/gm, 'google-$1:')
      .replaceAll(/^\.rollcall:$|(?<= extends: )\.rollcall$/gm, (name) => name.replace('rollcall', 'google'));
    const { status, output } = preview(recipe('gitlab.yml') + others);
    expect(output).toContain('json schema validated');
    expect(output).toMatch(/^google-apply:$/m);
    expect(status).toBe(0);
  });

  it.each(['gitlab.yml', 'gitlab-google.yml'])('%s extends what there is', (file) => {
    const jobs = pipeline(file);
    const bases = Object.values(jobs).flatMap((job) => job.extends ?? []);
    expect(bases).toHaveLength(3);
    for (const base of bases) expect(jobs).toHaveProperty([base]);
  });

  it('would be refused for a slip in a key of artifacts, and in a kind of report', () => {
    const slips: readonly Slip[] = [
      ['expire_in:', 'expires_in:', "'expires_in' property is not expected"],
      ['terraform:', 'terrafrom:', "'terrafrom' property is not expected"],
    ];
    const { status, output } = preview(slipped('gitlab.yml', slips));
    for (const [, , message] of slips) expect(output).toContain(message);
    expect(status).toBe(1);
  });
});

/** Each script of the recipes. */
const all = files.flatMap((file) =>
  scripts(file).map(([name, text]) => ({ name: `${file}: ${name}`, text })),
);

describe('the scripts of the recipes', () => {
  it('are Bash', () => {
    const wrong = { name: 'one that is not', text: 'if true; then echo' };
    // As the body of a function a script is read and not run. One Bash reads all.
    const args = [...all, wrong].flatMap(({ name, text }) => [name, `script() {\n${text}\n}`]);
    const read = 'while [ $# -gt 0 ]; do eval "$2" || echo "$1"; shift 2; done';
    const { stdout } = spawnSync('bash', ['-c', read, 'bash', ...args], { encoding: 'utf8' });
    expect(stdout).toBe(`${wrong.name}\n`);
  });

  it.skipIf(!has('shellcheck'))('satisfy ShellCheck', () => {
    const texts = all.map(({ name, text }) => [name, `#!/usr/bin/env bash\nset -eo pipefail\n${text}`]);
    const cwd = folderWith(Object.fromEntries(texts));
    const args = ['-f', 'gcc', '-e', 'SC1091', ...readdirSync(cwd)];
    expect(spawnSync('shellcheck', args, { cwd, encoding: 'utf8' }).stdout).toBe('');
  });

  it('have nothing put into them by GitHub: what others write comes as variables', () => {
    for (const { name, text } of all) expect(text, name).not.toContain('${{');
  });
});
