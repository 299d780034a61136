import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FleetReport } from '../../src/model/fleet.ts';
import { beginRollcall, main, type Ran, rollcall, root, startRollcall } from '../support/cli.ts';
import { newFleet, tenantManifest } from '../support/fleet-scene.ts';
import { beginInTerminal } from '../support/own-terminal.ts';
import { noPostgres, postgresBin, type PostgresServer, sharedServer } from '../support/postgres.ts';
import { manifestOf } from '../support/scene.ts';

if (!existsSync(main)) throw new Error('npm run build first');

const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
  // What is read is checked as a schema at once.
  JSON.parse(readFileSync(join(root, 'schemas/fleet.schema.json'), 'utf8')) as object,
);

/** What `--format json` printed; it fits the schema. */
function report({ stdout }: Ran): FleetReport {
  const value: unknown = JSON.parse(stdout);
  validate(value);
  expect(validate.errors ?? []).toEqual([]);
  // The schema says so.
  return value as FleetReport;
}

const table = (text: string): string[][] =>
  text
    .split('\n\n')[0]
    ?.split('\n')
    .slice(1)
    .map((line) => line.split(/ {2,}/)) ?? [];

describe('fleet without a store', () => {
  it('applies each tenant with the credentials of its folder, whatever the process has', async () => {
    const fleet = await newFleet({ acme: {}, beta: {}, ceta: {} });
    const foreign = {
      FEISHU_APP_ID: 'cli_wrong',
      FEISHU_APP_SECRET: 'wrong',
      FEISHU_ACCESS_TOKEN: 't-wrong',
      FEISHU_BASE_URL: 'http://127.0.0.1:9',
    };
    const { code, stdout } = await rollcall(['fleet', 'apply', '--yes'], {
      cwd: fleet.folder,
      env: { ...fleet.env, ...foreign },
    });
    expect(stdout).toMatchInlineSnapshot(`
      "TENANT  RESULT   ADD  REMOVE  ATTEMPT  EVENTS
      acme    applied    1       1  1        1 converged
      beta    applied    1       1  1        1 converged
      ceta    applied    1       1  1        1 converged

      Fleet apply: 3 people added, 3 removed.
      3 tenants, 3 events: 3 applied.
      "
    `);
    expect(code).toBe(0);
    for (const name of ['acme', 'beta', 'ceta']) {
      expect(fleet.live(name)).toEqual(['ou_ann', 'ou_cy']);
      expect(readdirSync(join(fleet.folder, '.rollcall/runs', name))).toHaveLength(1);
    }
    expect(readFileSync(join(fleet.folder, '.rollcall/.gitignore'), 'utf8')).toBe('*\n');
    const again = await fleet.run('fleet', 'plan', '--detailed-exitcode');
    expect([again.code, table(again.stdout).map(([name, result]) => [name, result])]).toEqual([
      0,
      [
        ['acme', 'in sync'],
        ['beta', 'in sync'],
        ['ceta', 'in sync'],
      ],
    ]);
  });

  it('goes on where a tenant fails, and tells why with the names of its events', async () => {
    const fleet = await newFleet({
      acme: {},
      beta: { manifests: manifestOf('standup', '{ user: ou_ann }, { usr: ou_cy }') },
      ceta: {},
      delta: { manifests: manifestOf('standup', '') },
    });
    rmSync(join(fleet.folder, 'secrets/ceta'), { recursive: true });
    const ran = await fleet.run('fleet', 'plan', '--format', 'json');
    const { exitCode, tenants } = report(ran);
    expect([ran.code, exitCode]).toEqual([3, 3]);
    expect(tenants.map(({ tenant, outcome }) => [tenant, outcome?.exitCode, outcome?.problems])).toEqual([
      ['acme', 2, []],
      [
        'beta',
        1,
        [
          expect.objectContaining({
            code: 'unknown-key',
            source: { file: 'beta/a.yaml', line: 8, column: 35 },
          }),
        ],
      ],
      [
        'ceta',
        1,
        [
          expect.objectContaining({
            message: expect.stringContaining('the folder with the credentials of ceta is not there'),
          }),
        ],
      ],
      ['delta', 3, [expect.objectContaining({ event: 'standup', code: 'empty' })]],
    ]);
  });

  it('asks anew for a token that ends in the middle of a run', async () => {
    const again: (() => Promise<void>)[] = [];
    const fleet = await newFleet({
      acme: {
        events: 'attendees: [{ user: ou_ann }]',
        intercept: ({ api }) =>
          api === 'feishu.attendees.create' && again.length > 0
            ? { kind: 'run', run: async () => again.pop()?.() }
            : undefined,
      },
    });
    const { acme } = fleet.servers;
    const token = async (): Promise<string> => {
      const answer = await fetch(`${acme?.url}/open-apis/auth/v3/tenant_access_token/internal`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ app_id: 'cli_demo', app_secret: 'demo-secret' }),
      });
      const { tenant_access_token: text } = (await answer.json()) as { tenant_access_token: string };
      return text;
    };
    rmSync(join(fleet.folder, 'secrets/acme/FEISHU_APP_SECRET'));
    const first = await token();
    fleet.secret('acme', 'FEISHU_ACCESS_TOKEN', `${first}\n`);
    const tokens = [first];
    again.push(async () => {
      acme?.revokeTokens();
      tokens.push(await token());
      fleet.secret('acme', 'FEISHU_ACCESS_TOKEN', `${tokens[1]}\n`);
    });
    const { code, stdout, stderr } = await fleet.run('fleet', 'apply', '--yes', '--verbose');
    expect([code, tokens.length]).toEqual([0, 2]);
    expect(fleet.live('acme')).toEqual(['ou_ann', 'ou_cy']);
    for (const one of [...tokens, 'demo-secret']) expect(stdout + stderr).not.toContain(one);
  });

  it('stops where the removals of all tenants are more than the run may make', async () => {
    const fleet = await newFleet({ acme: {}, beta: {}, ceta: {} });
    const plan = await fleet.run('fleet', 'plan', '--max-removals', '2');
    expect(plan.code).toBe(3);
    expect(plan.stdout).toContain('Refused: 3 removals are more than 2.');
    const flags = ['--yes', '--max-removals', '1', '--concurrency', '1', '--format', 'json'];
    const applied = await fleet.run('fleet', 'apply', ...flags);
    const { tenants, stopped } = report(applied);
    expect([applied.code, stopped]).toEqual([3, true]);
    expect(tenants.map(({ tenant, state }) => [tenant, state])).toEqual([
      ['acme', 'done'],
      ['beta', 'done'],
      ['ceta', 'not-attempted'],
    ]);
    expect(tenants[1]?.outcome).toMatchObject({ exitCode: 3, problems: [{ code: 'fleet-removals' }] });
    expect(['acme', 'beta', 'ceta'].map((name) => fleet.writes(name).length)).toEqual([2, 0, 0]);
  });

  it('chooses tenants by their labels, saves their plans, and prints Markdown', async () => {
    const fleet = await newFleet({ acme: {}, beta: {} });
    writeFileSync(
      join(fleet.folder, 'fleet.yaml'),
      `${tenantManifest('acme', '{ ring: canary }')}---\n${tenantManifest('beta')}`,
    );
    const chosen = ['--selector', 'ring=canary', '--out-dir', 'plans', '--format', 'markdown'];
    const { code, stdout } = await fleet.run('fleet', 'plan', ...chosen);
    expect(code).toBe(0);
    expect(stdout).toContain('| `acme` | changes | 1 changed | 1 | 1 | 1 |');
    expect(stdout).not.toContain('beta');
    expect(readdirSync(join(fleet.folder, 'plans'))).toEqual(['acme.json']);
    expect((await fleet.run('show', 'plans/acme.json')).stdout).toContain('ou_bob');
    const other = await fleet.run('fleet', 'plan', '--selector', 'ring=canry');
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('matches no tenant\n  Did you mean "ring=canary"?');
  });

  it('names nobody under --redact', async () => {
    const fleet = await newFleet({ acme: { manifests: manifestOf('standup', '{ person: bob.smith }') } });
    const { stdout, stderr } = await fleet.run('fleet', 'plan', '--redact');
    expect(stdout).toContain('unknown-person');
    expect(stdout + stderr).not.toContain('bob.smith');
  });

  it.each([
    [['plan', '--changed'], '--changed compares with the run before'],
    [['plan', '--yes'], '--yes works only with fleet apply'],
    [['apply', '--detailed-exitcode', '--yes'], '--detailed-exitcode works only with fleet plan'],
    [['apply'], 'there is no terminal to ask on'],
    [['plan', 'acme'], 'no Tenant in acme (read 1 YAML file)'],
    [['plan', '--run', 'a', '--run', 'b'], 'is given twice'],
  ])('%j is bad usage, before any call', async (args, message) => {
    const fleet = await newFleet({ acme: {} });
    const { code, stderr } = await fleet.run('fleet', ...args);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    expect(fleet.servers['acme']?.requests).toEqual([]);
  });

  it('asks once on a terminal, shows how far it is, and ends with the table', async () => {
    const fleet = await newFleet({ acme: {}, beta: {} });
    const at = beginInTerminal(['fleet', 'apply'], { cwd: fleet.folder, env: fleet.env, columns: 100 });
    await at.shows('Apply the manifests of 2 tenants, and remove up to 5,000 attendees in all?');
    expect(fleet.servers['acme']?.requests).toEqual([]);
    at.type('yes\n');
    const { code, output, screen } = await at.ran;
    expect(code).toBe(0);
    expect(output).toContain('Applying tenants: ');
    expect(screen.join('\n')).toContain('2 tenants, 2 events: 2 applied.');
    expect(fleet.live('beta')).toEqual(['ou_ann', 'ou_cy']);
  });

  it('lets calls end after a stop, begins nothing, and prints what was done', async () => {
    let held = (): void => {};
    const reached = new Promise<void>((resolve) => (held = resolve));
    let letGo = (): void => {};
    const open = new Promise<void>((resolve) => (letGo = resolve));
    const fleet = await newFleet({
      acme: {},
      beta: {
        intercept: ({ api }) => {
          if (api !== 'feishu.attendees.create') return undefined;
          held();
          return { kind: 'run', run: () => open };
        },
      },
      ceta: {},
    });
    const args = ['fleet', 'apply', '--yes', '--concurrency', '1', '--format', 'json'];
    const run = startRollcall(args, { cwd: fleet.folder, env: fleet.env });
    await reached;
    run.kill('SIGTERM');
    await run.says('Stopping: waiting for 1 call.');
    letGo();
    const ran = await run.ran;
    const { tenants } = report(ran);
    expect(ran.code).toBe(130);
    expect(tenants.map(({ tenant, state, outcome }) => [tenant, state, outcome?.exitCode])).toEqual([
      ['acme', 'done', 0],
      ['beta', 'done', 130],
      ['ceta', 'open', undefined],
    ]);
    expect(fleet.live('beta')).toEqual(['ou_ann', 'ou_bob', 'ou_cy']);
    expect(fleet.servers['ceta']?.requests).toEqual([]);
  });
});

if (postgresBin() === null) console.warn(noPostgres);

describe.skipIf(postgresBin() === null)('fleet with a store', () => {
  let database: PostgresServer;
  beforeAll(async () => {
    database = await sharedServer();
  });

  it('shares the tenants between replicas, each of which prints the table of all', async () => {
    const fleet = await newFleet({ acme: {}, beta: {}, ceta: {}, delta: {} });
    const env = { ...fleet.env, ROLLCALL_STORE: await database.database() };
    const args = ['fleet', 'apply', '--yes', '--run', 'r1', '--concurrency', '1', '--format', 'json'];
    const replicas = [1, 2].map(() => beginRollcall(args, { cwd: fleet.folder, env }));
    const ran = await Promise.all(replicas.map((one) => one.ran));
    const reports = ran.map(report);
    expect(ran.map(({ code }) => code)).toEqual([0, 0]);
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]?.summary).toMatchObject({ tenants: 4, done: 4, added: 4, removed: 4 });
    for (const name of Object.keys(fleet.servers)) expect(fleet.writes(name)).toHaveLength(2);
    // One that comes later finds the run over; its changes are in the history, by tenant.
    const later = await rollcall(args, { cwd: fleet.folder, env });
    expect(report(later)).toEqual(reports[0]);
    const runs = await database.sql(
      "select tenant from rollcall.run where kind = 'apply' order by tenant",
      env.ROLLCALL_STORE.split(/[/?]/)[3],
    );
    expect(runs.map(({ tenant }) => tenant)).toEqual(['acme', 'beta', 'ceta', 'delta']);
  });

  it('tells a replica of another line that the run was started with other settings', async () => {
    const fleet = await newFleet({ acme: {}, beta: {} });
    const env = { ...fleet.env, ROLLCALL_STORE: await database.database() };
    const run = (...args: string[]) => rollcall(['fleet', 'plan', ...args], { cwd: fleet.folder, env });
    expect((await run()).stderr).toContain('a fleet run in a shared store needs a name');
    expect((await run('--run', 'r1')).code).toBe(0);
    const other = await run('--run', 'r1', '--max-removals', '7');
    expect([other.code, other.stderr]).toEqual([
      1,
      expect.stringContaining(
        'the fleet run r1 was started with other settings\n  - --max-removals: it has 5000, this one 7',
      ),
    ]);
    writeFileSync(join(fleet.folder, 'fleet.yaml'), tenantManifest('acme'));
    expect((await run('--run', 'r1')).stderr).toContain('tenants missing from this one: beta');
  });

  it('tells with --changed only of tenants that differ in another way than before', async () => {
    const fleet = await newFleet({ acme: {}, beta: {} });
    const env = { ...fleet.env, ROLLCALL_STORE: await database.database() };
    const check = async (key: string): Promise<readonly [number | null, readonly string[]]> => {
      const flags = ['--changed', '--detailed-exitcode', '--format', 'json', '--run', key];
      const ran = await rollcall(['fleet', 'plan', ...flags], { cwd: fleet.folder, env });
      return [ran.code, report(ran).tenants.map(({ tenant }) => tenant)];
    };
    expect(await check('n1')).toEqual([2, ['acme', 'beta']]);
    expect(await check('n2')).toEqual([0, []]);
    writeFileSync(
      join(fleet.folder, 'beta/a.yaml'),
      manifestOf('standup', '{ user: ou_ann }, { user: ou_bob }'),
    );
    expect(await check('n3')).toEqual([0, ['beta']]);
    writeFileSync(join(fleet.folder, 'beta/a.yaml'), manifestOf('standup', '{ user: ou_ann }'));
    expect(await check('n4')).toEqual([2, ['beta']]);
  });

  it('goes on with what a stopped replica gave back', async () => {
    let stop = (): void => {};
    const fleet = await newFleet({
      acme: {
        intercept: ({ api }) => {
          if (api !== 'feishu.attendees.create') return undefined;
          stop();
          return { kind: 'run', run: () => stopping };
        },
      },
      beta: {},
    });
    let letGo = (): void => {};
    const stopping = new Promise<void>((resolve) => (letGo = resolve));
    const env = { ...fleet.env, ROLLCALL_STORE: await database.database() };
    const args = ['fleet', 'apply', '--yes', '--run', 'r1', '--concurrency', '1', '--format', 'json'];
    const reached = new Promise<void>((resolve) => (stop = resolve));
    const first = beginRollcall(args, { cwd: fleet.folder, env });
    await reached;
    stop = () => {};
    await first.stop();
    letGo();
    expect((await first.ran).code).toBe(130);
    const second = await rollcall(args, { cwd: fleet.folder, env });
    expect(second.code).toBe(0);
    expect(fleet.live('acme')).toEqual(['ou_ann', 'ou_cy']);
    expect(fleet.writes('acme')).toEqual(['add standup_0 1', 'remove standup_0 1']);
  });
});
