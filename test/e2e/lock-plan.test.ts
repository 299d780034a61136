import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/server.ts';
import { loadManifests, planEvents, applyPlan, resultOf } from '../../src/index.ts';
import { folderWith, type Ran, rollcall } from '../support/cli.ts';
import { inFolder } from '../support/folders.ts';
import { appEnv, calendar, dingtalkManifest, feishuManifest, manifest, serve } from '../support/served.ts';

let server: Emulator;
let cwd: string;
beforeEach(async () => {
  server = await serve({
    feishuPeople: [
      { user: 'ou_lisi', email: 'lisi@corp.com' },
      { user: 'ou_other', email: 'other@corp.com' },
    ],
    feishu: { a_0: [{ user: 'ou_lisi' }, { user: 'ou_x' }], b_0: [] },
    dingtalk: { d_0: [] },
  });
  cwd = folderWith(files);
});
afterEach(() => server.close());

const files = {
  'a.yaml': feishuManifest('a', 'a_0', { attendees: [{ person: 'lisi@corp.com' }, { user: 'ou_x' }] }),
  'b.yaml': feishuManifest('b', 'b_0', { attendees: [{ person: 'lisi@corp.com' }] }),
};

const run = (...args: readonly string[]): Promise<Ran> => rollcall(args, { cwd, env: appEnv(server.url) });
const put = (file: string, text: string): void => {
  writeFileSync(join(cwd, file), text);
};
const lockFile = (): string => readFileSync(join(cwd, 'rollcall.lock'), 'utf8');
const saved = (): { locked?: { digest: string }; manifestDigest: string } =>
  JSON.parse(readFileSync(join(cwd, 'plan.json'), 'utf8'));

describe('a plan', () => {
  it('has the digest of the lines that it rests on, whenever they were found, and none without', async () => {
    await run('lock');
    await run('plan', '--out', 'plan.json');
    const { locked } = saved();
    expect(locked?.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    put('rollcall.lock', lockFile().replace(/resolvedAt: "[^"]*"/, 'resolvedAt: "2020-01-01T00:00:00Z"'));
    await run('plan', '--out', 'plan.json');
    expect(saved().locked).toEqual(locked);
    put('c.yaml', feishuManifest('c', 'c_0', { attendees: [] }));
    await run('plan', '--out', 'plan.json', '--target', 'c');
    expect(saved().locked).toBeUndefined();
    expect((await run('plan', '--format', 'json', '--redact')).stdout).not.toContain('"locked"');
  });

  it('is not applied beside another lock', async () => {
    await run('lock');
    await run('plan', '--out', 'plan.json');
    const before = lockFile();
    put('rollcall.lock', before.replace('ou_lisi', 'ou_other'));
    const refused = await run('apply', '--plan', 'plan.json', '.');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain(
      'rollcall.lock has changed since the plan was made, for people whom the plan needs',
    );
    expect(server.attendees('b_0')).toEqual([]);
    put('rollcall.lock', before);
    expect((await run('apply', '--plan', 'plan.json', '.')).code).toBe(0);
    expect(server.attendees('b_0').map(({ id }) => id)).toEqual(['ou_lisi']);
  });

  it('that rests on no lock is not applied beside manifests that do', async () => {
    put('a.yaml', feishuManifest('a', 'a_0', { attendees: [{ user: 'ou_lisi' }] }));
    put('b.yaml', feishuManifest('b', 'b_0', { attendees: [{ user: 'ou_lisi' }] }));
    await run('plan', '--out', 'plan.json');
    put('b.yaml', files['b.yaml']);
    await run('lock');
    const refused = await run('apply', '--plan', 'plan.json', '.');
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('the plan was made without rollcall.lock, which the manifests now use');
  });

  it('is not made where a line has gone from the lock: nobody is removed', async () => {
    await run('lock');
    put('rollcall.lock', 'formatVersion: "1"\nentries: []\n');
    const { code, stdout, stderr } = await run('plan');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /a\.yaml:1:\d+: error: rollcall\.lock lacks the Feishu open_id of lisi@corp\.com \[not-locked\]\n  run: rollcall lock, and commit rollcall\.lock, or pass --resolve/,
    );
    expect((await run('apply', '--auto-approve')).code).toBe(1);
    expect(server.attendees('a_0')).toHaveLength(2);
    const validated = await run('validate');
    expect({ code: validated.code, stdout: validated.stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/warning: rollcall\.lock lacks [^]*Valid: 2 events\.\n$/),
    });
  });

  it('shows who goes where somebody is another person in the lock now, and under --changed-from too', async () => {
    await run('lock');
    const base = folderWith({ ...files, 'rollcall.lock': lockFile() });
    expect((await run('plan', '--changed-from', base)).stderr).toContain(
      'Left out 2 events that are the same',
    );
    put('rollcall.lock', lockFile().replace('ou_lisi', 'ou_other'));
    const { stdout } = await run('plan', '--changed-from', base);
    expect(stdout).toMatch(/\+ ou_other/);
    expect(stdout).toMatch(/- ou_lisi .*not in the manifest/);
  });
});

describe('--resolve', () => {
  it('looks up whom the lock lacks, once a run, and leaves the lock as it is', async () => {
    const plan = await run('plan', '--resolve', '--format', 'json');
    expect(plan.code).toBe(0);
    const { events, locked } = JSON.parse(plan.stdout);
    expect(events.map(({ status }: { status: string }) => status)).toEqual(['in-sync', 'changed']);
    expect(locked.digest).toMatch(/^sha256:/);
    expect(() => lockFile()).toThrow('ENOENT');
    const lookUps = server.requests.filter(({ path }) => path.includes('batch_get_id'));
    const tokens = server.requests.filter(({ path }) => path.includes('tenant_access_token'));
    expect([lookUps.length, tokens.length]).toEqual([1, 1]);
    await run('lock');
    expect(JSON.parse((await run('plan', '--format', 'json')).stdout).locked).toEqual(locked);
  });

  it('is what a plan made so is applied with, beside manifests', async () => {
    expect((await run('plan', '--resolve', '--out', 'plan.json')).code).toBe(0);
    expect((await run('apply', '--plan', 'plan.json', '.')).code).toBe(1);
    const alone = await run('apply', '--plan', 'plan.json', '--resolve');
    expect({ code: alone.code, stderr: alone.stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('--resolve cannot be combined with --plan'),
    });
    expect((await run('apply', '--plan', 'plan.json', '.', '--resolve')).code).toBe(0);
    expect(server.attendees('b_0').map(({ id }) => id)).toEqual(['ou_lisi']);
  });

  it('applies', async () => {
    expect((await run('apply', '--resolve', '--auto-approve')).code).toBe(0);
    expect(server.attendees('b_0').map(({ id }) => id)).toEqual(['ou_lisi']);
  });

  it('removes nobody where somebody is not found, and says who in each format', async () => {
    put('a.yaml', feishuManifest('a', 'a_0', { attendees: [{ person: 'nobody@corp.com' }] }));
    const text = await run('plan', '--resolve');
    expect({ code: text.code, stdout: text.stdout }).toEqual({ code: 1, stdout: '' });
    expect(text.stderr).toMatch(/a\.yaml:1:\d+: error: nobody@corp\.com was not found on Feishu/);
    const json = await run('plan', '--resolve', '--format', 'json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      complete: false,
      applyable: false,
      events: [],
      diagnostics: [{ code: 'person-not-found' }],
    });
    expect((await run('apply', '--resolve', '--auto-approve')).code).toBe(1);
    expect(server.attendees('a_0')).toHaveLength(2);
  });

  it('asks for the people of chosen events alone, with their credentials alone', async () => {
    put('d.yaml', dingtalkManifest('d', 'd_0', { attendees: [{ person: 'nobody@corp.com' }] }));
    const { DINGTALK_APP_KEY: _, DINGTALK_APP_SECRET: __, ...env } = appEnv(server.url);
    const plan = await rollcall(['plan', '--resolve', '--target', 'a'], { cwd, env });
    expect(plan.code).toBe(0);
  });
});

describe('the API', () => {
  const env = (): Record<string, string> => appEnv(server.url);

  it('plans with the lock, and looks up whom it lacks where that is asked for', async () => {
    await inFolder(cwd, async () => {
      const loaded = loadManifests(['.']);
      expect(loaded.diagnostics.map(({ code }) => code)).toEqual(['not-locked', 'not-locked']);
      await expect(planEvents(loaded, { env: env() })).rejects.toThrow('the manifests have 2 errors');
      const plan = await planEvents(loaded, { env: env(), resolve: true });
      expect(plan.summary).toMatchObject({ inSync: 1, changed: 1 });
      await expect(
        resultOf(applyPlan(plan, { env: env(), paths: ['.'], journal: { append: () => {} } })),
      ).rejects.toThrow('the manifests have 2 errors');
      const sink = { append: (): void => {} };
      const result = await resultOf(
        applyPlan(plan, { env: env(), paths: ['.'], resolve: true, journal: sink }),
      );
      expect(result.exitCode).toBe(0);
      await expect(planEvents(loaded.desired, { env: env(), resolve: true })).rejects.toThrow(
        'resolve needs to know where the manifests are',
      );
    });
    await run('lock');
    await inFolder(cwd, async () => {
      const plan = await planEvents(loadManifests(['.']), { env: env() });
      expect(plan.summary).toMatchObject({ inSync: 2 });
    });
  });
});

describe('somebody whose last day in the Directory is over', () => {
  it('is removed as expired wherever they are wanted, however they are named', async () => {
    put(
      'people.yaml',
      manifest('Directory', 'people', {
        people: { 'li.si': { name: '李四', feishu: 'ou_lisi', left: '2026-11-19' } },
      }),
    );
    put('a.yaml', feishuManifest('a', 'a_0', { attendees: [{ user: 'ou_lisi' }, { user: 'ou_x' }] }));
    put('b.yaml', feishuManifest('b', 'b_0', { attendees: [{ person: 'li.si' }, { user: 'ou_y' }] }));
    const { code, stdout } = await run('plan', '--as-of', '2026-11-20');
    expect(code).toBe(0);
    expect(stdout).toMatch(/- ou_lisi .*expired .*people\.yaml:1/);
    expect(stdout).not.toMatch(/\+ .*ou_lisi/);
    expect((await run('plan', '--as-of', '2026-11-19')).stdout).not.toMatch(/- .*ou_lisi/);
  });
});

describe('who', () => {
  it('finds somebody by an address or an id that only the lock has', async () => {
    await run('lock');
    for (const text of ['LiSi@corp.com', 'ou_lisi']) {
      const { code, stdout } = await run('who', text, '--live');
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^lisi@corp\.com \(rollcall\.lock:\d+\)\nWanted on 2 events:\n  a  a\.yaml:1\n  b  b\.yaml:1\n/,
      );
      expect(stdout).toContain('Now on 1 event:\n  a  no reply\n');
    }
  });
});

describe('import', () => {
  const all = ['import', '--provider', 'feishu', '--calendar', calendar, '--all', '--from', '2099-01-01'];

  it('writes people whom a plan knows without a lock, and wants them by address where the lock has them', async () => {
    const empty = folderWith({});
    const env = appEnv(server.url);
    const imported = await rollcall([...all, '--out-dir', 'm', '--directory', 'm/people.yaml'], {
      cwd: empty,
      env,
    });
    expect(imported.code).toBe(0);
    expect(readFileSync(join(empty, 'm/people.yaml'), 'utf8')).toContain('email: lisi@corp.com');
    expect((await rollcall(['plan', '--detailed-exitcode'], { cwd: empty, env })).code).toBe(0);
    expect((await rollcall(['lock', '--check'], { cwd: empty, env })).stdout).toBe(
      'rollcall.lock is up to date: 0 ids.\n',
    );
  });

  it('takes an event for managed whose people are not in the lock yet', async () => {
    const { stdout, stderr } = await run(...all, '--out-dir', '.');
    expect(stdout + stderr).not.toContain('a_0.yaml');
    expect(readdirSync(cwd).sort()).toEqual(['a.yaml', 'b.yaml']);
  });
});
