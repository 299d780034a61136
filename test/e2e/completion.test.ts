import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderWith, rollcall } from '../support/cli.ts';
import { has, programs } from '../support/recipes.ts';

const bin = programs();
const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, TERM: 'xterm-256color', HOME: folderWith({}) };

const event = (name: string): string =>
  `apiVersion: rollcall.dev/v1\nkind: Event\nmetadata: ${name}\nspec: {}\n`;
const cwd = folderWith({
  'meetings/a.yaml': `${event('{ name: weekly }')}---\n${event('\n  labels: { a: b }\n  name: 周会 # a comment')}`,
  // What is wrong with it is told by others.
  'meetings/broken.yaml': `${event('{ name: broken-one }')}  x: [\n\u0000`,
  'meetings/roster.yaml': event('{ name: team }').replace('Event', 'Roster'),
  'meetings/other.yaml': 'kind: Event\nmetadata: { name: of-something-else }\n',
  'elsewhere/b.yaml': event('{ name: elsewhere }'),
});

let scripts: Readonly<Record<string, string>>;
beforeAll(async () => {
  const folder = folderWith({});
  const entries = ['bash', 'zsh', 'fish'].map(async (shell) => {
    const { code, stdout, stderr } = await rollcall(['completion', shell]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const file = join(folder, shell);
    writeFileSync(file, stdout);
    return [shell, file] as const;
  });
  scripts = Object.fromEntries(await Promise.all(entries));
});

/** What bash offers for each of these lines, whose last word is being typed. */
function inBash(lines: readonly (readonly string[])[]): string[][] {
  const quoted = (word: string): string => `'${word}'`;
  const asked = lines.map((line) => `offered ${line.map(quoted).join(' ')}`);
  const text = `source '${scripts['bash'] ?? ''}'
offered() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _rollcall; printf '%s ' "\${COMPREPLY[@]}"; echo; }
${asked.join('\n')}`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', text], { cwd, env, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .slice(0, lines.length)
    .map((line) => line.trim().split(' '));
}

const names = ['broken-one', 'weekly', '周会'];

/** A line as it is typed, and what is offered for its last word. */
const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['rollcall', 'pl'], ['plan']],
  [['rollcall', 'plan', '--form'], ['--format']],
  [['rollcall', 'show', 'x', '--format', 'ma'], ['markdown']],
  [['rollcall', 'plan', 'meetings', '--target', ''], names],
  [['rollcall', 'apply', 'meetings', '--exclude', 'w'], ['weekly']],
  [['rollcall', 'plan', 'meetings', '--allow-removals', 'w'], ['weekly=']],
  [['rollcall', 'plan', '--target', 'else'], ['elsewhere']],
  [['rollcall', 'find', 'ca'], ['calendars']],
  [['rollcall', 'find', 'people', '--provider', 'ding'], ['dingtalk']],
  [['rollcall', 'import', '--provider', 'fei'], ['feishu']],
  [['rollcall', 'schema', 'dir'], ['directory']],
  [['rollcall', 'help', 'val'], ['validate']],
  [['rollcall', 'completion', 'z'], ['zsh']],
  [['rollcall', 'init', '--ci', 'gite'], ['gitee']],
];

describe('completion in bash', () => {
  it('offers commands, options, choices and the names of events', () => {
    const offered = inBash(cases.map(([line]) => line));
    expect(offered).toEqual(cases.map(([, words]) => words));
  });

  it('takes an equals sign as bash does, and offers files where those are meant', () => {
    expect(
      inBash([
        ['rollcall', 'plan', '--format', '=', 'js'],
        ['rollcall', 'plan', '--format', '='],
        ['rollcall', 'validate', 'mee'],
        ['rollcall', 'plan', '--out', 'else'],
        ['rollcall', 'plan', '--as-of', ''],
        ['rollcall', 'find', 'people', ''],
      ]),
    ).toEqual([
      ['json'],
      ['text', 'json', 'markdown', 'html', 'github', 'gitlab'],
      ['meetings'],
      ['elsewhere'],
      [''],
      [''],
    ]);
  });

  it('has every option that help has', async () => {
    for (const command of ['plan', 'apply', 'find', 'emulator']) {
      const { stdout } = await rollcall([command, '--help']);
      const shown = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].flatMap(([, flag]) => flag ?? []);
      const [offered = []] = inBash([['rollcall', command, '--']]);
      expect(offered.toSorted()).toEqual(shown.toSorted());
    }
  });

  it('completes what is typed on a terminal', async () => {
    const shell = spawn('script', ['-qec', 'bash --norc -i', '/dev/null'], {
      cwd,
      env: { ...env, SHELL: 'bash' },
    });
    let output = '';
    const shows = (text: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (output.includes(text)) resolve();
        };
        shell.stdout.on('data', look);
        shell.on('close', () => {
          reject(new Error(`ended without ${text}: ${output}`));
        });
        look();
      });
    shell.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    shell.stdin.write(`source <(rollcall completion bash); echo so""urced\n`);
    await shows('sourced');
    shell.stdin.write('rollcall app\t');
    await shows('rollcall apply ');
    shell.stdin.write('meetings --target wee\t');
    await shows('--target weekly ');
    shell.kill('SIGKILL');
    await new Promise((resolve) => shell.on('close', resolve));
  });

  it.skipIf(!has('shellcheck'))('satisfies ShellCheck', () => {
    // As bash 3.2 has no `mapfile`, what it prints is split by its lines.
    const args = ['-s', 'bash', '-e', 'SC2207', '-f', 'gcc', scripts['bash'] ?? ''];
    expect(spawnSync('shellcheck', args, { encoding: 'utf8' }).stdout).toBe('');
  });
});

describe.skipIf(!has('fish'))('completion in fish', () => {
  it('offers commands, options, choices and the names of events', () => {
    const asked = cases.map(([line]) => `echo "> "; complete -C '${line.join(' ')}'`).join('; ');
    const text = `source '${scripts['fish'] ?? ''}'; ${asked}`;
    const printed = execFileSync('fish', ['--no-config', '-c', text], { cwd, env, encoding: 'utf8' });
    const offered = printed.split('> \n').slice(1);
    const first = offered.map((lines) =>
      lines
        .trim()
        .split('\n')
        .map((line) => line.split('\t')[0] ?? ''),
    );
    expect(first.map((words) => words.toSorted())).toEqual(cases.map(([, words]) => words.toSorted()));
  });
});

describe.skipIf(!has('zsh'))('completion in zsh', () => {
  it('is a script that zsh reads, and that it takes for rollcall', () => {
    const text = `autoload -Uz compinit; compinit -D -u; source '${scripts['zsh'] ?? ''}'; print $_comps[rollcall]`;
    expect(execFileSync('zsh', ['-f', '-c', text], { cwd, env, encoding: 'utf8' })).toBe('_rollcall\n');
  });
});

describe('what completion scripts ask for', () => {
  it('are the names of the events at hand, quietly, whatever else is there', async () => {
    const all = await rollcall(['__events'], { cwd });
    expect(all).toEqual({ code: 0, stdout: 'broken-one\nelsewhere\nweekly\n周会\n', stderr: '' });
    const some = await rollcall(['__events', 'elsewhere', 'nowhere'], { cwd });
    expect(some).toEqual({ code: 0, stdout: 'elsewhere\n', stderr: '' });
    const none = await rollcall(['__events'], { cwd: folderWith({ 'a.yaml': '\u0000: [' }) });
    expect(none).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
