import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { providerIds } from '../../src/platforms/index.ts';
import { folderWith, rollcall, root } from '../support/cli.ts';

const recipe = (file: string): string => readFileSync(join(root, 'examples/ci', file), 'utf8');

function textsIn(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

describe('rollcall init', () => {
  it.each(providerIds)(
    'writes manifests of %s that are valid, and says what to do next',
    async (provider) => {
      const cwd = folderWith({});
      const { code, stdout, stderr } = await rollcall(['init', '--provider', provider], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const texts = textsIn(cwd);
      expect(Object.keys(texts).sort()).toEqual([
        '.gitignore',
        'manifests/first-meeting.yaml',
        'manifests/people.yaml',
        'manifests/rosters/team.yaml',
      ]);
      for (const path of Object.keys(texts)) expect(stdout).toContain(`\n  ${path}\n`);
      for (const [path, text] of Object.entries(texts).filter(([name]) => name.endsWith('.yaml'))) {
        expect(text, path).toMatch(/^# yaml-language-server: \$schema=\S+\/manifest\.schema\.json\n/);
      }
      expect(stdout).toMatch(
        new RegExp(
          `Next:\\n  rollcall doctor .*${provider}\\n(  rollcall find .*\\n){2}  rollcall import .*\\n  rollcall plan manifests\\n$`,
        ),
      );
      const checked = await rollcall(['validate'], { cwd });
      expect(checked.stdout + checked.stderr).toBe('Valid: 1 event.\n');
    },
  );

  it('names the schema of the package that is installed there, else the published one', async () => {
    const schema = 'node_modules/rollcall/schemas/manifest.schema.json';
    const cwd = folderWith({ [`team/${schema}`]: '{}' });
    await rollcall(['init', 'team/meetings'], { cwd });
    await rollcall(['init', 'alone'], { cwd });
    const lines = (folder: string): string[] =>
      ['people.yaml', 'rosters/team.yaml'].map((file) => {
        const [line = ''] = readFileSync(join(cwd, folder, 'manifests', file), 'utf8').split('\n');
        return line.replace('# yaml-language-server: $schema=', '');
      });
    expect(lines('team/meetings')).toEqual([`../../${schema}`, `../../../${schema}`]);
    for (const line of lines('alone')) expect(line).toMatch(/^https:.*\/schemas\/manifest\.schema\.json$/);
  });

  it('has the options in what it says that rollcall takes', async () => {
    const cwd = folderWith({});
    const { stdout } = await rollcall(['init', '--provider', 'dingtalk'], { cwd });
    const [, next = ''] = stdout.split('Next:\n');
    for (const line of next.trim().split('\n')) {
      const [, ...args] = line.trim().split(' ');
      const ran = await rollcall(args, { cwd });
      expect(ran.stdout + ran.stderr, line).toMatch(/DINGTALK_APP_KEY and DINGTALK_APP_SECRET not set/);
    }
  });

  it('writes over nothing, and run twice changes nothing', async () => {
    const cwd = folderWith({ '.gitignore': 'dist\n.rollcall/\n', 'sub/manifests/own.yaml': 'own: 1\n' });
    await rollcall(['init', '--ci', 'gitlab', 'sub'], { cwd });
    writeFileSync(join(cwd, 'sub/.gitlab-ci.yml'), 'mine: 1\n');
    const first = textsIn(cwd);
    const { code, stdout } = await rollcall(['init', '--ci', 'gitlab', 'sub'], { cwd });
    expect(code).toBe(0);
    expect(textsIn(cwd)).toEqual(first);
    expect(Object.keys(first).sort()).toEqual([
      '.gitignore',
      'sub/.gitignore',
      'sub/.gitlab-ci.yml',
      'sub/manifests/own.yaml',
    ]);
    expect(stdout).toContain('Nothing to write.\n');
    expect(stdout).toContain(
      '  .gitlab-ci.yml exists; the recipe is examples/ci/gitlab.yml in the package\n',
    );
    const here = await rollcall(['init'], { cwd });
    expect(here.stdout).toContain('  .gitignore exists; add to it: plan*.json journal/ node_modules/\n');
  });

  it.each([
    ['github --provider google', { '.github/workflows/rollcall.yml': 'github-google.yml' }],
    ['gitlab --provider google', { '.gitlab-ci.yml': 'gitlab-google.yml' }],
    ['github', { '.github/workflows/rollcall.yml': 'github-two-apps.yml' }],
    ['gitlab', { '.gitlab-ci.yml': 'gitlab.yml' }],
    ['jenkins', { Jenkinsfile: 'jenkins.Jenkinsfile' }],
    [
      'yunxiao',
      {
        '.yunxiao/rollcall-plan.yml': 'yunxiao-plan.yml',
        '.yunxiao/rollcall-apply.yml': 'yunxiao-apply.yml',
      },
    ],
    [
      'gitee',
      { '.workflow/rollcall-plan.yml': 'gitee-plan.yml', '.workflow/rollcall-apply.yml': 'gitee-apply.yml' },
    ],
  ])('copies the recipe for %s as it is', async (host, files) => {
    const cwd = folderWith({});
    const { code } = await rollcall(['init', '--ci', ...host.split(' ')], { cwd });
    expect(code).toBe(0);
    for (const [path, from] of Object.entries(files)) {
      expect(readFileSync(join(cwd, path), 'utf8')).toBe(recipe(from));
    }
  });

  it('takes the platform that there are credentials of', async () => {
    const cwd = folderWith({});
    const { stdout } = await rollcall(['init'], { cwd, env: { DINGTALK_APP_KEY: 'k' } });
    expect(readFileSync(join(cwd, 'manifests/first-meeting.yaml'), 'utf8')).toContain('provider: dingtalk');
    expect(stdout).toContain('(DingTalk; --provider names another platform)');
  });

  it('leaves nothing of a run in git', async () => {
    const cwd = folderWith({});
    await rollcall(['init'], { cwd });
    for (const path of ['.rollcall/runs/1.ndjson', 'plan.json', 'plan-7.json', 'journal/1.ndjson']) {
      mkdirSync(join(cwd, path, '..'), { recursive: true });
      writeFileSync(join(cwd, path), '');
    }
    execFileSync('git', ['init', '-q'], { cwd });
    const shown = execFileSync('git', ['status', '--porcelain', '-uall'], { cwd, encoding: 'utf8' });
    expect(shown.match(/\S+$/gm)?.filter((path) => !path.startsWith('manifests/'))).toEqual(['.gitignore']);
  });

  it('says so where a folder cannot be written', async () => {
    const cwd = folderWith({ taken: '' });
    const { code, stderr } = await rollcall(['init', 'taken'], { cwd });
    expect([code, stderr]).toEqual([1, expect.stringContaining('error: taken is not a folder\n')]);
    expect(existsSync(join(cwd, '.gitignore'))).toBe(false);
  });
});
