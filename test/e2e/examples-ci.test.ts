import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planDigest } from '../../src/diff/digest.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { lockText } from '../../src/manifest/lock/write-lock.ts';
import type { Ran } from '../support/cli.ts';
import { pipeline, script, scripts, workflow, writingStep } from '../support/recipes.ts';
import { type Programs, Review, event, programsOf, tenant } from '../support/reviewed.ts';
import { type RollcallServer, startRollcallServer } from '../support/rollcall-server.ts';

let rollcalls: RollcallServer;
let programs: Programs;
let server: Emulator;
let review: Review;

beforeAll(async () => {
  rollcalls = await startRollcallServer();
  programs = programsOf(rollcalls.client);
});
afterAll(() => rollcalls.close());
beforeEach(async () => {
  server = await startEmulator({ tenant });
  review = new Review(server.url, programs);
});
afterEach(() => server.close());

const writes = (): number =>
  server.requests.filter(({ method, path }) => method === 'POST' && path.includes('/attendees')).length;

/** The jobs before a merge, up to the plan. */
const plans: Readonly<Record<string, (app: string) => Promise<Ran>>> = {
  'github-one-app.yml': async (app) => {
    review.git('switch', '-q', '--detach', 'main');
    review.git('merge', '-q', '--no-ff', '-m', 'As it would be merged', 'branch');
    const taken = await review.run(script('github-one-app.yml', 'plan', 'Take the manifests out of git'));
    expect(taken.code, taken.stderr).toBe(0);
    return review.run(script('github-one-app.yml', 'plan', 'Plan'), app);
  },
  'github-two-apps.yml': (app) => planOfCollected('github-two-apps.yml', app),
  'github-public.yml': (app) => planOfCollected('github-public.yml', app),
};

async function planOfCollected(file: string, app: string): Promise<Ran> {
  const head = review.offer();
  for (const ran of [await review.collect(file, head), await review.check(file)]) {
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  }
  return review.run(script(file, 'plan', 'Plan'), app);
}

function planned(file: string, app: string): Promise<Ran> {
  const plan = plans[file];
  if (plan === undefined) throw new Error(`${file} makes no plan`);
  return plan(app);
}

/** As the artifact comes back. */
function fetched(change: (plan: string) => string = (text) => text): void {
  mkdirSync(join(review.temp, 'reviewed'));
  writeFileSync(join(review.temp, 'reviewed/plan.json'), change(review.read('plan.json')));
}

async function applied(file: string, readApp: string): Promise<Ran> {
  const taken = await review.run(script(file, 'apply', 'Take the manifests out of git'));
  expect(taken.code, taken.stderr).toBe(0);
  return review.run(script(file, 'apply', 'Apply the reviewed plan'), 'cli_write', { READ_APP_ID: readApp });
}

describe.each([
  ['github-two-apps.yml', 'cli_read'],
  ['github-one-app.yml', 'cli_write'],
])('%s', (file, planner) => {
  it('applies the plan that was shown, and nothing else', async () => {
    // Once with the command line as it was built.
    if (file === 'github-two-apps.yml') review = new Review(server.url, programsOf());
    const ran = await planned(file, planner);
    expect(ran.code, ran.stderr).toBe(0);
    expect(review.read('plan.md')).toContain('<code>weekly</code>');
    expect(review.read('plan.md')).not.toContain('other');
    expect(ran.stdout).toMatch(/^::notice title=rollcall plan::/m);
    expect(review.read('summary.md')).toContain('Ben Berger');

    review.merge();
    fetched();
    const done = await applied(file, planner);
    expect(done.code, done.stderr).toBe(0);
    expect(review.read('summary.md')).toContain('converged');
    expect(readdirSync(join(review.repository, 'journal'))).toHaveLength(1);
    // What nobody changed in this pull request still waits.
    expect(server.requests.some(({ path }) => path.includes('other_0'))).toBe(false);
  });
});

it('github-one-app.yml plans and applies as github-two-apps.yml does, but for the folder and the account', () => {
  const [one, two] = ['github-one-app.yml', 'github-two-apps.yml'].map((file) => ({
    plan: script(file, 'plan', 'Plan').replaceAll(/^#.*\n/gm, ''),
    apply: script(file, 'apply', 'Apply the reviewed plan'),
  }));
  expect(one).toEqual({
    plan: two?.plan.replace('/collected/head', '/head'),
    apply: two?.apply.replace(' --plan-account "$READ_APP_ID"', ''),
  });
});

describe.each([['github-two-apps.yml', 'cli_read']])('%s', (file, planner) => {
  it('refuses a plan that does not follow from what was merged, in whole or in part', async () => {
    await planned(file, planner);
    review.merge();
    fetched((text) => {
      const forged = JSON.parse(text.replaceAll('on_b', 'on_a'));
      return JSON.stringify({ ...forged, digest: planDigest(forged) });
    });
    const done = await applied(file, planner);
    expect(done.code, done.stderr).toBe(3);
    expect(writes()).toBe(0);
  });

  it('refuses a plan of other manifests than were merged', async () => {
    await planned(file, planner);
    review.push({ 'manifests/weekly.yaml': event('weekly', 'on_a') });
    fetched();
    expect((await applied(file, planner)).code).toBe(3);
    expect(writes()).toBe(0);
  });

  it('goes red for manifests that are wrong, and says where', async () => {
    appendFileSync(join(review.repository, 'manifests/weekly.yaml'), '  bogus: 1\n');
    review.push({});
    const ran = await planned(file, planner);
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/^::error file=manifests\/weekly\.yaml,line=10,/m);
    expect(review.read('plan.md')).toContain('unknown-key');
  });
});

it('github-drift.yml tells what is not as it was merged, and names nobody', async () => {
  review.git('switch', '-q', 'main');
  const drift = await review.run(script('github-drift.yml', 'drift', 'Plan'), 'cli_read');
  expect(drift.code, drift.stderr).toBe(0);
  expect(review.read('output')).toMatch(/^code=2$/m);
  expect(review.read('plan.md')).toMatch(/add .*`user-\d`/);
  expect(review.read('plan.md')).not.toContain('Ben');
});

it('two apps: takes the plan of the app that is named, and of no other', async () => {
  await planned('github-two-apps.yml', 'cli_other');
  review.merge();
  cpSync(join(review.temp, 'plan.json'), join(review.temp, 'reviewed/plan.json'));
  expect((await applied('github-two-apps.yml', 'cli_read')).code).toBe(3);
  expect((await applied('github-two-apps.yml', 'cli_other')).code).toBe(0);
});

/** What github-two-apps.yml does here is what the others do. */
const distinct = ['github-one-app.yml', 'github-public.yml'];

it('github-two-apps.yml takes manifests before the merge as github-public.yml does, and after it as the other', () => {
  const [one = '', open = ''] = distinct;
  const collects = ['collect', 'Take the manifests out of the pull request'] as const;
  expect(script('github-two-apps.yml', ...collects)).toBe(script(open, ...collects));
  expect(script('github-two-apps.yml', 'plan', 'Plan')).toBe(
    script(open, 'plan', 'Plan').replaceAll(' --redact', ''),
  );
  const takes = ['apply', 'Take the manifests out of git'] as const;
  expect(script('github-two-apps.yml', ...takes)).toBe(script(one, ...takes));
});

it.each(distinct)('%s plans with the ids of the lock, before and after the merge', async (file) => {
  const address = 'cat@example.com';
  const found = {
    idType: 'union_id',
    by: 'email',
    value: address,
    resolvedAt: '2026-01-01T00:00:00Z',
  } as const;
  review.push({
    'manifests/weekly.yaml': event('weekly', 'on_a').replace('attendees: [', `$&{ person: ${address} }, `),
    'rollcall.lock': lockText([{ person: address, provider: 'feishu', id: 'on_c', ...found }]),
  });
  const ran = await planned(file, 'cli_read');
  expect(ran.code, review.read('plan.md')).toBe(0);
  expect(JSON.parse(review.read('plan.json')).locked).toBeDefined();
  expect(workflow(file).on['push']).toMatchObject({ paths: ['manifests/**', 'rollcall.lock'] });
  review.merge();
  const before = { BEFORE_SHA: review.git('rev-parse', 'HEAD^1') };
  const taken = await review.run(script(file, 'apply', 'Take the manifests out of git'), '', before);
  expect(taken.code, taken.stderr).toBe(0);
  expect(review.read('head/rollcall.lock')).toContain('on_c');
});

it.each(distinct)('%s plans nothing where a change concerns no meeting', async (file) => {
  review.git('switch', '-qC', 'branch', 'main');
  review.push({ 'README.md': 'Something else' });
  const ran = await planned(file, 'cli_read');
  expect(ran.code, ran.stderr).toBe(0);
  expect(JSON.parse(review.read('plan.json')).events).toEqual([]);
});

describe('github-public.yml', () => {
  it('plans, and plans anew and applies after the merge, naming nobody', async () => {
    const before = review.git('rev-parse', 'main');
    const ran = await planned('github-public.yml', 'cli_read');
    expect(ran.code, ran.stderr).toBe(0);
    expect(review.read('plan.md')).toMatch(/remove .*`user-\d`/);

    review.merge();
    const more = { BEFORE_SHA: before };
    const taken = await review.run(
      script('github-public.yml', 'apply', 'Take the manifests out of git'),
      '',
      more,
    );
    expect(taken.code, taken.stderr).toBe(0);
    const text = script('github-public.yml', 'apply', 'Plan what was merged, and apply it');
    const done = await review.run(text, 'cli_write');
    expect(done.code, done.stderr).toBe(0);
    expect(review.read('summary.md')).toContain('converged');
    const seen = [ran, done].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(seen + review.read('plan.md') + review.read('summary.md')).not.toMatch(/Castle|Berger|on_[bc]/);
    // The other event is not as the manifests want it, and was not part of it.
    expect(server.requests.some(({ path }) => path.includes('other_0'))).toBe(false);
  });

  // As github-two-apps.yml: the script is the same, as examples-ci-hostile.test.ts has it.
  it('takes nothing where the pull request has moved on, or cannot be merged', async () => {
    const file = 'github-public.yml';
    const head = review.offer();
    const moved = await review.collect(file, review.git('rev-parse', 'main'));
    expect([moved.code, moved.stdout]).toEqual([1, expect.stringContaining('has moved on')]);
    writeFileSync(join(review.repository, 'manifests/weekly.yaml'), event('weekly', 'on_b'));
    review.git('commit', '-qam', 'Meanwhile');
    const clash = await review.collect(file, head);
    expect([clash.code, clash.stdout]).toEqual([1, expect.stringContaining('conflicts with its base')]);
    expect(existsSync(join(review.repository, 'collected'))).toBe(false);
  });
});

describe('gitlab.yml', () => {
  const take = (): string => pipeline('gitlab.yml')['.rollcall']?.before_script?.at(-1) ?? '';
  const lines = (job: string): string => [take(), ...(pipeline('gitlab.yml')[job]?.script ?? [])].join('\n');

  it('plans what a merge request changes, with the numbers for its widget', async () => {
    const base = review.git('merge-base', 'main', 'branch');
    const ran = await review.run(lines('plan'), 'cli_read', { CI_MERGE_REQUEST_DIFF_BASE_SHA: base });
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(review.repository, 'report.json'), 'utf8'))).toEqual({
      create: 1,
      update: 0,
      delete: 1,
    });
    expect(ran.stdout).toContain('weekly (Feishu)');

    const last = pipeline('gitlab.yml')['apply']?.script?.slice(-2) ?? [];
    const done = await review.run([take(), ...last].join('\n'), 'cli_write', { READ_APP_ID: 'cli_read' });
    expect(done.code, done.stderr).toBe(0);
    expect(readdirSync(join(review.repository, 'journal'))).toHaveLength(1);
  });

  it('fails for drift', async () => {
    expect((await review.run(lines('drift'), 'cli_read')).code).toBe(2);
  });
});

describe.each([
  ['jenkins.Jenkinsfile', 'ROLLCALL_USR', 'ROLLCALL_USR'],
  ['yunxiao', 'READ_APP_ID', 'APPLY_APP_ID'],
  ['gitee', 'READ_APP_ID', 'APPLY_APP_ID'],
])('%s', (host, readId, applyId) => {
  const isWritten = !host.includes('.');
  const textOf = (half: 'plan' | 'apply'): string =>
    isWritten
      ? writingStep(`${host}-${half}.yml`)
      : (scripts(host).find(([name]) => name.toLowerCase() === half)?.[1] ?? '');
  const secrets = { ROLLCALL_PSW: 's', READ_APP_SECRET: 's', APPLY_APP_SECRET: 's' };
  const plan = (): Promise<Ran> =>
    review.run(textOf('plan'), '', {
      ...secrets,
      [readId]: 'cli_read',
      CHANGE_TARGET: 'main',
      TMPDIR: review.temp,
    });
  const apply = (): Promise<Ran> =>
    review.run(textOf('apply'), '', { ...secrets, [applyId]: 'cli_write', TMPDIR: review.temp });

  it('plans what a pull request changes, and writes nothing', async () => {
    review.offer();
    review.git('switch', '-q', 'branch');
    const ran = await plan();
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain('weekly (Feishu)');
    expect(ran.stdout).not.toContain('other');
    expect(writes()).toBe(0);
  });

  it('goes red for manifests that are wrong', async () => {
    appendFileSync(join(review.repository, 'manifests/weekly.yaml'), '  bogus: 1\n');
    review.push({});
    review.offer();
    review.git('switch', '-q', 'branch');
    const ran = await plan();
    expect(ran.code).toBe(1);
    expect(ran.stdout + ran.stderr).toContain('bogus');
  });

  it('applies what was merged, and nothing of a branch', async () => {
    review.offer();
    review.merge();
    if (isWritten) {
      const early = await apply();
      expect([early.code, early.stdout]).toEqual([1, expect.stringContaining('not what stands on main')]);
      expect(writes()).toBe(0);
    }
    review.git('push', '-q', 'origin', 'main');
    const done = await apply();
    expect(done.code, done.stderr).toBe(0);
    expect(done.stdout).toContain('converged');
    expect(readdirSync(join(review.repository, 'journal'))).toHaveLength(1);
  });
});
