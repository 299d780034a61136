import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockText } from '../../src/manifest/lock/write-lock.ts';
import { type Ran, folderWith, root } from './cli.ts';
import { type Bash, bash, git, gitEnv, programs, script } from './recipes.ts';

/** Two events, of which a branch changes one. */
export const tenant = `
apps: [{ id: cli_read, secret: s }, { id: cli_write, secret: s }, { id: cli_other, secret: s }]
feishu:
  people:
    - { user: ou_a, unionId: on_a, name: Ann Anders }
    - { user: ou_b, unionId: on_b, name: Ben Berger }
    - { user: ou_c, unionId: on_c, name: Cat Castle }
  calendars:
    - id: cal
      type: shared
      role: owner
      events:
        - { id: weekly_0, summary: Weekly, start: 2099-01-04T10:00:00Z, attendees: [{ user: ou_a }, { user: ou_b }] }
        - { id: other_0, summary: Other, start: 2099-01-04T10:00:00Z, attendees: [{ user: ou_a }] }
`;

export function event(name: string, ...users: readonly string[]): string {
  return `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: feishu
  calendarId: cal
  eventId: ${name}_0
  userIdType: union_id
  attendees: [${users.map((user) => `{ user: ${user} }`).join(', ')}]
`;
}

/** What scripts find beside what the machine has. */
export type Programs = Pick<Bash, 'bin' | 'standIns'>;

/** These, with `rollcall` as it was built, or as it is given. */
export function programsOf(rollcall?: string): Programs {
  const modules = folderWith({});
  symlinkSync(root, join(modules, 'rollcall'));
  const standIns = { gh: 'exit 0', npm: `[ "$1" != root ] || echo '${modules}'` };
  return rollcall === undefined ? { bin: programs(), standIns } : { standIns: { ...standIns, rollcall } };
}

/** Made once and copied: git takes its time. */
let original: string | undefined;

function reviewed(): string {
  const folder = folderWith({
    'manifests/weekly.yaml': event('weekly', 'on_a', 'on_b'),
    // Not as it is there: a plan of everything would change it.
    'manifests/other.yaml': event('other', 'on_a', 'on_b'),
  });
  git(folder, 'init', '-q', '-b', 'main', '--template=');
  // Nothing is tidied up behind a commit: that takes longer than the commit.
  git(folder, 'config', 'maintenance.auto', 'false');
  // The platform's repository: refs of its own, and the objects of the other.
  const origin = '.git/origin';
  git(folder, 'init', '-q', '-b', 'main', '--bare', '--template=', origin);
  git(folder, '--git-dir', origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  mkdirSync(join(folder, origin, 'objects/info'), { recursive: true });
  writeFileSync(join(folder, origin, 'objects/info/alternates'), '../../objects\n');
  git(folder, 'remote', 'add', 'origin', `./${origin}`);
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'Base');
  git(folder, 'switch', '-qc', 'branch');
  writeFileSync(join(folder, 'manifests/weekly.yaml'), event('weekly', 'on_a', 'on_c'));
  git(folder, 'commit', '-qam', 'Change');
  return folder;
}

/** A repository with a branch under review, and the folder of a runner that runs a recipe's scripts in it. */
export class Review {
  readonly repository: string;
  readonly temp: string = folderWith({});
  readonly #url: string;
  readonly #programs: Programs;

  constructor(url: string, programs: Programs) {
    this.#url = url;
    this.#programs = programs;
    this.repository = folderWith({});
    cpSync((original ??= reviewed()), this.repository, { recursive: true });
  }

  git(...args: readonly string[]): string {
    return git(this.repository, ...args);
  }

  /** The contents of objects by their hashes, as `git cat-file --batch` prints them, a letter for each byte. */
  blobs(hashes: readonly string[]): string {
    return execFileSync('git', ['cat-file', '--batch'], {
      cwd: this.repository,
      env: { PATH: process.env['PATH'] ?? '', ...gitEnv },
      encoding: 'latin1',
      input: hashes.map((hash) => `${hash}\n`).join(''),
    });
  }

  /** Adds files to the branch. */
  push(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(this.repository, name, '..'), { recursive: true });
      writeFileSync(join(this.repository, name), text);
    }
    this.git('add', '--all', '--force', '.');
    this.git('commit', '-qm', 'More', '--allow-empty');
  }

  /** Changes the branch's manifest as before, but by an address of Cat's that the lock has the id of. */
  pushLocked(address: string): void {
    const found = {
      idType: 'union_id',
      by: 'email',
      value: address,
      resolvedAt: '2026-01-01T00:00:00Z',
    } as const;
    this.push({
      'manifests/weekly.yaml': event('weekly', 'on_a').replace('attendees: [', `$&{ person: ${address} }, `),
      'rollcall.lock': lockText([{ person: address, provider: 'feishu', id: 'on_c', ...found }]),
    });
  }

  /** The branch's commit as the platform offers it, and a checkout of the base. */
  offer(): string {
    const head = this.publish();
    this.git('switch', '-q', 'main');
    return head;
  }

  /** The branch's commit, and the main branch, as the platform has them. */
  publish(): string {
    const own = join(this.repository, '.git/refs/heads');
    const offered = join(this.repository, '.git/origin/refs');
    mkdirSync(join(offered, 'pull/7'), { recursive: true });
    cpSync(join(own, 'main'), join(offered, 'heads/main'));
    cpSync(join(own, 'branch'), join(offered, 'pull/7/head'));
    return readFileSync(join(own, 'branch'), 'utf8').trim();
  }

  merge(): void {
    this.git('switch', '-q', 'main');
    this.git('merge', '-q', '--no-ff', '-m', 'Merge', 'branch');
  }

  /** Runs a script in the repository, as the app. */
  run(
    text: string,
    app = '',
    more: Readonly<Record<string, string>> = {},
    programs: Programs = this.#programs,
  ): Promise<Ran> {
    const env = {
      FEISHU_BASE_URL: this.#url,
      FEISHU_APP_ID: app,
      FEISHU_APP_SECRET: 's',
      ROLLCALL_SETTLE: '0s',
      RUNNER_TEMP: this.temp,
      GITHUB_STEP_SUMMARY: join(this.temp, 'summary.md'),
      GITHUB_OUTPUT: join(this.temp, 'output'),
      GITHUB_EVENT_NAME: 'push',
      CI_BUILDS_DIR: this.temp,
      CI_JOB_ID: '1',
      ...more,
    };
    return bash(text, { cwd: this.repository, env, ...programs });
  }

  /** The first job of a recipe that takes the manifests out of a pull request, and its artifact in the second. */
  async collect(file: string, head: string): Promise<Ran> {
    const text = script(file, 'collect', 'Take the manifests out of the pull request');
    const ran = await this.run(text, '', { NUMBER: '7', HEAD_SHA: head });
    if (ran.code === 0) {
      cpSync(join(this.repository, 'collected'), join(this.temp, 'collected'), { recursive: true });
    }
    return ran;
  }

  /** Holds the artifact against what the first job said of it. */
  check(file: string): Promise<Ran> {
    const MANIFESTS = /^manifests=(.*)$/m.exec(this.read('output'))?.[1] ?? '';
    return this.run(script(file, 'plan', 'Check that nothing was lost on the way'), '', { MANIFESTS });
  }

  /** A file of the runner. */
  read(...path: readonly string[]): string {
    return readFileSync(join(this.temp, ...path), 'utf8');
  }
}
