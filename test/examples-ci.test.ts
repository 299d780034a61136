import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { folderWith, rollcall, root } from './support/cli.ts';
import { type Step, commands, has, recipe, scripts, workflow, writingStep } from './support/recipes.ts';

const files = readdirSync(join(root, 'examples/ci')).filter((file) => !file.endsWith('.sh'));
const workflows = files.filter((file) => file.startsWith('github-'));
const halves = ['gitee', 'yunxiao'].flatMap((host) => [`${host}-apply.yml`, `${host}-plan.yml`]);

const take = 'take.sh';

it('take manifests out of git by one and the same text', () => {
  const [, own = ''] = /^(take\(\) \{\n.*?^\}\n)/ms.exec(recipe(take)) ?? [];
  expect(own).toContain('git ls-tree');
  // Where nothing is installed yet it stands in the recipe itself.
  const inline = files.filter((file) => recipe(file).includes('take() {'));
  expect(inline).toEqual(['github-public.yml', 'github-two-apps.yml']);
  for (const file of inline) {
    const [, text = ''] = /^ *(take\(\) \{\n.*?^ *\}\n)/ms.exec(recipe(file)) ?? [];
    const plain = text.replaceAll(/^ {10}/gm, '').replace('::error::', '${GITHUB_ACTIONS:+::error::}');
    expect(plain).toBe(own);
  }
  if (has('shellcheck')) {
    const input = `#!/usr/bin/env bash\n${recipe(take)}`;
    expect(spawnSync('shellcheck', ['-f', 'gcc', '-'], { input, encoding: 'utf8' }).stdout).toBe('');
  }
});

it('is every file of the folder', () => {
  expect([...files].sort()).toEqual(
    [...workflows, ...halves, 'gitlab.yml', 'gitlab-google.yml', 'jenkins.Jenkinsfile'].sort(),
  );
});

/** Where brackets of Groovy are not closed, as text outside of its comments and texts. */
function openBrackets(text: string): string {
  const bare = text.replaceAll(/'''[^]*?'''|'(?:\\.|[^'\\\n])*'|\/\/.*$/gm, '');
  let open = '';
  for (const [bracket] of bare.matchAll(/[()[\]{}]/g)) {
    const pair = { ')': '(', ']': '[', '}': '{' }[bracket];
    if (pair === undefined) open += bracket;
    else if (open.endsWith(pair)) open = open.slice(0, -1);
    else return `${open}${bracket}`;
  }
  return open;
}

describe('the recipe for Jenkins', () => {
  const text = recipe('jenkins.Jenkinsfile');

  it('is a declarative pipeline whose brackets are closed, and its scripts say their shell', () => {
    expect(openBrackets(text)).toBe('');
    expect(openBrackets(text.replace("stage('Plan') {", "stage('Plan')"))).not.toBe('');
    expect(text).toMatch(/^pipeline \{\n {2}agent /m);
    const all = scripts('jenkins.Jenkinsfile');
    expect(all.map(([name]) => name)).toEqual(['Plan', 'Apply']);
    for (const [, script] of all) expect(script).toMatch(/^#!\/usr\/bin\/env bash\nset -eo pipefail\n/);
  });

  it('gives the secret of the app that writes to the main branch alone', () => {
    const [, plan = '', apply = ''] = text.split(/^ {4}stage\(/m);
    expect(plan).toContain('changeRequest()');
    expect(plan).not.toContain('rollcall-apply');
    expect(apply).toContain("when { branch 'main' }");
    expect(text.match(/credentials\('rollcall-apply'\)/g)).toHaveLength(1);
  });
});

describe.each(halves)('%s', (file) => {
  const known: Readonly<Record<string, readonly string[]>> = {
    gitee: ['displayName', 'name', 'stages', 'strategy', 'triggers', 'version'],
    yunxiao: ['name', 'sources', 'stages'],
  };

  it('has the keys that its host has, and one script', () => {
    const [host = '', half = ''] = file.split(/[-.]/);
    const read = parse(recipe(file)) as Record<string, unknown>;
    expect(Object.keys(read).filter((key) => known[host]?.includes(key) !== true)).toEqual([]);
    expect(scripts(file).map(([name]) => name)).toEqual([half]);
  });

  it('writes its script where nobody else on the host can have put one', () => {
    const step = writingStep(file);
    expect(step).toMatch(/^script=\$\(mktemp\)\ncat >"\$script" <<'SCRIPT'\n/);
    expect(step).toMatch(/\nbash "\$script"\n?$/);
  });

  it('names the secrets of its own half alone', () => {
    const [, text = ''] = scripts(file)[0] ?? [];
    const other = file.includes('-plan') ? 'APPLY_APP' : 'READ_APP';
    expect(text).not.toContain(other);
    expect(text).toMatch(file.includes('-plan') ? /^rollcall plan /m : /^rollcall apply --auto-approve /m);
  });
});

describe('the commands of the recipes', () => {
  const lines = new Set(files.flatMap(commands));

  /** Without manifests, so that nothing but the options can be looked at. */
  async function tried(command: string): Promise<string> {
    const [, ...args] = command.split(/\s+/).map((arg) =>
      arg
        .replaceAll('"', '')
        .replaceAll(/\$\w+\//g, '')
        .replaceAll(/\$\w+/g, 'none'),
    );
    const ran = await rollcall(args, { cwd: folderWith({}) });
    expect(ran.code).toBe(1);
    return ran.stdout + ran.stderr;
  }

  it('have options that rollcall has', async () => {
    expect(lines.size).toBeGreaterThan(8);
    const answers = await Promise.all(Array.from(lines, async (command) => [command, await tried(command)]));
    for (const [command, answer] of answers) {
      expect(answer, command).toMatch(/no such file|there is no (file|terminal)|cannot be read/);
    }
  });

  it('would be refused for another', async () => {
    const [command = ''] = lines;
    expect(await tried(`${command} --redcat`)).toMatch(/unknown option '--redcat'/);
  });
});

describe.each(workflows)('whom %s trusts', (file) => {
  const { on, permissions, jobs } = workflow(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const holdsSecrets = (step: Step): boolean => /secrets\.|outputs\.access_token/.test(JSON.stringify(step));

  it('nobody beside GitHub: no action of somebody else runs', () => {
    const actions = steps.flatMap(({ uses }) => uses ?? []);
    // Google's own is the way to its tokens: that commit, and no other.
    const google = file === 'github-google.yml' ? '|google-github-actions/auth@[0-9a-f]{40}' : '';
    for (const action of actions)
      expect(action).toMatch(new RegExp(`^(?:actions/[a-z-]+(?:/[a-z]+)?@v\\d+${google})$`));
  });

  it('nothing with more than it needs', () => {
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toMatchObject({ contents: 'read' });
    for (const { uses, with: inputs } of steps) {
      if (uses?.startsWith('actions/checkout@') === true) {
        expect(inputs).toMatchObject({ 'persist-credentials': false });
      }
    }
    // Secrets are the environment of a step that runs rollcall and nothing that was installed from elsewhere.
    for (const step of steps.filter(holdsSecrets)) {
      expect(JSON.stringify({ ...step, env: {} })).not.toMatch(/secrets\.|outputs\.access_token/);
      expect(step.run).toMatch(/^\s*rollcall (plan|apply) /m);
      expect(step.run).not.toMatch(/\bnp[mx]\b/);
    }
  });

  it('lets applies wait for one another, and ends none', () => {
    const writing = Object.entries(jobs).filter(([name]) => name === 'apply' || name === 'drift');
    expect(writing).toHaveLength(1);
    for (const [, { concurrency }] of writing) {
      expect(concurrency).toEqual({ group: 'rollcall-apply', queue: 'max', 'cancel-in-progress': false });
    }
  });

  it('never the code of a pull request beside a secret that everybody could then use', () => {
    if ('pull_request_target' in on) {
      expect(
        steps.filter(
          ({ with: inputs }) => inputs?.['ref'] !== undefined || inputs?.['repository'] !== undefined,
        ),
      ).toEqual([]);
      expect(recipe(file)).not.toContain('allow-unsafe-pr-checkout');
      expect(jobs['collect']?.steps.filter(holdsSecrets)).toEqual([]);
      expect(jobs['plan']?.steps.map(({ run }) => run ?? '').join('\n')).not.toMatch(
        /git (fetch|checkout|switch)|gh pr checkout/,
      );
    } else if ('pull_request' in on) {
      expect(jobs['plan']?.if).toContain(
        'github.event.pull_request.head.repo.full_name == github.repository',
      );
    }
  });
});

it('keeps no plan and no journal where everybody could fetch it, and names nobody', () => {
  const { jobs } = workflow('github-public.yml');
  const uploads = Object.values(jobs).flatMap(({ steps }) =>
    steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact@')),
  );
  expect(uploads.map((step) => step.with?.['path'])).toEqual(['collected']);
  const lines = commands('github-public.yml');
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line).toContain(' --redact ');
});
