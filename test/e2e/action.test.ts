import { chmodSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { type Ran, folderWith, main } from '../support/cli.ts';
import { actionStep, bash, programs } from '../support/recipes.ts';
import { event, tenant } from '../support/reviewed.ts';
import { type ReviewSite, reviewSite } from '../support/review-sites.ts';
import { type RollcallServer, startRollcallServer } from '../support/rollcall-server.ts';

const script = (name: string): string => actionStep(name).run ?? '';

/** What `run` gets from the inputs, as the defaults are. */
const inputs = { MANIFESTS: 'manifests', OPTIONS: '', FOLDER: '.', JOURNALS: '', PROGRAM: main };

let server: Emulator;
let served: RollcallServer;
let repository: string;
let temp: string;
let bin: string;

beforeAll(async () => {
  server = await startEmulator({ tenant });
  served = await startRollcallServer();
  bin = programs({
    npm: `printf 'npm %s in %s\\n' "$*" "$PWD" >>"$HOME/calls"; env >>"$HOME/calls"`,
  });
});
afterAll(async () => {
  await served.close();
  await server.close();
});
beforeEach(() => {
  repository = folderWith({
    'manifests/weekly.yaml': event('weekly', 'on_a'),
    'other/in-sync.yaml': event('other', 'on_a'),
    "a b/it's $(touch x).yaml": event('weekly', 'on_a', 'on_b'),
  });
  temp = folderWith({});
});

/** Runs a step; the command line in this process, but for the test that wants the built one. */
function step(name: string, env: Readonly<Record<string, string>>, built = false): Promise<Ran> {
  return bash(script(name), {
    cwd: repository,
    bin,
    standIns: built ? {} : { node: `[ "$1" = '${main}' ] || exit 1\nshift\n${served.client}` },
    env: {
      ...inputs,
      RUNNER_TEMP: temp,
      OUT: temp,
      GITHUB_OUTPUT: join(temp, 'output'),
      GITHUB_STEP_SUMMARY: join(temp, 'summary'),
      GITHUB_ACTIONS: 'true',
      FEISHU_BASE_URL: server.url,
      FEISHU_APP_ID: 'cli_write',
      FEISHU_APP_SECRET: 's',
      ROLLCALL_SETTLE: '0s',
      ...env,
    },
  });
}

const written = (file: string): string => readFileSync(join(temp, file), 'utf8');
const run = (COMMAND: string, env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
  step('Run rollcall', { COMMAND, ...env });

describe('the action', () => {
  it('checks manifests', async () => {
    const ran = await run('validate');
    expect([ran.code, ran.stdout]).toEqual([0, '']);
    writeFileSync(join(repository, 'manifests/bad.yaml'), 'apiVersion: rollcall.dev/v1\nkind: Evnt\n');
    const bad = await run('validate');
    expect([bad.code, bad.stdout]).toEqual([1, expect.stringMatching(/^::error file=manifests\/bad\.yaml/m)]);
    expect(written('output')).toBe('exit-code=0\nexit-code=1\n');
  });

  it('plans: annotations, a summary, and outputs', async () => {
    const ran = await step('Run rollcall', { COMMAND: 'plan' }, true);
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringMatching(/^::notice title=rollcall plan::/m)]);
    expect(written('summary')).toBe(written('report.md'));
    expect(written('report.md')).toContain('Ben Berger');
    expect(written('output')).toBe(`plan=${temp}/plan.json\nreport=${temp}/report.md\nexit-code=0\n`);
  });

  it('takes several paths and options, a line each, and makes no command of any of them', async () => {
    const MANIFESTS = "a b/it's $(touch x).yaml\r\n\n  \nother";
    const ran = await run('plan', { MANIFESTS, OPTIONS: '--redact\n--target=$(touch y)*' });
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('matches no event')]);
    const redacted = await run('plan', { OPTIONS: '--redact' });
    expect(redacted.code, redacted.stderr).toBe(0);
    expect(redacted.stdout + written('summary')).not.toMatch(/Ben Berger|on_b/);
    expect(existsSync(join(repository, 'x')) || existsSync(join(repository, 'y'))).toBe(false);
    const both = await run('plan', { MANIFESTS });
    expect([both.code, both.stdout]).toEqual([0, expect.stringContaining('No changes')]);
  });

  it('fails for drift, and runs in the folder that it is told', async () => {
    const drift = await run('drift', { FOLDER: 'manifests', MANIFESTS: '.' });
    expect([drift.code, drift.stdout]).toEqual([2, expect.stringContaining('1 to remove')]);
    expect((await run('drift', { MANIFESTS: 'other' })).code).toBe(0);
  });

  it('refuses another command', async () => {
    const ran = await run('plan; touch z');
    expect([ran.code, ran.stdout]).toEqual([1, '::error::command is plan, apply, drift or validate\n']);
  });

  it('applies, and a saved plan without asking', async () => {
    await run('plan');
    const ran = await run('apply', { OPTIONS: `--plan=${temp}/plan.json` });
    expect(ran.code, ran.stderr).toBe(0);
    expect(written('report.md')).toContain('## rollcall apply');
    expect(written('output')).toContain(`journal=${temp}/journal\nreport=${temp}/report.md\nexit-code=0\n`);
    const again = await run('apply');
    expect(again.code, again.stderr).toBe(0);
    expect((await run('drift')).code).toBe(0);
  });

  it('keeps the journal where it is told', async () => {
    writeFileSync(join(repository, 'manifests/weekly.yaml'), event('weekly', 'on_a', 'on_c'));
    const ran = await run('apply', { FOLDER: 'manifests', MANIFESTS: '.', JOURNALS: '../kept' });
    expect(ran.code, ran.stderr).toBe(0);
    expect(readdirSync(join(repository, 'kept'))).toEqual([expect.stringMatching(/\.ndjson$/)]);
    expect(written('output')).toMatch(/^journal=\S+\/kept$/m);
    expect((await run('plan', { OPTIONS: '--journal-dir=other' })).code).toBe(1);
  });

  it('writes the comment', async () => {
    await using site: ReviewSite = await reviewSite('github');
    await run('plan');
    const comment = await step('Comment', {
      REPORT: join(temp, 'report.md'),
      GITHUB_TOKEN: 'ghs_token',
      GITHUB_API_URL: site.url,
      GITHUB_REPOSITORY: 'acme/people',
      GITHUB_REF: 'refs/pull/7/merge',
    });
    expect(comment.code, comment.stderr).toBe(0);
    expect(site.comments.map(({ body }) => body.includes(written('report.md').trim()))).toEqual([true]);
    expect(site.labels).toEqual([expect.stringMatching(/^rollcall: /)]);
  });
});

describe('its installation', () => {
  it.each([
    [
      '',
      [/^npm ci --ignore-scripts .* in \S+source$/, /^npm run build in \S+source$/],
      /source\/dist\/cli\/main\.js$/,
    ],
    [
      '0.1.0',
      [/^npm install --ignore-scripts .* https:\/\/github\.com\/\S+\/v0\.1\.0\/rollcall-0\.1\.0\.tgz in /],
      /node_modules\/rollcall\/dist\/cli\/main\.js$/,
    ],
  ])('of version "%s" runs without the credentials', async (VERSION, calls, program) => {
    const SOURCE = join(folderWith({ 'source/package.json': '{}' }), 'source');
    const home = folderWith({});
    chmodSync(home, 0o700);
    const proxy = { HTTPS_PROXY: 'http://proxy.example:3128' };
    const ran = await step('Install rollcall', { VERSION, SOURCE, HOME: home, ...proxy });
    expect(ran.code, ran.stderr).toBe(0);
    const said = readFileSync(join(home, 'calls'), 'utf8').split('\n');
    const made = said.filter((line) => line.startsWith('npm '));
    expect(made).toHaveLength(calls.length);
    for (const [at, call] of calls.entries()) expect(made[at]).toMatch(call);
    expect(said.filter((line) => /FEISHU|GITHUB|RUNNER/.test(line))).toEqual([]);
    expect(said).toContain('HTTPS_PROXY=http://proxy.example:3128');
    expect(/^program=(.*)$/m.exec(written('output'))?.[1]).toMatch(program);
  });

  it.each(['latest', '../x', '0.1.0; touch x', '1.0.0\n2'])('takes %j for no version', async (VERSION) => {
    const ran = await step('Install rollcall', { VERSION, SOURCE: repository, HOME: temp });
    expect([ran.code, ran.stdout]).toEqual([1, '::error::version is a release, like 0.1.0\n']);
  });
});
