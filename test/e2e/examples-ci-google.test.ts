import { cpSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { type Ran, folderWith } from '../support/cli.ts';
import { googleManifest, googleScene } from '../support/google-scene.ts';
import { bash, git, pipeline, type Step, workflow } from '../support/recipes.ts';
import { programsOf } from '../support/reviewed.ts';
import { type RollcallServer, startRollcallServer } from '../support/rollcall-server.ts';

/** The recipes for Google Calendar with a token of a single run: what a run found of aliases comes with a cache alone. */

let rollcalls: RollcallServer;
let standIns: Readonly<Record<string, string>>;
let server: Emulator;
/** Caches by their keys, the newest last. */
let caches: Map<string, string>;

beforeAll(async () => {
  rollcalls = await startRollcallServer();
  // How a token is bought is seen in test/examples-ci-google.test.ts: here node tells it without reading an answer.
  const given = 'while read -r _; do :; done; echo given-token';
  standIns = { ...programsOf(rollcalls.client).standIns, curl: given, node: given };
});
afterAll(() => rollcalls.close());
beforeEach(async () => {
  caches = new Map();
  const attendees = [{ email: 'lead@corp.com' }, { email: 'ann@corp.com', reply: 'accepted' }];
  const scene = await googleScene(
    {
      admins: ['boss@corp.com'],
      aliases: { 'ann.lee@corp.com': 'ann@corp.com' },
      subject: 'lead@corp.com',
      calendars: [{ id: 'lead@corp.com', events: [{ id: 'staff', summary: 'Staff', attendees }] }],
    },
    {},
  );
  server = scene.emulator;
});
afterEach(() => server.close());

const patches = (): number => server.requests.filter(({ api }) => api === 'google.event.patch').length;

/** Made once and copied: git takes its time. */
let original: string | undefined;

function committed(): string {
  const manifest = googleManifest('staff', [{ email: 'ann.lee@corp.com' }]);
  const folder = folderWith({ 'manifests/staff.yaml': manifest });
  git(folder, 'init', '-q', '-b', 'main', '--template=');
  git(folder, 'add', '.');
  git(folder, 'commit', '-qm', 'Base');
  git(folder, 'commit', '-qm', 'Next', '--allow-empty');
  return folder;
}

/** A checkout on a runner that nothing was on before. */
function workspace(): string {
  const folder = folderWith({});
  cpSync((original ??= committed()), folder, { recursive: true });
  return folder;
}

function run(cwd: string, text: string): Promise<Ran> {
  const temp = join(cwd, '.git/temp');
  const env = {
    GOOGLE_ACCESS_TOKEN: 'given-token',
    GOOGLE_BASE_URL: server.url,
    GOOGLE_ADMIN_BASE_URL: server.url,
    RUNNER_TEMP: temp,
    GITHUB_STEP_SUMMARY: join(temp, 'summary'),
    CI_BUILDS_DIR: temp,
    CI_JOB_ID: '1',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: 'HEAD',
    GOOGLE_IDENTITY_PROVIDER: 'p',
    GOOGLE_ID_TOKEN: 't',
    GOOGLE_ACCOUNT: 'a',
    GOOGLE_ORGANIZER: 'lead@corp.com',
  };
  return bash(text, { cwd, env, standIns });
}

function restore(folder: string, path: string, prefix: string): void {
  const [key] = [...caches.keys()].filter((one) => one.startsWith(prefix)).slice(-1);
  if (key !== undefined)
    cpSync(caches.get(key) ?? '', join(folder, path), { recursive: true, preserveTimestamps: true });
}

function save(folder: string, path: string, key: string): void {
  const kept = folderWith({});
  cpSync(join(folder, path), kept, { recursive: true, preserveTimestamps: true });
  caches.set(key, kept);
}

let number = 0;

/** Runs what a job of the recipe runs, in the order of its steps; what brings and keeps caches does so here. */
async function onGithub(job: string): Promise<Ran & { readonly folder: string }> {
  number += 1;
  const folder = workspace();
  const { steps } = workflow('github-google.yml').jobs[job] ?? { steps: [] };
  let ended: Ran = { code: 0, stdout: '', stderr: '' };
  for (const step of steps) {
    if (ended.code !== 0 && !/always\(\)/.test(step.if ?? '')) continue;
    if (step.uses?.startsWith('actions/cache/') === true) cached(folder, step);
    else if (step.run !== undefined && !['Install', 'Comment'].includes(step.name ?? '')) {
      const ran = await run(folder, step.run);
      if (ended.code === 0) ended = ran;
    }
  }
  return { ...ended, folder };
}

function cached(folder: string, { uses = '', with: inputs = {} }: Step): void {
  const key = String(inputs['key']).replaceAll(/\$\{\{[^}]*\}\}/g, String(number));
  const path = String(inputs['path']);
  if (uses.startsWith('actions/cache/save@')) save(folder, path, key);
  else restore(folder, path, String(inputs['restore-keys']));
}

async function onGitlab(name: string): Promise<Ran & { readonly folder: string }> {
  const folder = workspace();
  const jobs = pipeline('gitlab-google.yml');
  const { cache, script = [] } = jobs[name] ?? {};
  const [path = ''] = cache?.paths ?? [];
  if (cache !== undefined) restore(folder, path, cache.key);
  const ran = await run(folder, [...(jobs['.rollcall']?.before_script ?? []), ...script].join('\n'));
  const saves = cache?.policy !== 'pull' && (ran.code === 0 || cache?.when === 'always');
  if (cache !== undefined && saves) save(folder, path, cache.key);
  return { ...ran, folder };
}

describe.each([
  ['github-google.yml', onGithub, 'plan'],
  ['gitlab-google.yml', onGitlab, 'drift'],
] as const)('%s', (_file, on, planning) => {
  it('writes an alias once: the next run has the journal of the one that failed for it, and of no other', async () => {
    const first = await on('apply');
    expect(first.code, first.stderr).toBe(1);
    // A journal that tells of no alias, and one too old to be remembered, are not handed on.
    const [kept = ''] = caches.values();
    const journals = readdirSync(kept);
    writeFileSync(join(kept, 'without.ndjson'), '{}\n');
    writeFileSync(join(kept, 'old.ndjson'), '{"code":"alias"}\n');
    const past = Date.now() / 1000 - 91 * 86_400;
    utimesSync(join(kept, 'old.ndjson'), past, past);
    const again = await on('apply');
    expect(readdirSync(join(again.folder, 'journal'))).toEqual(journals);
    for (const ran of [again, await on('apply')]) {
      expect(ran.code, ran.stderr).toBe(0);
      expect(ran.stderr).toContain('ann.lee@corp.com is another address of ann@corp.com');
    }
    const plan = await on(planning);
    expect(plan.code, plan.stderr).toBe(0);
    expect(patches()).toBe(1);
    // It would be written again without.
    caches.clear();
    expect((await on('apply')).code).toBe(1);
    expect(patches()).toBe(2);
  });
});
