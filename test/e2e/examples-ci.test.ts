import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planDigest } from '../../src/diff/digest.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import type { Ran } from '../support/cli.ts';
import { pipeline, script, scripts, workflow, writingStep } from '../support/recipes.ts';
import { type Programs, Review, event, programsOf, tenant } from '../support/reviewed.ts';
import { type RollcallServer, startRollcallServer } from '../support/rollcall-server.ts';

// Most of the time goes into what the scripts start. So each script runs as often as it takes to see all that it does, in
// one workspace after what comes before it; where recipes have the same text, that is seen of one of them.

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

const taking = 'Take the manifests out of git';
const applying = 'Apply the reviewed plan';

async function succeeds(run: Promise<Ran>): Promise<Ran> {
  const ran = await run;
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  return ran;
}

/** The jobs before a merge, up to the plan. */
async function planned(file: string, by: Programs = programs): Promise<Ran> {
  const head = review.offer();
  await succeeds(review.collect(file, head));
  await succeeds(review.check(file));
  return review.run(script(file, 'plan', 'Plan'), 'cli_read', {}, by);
}

/** As the artifact comes back. */
function fetched(change: (plan: string) => string = (text) => text): void {
  mkdirSync(join(review.temp, 'reviewed'), { recursive: true });
  writeFileSync(join(review.temp, 'reviewed/plan.json'), change(review.read('plan.json')));
}

describe('github-two-apps.yml', () => {
  const file = 'github-two-apps.yml';
  const take = (): Promise<Ran> => succeeds(review.run(script(file, 'apply', taking)));
  const apply = (readApp: string, by: Programs = programs): Promise<Ran> =>
    review.run(script(file, 'apply', applying), 'cli_write', { READ_APP_ID: readApp }, by);

  it('applies the plan that was shown, of the app that is named and for what was merged, and nothing else', async () => {
    // Once with the command line as it was built.
    const built = programsOf();
    const ran = await succeeds(planned(file, built));
    expect(review.read('plan.md')).toContain('<code>weekly</code>');
    expect(review.read('plan.md')).not.toContain('other');
    expect(ran.stdout).toMatch(/^::notice title=rollcall plan::/m);
    expect(review.read('summary.md')).toContain('Ben Berger');

    // Other manifests than were planned.
    fetched();
    review.push({ 'manifests/weekly.yaml': event('weekly', 'on_a') });
    await take();
    expect((await apply('cli_read')).code).toBe(3);

    review.git('reset', '-q', '--hard', 'HEAD^');
    review.merge();
    await take();
    // A plan that does not follow from what was merged, in whole or in part.
    fetched((text) => {
      const forged = JSON.parse(text.replaceAll('on_b', 'on_a'));
      return JSON.stringify({ ...forged, digest: planDigest(forged) });
    });
    const refused = await apply('cli_read');
    expect(refused.code, refused.stderr).toBe(3);
    fetched();
    expect((await apply('cli_other')).code).toBe(3);
    expect(writes()).toBe(0);

    await succeeds(apply('cli_read', built));
    expect(review.read('summary.md')).toContain('converged');
    expect(readdirSync(join(review.repository, 'journal'))).toHaveLength(1);
    // What nobody changed in this pull request still waits.
    expect(server.requests.some(({ path }) => path.includes('other_0'))).toBe(false);
  });

  describe('of manifests that were taken', () => {
    const plan = (head: string): Promise<Ran> => {
      const both = { base: event('weekly', 'on_a'), head };
      for (const [name, text] of Object.entries(both)) {
        mkdirSync(join(review.temp, 'collected', name, 'manifests'), { recursive: true });
        writeFileSync(join(review.temp, 'collected', name, 'manifests/weekly.yaml'), text);
      }
      return review.run(script(file, 'plan', 'Plan'), 'cli_read');
    };

    it('goes red for those that are wrong, and says where', async () => {
      const ran = await plan(`${event('weekly', 'on_a')}  bogus: 1\n`);
      expect(ran.code).toBe(1);
      expect(ran.stdout).toMatch(/^::error file=manifests\/weekly\.yaml,line=10,/m);
      expect(review.read('plan.md')).toContain('unknown-key');
    });

    it('plans nothing where a change concerns no meeting', async () => {
      await succeeds(plan(event('weekly', 'on_a')));
      expect(JSON.parse(review.read('plan.json')).events).toEqual([]);
    });
  });
});

it('github-two-apps.yml takes manifests before the merge as github-public.yml does, and plans so but for names', () => {
  const [two, open] = ['github-two-apps.yml', 'github-public.yml'].map((file) => ({
    collect: script(file, 'collect', 'Take the manifests out of the pull request'),
    plan: script(file, 'plan', 'Plan').replaceAll(' --redact', ''),
  }));
  expect(two).toEqual(open);
});

it('github-one-app.yml plans and applies as github-two-apps.yml does, but for the folder and the account', () => {
  const [one, two] = ['github-one-app.yml', 'github-two-apps.yml'].map((file) => ({
    plan: script(file, 'plan', 'Plan').replaceAll(/^#.*\n/gm, ''),
    take: script(file, 'apply', taking),
    apply: script(file, 'apply', applying),
  }));
  expect(one).toEqual({
    plan: two?.plan.replace('/collected/head', '/head'),
    take: two?.take,
    apply: two?.apply.replace(' --plan-account "$READ_APP_ID"', ''),
  });
});

it('the recipes for GitHub apply where the lock alone has changed', () => {
  for (const file of ['github-one-app.yml', 'github-two-apps.yml', 'github-public.yml']) {
    expect(workflow(file).on['push']).toMatchObject({ paths: ['manifests/**', 'rollcall.lock'] });
  }
});

it('github-one-app.yml plans a merge with the ids of the lock, and applies that plan', async () => {
  const file = 'github-one-app.yml';
  review.pushLocked('cat@example.com');
  review.git('switch', '-q', '--detach', 'main');
  review.git('merge', '-q', '--no-ff', '-m', 'As it would be merged', 'branch');
  await succeeds(review.run(script(file, 'plan', taking)));
  await succeeds(review.run(script(file, 'plan', 'Plan'), 'cli_write'));
  expect(JSON.parse(review.read('plan.json')).locked).toBeDefined();

  review.merge();
  fetched();
  await succeeds(review.run(script(file, 'apply', taking)));
  await succeeds(review.run(script(file, 'apply', applying), 'cli_write'));
  expect(review.read('summary.md')).toContain('converged');
  expect(readdirSync(join(review.repository, 'journal'))).toHaveLength(1);
  expect(server.requests.some(({ path }) => path.includes('other_0'))).toBe(false);
});

it('github-drift.yml tells what is not as it was merged, and names nobody', async () => {
  review.git('switch', '-q', 'main');
  await succeeds(review.run(script('github-drift.yml', 'drift', 'Plan'), 'cli_read'));
  expect(review.read('output')).toMatch(/^code=2$/m);
  expect(review.read('plan.md')).toMatch(/add .*`user-\d`/);
  expect(review.read('plan.md')).not.toContain('Ben');
});

describe('github-public.yml', () => {
  it('plans with the ids of the lock, and plans anew and applies after the merge, naming nobody', async () => {
    const file = 'github-public.yml';
    review.pushLocked('cat@example.com');
    const before = review.git('rev-parse', 'main');
    const ran = await succeeds(planned(file));
    expect(review.read('plan.md')).toMatch(/remove .*`user-\d`/);
    expect(JSON.parse(review.read('plan.json')).locked).toBeDefined();

    review.merge();
    await succeeds(review.run(script(file, 'apply', taking), '', { BEFORE_SHA: before }));
    expect(review.read('head/rollcall.lock')).toContain('on_c');
    const text = script(file, 'apply', 'Plan what was merged, and apply it');
    const done = await succeeds(review.run(text, 'cli_write'));
    expect(review.read('summary.md')).toContain('converged');
    const seen = [ran, done].map(({ stdout, stderr }) => stdout + stderr).join('');
    expect(seen + review.read('plan.md') + review.read('summary.md')).not.toMatch(
      /Castle|Berger|on_[bc]|cat@/,
    );
    // The other event is not as the manifests want it, and was not part of it.
    expect(server.requests.some(({ path }) => path.includes('other_0'))).toBe(false);
  });

  // As github-two-apps.yml: the script is the same.
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

  it('fails for drift; plans what a merge request changes, with the numbers for its widget, and applies it', async () => {
    expect((await review.run(lines('drift'), 'cli_read')).code).toBe(2);

    const base = review.git('merge-base', 'main', 'branch');
    const ran = await succeeds(
      review.run(lines('plan'), 'cli_read', { CI_MERGE_REQUEST_DIFF_BASE_SHA: base }),
    );
    expect(JSON.parse(readFileSync(join(review.repository, 'report.json'), 'utf8'))).toEqual({
      create: 1,
      update: 0,
      delete: 1,
    });
    expect(ran.stdout).toContain('weekly (Feishu)');

    const last = pipeline('gitlab.yml')['apply']?.script?.slice(-2) ?? [];
    await succeeds(review.run([take(), ...last].join('\n'), 'cli_write', { READ_APP_ID: 'cli_read' }));
    expect(readdirSync(join(review.repository, 'journal'))).toHaveLength(1);
  });
});

const hosts = [
  ['jenkins.Jenkinsfile', 'ROLLCALL_USR', 'ROLLCALL_USR'],
  ['yunxiao', 'READ_APP_ID', 'APPLY_APP_ID'],
  ['gitee', 'READ_APP_ID', 'APPLY_APP_ID'],
] as const;

function scriptOf(host: string, half: 'plan' | 'apply'): string {
  const file = host.includes('.') ? host : `${host}-${half}.yml`;
  return scripts(file).find(([name]) => name.toLowerCase() === half)?.[1] ?? '';
}

it('yunxiao-plan.yml plans as jenkins.Jenkinsfile does, but for names of variables', () => {
  const jenkins = scriptOf('jenkins.Jenkinsfile', 'plan').replace(/^\n?#!.*\n/, '');
  const names = [
    ['"$CHANGE_TARGET"', 'main'],
    ['ROLLCALL_USR', 'READ_APP_ID'],
    ['ROLLCALL_PSW', 'READ_APP_SECRET'],
  ] as const;
  const renamed = names.reduce((text, [one, other]) => text.replace(one, other), jenkins);
  expect(scriptOf('yunxiao', 'plan')).toBe(renamed);
});

it.each(hosts)(
  '%s plans what a pull request changes, and applies what was merged',
  async (host, readId, applyId) => {
    const isWritten = !host.includes('.');
    const run = (half: 'plan' | 'apply', env: Readonly<Record<string, string>>): Promise<Ran> => {
      const text = isWritten ? writingStep(`${host}-${half}.yml`) : scriptOf(host, half);
      const secrets = { ROLLCALL_PSW: 's', READ_APP_SECRET: 's', APPLY_APP_SECRET: 's' };
      return review.run(text, '', { ...secrets, TMPDIR: review.temp, ...env });
    };
    const plan = (): Promise<Ran> => run('plan', { [readId]: 'cli_read', CHANGE_TARGET: 'main' });
    const apply = (): Promise<Ran> => run('apply', { [applyId]: 'cli_write' });

    review.publish();
    const shown = await succeeds(plan());
    expect(shown.stdout).toContain('weekly (Feishu)');
    expect(shown.stdout).not.toContain('other');

    // It goes red for manifests that are wrong. Where it is as Jenkins's, that is seen there.
    if (host !== 'yunxiao') {
      appendFileSync(join(review.repository, 'manifests/weekly.yaml'), '  bogus: 1\n');
      review.git('commit', '-qam', 'Wrong');
      const red = await plan();
      expect(red.code).toBe(1);
      expect(red.stdout + red.stderr).toContain('bogus');
      review.git('reset', '-q', '--hard', 'HEAD^');
    }

    review.merge();
    if (isWritten) {
      const early = await apply();
      expect([early.code, early.stdout]).toEqual([1, expect.stringContaining('not what stands on main')]);
    }
    expect(writes()).toBe(0);
    review.git('push', '-q', 'origin', 'main');
    const done = await succeeds(apply());
    expect(done.stdout).toContain('converged');
    expect(readdirSync(join(review.repository, 'journal'))).toHaveLength(1);
  },
);
