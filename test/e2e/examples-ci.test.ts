import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planDigest } from '../../src/diff/digest.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { type Ran, folderWith } from '../support/cli.ts';
import { bash, git, pipeline, programs, script } from '../support/recipes.ts';

const tenant = `
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

const event = (name: string, ...users: string[]): string => `apiVersion: rollcall.dev/v1
kind: Event
metadata: { name: ${name} }
spec:
  provider: feishu
  calendarId: cal
  eventId: ${name}_0
  userIdType: union_id
  attendees: [${users.map((user) => `{ user: ${user} }`).join(', ')}]
`;

const bin = programs();
let server: Emulator;
/** A clone where the pull request is merged; its parents are the base and the head. */
let repository: string;
let temp: string;
let summary: string;

beforeEach(async () => {
  server = await startEmulator({ tenant });
  repository = folderWith({
    'manifests/weekly.yaml': event('weekly', 'on_a', 'on_b'),
    // Not as it is there: a plan of everything would change it.
    'manifests/other.yaml': event('other', 'on_a', 'on_b'),
  });
  git(repository, 'init', '-q', '-b', 'main');
  git(repository, 'add', '.');
  git(repository, 'commit', '-qm', 'Base');
  git(repository, 'switch', '-qc', 'branch');
  writeFileSync(join(repository, 'manifests/weekly.yaml'), event('weekly', 'on_a', 'on_c'));
  git(repository, 'commit', '-qam', 'Change');
  temp = folderWith({});
  summary = join(temp, 'summary.md');
});
afterEach(() => server.close());

function merge(): void {
  git(repository, 'switch', '-q', 'main');
  git(repository, 'merge', '-q', '--no-ff', '-m', 'Merge', 'branch');
}

/** Runs a script in the repository, as the app. */
function run(text: string, app: string, more: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const env = {
    FEISHU_BASE_URL: server.url,
    FEISHU_APP_ID: app,
    FEISHU_APP_SECRET: 's',
    ROLLCALL_SETTLE: '0s',
    RUNNER_TEMP: temp,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: join(temp, 'output'),
    ...more,
  };
  return bash(text, { cwd: repository, env, bin });
}

const read = (...path: string[]): string => readFileSync(join(temp, ...path), 'utf8');
const drift = (): Promise<Ran> => run(script('github-drift.yml', 'drift', 'Plan'), 'cli_read');
const writes = (): number =>
  server.requests.filter(({ method, path }) => method === 'POST' && path.includes('/attendees')).length;

describe.each([
  ['github-two-apps.yml', 'cli_read'],
  ['github-one-app.yml', 'cli_write'],
])('%s', (file, planner) => {
  const plan = (): Promise<Ran> => run(script(file, 'plan', 'Plan'), planner);

  /** As the artifact comes back. */
  function review(change: (plan: string) => string = (text) => text): void {
    mkdirSync(join(temp, 'reviewed'));
    writeFileSync(join(temp, 'reviewed/plan.json'), change(read('plan.json')));
  }

  function apply(readApp = planner): Promise<Ran> {
    return run(script(file, 'apply', 'Apply the reviewed plan'), 'cli_write', { READ_APP_ID: readApp });
  }

  it('applies the plan that was shown, and nothing else', async () => {
    merge();
    const planned = await plan();
    expect(planned.code, planned.stderr).toBe(0);
    expect(read('plan.md')).toContain('<code>weekly</code>');
    expect(read('plan.md')).not.toContain('other');
    expect(planned.stdout).toMatch(/^::notice title=rollcall plan::/m);
    expect(read('summary.md')).toContain('Ben Berger');

    review();
    const applied = await apply();
    expect(applied.code, applied.stderr).toBe(0);
    expect(read('summary.md')).toContain('converged');
    expect(readdirSync(join(repository, 'journal'))).toHaveLength(1);

    temp = folderWith({});
    const again = await plan();
    expect(again.code).toBe(0);
    expect(read('plan.md')).toMatch(/1 in sync/);
    // What nobody changed in this pull request still waits.
    expect((await drift()).code).toBe(0);
    expect(read('output')).toBe('code=2\n');
    expect(read('plan.md')).not.toContain('Ben');
  });

  // The rest is the same in both.
  if (planner === 'cli_write') return;

  it('refuses a plan that does not follow from what was merged, in whole or in part', async () => {
    merge();
    await plan();
    review((text) => {
      const forged = JSON.parse(text.replaceAll('on_b', 'on_a'));
      return JSON.stringify({ ...forged, digest: planDigest(forged) });
    });
    const applied = await apply();
    expect(applied.code, applied.stderr).toBe(3);
    expect(writes()).toBe(0);
  });

  it('refuses a plan of other manifests than were merged', async () => {
    merge();
    await plan();
    review();
    writeFileSync(join(repository, 'manifests/weekly.yaml'), event('weekly', 'on_a'));
    expect((await apply()).code).toBe(3);
    expect(writes()).toBe(0);
  });

  it('goes red for manifests that are wrong, and says where', async () => {
    merge();
    appendFileSync(join(repository, 'manifests/weekly.yaml'), '  bogus: 1\n');
    const planned = await plan();
    expect(planned.code).toBe(1);
    expect(planned.stdout).toMatch(/^::error file=manifests\/weekly\.yaml,line=10,/m);
    expect(read('plan.md')).toContain('unknown-key');
  });
});

it('two apps: takes the plan of the app that is named, and of no other', async () => {
  merge();
  await run(script('github-two-apps.yml', 'plan', 'Plan'), 'cli_other');
  cpSync(join(temp, 'plan.json'), join(temp, 'reviewed/plan.json'));
  const text = script('github-two-apps.yml', 'apply', 'Apply the reviewed plan');
  expect((await run(text, 'cli_write', { READ_APP_ID: 'cli_read' })).code).toBe(3);
  expect((await run(text, 'cli_write', { READ_APP_ID: 'cli_other' })).code).toBe(0);
});

describe('github-public.yml', () => {
  const collect = script('github-public.yml', 'collect', 'Take the manifests out of the pull request');
  const plan = script('github-public.yml', 'plan', 'Plan');
  let head: string;

  /** The fork's commit as the platform offers it, and a checkout of the base. */
  function offer(): void {
    head = git(repository, 'rev-parse', 'branch');
    const origin = folderWith({});
    git(origin, 'init', '-q', '--bare');
    git(repository, 'remote', 'add', 'origin', origin);
    git(repository, 'push', '-q', 'origin', 'main', 'branch:refs/pull/7/head');
    git(repository, 'switch', '-q', 'main');
  }

  const collected = (): string[] =>
    readdirSync(join(repository, 'collected'), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(repository, 'collected/').length))
      .sort();

  it('takes YAML files alone out of a pull request, and runs and follows nothing', async () => {
    const secret = folderWith({ 'secret.yaml': 'secret' });
    writeFileSync(join(repository, 'manifests/run.sh'), 'touch ran');
    writeFileSync(join(repository, '.gitattributes'), '* filter=evil\n');
    writeFileSync(join(repository, 'package.json'), '{ "scripts": { "postinstall": "touch ran" } }');
    symlinkSync(join(secret, 'secret.yaml'), join(repository, 'manifests/link.yaml'));
    symlinkSync(secret, join(repository, 'manifests/folder'));
    git(repository, 'add', '.');
    git(repository, 'commit', '-qm', 'Hostile');
    offer();
    const ran = await run(collect, '', { NUMBER: '7', HEAD_SHA: head });
    expect(ran.code, ran.stderr).toBe(0);
    expect(collected()).toEqual([
      'base/manifests/other.yaml',
      'base/manifests/weekly.yaml',
      'head/manifests/other.yaml',
      'head/manifests/weekly.yaml',
    ]);
    expect(existsSync(join(repository, 'ran'))).toBe(false);
  });

  it('takes nothing where the pull request has moved on, or cannot be merged', async () => {
    offer();
    const moved = await run(collect, '', { NUMBER: '7', HEAD_SHA: git(repository, 'rev-parse', 'main') });
    expect([moved.code, moved.stdout]).toEqual([1, expect.stringContaining('has moved on')]);
    writeFileSync(join(repository, 'manifests/weekly.yaml'), event('weekly', 'on_b'));
    git(repository, 'commit', '-qam', 'Meanwhile');
    const clash = await run(collect, '', { NUMBER: '7', HEAD_SHA: head });
    expect([clash.code, clash.stdout]).toEqual([1, expect.stringContaining('conflicts with its base')]);
    expect(existsSync(join(repository, 'collected'))).toBe(false);
  });

  it('plans, and plans anew and applies after the merge, naming nobody', async () => {
    offer();
    const before = git(repository, 'rev-parse', 'main');
    await run(collect, '', { NUMBER: '7', HEAD_SHA: head });
    cpSync(join(repository, 'collected'), join(temp, 'collected'), { recursive: true });
    const planned = await run(plan, 'cli_read');
    expect(planned.code, planned.stderr).toBe(0);
    expect(read('plan.md')).toMatch(/remove .*`user-\d`/);

    merge();
    const text = script('github-public.yml', 'apply', 'Plan what was merged, and apply it');
    const applied = await run(text, 'cli_write', { BEFORE_SHA: before });
    expect(applied.code, applied.stderr).toBe(0);
    expect(read('summary.md')).toContain('converged');
    const seen = [planned, applied].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(seen + read('plan.md') + read('summary.md')).not.toMatch(/Castle|Berger|on_[bc]/);
    // The other event is not as the manifests want it, and was not part of it.
    expect(server.requests.some(({ path }) => path.includes('other_0'))).toBe(false);
  });
});

describe('gitlab.yml', () => {
  const lines = (job: string): string => pipeline('gitlab.yml')[job]?.script?.join('\n') ?? '';

  it('plans what a merge request changes, with the numbers for its widget', async () => {
    const base = git(repository, 'merge-base', 'main', 'branch');
    const more = { CI_BUILDS_DIR: temp, CI_JOB_ID: '1', CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    const ran = await run(lines('plan'), 'cli_read', more);
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(repository, 'report.json'), 'utf8'))).toEqual({
      create: 1,
      update: 0,
      delete: 1,
    });
    expect(ran.stdout).toContain('weekly (Feishu)');

    const last = pipeline('gitlab.yml')['apply']?.script?.at(-1) ?? '';
    const applied = await run(last, 'cli_write', { READ_APP_ID: 'cli_read' });
    expect(applied.code, applied.stderr).toBe(0);
    expect(readdirSync(join(repository, 'journal'))).toHaveLength(1);
  });

  it('fails for drift', async () => {
    expect((await run(lines('drift'), 'cli_read')).code).toBe(2);
  });
});
