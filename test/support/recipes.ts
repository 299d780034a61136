import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type Ran, main, root } from './cli.ts';

export interface Step {
  readonly name?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly concurrency?: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}

export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** A job of GitLab CI, or another entry of its file. */
export interface GitlabJob {
  readonly extends?: string;
  readonly cache?: {
    readonly key: string;
    readonly paths: readonly string[];
    readonly policy?: string;
    readonly when?: string;
  };
  readonly script?: readonly string[];
  readonly before_script?: readonly string[];
}

/** Values by name, each made once: a recipe is asked for in each of many tests, and reading its YAML takes its time. */
function once<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const value = made.get(name) ?? make(name);
    made.set(name, value);
    return value;
  };
}

/** The text of a recipe. */
export const recipe: (file: string) => string = once((file) =>
  readFileSync(join(root, 'examples/ci', file), 'utf8'),
);

const read: (file: string) => unknown = once((file) => parse(recipe(file)));

const action: (file: string) => { readonly runs: { readonly steps: readonly Step[] } } = once((file) =>
  parse(readFileSync(join(root, file), 'utf8')),
);

/** A step of the action, as `action.yml` has it. */
export function actionStep(name: string): Step {
  const { runs } = action('action.yml');
  const found = runs.steps.find((step) => step.name === name);
  if (found === undefined) throw new Error(`action.yml has no step "${name}"`);
  return found;
}

/** A recipe for GitHub Actions. The linter has checked its shape. */
export function workflow(file: string): Workflow {
  return read(file) as Workflow;
}

/** A recipe for GitLab CI. The linter has checked its shape. */
export function pipeline(file: string): Readonly<Record<string, GitlabJob>> {
  return read(file) as Record<string, GitlabJob>;
}

/** The script of a step of a workflow. */
export function script(file: string, job: string, step: string): string {
  const found = workflow(file).jobs[job]?.steps.find(({ name }) => name === step)?.run;
  if (found === undefined) throw new Error(`${file} has no step "${step}" in ${job}`);
  return found;
}

/** Every script of a recipe, with the name of what runs it. */
export function scripts(file: string): (readonly [string, string])[] {
  const [host = ''] = file.split(/[-.]/);
  return (scriptsOf[host] ?? workflowScripts)(file);
}

const scriptsOf: Readonly<Record<string, (file: string) => (readonly [string, string])[]>> = {
  gitlab: (file) =>
    Object.entries(pipeline(file)).flatMap(([name, { before_script: before = [], script: own = [] }]) =>
      before.length + own.length === 0 ? [] : [[name, [...before, ...own].join('\n')] as const],
    ),
  jenkins: (file) =>
    [...recipe(file).matchAll(/stage\('(\w+)'\)(?:(?!stage\()[^])*?sh '''([^]*?)'''/g)].map(
      // As Groovy reads it.
      ([, name = '', text = '']) => [name, text.replaceAll('\\t', '\t')],
    ),
  yunxiao: written,
  gitee: written,
};

function workflowScripts(file: string): (readonly [string, string])[] {
  return Object.entries(workflow(file).jobs).flatMap(([name, { steps }]) =>
    steps.flatMap((step) =>
      step.run === undefined ? [] : [[`${name}: ${step.name ?? ''}`, step.run] as const],
    ),
  );
}

/** Scripts that a step writes into a file, for Bash to run whatever the step's own shell is. */
function written(file: string): (readonly [string, string])[] {
  const steps = textsIn(read(file));
  return steps.flatMap((text) => {
    const [, script] = /<<'SCRIPT'\n([^]*\n)SCRIPT\n/.exec(text) ?? [];
    return script === undefined ? [] : [[file.replace(/^\w+-(\w+).*$/, '$1'), script] as const];
  });
}

/** All texts in a value, however deep. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The step that runs a script which it has written. */
export function writingStep(file: string): string {
  const found = textsIn(read(file)).find((text) => text.includes("<<'SCRIPT'"));
  if (found === undefined) throw new Error(`${file} writes no script`);
  return found;
}

/** Every command line of rollcall in a recipe, up to where the shell goes on: a redirection, or another command. */
export function commands(file: string): string[] {
  return scripts(file)
    .flatMap(
      ([, text]) => text.replaceAll(/\\\n\s*/g, '').match(/\brollcall (plan|apply|show) [^>|;&\n]*/g) ?? [],
    )
    .map((command) => command.trim());
}

/** A folder whose programs come first: `rollcall` as it was built, and others as shell scripts. */
export function programs(others: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-bin-'));
  const all = { rollcall: `exec '${process.execPath}' '${main}' "$@"`, ...others };
  for (const [name, text] of Object.entries(all)) {
    writeFileSync(join(folder, name), `#!/usr/bin/env bash\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** What a script runs in, and with. */
export interface Bash {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A folder of programs that come first. */
  readonly bin?: string;
  /** Scripts that stand in for programs: as functions, which take no process to start. */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** Runs a script as GitHub (`shell: bash`) and GitLab do: it stops at the first failure, also in a pipe. */
export function bash(text: string, { cwd, env, bin, standIns = {} }: Bash): Promise<Ran> {
  const path = process.env['PATH'] ?? '';
  const functions = Object.entries(standIns).map(([name, body]) => [
    `BASH_FUNC_${name}%%`,
    // A program knows nothing of how the script around it is run.
    `() { ( set +e +o pipefail\n${body}\n) }`,
  ]);
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', text], {
      cwd,
      env: {
        ...gitEnv,
        ...env,
        ...Object.fromEntries(functions),
        PATH: bin === undefined ? path : `${bin}:${path}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr += part));
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

const person = { NAME: 'Test', EMAIL: 'test@example.com' };
/** Git without anybody's settings. */
export const gitEnv: Readonly<Record<string, string>> = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: person.NAME,
  GIT_AUTHOR_EMAIL: person.EMAIL,
  GIT_COMMITTER_NAME: person.NAME,
  GIT_COMMITTER_EMAIL: person.EMAIL,
};

/** Runs git, without anybody's settings. */
export function git(cwd: string, ...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'] ?? '', ...gitEnv };
  return execFileSync('git', args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

/** Whether there is a program of this name. */
export function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
